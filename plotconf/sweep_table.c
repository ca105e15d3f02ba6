#include "plotconf/sweep.h"

#include "common/cli/table.h"

#include <math.h>

static void put_rounds(struct xcy_json *row, const struct xcy_sweep_point *point)
{
    struct xcy_json *rounds = xcy_json_put_array(row, "rounds");
    for (size_t i = 0; i < point->n_rounds; i++) {
        const struct xcy_sweep_round *round = &point->rounds[i];
        struct xcy_json *one = xcy_json_append_object(rounds);
        xcy_json_put_string(one, "path", round->path);
        xcy_json_put_number(one, "share", round->share);
        xcy_json_put_number(one, "events", round->n > 0 ? (double)round->events : NAN);
        xcy_json_put_number(one, "n", round->n > 0 ? (double)round->n : NAN);
        xcy_json_put_bool(one, "is_published", round->is_published);
    }
}

static void put_pair(struct xcy_json *row, const struct xcy_pair *pair)
{
    xcy_json_put_string(row, "combination", xcy_post_storage_title(pair->post_storage));
    xcy_json_put_string(row, "notification_storage",
                        xcy_notification_storage_names[pair->notification_storage]);
}

static void put_point(struct xcy_json *row, const struct xcy_sweep_point *point)
{
    xcy_json_put_int64(row, "delay_ms", point->delay_ms);
    xcy_json_put_number(row, "per_inconsistencies", point->least_share);
    put_pair(row, &point->pair);
    xcy_pooled_put(&point->pooled, row);
    put_rounds(row, point);
}

struct xcy_json *xcy_sweep_to_json(const struct xcy_sweep *sweep, bool is_published)
{
    struct xcy_json *list = xcy_json_new_array();
    for (size_t i = 0; i < sweep->n_points; i++) {
        if (!isnan(sweep->points[i].least_share) == is_published) {
            put_point(xcy_json_append_object(list), &sweep->points[i]);
        }
    }
    return list;
}

struct xcy_json *xcy_sweep_curves_to_json(const struct xcy_sweep *sweep)
{
    struct xcy_json *list = xcy_json_new_array();
    for (size_t i = 0; i < sweep->n_curves; i++) {
        const struct xcy_sweep_curve *curve = &sweep->curves[i];
        struct xcy_json *row = xcy_json_append_object(list);
        put_pair(row, &curve->pair);
        xcy_derived_put(curve->derived, row);
    }
    return list;
}

static void print_point(struct xcy_table *table, const struct xcy_sweep_point *point)
{
    xcy_table_add_cell(table, "%s, %s", xcy_post_storage_title(point->pair.post_storage),
                       xcy_notification_storage_title(point->pair.notification_storage));
    xcy_table_add_cell(table, "%lld", (long long)point->delay_ms);
    xcy_table_add_cell(table, "%zu", point->n_rounds);
    if (isnan(point->least_share)) {
        xcy_table_add_cell(table, "none");
    } else {
        xcy_table_add_cell(table, "%.3g %%", point->least_share * 100);
    }
    xcy_pooled_print(&point->pooled, table);
}

static void print_curve(const struct xcy_sweep_curve *curve, struct xcy_buf *out)
{
    if (curve->derived->n_checks > 0) {
        xcy_buf_addf(out, "%s, %s: ", xcy_post_storage_title(curve->pair.post_storage),
                     xcy_notification_storage_title(curve->pair.notification_storage));
        xcy_derived_describe(curve->derived, out);
        xcy_buf_addf(out, " (curve of %s)\n", curve->derived->path);
    }
}

void xcy_sweep_print(const struct xcy_sweep *sweep, struct xcy_buf *out)
{
    static const char *const heads[] = {"combination",       "delay ms", "rounds",
                                        "least (published)", "events",   "share",
                                        "exact 95% CI"};
    struct xcy_table *table = xcy_table_new("lrrrrrr");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        xcy_table_add_cell(table, "%s", heads[i]);
    }
    xcy_table_add_rule(table);
    for (size_t i = 0; i < sweep->n_points; i++) {
        print_point(table, &sweep->points[i]);
    }
    xcy_table_format(table, out);
    xcy_table_free(table);
    for (size_t i = 0; i < sweep->n_curves; i++) {
        print_curve(&sweep->curves[i], out);
    }
}
