#ifndef XCY_REPORT_AXIS_H
#define XCY_REPORT_AXIS_H

/*
 * axis.h - where values stand along a line, and which of them are named: round numbers, linear or by
 * decades.
 *
 * Threads:  plain data.
 */

#include <stdbool.h>
#include <stddef.h>

enum { XCY_AXIS_MAX_TICKS = 16 };

struct xcy_axis {
    bool is_log;
    double low; /* a tick, at most the least value */
    double high;
    double ticks[XCY_AXIS_MAX_TICKS]; /* ascending; the first is low, the last high */
    size_t n_ticks;
};

/* low <= high, finite. About n_wanted ticks (2 to 8) of 1, 2 or 5 times a power of ten apart; one value
 * alone gets room around it. */
struct xcy_axis xcy_axis_linear(double low, double high, size_t n_wanted);
/* 0 < low <= high. Decades; 2 and 5 of them, too, where few decades are spanned. */
struct xcy_axis xcy_axis_log(double low, double high, size_t n_wanted);

/* 0 at low, 1 at high; on a logarithmic axis what is not above 0 stands where the axis begins. */
double xcy_axis_at(const struct xcy_axis *axis, double value);

#endif
