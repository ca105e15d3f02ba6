#include "analyzers/metric_set.h"

#include "common/base/mem.h"
#include "common/data/yaml.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A row of the user's config, as it was read. */
struct xcy_metric_row {
    char *name;
    char *title;
    char *meaning;
    int from; /* enum xcy_point */
    int to;
    int consistency; /* enum where */
};

enum where { WHERE_ANY, WHERE_BARRIER, WHERE_NONE };

static const char *const where_names[] = {
    [WHERE_ANY] = "any", [WHERE_BARRIER] = "barrier", [WHERE_NONE] = "none", NULL};

enum { MAX_ROWS = 1000 };

/* Figures of analyze compare, which stand beside the metrics there. */
static const char *const taken_names[] = {"inconsistent", "undecided", "throughput"};

static void row_clear(struct xcy_metric_row *row)
{
    free(row->name);
    free(row->title);
    free(row->meaning);
}

static bool is_name(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    return text && text[0] >= 'a' && text[0] <= 'z' && strspn(text, letters) == strlen(text);
}

static enum xcy_status bind_row(const struct xcy_yaml *node, struct xcy_metric_row *row,
                                struct xcy_error *err)
{
    const char *points[XCY_N_POINTS + 1] = {NULL};
    for (size_t p = 0; p < XCY_N_POINTS; p++) {
        points[p] = xcy_points[p].name;
    }
    const struct xcy_key keys[] = {
        {.name = "name", .type = XCY_KEY_STRING, .to = &row->name, .required = true},
        {.name = "title", .type = XCY_KEY_STRING, .to = &row->title},
        {.name = "from",
         .type = XCY_KEY_CHOICE,
         .to = &row->from,
         .choices = points,
         .required = true},
        {.name = "to", .type = XCY_KEY_CHOICE, .to = &row->to, .choices = points, .required = true},
        {.name = "consistency",
         .type = XCY_KEY_CHOICE,
         .to = &row->consistency,
         .choices = where_names},
        {.name = "meaning", .type = XCY_KEY_STRING, .to = &row->meaning},
    };
    return xcy_yaml_bind(node, keys, sizeof keys / sizeof *keys, err);
}

static bool is_taken(const char *name)
{
    for (size_t i = 0; i < sizeof taken_names / sizeof *taken_names; i++) {
        if (strcmp(name, taken_names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static enum xcy_status check_row(const struct xcy_yaml *node, const struct xcy_metric_set *set,
                                 const struct xcy_metric_row *row, struct xcy_error *err)
{
    const struct xcy_yaml *name = xcy_yaml_get(node, "name");
    if (!is_name(row->name)) {
        return xcy_yaml_fail(name, err,
                             "name: '%s' should be small letters, digits and '_', a letter first",
                             row->name);
    }
    if (xcy_metric_set_find(set, row->name)) {
        return xcy_yaml_fail(name, err, "name: there is a metric '%s' already", row->name);
    }
    if (is_taken(row->name)) {
        return xcy_yaml_fail(
            name, err, "name: '%s' is a figure of analyze compare; take another name", row->name);
    }
    if (row->from == row->to) {
        return xcy_yaml_fail(xcy_yaml_get(node, "to"), err, "to: is the same point as from");
    }
    if (row->from == XCY_POINT_MISSED || row->from == XCY_POINT_VISIBLE) {
        return xcy_yaml_fail(xcy_yaml_get(node, "from"), err,
                             "from: %s is known as an interval and can only be `to`",
                             xcy_points[row->from].name);
    }
    return XCY_OK;
}

/* The post is not visible before it was written, which is after these. Of other points the post may have
 * been visible for any time. */
static bool is_before_the_post(enum xcy_point point)
{
    return point <= XCY_POINT_WROTE && point != XCY_POINT_ACKED;
}

/* What follows from its points: a time of visibility is an interval; `sent` is of the last attempt;
 * a barrier that gave up cuts off what spans it. */
static struct xcy_metric metric_of(const struct xcy_metric_row *row)
{
    enum xcy_point from = (enum xcy_point)row->from;
    enum xcy_point to = (enum xcy_point)row->to;
    bool is_visibility = to == XCY_POINT_VISIBLE;
    return (struct xcy_metric){
        .name = row->name,
        .title = row->title,
        .kind = is_visibility ? XCY_METRIC_VISIBILITY : XCY_METRIC_POINTS,
        .from = from,
        .to = to,
        .needs_barrier = row->consistency == WHERE_BARRIER,
        .without_barrier = row->consistency == WHERE_NONE,
        .needs_single_exec = is_visibility,
        .needs_one_attempt = from == XCY_POINT_SENT || to == XCY_POINT_SENT,
        .spans_barrier = from < XCY_POINT_READY && to >= XCY_POINT_READY && to <= XCY_POINT_READ,
        .floor_us = is_before_the_post(from) ? 0 : -INFINITY,
        .meaning = row->meaning,
    };
}

static enum xcy_status take_row(const struct xcy_yaml *node, struct xcy_metric_set *set,
                                struct xcy_error *err)
{
    struct xcy_metric_row row = {.name = NULL};
    enum xcy_status status =
        xcy_yaml_kind(node) == XCY_YAML_MAP
            ? bind_row(node, &row, err)
            : xcy_yaml_fail(node, err, "a metric should have name, from and to");
    if (status == XCY_OK) {
        status = check_row(node, set, &row, err);
    }
    if (status != XCY_OK) {
        row_clear(&row);
        return status;
    }
    row.title = row.title ? row.title : xcy_strdup(row.name);
    row.meaning = row.meaning ? row.meaning : xcy_strdup("of the user's config");
    set->rows = xcy_realloc_array(set->rows, set->n_rows + 1, sizeof *set->rows);
    set->rows[set->n_rows++] = row;
    set->items = xcy_realloc_array(set->items, set->n + 1, sizeof *set->items);
    set->items[set->n++] = metric_of(&row);
    return XCY_OK;
}

static enum xcy_status take_rows(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    struct xcy_metric_set *set = to;
    if (xcy_yaml_kind(node) != XCY_YAML_LIST || xcy_yaml_size(node) > MAX_ROWS) {
        return xcy_yaml_fail(node, err, "metrics should be a list of at most %d rows", MAX_ROWS);
    }
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < xcy_yaml_size(node); i++) {
        status = take_row(xcy_yaml_at(node, i), set, err);
    }
    return status;
}

static enum xcy_status take_config(const char *path, struct xcy_metric_set *set,
                                   struct xcy_error *err)
{
    struct xcy_yaml_doc *doc = NULL;
    const struct xcy_key keys[] = {
        {.name = "metrics", .type = XCY_KEY_CUSTOM, .to = set, .parse = take_rows}};
    enum xcy_status status = xcy_yaml_read(path, &doc, err);
    if (status == XCY_ENOTFOUND) {
        err->status = XCY_EUSAGE; /* the command line names it */
        return err->status;
    }
    if (status == XCY_OK && xcy_yaml_root(doc)) {
        status = xcy_yaml_bind(xcy_yaml_root(doc), keys, 1, err);
    }
    xcy_yaml_free(doc);
    return status;
}

enum xcy_status xcy_metric_set_read(const char *path, struct xcy_metric_set *set,
                                    struct xcy_error *err)
{
    struct xcy_metric_set made = {.n = XCY_N_METRICS};
    made.items = xcy_realloc_array(NULL, XCY_N_METRICS, sizeof *made.items);
    memcpy(made.items, xcy_metrics, sizeof xcy_metrics);
    enum xcy_status status = path ? take_config(path, &made, err) : XCY_OK;
    if (status == XCY_OK) {
        *set = made;
    } else {
        xcy_metric_set_clear(&made);
    }
    return status;
}

void xcy_metric_set_clear(struct xcy_metric_set *set)
{
    for (size_t i = 0; i < set->n_rows; i++) {
        row_clear(&set->rows[i]);
    }
    free(set->rows);
    free(set->items);
    *set = (struct xcy_metric_set){.n = 0};
}

const struct xcy_metric *xcy_metric_set_find(const struct xcy_metric_set *set, const char *name)
{
    for (size_t i = 0; i < set->n; i++) {
        if (strcmp(set->items[i].name, name) == 0) {
            return &set->items[i];
        }
    }
    return NULL;
}
