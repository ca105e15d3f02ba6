#ifndef XCY_STATS_TURNBULL_H
#define XCY_STATS_TURNBULL_H

/*
 * turnbull.h - the likeliest distribution of values that are known as intervals only.
 *
 * A point estimate, without an error of its own: claim bounds with the envelopes (all values at
 * their low ends, all at their high ends; quantile.h, dkw.h), and show this as one line between
 * them.
 *
 * An interval is (low, high]; low == high is an exact value; low may be -inf (left-censored), high
 * +inf (right-censored). Mass lies on a few stretches; where within a stretch, nobody can tell.
 *
 * Accuracy: the mean log likelihood a value is within `gap` of the largest possible.
 * Cost:     O(n log n), then O(n) a step; of polled values, 60 steps for 10^4 of them, 500 for 10^5
 *           (4 s).
 * Source:   Turnbull (1976) JRSS B 38:290, whose EM algorithm is mixed with ICM: Wellner & Zhan
 *           (1997) JASA 92:945; when to stop: the gradient's bound, Lindsay (1983) Annals of
 *           Statistics 11:86.
 * Memory:   of init; release with xcy_turnbull_clear.
 * Threads:  safe.
 */

#include "common/stats/interval.h"

#include <stddef.h>

struct xcy_turnbull_mass {
    struct xcy_interval where; /* (low, high]; low == high: at this value */
    double share;
};

struct xcy_turnbull {
    size_t n;
    struct xcy_turnbull_mass *masses; /* ascending; shares sum to 1 */
    double gap;                       /* at most XCY_TURNBULL_GAP unless the steps ran out */
    int steps;
};

#define XCY_TURNBULL_GAP 1e-8
enum { XCY_TURNBULL_STEPS = 10000 };

/* n >= 1. An interval with low > high, a NaN, or an exact infinite value is a bug. */
void xcy_turnbull_init(struct xcy_turnbull *t, const struct xcy_interval *intervals, size_t n);
void xcy_turnbull_clear(struct xcy_turnbull *t);

/* The share at or below x: least and most, as the mass around x lies above or below it. */
struct xcy_interval xcy_turnbull_at_most(const struct xcy_turnbull *t, double x);

/* The stretch in which the q-quantile lies; 0 < q < 1. */
struct xcy_interval xcy_turnbull_quantile(const struct xcy_turnbull *t, double q);

#endif
