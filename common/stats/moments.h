#ifndef XCY_STATS_MOMENTS_H
#define XCY_STATS_MOMENTS_H

/*
 * moments.h - mean and variance of a sample that is at hand.
 *
 * Threads:  safe.
 */

#include "common/stats/values.h"

struct xcy_moments {
    double mean;     /* NaN without a value */
    double variance; /* of n - 1; NaN below two values */
};

struct xcy_moments xcy_moments_of(struct xcy_values values);

#endif
