#include "plotconf/gathered.h"

#include "common/base/mem.h"
#include "common/data/csv.h"
#include "common/data/number.h"
#include "common/data/yaml.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char window_column[] = "writer_visibility_latency_ms";
static const char received_column[] = "reader_received_at";
static const double latest_s = 1e11; /* any later time is a broken file */

/* tags.yml has keys that plots do not need, and more in branches of the reference: none is refused. */
static enum xcy_status tag(const struct xcy_yaml *root, const char *path, const char *key,
                           const struct xcy_yaml **node, struct xcy_error *err)
{
    *node = root ? xcy_yaml_get(root, key) : NULL;
    if (!*node || !xcy_yaml_text(*node)) {
        return xcy_fail(err, XCY_EPARSE, "%s: no key %s", path, key);
    }
    return XCY_OK;
}

static enum xcy_status tag_choice(const struct xcy_yaml *root, const char *path, const char *key,
                                  const char *const *names, int *index, struct xcy_error *err)
{
    const struct xcy_yaml *node = NULL;
    enum xcy_status status = tag(root, path, key, &node, err);
    for (int i = 0; status == XCY_OK && names[i]; i++) {
        if (strcmp(names[i], xcy_yaml_text(node)) == 0) {
            *index = i;
            return XCY_OK;
        }
    }
    return status != XCY_OK
               ? status
               : xcy_yaml_fail(node, err, "%s: '%s' is not known", key, xcy_yaml_text(node));
}

static enum xcy_status read_tags(const char *path, struct xcy_gathered *g, struct xcy_error *err)
{
    static const char *const booleans[] = {"false", "true", NULL};
    struct xcy_yaml_doc *doc = NULL;
    enum xcy_status status = xcy_yaml_read(path, &doc, err);
    if (status != XCY_OK) {
        return status;
    }
    const struct xcy_yaml *root = xcy_yaml_root(doc);
    const struct xcy_yaml *delay = NULL;
    int post = 0;
    int notification = 0;
    int antipode = 0;
    status = tag_choice(root, path, "POST_STORAGE", xcy_post_storage_names, &post, err);
    if (status == XCY_OK) {
        status = tag_choice(root, path, "NOTIFICATION_STORAGE", xcy_notification_storage_names,
                            &notification, err);
    }
    if (status == XCY_OK) {
        status = tag_choice(root, path, "ANTIPODE_ENABLED", booleans, &antipode, err);
    }
    if (status == XCY_OK) {
        status = tag(root, path, "DELAY", &delay, err);
    }
    if (status == XCY_OK && !xcy_int64_parse(xcy_bytes_of(xcy_yaml_text(delay)), &g->delay_ms)) {
        status = xcy_yaml_fail(delay, err, "DELAY must be whole milliseconds, got '%s'",
                               xcy_yaml_text(delay));
    }
    g->post_storage = (enum xcy_post_storage)post;
    g->notification_storage = (enum xcy_notification_storage)notification;
    g->has_antipode = antipode == 1;
    xcy_yaml_free(doc);
    return status;
}

static double received_of(const struct xcy_csv *csv)
{
    int column = xcy_csv_find(csv, received_column);
    double s = NAN;
    bool is_told = column >= 0 && xcy_double_parse(xcy_csv_field(csv, (size_t)column), &s);
    return is_told && fabs(s) < latest_s ? s : NAN;
}

static enum xcy_status take_rows(struct xcy_csv *csv, const char *path, struct xcy_gathered *g,
                                 struct xcy_error *err)
{
    int column = xcy_csv_find(csv, window_column);
    if (column < 0) {
        return xcy_fail(err, XCY_EPARSE, "%s:1: no column %s", path, window_column);
    }
    size_t capacity = 0;
    enum xcy_csv_step step;
    while ((step = xcy_csv_next(csv, err)) == XCY_CSV_RECORD) {
        if (g->n == capacity) {
            capacity = capacity > 0 ? capacity * 2 : 1024;
            g->window_ms = xcy_realloc_array(g->window_ms, capacity, sizeof *g->window_ms);
            g->received_s = xcy_realloc_array(g->received_s, capacity, sizeof *g->received_s);
        }
        struct xcy_bytes field = xcy_csv_field(csv, (size_t)column);
        if (!xcy_double_parse(field, &g->window_ms[g->n]) || !isfinite(g->window_ms[g->n])) {
            return xcy_fail(err, XCY_EPARSE, "%s:%zu: %s: '%.40s' is not a number", path,
                            xcy_csv_line(csv), window_column, field.ptr ? field.ptr : "");
        }
        g->received_s[g->n] = received_of(csv);
        g->n++;
    }
    if (step == XCY_CSV_TORN) {
        return xcy_fail(err, XCY_EPARSE, "%s: the last line is cut off; gather again", path);
    }
    return step == XCY_CSV_BAD ? err->status : XCY_OK;
}

static enum xcy_status read_traces(const char *path, struct xcy_gathered *g, struct xcy_error *err)
{
    struct xcy_csv *csv = NULL;
    enum xcy_status status = xcy_csv_open(path, ';', &csv, err);
    if (status == XCY_OK) {
        status = take_rows(csv, path, g, err);
    }
    xcy_csv_close(csv);
    return status;
}

enum xcy_status xcy_gathered_read(const char *path, struct xcy_gathered *g, struct xcy_error *err)
{
    struct xcy_gathered made = {.path = xcy_strdup(path)};
    char *tags = xcy_format("%s/tags.yml", path);
    char *traces = xcy_format("%s/traces.csv", path);
    enum xcy_status status = read_tags(tags, &made, err);
    if (status == XCY_OK) {
        status = read_traces(traces, &made, err);
    }
    if (status == XCY_OK) {
        *g = made;
    } else {
        xcy_gathered_clear(&made);
    }
    free(traces);
    free(tags);
    return status;
}

void xcy_gathered_clear(struct xcy_gathered *g)
{
    free(g->path);
    free(g->window_ms);
    free(g->received_s);
    free(g->least_ms);
    free(g->most_ms);
    *g = (struct xcy_gathered){0};
}
