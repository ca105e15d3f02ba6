#ifndef XCY_ANALYZERS_COMPARE_ENDS_H
#define XCY_ANALYZERS_COMPARE_ENDS_H

/*
 * ends.h - a sample whose values are known as intervals: its lower ends and its upper ends.
 *
 * Memory:   xcy_ends borrows; xcy_owned_ends is released with xcy_owned_ends_clear.
 * Threads:  plain data.
 */

#include "common/stats/values.h"

#include <stdbool.h>

/* Both ascending, may be infinite; the same array where values are no intervals. */
struct xcy_ends {
    struct xcy_values low;
    struct xcy_values high;
};

struct xcy_owned_ends {
    double *low;
    double *high; /* low itself where values are no intervals */
    size_t n;
};

static inline bool xcy_ends_are_points(struct xcy_ends ends)
{
    return ends.low.at == ends.high.at;
}

static inline struct xcy_ends xcy_owned_ends_get(const struct xcy_owned_ends *owned)
{
    return (struct xcy_ends){{owned->low, owned->n}, {owned->high, owned->n}};
}

void xcy_owned_ends_clear(struct xcy_owned_ends *owned);

#endif
