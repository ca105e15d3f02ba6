#include "analyzers/distribution.h"

#include "analyzers/moved.h"

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
    bool is_interval = xcy_metric_is_interval(metric, consistency != XCY_CONSISTENCY_NONE);
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

static void take_moved(struct xcy_distribution *d, struct xcy_clocks_view *view,
                       const struct xcy_value *value)
{
    struct xcy_moved moved = xcy_value_move(d->metric, view, value);
    xcy_sample_add(&d->ends[XCY_END_LEAST], whole(moved.least_us));
    xcy_sample_add(&d->ends[XCY_END_MOST], whole(moved.most_us));
}

void xcy_distribution_take(struct xcy_distribution *d, struct xcy_clocks_view *view)
{
    struct xcy_value value;
    if (!xcy_metric_of(d->metric, view->record, d->consistency, &value)) {
        return;
    }
    xcy_value_order(&value);
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
