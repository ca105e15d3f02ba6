#ifndef XCY_STATS_SHARE_H
#define XCY_STATS_SHARE_H

/*
 * share.h - counted events of so many cases, for functions that compare two shares.
 */

#include <math.h>
#include <stdint.h>

struct xcy_share {
    int64_t events; /* 0..n */
    int64_t n;
};

/* NaN of none. */
static inline double xcy_share_value(struct xcy_share share)
{
    return share.n > 0 ? (double)share.events / (double)share.n : NAN;
}

#endif
