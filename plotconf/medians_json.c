#include "plotconf/medians.h"

#include "common/base/mem.h"
#include "plotconf/rows.h"

#include <math.h>
#include <stdlib.h>

static double known(const struct xcy_median_bar *bar, double value)
{
    return bar->rows.n > 0 ? value : NAN;
}

static void put_window(struct xcy_json *row, const char *side, const struct xcy_window *w)
{
    bool has = w->n > 0;
    xcy_row_put(row, side, "window_n", (double)w->n);
    xcy_row_put(row, side, "window_low_ms", has ? w->low_ms : NAN);
    xcy_row_put(row, side, "window_high_ms", has ? w->high_ms : NAN);
    xcy_row_put(row, side, "window_ci95_low_ms", has ? w->ci_low_ms : NAN);
    xcy_row_put(row, side, "window_ci95_high_ms", has ? w->ci_high_ms : NAN);
    xcy_row_put(row, side, "window_clock_low_ms", has ? w->least_ms - w->low_ms : NAN);
    xcy_row_put(row, side, "window_clock_high_ms", has ? w->most_ms - w->high_ms : NAN);
}

static void put_side(struct xcy_json *row, const char *side, const struct xcy_median_bar *bar)
{
    char *rows = xcy_format("rows_%s", side);
    xcy_row_put(row, side, "median", known(bar, bar->rounded_ms));
    xcy_json_put_int64(row, rows, (int64_t)bar->rows.n);
    xcy_row_put(row, side, "median_exact_ms", known(bar, bar->median_ms));
    xcy_row_put(row, side, "median_uncut_ms", known(bar, bar->uncut_ms));
    xcy_row_put(row, side, "ci95_low_ms", known(bar, bar->ci_low_ms));
    xcy_row_put(row, side, "ci95_high_ms", known(bar, bar->ci_high_ms));
    xcy_row_put(row, side, "clock_low_ms", known(bar, bar->clock_low_ms));
    xcy_row_put(row, side, "clock_high_ms", known(bar, bar->clock_high_ms));
    free(rows);
}

static void put_overhead(struct xcy_json *row, const char *prefix, const struct xcy_overhead *o)
{
    char *label = o->exists ? xcy_format("+ %.0f", o->published_ms) : NULL;
    char *key = xcy_format("label_%s", prefix);
    xcy_json_put_string(row, key, label);
    xcy_row_put(row, prefix, "ms", o->rounded_ms);
    xcy_row_put(row, prefix, "exact_ms", o->exact_ms);
    xcy_row_put(row, prefix, "ci95_low_ms", o->ci_low_ms);
    xcy_row_put(row, prefix, "ci95_high_ms", o->ci_high_ms);
    xcy_row_put(row, prefix, "clock_low_ms", o->clock_low_ms);
    xcy_row_put(row, prefix, "clock_high_ms", o->clock_high_ms);
    free(key);
    free(label);
}

static void put_group(struct xcy_json *row, const struct xcy_median_plot *plot,
                      const struct xcy_median_group *group)
{
    xcy_json_put_string(row, "Post Storage", xcy_post_storage_title(group->post_storage));
    for (size_t side = 0; side < XCY_N_SIDES; side++) {
        if (xcy_median_shows(plot, (enum xcy_side)side)) {
            put_side(row, xcy_side_names[side], &group->sides[side]);
        }
        if (xcy_median_shows(plot, (enum xcy_side)side) && plot->figure->has_window) {
            put_window(row, xcy_side_names[side], &group->sides[side].window);
        }
    }
    struct xcy_overhead o = xcy_median_overhead(group, plot->compared);
    put_overhead(row, "overhead", &o);
    /* Of two consistencies in one plot the other one's has its name. */
    for (size_t side = XCY_SIDE_ANTIPODE; side < XCY_N_SIDES; side++) {
        if (side != plot->compared && plot->has_side[side]) {
            char *prefix = xcy_format("%s_overhead", xcy_side_names[side]);
            o = xcy_median_overhead(group, (enum xcy_side)side);
            put_overhead(row, prefix, &o);
            free(prefix);
        }
    }
}

struct xcy_json *xcy_median_plot_to_json(const struct xcy_median_plot *plot)
{
    struct xcy_json *list = xcy_json_new_array();
    for (size_t i = 0; i < plot->n_groups; i++) {
        put_group(xcy_json_append_object(list), plot, &plot->groups[i]);
    }
    return list;
}
