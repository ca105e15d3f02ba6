#include "analyzers/moved.h"

#include <math.h>

static struct xcy_clock_bound correction_of(const struct xcy_metric *metric,
                                            struct xcy_clocks_view *view, enum xcy_point to)
{
    return to == XCY_N_POINTS ? (struct xcy_clock_bound){0, 0}
                              : xcy_clocks_view_correction(view, metric->from, to);
}

struct xcy_moved xcy_value_move(const struct xcy_metric *metric, struct xcy_clocks_view *view,
                                const struct xcy_value *value)
{
    struct xcy_clock_bound low = correction_of(metric, view, value->low_to);
    struct xcy_clock_bound high =
        value->high_to == value->low_to ? low : correction_of(metric, view, value->high_to);
    return (struct xcy_moved){.least_us = floor(value->low_us + low.low_us),
                              .most_us = ceil(value->high_us + high.high_us)};
}
