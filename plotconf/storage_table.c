#include "plotconf/storage.h"

#include "common/cli/table.h"
#include "plotconf/rows.h"

#include <math.h>
#include <stdio.h>

static const char *const role_names[XCY_N_ROLES] = {"post", "notification"};

/* Under the reference's names, which say the consistency. */
static void put_numbers(struct xcy_json *row, const struct xcy_storage_numbers *s,
                        enum xcy_side compared)
{
    const char *app = xcy_side_names[compared];
    xcy_json_put_number(row, "baseline_total", s->baseline_total);
    xcy_row_put(row, app, "total", s->app_total);
    xcy_json_put_number(row, "baseline_avg", s->baseline_avg);
    xcy_row_put(row, app, "avg", s->app_avg);
    xcy_json_put_number(row, "overhead_total", s->overhead_total);
    xcy_json_put_number(row, "por_overhead_total", s->por_overhead_total);
    xcy_json_put_number(row, "overhead_avg", s->overhead_avg);
    xcy_json_put_number(row, "por_overhead_avg", s->por_overhead_avg);
}

static void put_sizes(struct xcy_json *row, const char *side, const struct xcy_object_sizes *sizes)
{
    bool has = sizes->n > 0;
    xcy_row_put(row, side, "n", (double)sizes->n);
    xcy_row_put(row, side, "mean_bytes", xcy_object_sizes_mean(sizes));
    xcy_row_put(row, side, "min_bytes", has ? sizes->min_bytes : NAN);
    xcy_row_put(row, side, "max_bytes", has ? sizes->max_bytes : NAN);
    xcy_row_put(row, side, "added_bytes", has ? sizes->added_bytes / (double)sizes->n : NAN);
}

/* What was measured of each object: mean of the side that is compared, less that of Original. */
static double measured_overhead(const struct xcy_storage_unit *unit, enum xcy_side side)
{
    return xcy_object_sizes_mean(&unit->sizes[side]) -
           xcy_object_sizes_mean(&unit->sizes[XCY_SIDE_ORIGINAL]);
}

static void put_role(struct xcy_json *row, const struct xcy_storage_plot *plot,
                     const struct xcy_storage_unit *unit)
{
    struct xcy_storage_numbers s = xcy_storage_compute(unit, NULL);
    double overhead = measured_overhead(unit, plot->compared);
    xcy_json_put_string(row, "role", role_names[unit->role]);
    put_numbers(row, &s, plot->compared);
    struct xcy_json *measured = xcy_json_put_object(row, "measured");
    put_sizes(measured, "baseline", &unit->sizes[XCY_SIDE_ORIGINAL]);
    for (size_t side = XCY_SIDE_ANTIPODE; side < XCY_N_SIDES; side++) {
        if (plot->has_side[side] || side == plot->compared) {
            put_sizes(measured, xcy_side_names[side], &unit->sizes[side]);
        }
    }
    xcy_json_put_number(measured, "overhead_bytes", overhead);
    xcy_json_put_number(measured, "por_overhead",
                        overhead / xcy_object_sizes_mean(&unit->sizes[XCY_SIDE_ORIGINAL]) * 100);
}

struct xcy_json *xcy_storage_to_json(const struct xcy_storage_plot *plot)
{
    struct xcy_json *list = xcy_json_new_array();
    for (size_t i = 0; i < plot->n_units; i++) {
        const struct xcy_storage_unit *unit = &plot->units[i];
        const struct xcy_storage_unit *other = xcy_storage_other(plot, unit);
        if (other && other < unit) {
            continue; /* in the row of that */
        }
        struct xcy_storage_numbers s = xcy_storage_compute(unit, other);
        struct xcy_json *row = xcy_json_append_object(list);
        xcy_json_put_string(row, "storage", unit->storage);
        put_numbers(row, &s, plot->compared);
        xcy_json_put_bool(row, "is_mixed", other != NULL);
        struct xcy_json *roles = xcy_json_put_array(row, "by_role");
        put_role(xcy_json_append_object(roles), plot, unit);
        if (other) {
            put_role(xcy_json_append_object(roles), plot, other);
        }
    }
    return list;
}

static void add_bytes(struct xcy_table *table, double bytes, bool has_sign)
{
    if (isnan(bytes)) {
        xcy_table_add_cell(table, "missing");
    } else {
        xcy_table_add_cell(table, has_sign ? "%+.0f" : "%.0f", bytes);
    }
}

static void add_percent(struct xcy_table *table, double percent)
{
    xcy_table_add_cell(table, isfinite(percent) ? "%+.3g %%" : "", percent);
}

static void print_unit(struct xcy_table *table, const struct xcy_storage_plot *plot,
                       const struct xcy_storage_unit *unit)
{
    struct xcy_storage_numbers s = xcy_storage_compute(unit, NULL);
    const struct xcy_object_sizes *baseline = &unit->sizes[XCY_SIDE_ORIGINAL];
    const struct xcy_object_sizes *with = &unit->sizes[plot->compared];
    xcy_table_add_cell(table, "%s", unit->title);
    xcy_table_add_cell(table, "%ss", role_names[unit->role]);
    add_bytes(table, s.baseline_avg, false);
    add_bytes(table, s.app_avg, false);
    add_bytes(table, s.overhead_avg, true);
    add_percent(table, s.por_overhead_avg);
    add_bytes(table, s.overhead_total, true);
    add_bytes(table, xcy_object_sizes_mean(baseline), false);
    add_bytes(table, xcy_object_sizes_mean(with), false);
    add_bytes(table, measured_overhead(unit, plot->compared), true);
    add_bytes(table, with->n > 0 ? with->added_bytes / (double)with->n : NAN, false);
}

void xcy_storage_print(const struct xcy_storage_plot *plot, struct xcy_buf *out)
{
    struct xcy_table *table = xcy_table_new("llrrrrrrrrr");
    const char *with = xcy_side_names[plot->compared];
    xcy_table_add_cell(table, "storage");
    xcy_table_add_cell(table, "bytes of");
    xcy_table_add_cell(table, "published avg");
    xcy_table_add_cell(table, "%s avg", with);
    xcy_table_add_cell(table, "overhead");
    xcy_table_add_cell(table, "%s", "");
    xcy_table_add_cell(table, "of totals");
    xcy_table_add_cell(table, "measured mean");
    xcy_table_add_cell(table, "%s mean", with);
    xcy_table_add_cell(table, "overhead");
    xcy_table_add_cell(table, "added");
    xcy_table_add_rule(table);
    for (size_t i = 0; i < plot->n_units; i++) {
        print_unit(table, plot, &plot->units[i]);
    }
    xcy_table_format(table, out);
    xcy_table_free(table);
}

static void format_bytes(double bytes, char *to, size_t size)
{
    if (bytes < 1e4) {
        snprintf(to, size, "%.0f B", bytes);
    } else if (bytes < 1e6) {
        snprintf(to, size, "%.1f kB", bytes / 1e3);
    } else {
        snprintf(to, size, "%.2f MB", bytes / 1e6);
    }
}

/* "+42 B (+0.012 %)" */
static void format_overhead(double bytes, double baseline, char *to, size_t size)
{
    double percent = bytes / baseline * 100;
    if (isfinite(percent)) {
        snprintf(to, size, "%+.0f B (%+.2g %%)", rint(bytes), percent);
    } else if (!isnan(bytes)) {
        snprintf(to, size, "%+.0f B", rint(bytes));
    }
}

static void fill_bar(struct xcy_chart_bar *bar, double published,
                     const struct xcy_object_sizes *measured)
{
    bar->value = published;
    format_bytes(published, bar->label, sizeof bar->label);
    if (measured->n > 0) {
        bar->range_low = measured->min_bytes;
        bar->range_high = measured->max_bytes;
    }
}

static void fill_category(const struct xcy_storage_plot *plot, const struct xcy_storage_unit *unit,
                          struct xcy_chart_category *category)
{
    const struct xcy_object_sizes *baseline = &unit->sizes[XCY_SIDE_ORIGINAL];
    struct xcy_storage_numbers s = xcy_storage_compute(unit, NULL);
    snprintf(category->subtitle, sizeof category->subtitle, "%ss", role_names[unit->role]);
    fill_bar(&category->bars[0], s.baseline_avg, baseline);
    fill_bar(&category->bars[1], s.app_avg, &unit->sizes[plot->compared]);
    format_overhead(s.overhead_avg, s.baseline_avg, category->note, sizeof category->note);
    format_overhead(measured_overhead(unit, plot->compared), xcy_object_sizes_mean(baseline),
                    category->range_note, sizeof category->range_note);
}

void xcy_storage_chart(const struct xcy_storage_plot *plot, struct xcy_chart *chart)
{
    *chart = (struct xcy_chart){
        .title = "Bytes of an object, by storage",
        .subtitle = "bars: average as published; green: measured of each object, least to most",
        .remark = "over them the overhead: orange as published, green as measured",
        .axis = "bytes of an object (log scale)",
        .scale = XCY_CHART_LOG_BYTES,
        .series = {xcy_side_titles[XCY_SIDE_ORIGINAL], xcy_side_titles[plot->compared]},
        .n_series = 2};
    for (size_t i = 0; i < plot->n_units; i++) {
        const struct xcy_storage_unit *unit = &plot->units[i];
        struct xcy_chart_category *category = xcy_chart_add(chart, unit->title);
        fill_category(plot, unit, category);
        chart->range_title = category->range_note[0] ? "measured" : chart->range_title;
    }
}
