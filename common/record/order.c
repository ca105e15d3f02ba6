#include "common/record/order.h"

#include <stddef.h>

/* What a process stamps, in the order it does. A point that did not happen is passed over. */
static const enum xcy_point orders[][6] = {
    {XCY_POINT_DUE, XCY_POINT_SENT, XCY_POINT_ACKED, XCY_N_POINTS},
    {XCY_POINT_START, XCY_POINT_WROTE, XCY_POINT_NOTED, XCY_POINT_ENDED, XCY_N_POINTS},
    {XCY_POINT_SEEN, XCY_POINT_READY, XCY_POINT_ASKED, XCY_POINT_READ, XCY_POINT_REPORTED,
     XCY_N_POINTS},
    /* The first read is the first miss; a poll follows its return. */
    {XCY_POINT_ASKED, XCY_POINT_MISSED, XCY_POINT_VISIBLE, XCY_POINT_REPORTED, XCY_N_POINTS},
    {XCY_POINT_READ, XCY_POINT_VISIBLE, XCY_N_POINTS},
};

bool xcy_stamps_in_order(const struct xcy_stamps *stamps, struct xcy_disorder *broken)
{
    for (size_t o = 0; o < sizeof orders / sizeof *orders; o++) {
        enum xcy_point before = XCY_N_POINTS;
        for (const enum xcy_point *p = orders[o]; *p != XCY_N_POINTS; p++) {
            if (!xcy_stamps_has(stamps, *p)) {
                continue;
            }
            int64_t by_us = before != XCY_N_POINTS ? stamps->us[before] - stamps->us[*p] : 0;
            if (by_us > 0) {
                *broken = (struct xcy_disorder){before, *p, (double)by_us};
                return false;
            }
            before = *p;
        }
    }
    return true;
}
