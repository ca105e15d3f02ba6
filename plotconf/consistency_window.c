#include "plotconf/consistency_window.h"

#include "common/base/mem.h"
#include "common/cli/table.h"
#include "common/stats/quantile.h"

#include <math.h>
#include <stdlib.h>

static const char *const titles[] = {[XCY_POST_DYNAMO] = "DynamoDB",
                                     [XCY_POST_S3] = "S3",
                                     [XCY_POST_MYSQL] = "MySQL",
                                     [XCY_POST_CACHE] = "Redis"};
static const char *const side_titles[] = {"Original", "Antipode"};
static const double confidence = 0.95;

const char *xcy_post_storage_title(enum xcy_post_storage storage)
{
    return titles[storage];
}

static struct xcy_window_group *group_of(struct xcy_window_plot *plot,
                                         enum xcy_post_storage storage)
{
    for (size_t i = 0; i < plot->n_groups; i++) {
        if (plot->groups[i].post_storage == storage) {
            return &plot->groups[i];
        }
    }
    struct xcy_window_group *group = &plot->groups[plot->n_groups++];
    group->post_storage = storage;
    return group;
}

bool xcy_window_plot_add(struct xcy_window_plot *plot, const struct xcy_gathered *g)
{
    if (g->notification_storage != XCY_NOTIFICATION_SNS) {
        return false;
    }
    struct xcy_window_group *group = group_of(plot, g->post_storage);
    struct xcy_window_bar *bar =
        &group->sides[g->has_antipode ? XCY_WINDOW_ANTIPODE : XCY_WINDOW_ORIGINAL];
    bar->values_ms = xcy_realloc_array(bar->values_ms, bar->n + g->n, sizeof *bar->values_ms);
    bar->least_ms = xcy_realloc_array(bar->least_ms, bar->n + g->n, sizeof *bar->least_ms);
    bar->most_ms = xcy_realloc_array(bar->most_ms, bar->n + g->n, sizeof *bar->most_ms);
    for (size_t i = 0; i < g->n; i++) {
        bar->least_ms[bar->n] = g->least_ms ? g->least_ms[i] : -INFINITY;
        bar->most_ms[bar->n] = g->most_ms ? g->most_ms[i] : INFINITY;
        bar->values_ms[bar->n++] = g->window_ms[i];
    }
    return true;
}

/* The median of an even number of values is between two: the lower of the least, the upper of the
 * most bound it. */
static void compute_clock(struct xcy_window_bar *bar)
{
    xcy_sort(bar->least_ms, bar->n);
    xcy_sort(bar->most_ms, bar->n);
    bar->clock_low_ms = bar->least_ms[(bar->n - 1) / 2] - bar->median_ms;
    bar->clock_high_ms = bar->most_ms[bar->n / 2] - bar->median_ms;
}

static void compute_bar(struct xcy_window_bar *bar)
{
    if (bar->n == 0) {
        return;
    }
    xcy_sort(bar->values_ms, bar->n);
    bar->median_ms = xcy_quantile_linear(bar->values_ms, bar->n, 0.5);
    /* The default rounding mode is half to even; + 0 makes a 0 of -0. */
    bar->rounded_ms = rint(bar->median_ms) + 0.0;
    struct xcy_quantile_interval ranks = xcy_quantile_ranks(bar->n, 0.5, confidence);
    bar->has_interval = ranks.exists;
    if (ranks.exists) {
        bar->ci_low_ms = bar->values_ms[ranks.low_index];
        bar->ci_high_ms = bar->values_ms[ranks.high_index];
    }
    compute_clock(bar);
}

void xcy_window_plot_compute(struct xcy_window_plot *plot)
{
    for (size_t i = 0; i < plot->n_groups; i++) {
        for (size_t side = 0; side < XCY_N_WINDOW_SIDES; side++) {
            compute_bar(&plot->groups[i].sides[side]);
        }
    }
}

void xcy_window_plot_clear(struct xcy_window_plot *plot)
{
    for (size_t i = 0; i < plot->n_groups; i++) {
        for (size_t side = 0; side < XCY_N_WINDOW_SIDES; side++) {
            free(plot->groups[i].sides[side].values_ms);
            free(plot->groups[i].sides[side].least_ms);
            free(plot->groups[i].sides[side].most_ms);
        }
    }
    *plot = (struct xcy_window_plot){0};
}

bool xcy_window_has_both(const struct xcy_window_group *group)
{
    return group->sides[XCY_WINDOW_ORIGINAL].n > 0 && group->sides[XCY_WINDOW_ANTIPODE].n > 0;
}

double xcy_window_overhead_ms(const struct xcy_window_group *group)
{
    return group->sides[XCY_WINDOW_ANTIPODE].rounded_ms -
           group->sides[XCY_WINDOW_ORIGINAL].rounded_ms;
}

double xcy_window_overhead_as_published_ms(const struct xcy_window_group *group)
{
    return fmax(0, xcy_window_overhead_ms(group));
}

void xcy_window_overhead_clock_ms(const struct xcy_window_group *group, double *low_ms,
                                  double *high_ms)
{
    const struct xcy_window_bar *with = &group->sides[XCY_WINDOW_ANTIPODE];
    const struct xcy_window_bar *without = &group->sides[XCY_WINDOW_ORIGINAL];
    /* The overhead is of rounded medians, the bounds are of exact ones. */
    double rounding_ms = with->median_ms - without->median_ms - xcy_window_overhead_ms(group);
    *low_ms = rounding_ms + with->clock_low_ms - without->clock_high_ms;
    *high_ms = rounding_ms + with->clock_high_ms - without->clock_low_ms;
}

/* What is infinite has no bound: null. */
static void put_clock(struct xcy_json *row, const char *name, double low_ms, double high_ms)
{
    char *low = xcy_format("%s_clock_low_ms", name);
    char *high = xcy_format("%s_clock_high_ms", name);
    xcy_json_put_number(row, low, low_ms);
    xcy_json_put_number(row, high, high_ms);
    free(high);
    free(low);
}

static void put_side(struct xcy_json *row, const char *side, const struct xcy_window_bar *bar)
{
    char *rounded = xcy_format("%s_median", side);
    char *rows = xcy_format("rows_%s", side);
    char *exact = xcy_format("%s_median_exact_ms", side);
    char *low = xcy_format("%s_ci95_low_ms", side);
    char *high = xcy_format("%s_ci95_high_ms", side);
    xcy_json_put_number(row, rounded, bar->n > 0 ? bar->rounded_ms : NAN);
    xcy_json_put_int64(row, rows, (int64_t)bar->n);
    xcy_json_put_number(row, exact, bar->n > 0 ? bar->median_ms : NAN);
    xcy_json_put_number(row, low, bar->has_interval ? bar->ci_low_ms : NAN);
    xcy_json_put_number(row, high, bar->has_interval ? bar->ci_high_ms : NAN);
    put_clock(row, side, bar->n > 0 ? bar->clock_low_ms : NAN,
              bar->n > 0 ? bar->clock_high_ms : NAN);
    free(high);
    free(low);
    free(exact);
    free(rows);
    free(rounded);
}

struct xcy_json *xcy_window_plot_to_json(const struct xcy_window_plot *plot)
{
    struct xcy_json *list = xcy_json_new_array();
    for (size_t i = 0; i < plot->n_groups; i++) {
        const struct xcy_window_group *group = &plot->groups[i];
        struct xcy_json *row = xcy_json_append_object(list);
        xcy_json_put_string(row, "Post Storage", xcy_post_storage_title(group->post_storage));
        put_side(row, "original", &group->sides[XCY_WINDOW_ORIGINAL]);
        put_side(row, "antipode", &group->sides[XCY_WINDOW_ANTIPODE]);
        double low_ms = NAN;
        double high_ms = NAN;
        if (xcy_window_has_both(group)) {
            xcy_window_overhead_clock_ms(group, &low_ms, &high_ms);
            char *label = xcy_format("+ %.0f", xcy_window_overhead_as_published_ms(group));
            xcy_json_put_string(row, "label_overhead", label);
            xcy_json_put_number(row, "overhead_ms", xcy_window_overhead_ms(group));
            free(label);
        } else {
            xcy_json_put_null(row, "label_overhead");
            xcy_json_put_null(row, "overhead_ms");
        }
        put_clock(row, "overhead", low_ms, high_ms);
    }
    return list;
}

static void print_side(struct xcy_table *table, const struct xcy_window_group *group, size_t side)
{
    const struct xcy_window_bar *bar = &group->sides[side];
    xcy_table_add_cell(table, "%s", side == 0 ? xcy_post_storage_title(group->post_storage) : "");
    xcy_table_add_cell(table, "%s", side_titles[side]);
    xcy_table_add_cell(table, "%zu", bar->n);
    if (bar->n == 0) {
        xcy_table_add_cell(table, "missing");
        xcy_table_add_cell(table, "%s", "");
        xcy_table_add_cell(table, "%s", "");
    } else {
        xcy_table_add_cell(table, "%.0f", bar->rounded_ms);
        if (bar->has_interval) {
            xcy_table_add_cell(table, "%.0f..%.0f", bar->ci_low_ms, bar->ci_high_ms);
        } else {
            xcy_table_add_cell(table, "n too small");
        }
        xcy_table_add_bound(table, bar->clock_low_ms, bar->clock_high_ms);
    }
    if (side == XCY_WINDOW_ANTIPODE && xcy_window_has_both(group)) {
        xcy_table_add_cell(table, "+ %.0f", xcy_window_overhead_as_published_ms(group));
        xcy_table_add_cell(table, "%+.0f", xcy_window_overhead_ms(group));
        double low_ms = 0;
        double high_ms = 0;
        xcy_window_overhead_clock_ms(group, &low_ms, &high_ms);
        xcy_table_add_bound(table, low_ms, high_ms);
    } else {
        xcy_table_add_cell(table, "%s", "");
        xcy_table_add_cell(table, "%s", "");
        xcy_table_add_cell(table, "%s", "");
    }
}

void xcy_window_plot_print(const struct xcy_window_plot *plot, struct xcy_buf *out)
{
    static const char *const heads[] = {"post storage", "",         "rows",         "median ms",
                                        "95% CI ms",    "clock ms", "as published", "difference ms",
                                        "clock ms"};
    struct xcy_table *table = xcy_table_new("llrrrrrrr");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        xcy_table_add_cell(table, "%s", heads[i]);
    }
    xcy_table_add_rule(table);
    for (size_t i = 0; i < plot->n_groups; i++) {
        for (size_t side = 0; side < XCY_N_WINDOW_SIDES; side++) {
            print_side(table, &plot->groups[i], side);
        }
    }
    xcy_table_format(table, out);
    xcy_table_free(table);
}

static void data_number(struct xcy_buf *out, bool is_there, double value)
{
    if (is_there) {
        xcy_buf_addf(out, "\t%.10g", value);
    } else {
        xcy_buf_add_text(out, "\t?");
    }
}

void xcy_window_plot_data(const struct xcy_window_plot *plot, struct xcy_buf *out)
{
    xcy_buf_add_text(out,
                     "# position\tpost_storage\tside\trows\tmedian_ms\tci95_low_ms\tci95_high_ms\t"
                     "clock_low_ms\tclock_high_ms\n");
    for (size_t i = 0; i < plot->n_groups; i++) {
        for (size_t side = 0; side < XCY_N_WINDOW_SIDES; side++) {
            const struct xcy_window_bar *bar = &plot->groups[i].sides[side];
            xcy_buf_addf(out, "%zu\t%s\t%s\t%zu", i,
                         xcy_post_storage_title(plot->groups[i].post_storage), side_titles[side],
                         bar->n);
            data_number(out, bar->n > 0, bar->median_ms);
            data_number(out, bar->has_interval, bar->ci_low_ms);
            data_number(out, bar->has_interval, bar->ci_high_ms);
            data_number(out, bar->n > 0 && isfinite(bar->clock_low_ms), bar->clock_low_ms);
            data_number(out, bar->n > 0 && isfinite(bar->clock_high_ms), bar->clock_high_ms);
            xcy_buf_add_char(out, '\n');
        }
    }
}
