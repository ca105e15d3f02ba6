#ifndef XCY_ANALYZERS_COMPARE_VALUES_H
#define XCY_ANALYZERS_COMPARE_VALUES_H

/*
 * values.h - the values of one side, as shift.h wants them: of each request, or one of each round; and what a
 * run counts for a share.
 *
 * Memory:   of requests 8 bytes a value and end while they are compared; xcy_side_values_clear.
 * Threads:  safe.
 */

#include "analyzers/compare/contrast.h"
#include "common/stats/share.h"

struct xcy_side_values {
    struct xcy_owned_ends measured;
    struct xcy_owned_ends moved; /* each end as far out as its clocks allow */
};
void xcy_side_values_clear(struct xcy_side_values *values);

struct xcy_side_values xcy_values_of_requests(const struct xcy_distribution *distribution);

/* A run without a value gives none. Of durations the quantile, of bytes the mean. */
struct xcy_side_values xcy_values_of_rounds(struct xcy_compared_side side, size_t metric,
                                            double quantile);
/* What each run as a whole says: a share, or its throughput; one that says nothing gives none. */
struct xcy_side_values xcy_values_of_runs(struct xcy_compared_side side,
                                          enum xcy_contrast_kind kind);

/* What a kind that is a share counts in a run. */
struct xcy_share xcy_share_of_run(enum xcy_contrast_kind kind, const struct xcy_summary *run);

#endif
