#ifndef XCY_STATS_INTERVAL_H
#define XCY_STATS_INTERVAL_H

/*
 * interval.h - two ends between which a quantity lies; an infinite end is no bound on that side.
 */

struct xcy_interval {
    double low;
    double high;
};

#endif
