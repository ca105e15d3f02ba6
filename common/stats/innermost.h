#ifndef XCY_STATS_INNERMOST_H
#define XCY_STATS_INNERMOST_H

/*
 * innermost.h - of intervals, those stretches in which a likeliest distribution can have its mass:
 * from a low end to the next high end, with no other end between.
 *
 * Use inside this folder. An interval is (low, high]; low == high is one exact value, [low, high].
 *
 * Source:   Peto (1973) Applied Statistics 22:86; Turnbull (1976) JRSS B 38:290.
 * Memory:   of init; release with xcy_innermost_clear.
 * Threads:  safe.
 */

#include "common/stats/interval.h"

#include <stddef.h>

struct xcy_innermost {
    size_t n;
    struct xcy_interval *stretches; /* n, ascending, none in another; low == high: one value */
    size_t *first;                  /* per interval given: the first stretch within it, */
    size_t *end;                    /* and the one behind the last; at least one between */
};

/* An interval with low > high, a NaN, or an exact infinite value is a bug. */
void xcy_innermost_init(struct xcy_innermost *in, const struct xcy_interval *intervals, size_t n);
void xcy_innermost_clear(struct xcy_innermost *in);

#endif
