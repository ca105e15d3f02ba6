#include "plotconf/medians.h"

#include "common/base/mem.h"
#include "common/stats/quantile.h"

#include <math.h>
#include <stdlib.h>

static const double confidence = 0.95;
/* Of each of two medians, so that both hold with 95 %. */
static const double half_confidence = 0.975;

const struct xcy_median_figure xcy_consistency_window = {
    .column = "writer_visibility_latency_ms",
    .from = XCY_POINT_START,
    .to = XCY_POINT_READ,
    .has_window = true,
    .scale = XCY_CHART_LOG_MS,
    .title = "Consistency window as published, by post storage",
    .axis = "writer start to first read (log scale)"};

const struct xcy_median_figure xcy_write_post_overhead = {
    .column = "write_post_spent_ms",
    .from = XCY_POINT_START,
    .to = XCY_POINT_WROTE,
    .scale = XCY_CHART_MS,
    .title = "Writing a post, by post storage",
    .axis = "writer start to post acknowledged"};

void xcy_median_plot_init(struct xcy_median_plot *plot, const struct xcy_median_figure *figure)
{
    *plot = (struct xcy_median_plot){.figure = figure, .compared = XCY_SIDE_ANTIPODE};
}

static struct xcy_median_group *group_of(struct xcy_median_plot *plot,
                                         enum xcy_post_storage storage)
{
    for (size_t i = 0; i < plot->n_groups; i++) {
        if (plot->groups[i].post_storage == storage) {
            return &plot->groups[i];
        }
    }
    struct xcy_median_group *group = &plot->groups[plot->n_groups++];
    group->post_storage = storage;
    return group;
}

static void append_spans(struct xcy_spans *to, const struct xcy_spans *from)
{
    to->items = xcy_realloc_array(to->items, to->n + from->n + 1, sizeof *to->items);
    for (size_t i = 0; i < from->n; i++) {
        to->items[to->n++] = from->items[i];
    }
}

bool xcy_median_plot_add(struct xcy_median_plot *plot, const struct xcy_gathered *g,
                         const struct xcy_traces *rows, const struct xcy_spans *spans)
{
    if (g->notification_storage != XCY_NOTIFICATION_SNS) {
        return false;
    }
    struct xcy_median_bar *bar = &group_of(plot, g->post_storage)->sides[g->side];
    xcy_traces_append(&bar->rows, rows);
    if (spans) {
        append_spans(&bar->spans, spans);
    }
    plot->has_side[g->side] = true;
    plot->compared = g->side != XCY_SIDE_ORIGINAL ? g->side : plot->compared;
    return true;
}

/* The exact interval of the median of sorted values; NaN: n is too small. */
static void interval_of(const double *low, const double *high, size_t n, double at,
                        double *ci_low_ms, double *ci_high_ms)
{
    struct xcy_quantile_interval ranks = xcy_quantile_ranks(n, 0.5, at);
    *ci_low_ms = ranks.exists ? low[ranks.low_index] : NAN;
    *ci_high_ms = ranks.exists ? high[ranks.high_index] : NAN;
}

static bool all_known(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (isnan(values[i])) {
            return false;
        }
    }
    return true;
}

static void compute_window(struct xcy_median_bar *bar)
{
    size_t n = bar->spans.n;
    double *ends = xcy_alloc_array(4 * n, sizeof *ends);
    double *low = ends;
    double *high = ends + n;
    double *least = ends + 2 * n;
    double *most = ends + 3 * n;
    for (size_t i = 0; i < n; i++) {
        low[i] = bar->spans.items[i].low_ms;
        high[i] = bar->spans.items[i].high_ms;
        least[i] = bar->spans.items[i].least_ms;
        most[i] = bar->spans.items[i].most_ms;
    }
    for (size_t i = 0; i < 4; i++) {
        xcy_sort(ends + i * n, n);
    }
    struct xcy_window *w = &bar->window;
    *w = (struct xcy_window){.n = n,
                             .low_ms = low[(n - 1) / 2],
                             .high_ms = high[n / 2],
                             .least_ms = least[(n - 1) / 2],
                             .most_ms = most[n / 2]};
    interval_of(low, high, n, confidence, &w->ci_low_ms, &w->ci_high_ms);
    free(ends);
}

bool xcy_median_crosses_clocks(const struct xcy_median_figure *figure)
{
    return xcy_points[figure->from].domain != xcy_points[figure->to].domain;
}

/* The median of an even number of values is between two: the lower of the least, the upper of the
 * most bound it. On one clock nothing is unknown, whoever gathered. */
static void compute_clock(const struct xcy_median_figure *figure, struct xcy_median_bar *bar)
{
    size_t n = bar->rows.n;
    if (!xcy_median_crosses_clocks(figure)) {
        bar->clock_low_ms = 0;
        bar->clock_high_ms = 0;
        return;
    }
    xcy_sort(bar->rows.least_ms, n);
    xcy_sort(bar->rows.most_ms, n);
    bar->clock_low_ms = bar->rows.least_ms[(n - 1) / 2] - bar->median_ms;
    bar->clock_high_ms = bar->rows.most_ms[n / 2] - bar->median_ms;
}

static void compute_bar(const struct xcy_median_figure *figure, struct xcy_median_bar *bar)
{
    size_t n = bar->rows.n;
    if (n == 0) {
        return;
    }
    double *values = bar->rows.values_ms;
    xcy_sort(values, n);
    bar->median_ms = xcy_quantile_linear(values, n, 0.5);
    /* The default rounding mode is half to even; + 0 makes a 0 of -0. */
    bar->rounded_ms = rint(bar->median_ms) + 0.0;
    bar->uncut_ms = NAN;
    if (all_known(bar->rows.uncut_ms, n)) {
        values = bar->rows.uncut_ms;
        xcy_sort(values, n);
        bar->uncut_ms = xcy_quantile_linear(values, n, 0.5);
    }
    interval_of(values, values, n, confidence, &bar->ci_low_ms, &bar->ci_high_ms);
    interval_of(values, values, n, half_confidence, &bar->wide_low_ms, &bar->wide_high_ms);
    compute_clock(figure, bar);
    if (bar->spans.n > 0) {
        compute_window(bar);
    }
}

void xcy_median_plot_compute(struct xcy_median_plot *plot)
{
    for (size_t i = 0; i < plot->n_groups; i++) {
        for (size_t side = 0; side < XCY_N_SIDES; side++) {
            compute_bar(plot->figure, &plot->groups[i].sides[side]);
        }
    }
}

void xcy_median_plot_clear(struct xcy_median_plot *plot)
{
    for (size_t i = 0; i < plot->n_groups; i++) {
        for (size_t side = 0; side < XCY_N_SIDES; side++) {
            xcy_traces_clear(&plot->groups[i].sides[side].rows);
            free(plot->groups[i].sides[side].spans.items);
        }
    }
    *plot = (struct xcy_median_plot){0};
}

bool xcy_median_shows(const struct xcy_median_plot *plot, enum xcy_side side)
{
    return side == XCY_SIDE_ORIGINAL || plot->has_side[side] || side == plot->compared;
}

double xcy_median_best_ms(const struct xcy_median_bar *bar)
{
    return isnan(bar->uncut_ms) ? bar->median_ms : bar->uncut_ms;
}

struct xcy_overhead xcy_median_overhead(const struct xcy_median_group *group, enum xcy_side side)
{
    const struct xcy_median_bar *with = &group->sides[side];
    const struct xcy_median_bar *without = &group->sides[XCY_SIDE_ORIGINAL];
    if (with->rows.n == 0 || without->rows.n == 0) {
        return (struct xcy_overhead){false, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    }
    double rounded_ms = with->rounded_ms - without->rounded_ms;
    /* The overhead is of rounded medians, the clocks' bounds are of exact ones. */
    double rounding_ms = with->median_ms - without->median_ms - rounded_ms;
    return (struct xcy_overhead){
        .exists = true,
        .rounded_ms = rounded_ms,
        .published_ms = fmax(0, rounded_ms),
        .exact_ms = xcy_median_best_ms(with) - xcy_median_best_ms(without),
        .ci_low_ms = with->wide_low_ms - without->wide_high_ms,
        .ci_high_ms = with->wide_high_ms - without->wide_low_ms,
        .clock_low_ms = rounding_ms + with->clock_low_ms - without->clock_high_ms,
        .clock_high_ms = rounding_ms + with->clock_high_ms - without->clock_low_ms};
}

void xcy_median_plot_note(const struct xcy_median_plot *plot, struct xcy_notes *notes)
{
    for (size_t i = 0; i < plot->n_groups; i++) {
        const struct xcy_median_group *group = &plot->groups[i];
        const char *storage = xcy_post_storage_title(group->post_storage);
        for (size_t side = 0; side < XCY_N_SIDES; side++) {
            if (!xcy_median_shows(plot, (enum xcy_side)side)) {
                continue;
            }
            struct xcy_overhead o = xcy_median_overhead(group, (enum xcy_side)side);
            if (group->sides[side].rows.n == 0) {
                xcy_notes_add(notes, XCY_NOTE_MISSING_SIDE, NULL,
                              "%s: no row of %s, so there is no overhead", storage,
                              xcy_side_titles[side]);
            } else if (o.rounded_ms < 0) {
                xcy_notes_add(notes, XCY_NOTE_CLAMPED, NULL,
                              "%s: the overhead of %s is %.0f ms, published as + 0", storage,
                              xcy_side_titles[side], o.rounded_ms);
            }
        }
    }
    if (plot->has_side[XCY_SIDE_ANTIPODE] && plot->has_side[XCY_SIDE_RENDEZVOUS]) {
        xcy_notes_add(
            notes, XCY_NOTE_MIXED_CONSISTENCIES, NULL,
            "runs of Antipode and of Rendezvous: the reference can draw one of them only");
    }
}
