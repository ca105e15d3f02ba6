#ifndef XCY_STATS_SHARE_H
#define XCY_STATS_SHARE_H

/*
 * share.h - counted events of so many cases, for functions that compare two shares.
 */

#include <stdint.h>

struct xcy_share {
    int64_t events; /* 0..n */
    int64_t n;
};

#endif
