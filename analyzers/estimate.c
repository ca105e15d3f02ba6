#include "analyzers/estimate.h"

#include "common/stats/quantile.h"

#include <math.h>

/* How far a quantile moves from one sample to another; none between equal infinities. */
static double moved_us(const struct xcy_sample *from, const struct xcy_sample *to, double q)
{
    double a = xcy_sample_quantile(from, q);
    double b = xcy_sample_quantile(to, q);
    return a == b ? 0 : b - a;
}

struct xcy_estimate xcy_estimate_of(const struct xcy_distribution *d, double q)
{
    const struct xcy_sample *low = xcy_distribution_end(d, XCY_END_LOW);
    const struct xcy_sample *high = xcy_distribution_end(d, XCY_END_HIGH);
    struct xcy_estimate e = {.low_us = xcy_sample_quantile(low, q),
                             .high_us = xcy_sample_quantile(high, q)};
    /* The floor, or by clocks that differ less than that. */
    bool is_floor = e.low_us == d->metric->floor_us || e.low_us == -INFINITY;
    e.is_left = d->metric->kind == XCY_METRIC_VISIBILITY && is_floor && e.high_us != e.low_us;
    struct xcy_quantile_interval ranks =
        xcy_quantile_ranks((size_t)xcy_distribution_size(d), q, XCY_CONFIDENCE);
    e.has_interval = ranks.exists;
    if (ranks.exists) {
        e.ci_low_us = xcy_sample_at(low, (int64_t)ranks.low_index);
        e.ci_high_us = xcy_sample_at(high, (int64_t)ranks.high_index);
    }
    e.clock_low_us = moved_us(low, xcy_distribution_end(d, XCY_END_LEAST), q);
    e.clock_high_us = moved_us(high, xcy_distribution_end(d, XCY_END_MOST), q);
    return e;
}
