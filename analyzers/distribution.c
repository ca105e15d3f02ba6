#include "analyzers/distribution.h"

#include <math.h>

/* Beyond this no difference of stamps lies (they are below 2^53). */
static const double farthest_us = 9e15;

void xcy_distribution_clear(struct xcy_distribution *d)
{
    for (size_t end = 0; end < XCY_N_ENDS; end++) {
        xcy_sample_clear(&d->ends[end]);
    }
}

/* Values of one clock do not move; stamped ones are no interval, unless a barrier may give up. */
static enum xcy_end kept(const struct xcy_metric *metric, enum xcy_consistency consistency,
                         enum xcy_end end)
{
    static const enum xcy_end unmoved[] = {[XCY_END_LOW] = XCY_END_LOW,
                                           [XCY_END_HIGH] = XCY_END_HIGH,
                                           [XCY_END_LEAST] = XCY_END_LOW,
                                           [XCY_END_MOST] = XCY_END_HIGH};
    bool is_interval = metric->kind == XCY_METRIC_VISIBILITY ||
                       (metric->spans_barrier && consistency != XCY_CONSISTENCY_NONE);
    if (!xcy_metric_crosses_clocks(metric)) {
        end = unmoved[end];
    }
    return end == XCY_END_HIGH && !is_interval ? XCY_END_LOW : end;
}

void xcy_distribution_init(struct xcy_distribution *d, const struct xcy_metric *metric,
                           enum xcy_consistency consistency)
{
    *d = (struct xcy_distribution){.metric = metric, .consistency = consistency};
    for (enum xcy_end end = 0; end < XCY_N_ENDS; end++) {
        d->kept[end] = kept(metric, consistency, end);
    }
}

static int64_t whole(double value)
{
    if (value < -farthest_us || value > farthest_us) {
        return value < 0 ? XCY_SAMPLE_BELOW : XCY_SAMPLE_ABOVE;
    }
    return (int64_t)value;
}

/* How far the clocks may have moved an end; a censored one is no difference of stamps. */
static struct xcy_clock_bound correction_of(const struct xcy_metric *metric,
                                            struct xcy_clocks_view *view, enum xcy_point to)
{
    return to == XCY_N_POINTS ? (struct xcy_clock_bound){0, 0}
                              : xcy_clocks_view_correction(view, metric->from, to);
}

static void take_moved(struct xcy_distribution *d, struct xcy_clocks_view *view,
                       const struct xcy_value *value)
{
    struct xcy_clock_bound low = correction_of(d->metric, view, value->low_to);
    struct xcy_clock_bound high =
        value->high_to == value->low_to ? low : correction_of(d->metric, view, value->high_to);
    xcy_sample_add(&d->ends[XCY_END_LEAST], whole(floor(value->low_us + low.low_us)));
    xcy_sample_add(&d->ends[XCY_END_MOST], whole(ceil(value->high_us + high.high_us)));
}

void xcy_distribution_take(struct xcy_distribution *d, struct xcy_clocks_view *view)
{
    struct xcy_value value;
    if (!xcy_metric_of(d->metric, view->record, d->consistency, &value)) {
        return;
    }
    bool is_bytes = d->metric->kind == XCY_METRIC_BYTES;
    d->n_left += !is_bytes && value.low_to == XCY_N_POINTS ? 1 : 0;
    d->n_right += !is_bytes && value.high_to == XCY_N_POINTS ? 1 : 0;
    xcy_sample_add(&d->ends[XCY_END_LOW], whole(value.low_us));
    if (d->kept[XCY_END_HIGH] == XCY_END_HIGH) {
        xcy_sample_add(&d->ends[XCY_END_HIGH], whole(value.high_us));
    }
    if (d->kept[XCY_END_MOST] == XCY_END_MOST) {
        take_moved(d, view, &value);
    }
}

void xcy_distribution_settle(struct xcy_distribution *d)
{
    for (size_t end = 0; end < XCY_N_ENDS; end++) {
        xcy_sample_settle(&d->ends[end]);
    }
}

void xcy_distribution_merge(struct xcy_distribution *to, struct xcy_distribution *from)
{
    for (size_t end = 0; end < XCY_N_ENDS; end++) {
        xcy_sample_merge(&to->ends[end], &from->ends[end]);
    }
    to->n_left += from->n_left;
    to->n_right += from->n_right;
}

void xcy_distribution_include(struct xcy_distribution *to, const struct xcy_distribution *from)
{
    for (size_t end = 0; end < XCY_N_ENDS; end++) {
        xcy_sample_include(&to->ends[end], &from->ends[end]);
    }
    to->n_left += from->n_left;
    to->n_right += from->n_right;
}

const struct xcy_sample *xcy_distribution_end(const struct xcy_distribution *d, enum xcy_end end)
{
    return &d->ends[d->kept[end]];
}

int64_t xcy_distribution_size(const struct xcy_distribution *d)
{
    return xcy_sample_size(&d->ends[XCY_END_LOW]);
}
