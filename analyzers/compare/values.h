#ifndef XCY_ANALYZERS_COMPARE_VALUES_H
#define XCY_ANALYZERS_COMPARE_VALUES_H

/*
 * values.h - the values of one side, as shift.h wants them: of each request, or one of each round.
 *
 * Memory:   of requests 8 bytes a value and end while they are compared; xcy_side_values_clear.
 * Threads:  safe.
 */

#include "analyzers/compare/contrast.h"

struct xcy_side_values {
    struct xcy_owned_ends measured;
    struct xcy_owned_ends moved; /* each end as far out as its clocks allow */
};
void xcy_side_values_clear(struct xcy_side_values *values);

struct xcy_side_values xcy_values_of_requests(const struct xcy_distribution *distribution);

/* A run without a value gives none. Of durations the quantile, of bytes the mean. */
struct xcy_side_values xcy_values_of_rounds(struct xcy_compared_side side, size_t metric,
                                            double quantile);
struct xcy_side_values xcy_values_of_shares(struct xcy_compared_side side);
struct xcy_side_values xcy_values_of_throughputs(struct xcy_compared_side side);

#endif
