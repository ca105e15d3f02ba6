#ifndef XCY_RECORD_ORDER_H
#define XCY_RECORD_ORDER_H

/*
 * order.h - the order in which one process stamps its points: the program fixes it, so that a later
 * one with an earlier time is a broken record, whatever the clocks were.
 *
 * Threads:  safe.
 */

#include "common/record/point.h"

struct xcy_disorder {
    enum xcy_point before; /* must be first */
    enum xcy_point after;  /* and is earlier */
    double by_us;          /* by this much; across clocks at least by this much */
};

/* Whether all points stand in an order that their programs can have stamped; else *broken has the
 * first pair of the table that does not. Only points of one clock are compared. */
bool xcy_stamps_in_order(const struct xcy_stamps *stamps, struct xcy_disorder *broken);

#endif
