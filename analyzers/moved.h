#ifndef XCY_ANALYZERS_MOVED_H
#define XCY_ANALYZERS_MOVED_H

/*
 * moved.h - the two ends of a value, each as far out as the clocks of its own record allow. A
 * censored end is no difference of stamps: it stays where it is.
 *
 * Units:    microseconds, rounded outwards to whole ones; infinite where nothing bounds the clocks.
 * Threads:  safe for views of their own.
 */

#include "analyzers/clock.h"
#include "analyzers/metric.h"

struct xcy_moved {
    double least_us; /* the lower end, as far down */
    double most_us;  /* the upper end, as far up */
};

struct xcy_moved xcy_value_move(const struct xcy_metric *metric, struct xcy_clocks_view *view,
                                const struct xcy_value *value);

#endif
