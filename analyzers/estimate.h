#ifndef XCY_ANALYZERS_ESTIMATE_H
#define XCY_ANALYZERS_ESTIMATE_H

/*
 * estimate.h - a quantile of values that are known as intervals, with what polling, chance and the
 * clocks leave open of it, each apart.
 *
 * Units:    microseconds, or bytes.
 * Source:   the interval: order statistics (common/stats/quantile.h), from the lower ends' lower rank to
 *           the upper ends' upper one.
 * Threads:  safe.
 */

#include "analyzers/distribution.h"

#define XCY_CONFIDENCE 0.95

/* Of all lower ends, and of all upper ends. */
struct xcy_estimate {
    /* of left-censored mass what is certain anyway: the metric's floor, -INFINITY; this too where by clocks that differ "at most" is less than the floor */
    double low_us;
    double high_us;    /* may be INFINITY: right-censored; say "> low" */
    bool is_left;      /* left-censored; say "<= high" */
    bool has_interval; /* false: n is too small for this quantile */
    double ci_low_us;
    double ci_high_us;
    /* The true quantile of low is at least low_us + clock_low_us, that of high at most high_us +
     * clock_high_us; infinite: no bound. */
    double clock_low_us;
    double clock_high_us;
};

/* Of a settled distribution that has a value. 0 < q < 1 */
struct xcy_estimate xcy_estimate_of(const struct xcy_distribution *distribution, double q);

#endif
