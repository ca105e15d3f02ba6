#include "plotconf/medians.h"

#include "common/cli/bound.h"
#include "common/cli/table.h"

#include <math.h>
#include <stdio.h>

/* Longer values stand in seconds over a bar. */
static const double longest_ms = 100000;

/* Rows are whole milliseconds; what is uncut has a digit more. */
static int decimals_of(const struct xcy_median_bar *bar)
{
    return isnan(bar->uncut_ms) ? 0 : 1;
}

static void add_interval(struct xcy_table *table, double low, double high, int decimals)
{
    if (isnan(low)) {
        xcy_table_add_cell(table, "n too small");
    } else {
        xcy_table_add_cell(table, "%.*f..%.*f", decimals, low, decimals, high);
    }
}

static void add_window(struct xcy_table *table, const struct xcy_window *w)
{
    if (w->n == 0) {
        xcy_table_add_cell(table, "not known");
    } else if (isinf(w->high_ms)) {
        xcy_table_add_cell(table, "> %.1f", w->low_ms);
    } else if (w->low_ms <= 0) {
        xcy_table_add_cell(table, "<= %.1f", w->high_ms);
    } else {
        xcy_table_add_cell(table, "%.1f..%.1f", w->low_ms, w->high_ms);
    }
}

static void add_blanks(struct xcy_table *table, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        xcy_table_add_cell(table, "%s", "");
    }
}

static void add_median(struct xcy_table *table, const struct xcy_median_bar *bar)
{
    if (bar->rows.n == 0) {
        xcy_table_add_cell(table, "missing");
        add_blanks(table, 3);
        return;
    }
    xcy_table_add_cell(table, "%.0f", bar->rounded_ms);
    xcy_table_add_cell(table, "%.*f", 1, xcy_median_best_ms(bar));
    add_interval(table, bar->ci_low_ms, bar->ci_high_ms, decimals_of(bar));
    xcy_table_add_bound(table, bar->clock_low_ms, bar->clock_high_ms);
}

static void add_overhead(struct xcy_table *table, const struct xcy_median_group *group,
                         enum xcy_side side)
{
    struct xcy_overhead o = xcy_median_overhead(group, side);
    if (side == XCY_SIDE_ORIGINAL || !o.exists) {
        add_blanks(table, 4);
        return;
    }
    int decimals = decimals_of(&group->sides[side]);
    xcy_table_add_cell(table, "+ %.0f", o.published_ms);
    xcy_table_add_cell(table, "%+.*f", decimals, o.exact_ms);
    add_interval(table, o.ci_low_ms, o.ci_high_ms, decimals);
    xcy_table_add_bound(table, o.clock_low_ms, o.clock_high_ms);
}

static void print_side(struct xcy_table *table, const struct xcy_median_plot *plot,
                       const struct xcy_median_group *group, enum xcy_side side)
{
    const struct xcy_median_bar *bar = &group->sides[side];
    xcy_table_add_cell(
        table, "%s", side == XCY_SIDE_ORIGINAL ? xcy_post_storage_title(group->post_storage) : "");
    xcy_table_add_cell(table, "%s", xcy_side_titles[side]);
    xcy_table_add_cell(table, "%zu", bar->rows.n);
    add_median(table, bar);
    if (plot->figure->has_window) {
        add_window(table, &bar->window);
    }
    add_overhead(table, group, side);
}

void xcy_median_plot_print(const struct xcy_median_plot *plot, struct xcy_buf *out)
{
    static const char *const before[] = {"post storage", "",          "rows",    "as published ms",
                                         "median ms",    "95% CI ms", "clock ms"};
    static const char *const after[] = {"overhead as published ms", "overhead ms", "95% CI ms",
                                        "clock ms"};
    bool has_window = plot->figure->has_window;
    struct xcy_table *table = xcy_table_new(has_window ? "llrrrrrrrrrr" : "llrrrrrrrrr");
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        xcy_table_add_cell(table, "%s", before[i]);
    }
    if (has_window) {
        xcy_table_add_cell(table, "true window ms");
    }
    for (size_t i = 0; i < sizeof after / sizeof *after; i++) {
        xcy_table_add_cell(table, "%s", after[i]);
    }
    xcy_table_add_rule(table);
    for (size_t i = 0; i < plot->n_groups; i++) {
        for (size_t side = 0; side < XCY_N_SIDES; side++) {
            if (xcy_median_shows(plot, (enum xcy_side)side)) {
                print_side(table, plot, &plot->groups[i], (enum xcy_side)side);
            }
        }
    }
    xcy_table_format(table, out);
    xcy_table_free(table);
}

/* Rounded half to even, as the tables are. */
static void format_ms(const char *plus, double ms, char *to, size_t size)
{
    bool in_s = fabs(ms) >= longest_ms;
    double shown = in_s ? ms / 1000 : rint(ms);
    snprintf(to, size, "%s%.*f %s", shown < 0 ? "-" : plus, in_s ? 1 : 0, fabs(shown),
             in_s ? "s" : "ms");
}

/* The overhead as published, and in brackets as measured, where that is another one. */
static void format_overhead(const struct xcy_overhead *o, char *to, size_t size)
{
    char published[32];
    char exact[32];
    format_ms("+ ", o->published_ms, published, sizeof published);
    format_ms("", o->exact_ms, exact, sizeof exact);
    if (rint(o->exact_ms) != o->published_ms) {
        snprintf(to, size, "%s (%s)", published, exact);
    } else {
        snprintf(to, size, "%s", published);
    }
}

/* The widest of all bars. */
static void add_clock_remark(const struct xcy_median_plot *plot, struct xcy_chart *chart)
{
    char bound[XCY_BOUND_BYTES];
    double low_ms = 0;
    double high_ms = 0;
    bool is_there = false;
    for (size_t i = 0; i < plot->n_groups; i++) {
        for (size_t side = 0; side < XCY_N_SIDES; side++) {
            const struct xcy_median_bar *bar = &plot->groups[i].sides[side];
            bool has = bar->rows.n > 0;
            is_there = is_there || has;
            low_ms = has ? fmin(low_ms, bar->clock_low_ms) : low_ms;
            high_ms = has ? fmax(high_ms, bar->clock_high_ms) : high_ms;
        }
    }
    if (is_there) {
        xcy_bound_format(low_ms, high_ms, bound);
        snprintf(chart->remark, sizeof chart->remark,
                 "bound of the clocks on each median, in ms: %s", bound);
    }
}

static void fill_bar(const struct xcy_median_bar *from, struct xcy_chart_bar *to)
{
    if (from->rows.n == 0) {
        return;
    }
    to->value = xcy_median_best_ms(from);
    to->low = from->ci_low_ms;
    to->high = from->ci_high_ms;
    if (from->window.n > 0 && isfinite(from->window.high_ms)) {
        to->range_low = from->window.low_ms;
        to->range_high = from->window.high_ms;
    }
    format_ms("", to->value, to->label, sizeof to->label);
}

void xcy_median_plot_chart(const struct xcy_median_plot *plot, struct xcy_chart *chart)
{
    *chart = (struct xcy_chart){
        .title = plot->figure->title,
        .subtitle =
            "medians; notifications by SNS; whiskers: exact 95% interval; orange: overhead as "
            "published (as measured, if another)",
        .axis = plot->figure->axis,
        .scale = plot->figure->scale};
    if (xcy_median_crosses_clocks(plot->figure)) {
        add_clock_remark(plot, chart);
    }
    for (size_t side = 0; side < XCY_N_SIDES; side++) {
        if (xcy_median_shows(plot, (enum xcy_side)side)) {
            chart->series[chart->n_series++] = xcy_side_titles[side];
        }
    }
    for (size_t i = 0; i < plot->n_groups; i++) {
        const struct xcy_median_group *group = &plot->groups[i];
        struct xcy_chart_category *category =
            xcy_chart_add(chart, xcy_post_storage_title(group->post_storage));
        size_t series = 0;
        for (size_t side = 0; side < XCY_N_SIDES; side++) {
            if (xcy_median_shows(plot, (enum xcy_side)side)) {
                struct xcy_chart_bar *bar = &category->bars[series++];
                fill_bar(&group->sides[side], bar);
                chart->range_title = isnan(bar->range_high) ? chart->range_title : "true window";
            }
        }
        struct xcy_overhead o = xcy_median_overhead(group, plot->compared);
        if (o.exists) {
            format_overhead(&o, category->note, sizeof category->note);
        }
    }
}
