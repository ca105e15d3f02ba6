#ifndef XCY_STATS_WELCH_H
#define XCY_STATS_WELCH_H

/*
 * welch.h - the difference of two means, with an interval and a p value: variances may differ.
 *
 * For values of rounds, one a round. Of logarithms the difference is the log of the ratio of the
 * geometric means: exp() of both ends is an interval of the ratio. Requests of one round are no
 * independent sample: for them hodges_lehmann.h says only how those two samples differ.
 *
 * Accuracy: the formula to relative 1e-8, as GSL's t distribution; its coverage is near the claim
 *           for normal values, not exact (docs/statistics/coverage.md).
 * Sources:  Welch (1947) Biometrika 34:28; degrees of freedom: Satterthwaite (1946) Biometrics
 *           Bulletin 2:110.
 * Threads:  safe. Arguments out of range, and values that are not finite, are bugs.
 */

#include "common/stats/interval.h"
#include "common/stats/moments.h"

#include <stdbool.h>

struct xcy_welch {
    bool exists;       /* false: fewer than two values on a side; then difference alone is told */
    double difference; /* mean of `to` - mean of `from`; NaN where a side is empty */
    double error;      /* standard error of it; 0: nothing varies, and the interval is a point */
    double freedom;    /* degrees of freedom */
    struct xcy_interval interval; /* -inf..inf where it does not exist */
    double p;                     /* two-sided, of no difference; 1 where it does not exist */
};

struct xcy_welch xcy_welch(struct xcy_values from, struct xcy_values to, double confidence);

/* The same of n[0] values with the moments of `from` and n[1] with those of `to`. */
struct xcy_welch xcy_welch_of_moments(struct xcy_moments from, struct xcy_moments to,
                                      const size_t n[2], double confidence);

/* P(the difference is that far above `shift`, or farther) if `shift` were the true one; of one that
 * exists. The lower tail is 1 minus it. */
double xcy_welch_above(const struct xcy_welch *welch, double shift);

#endif
