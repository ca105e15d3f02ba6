#include "campaign/cell.h"

#include "common/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORDS = 1000 };

void xcy_cell_clear(struct xcy_cell *cell)
{
    for (size_t i = 0; i < cell->n_loadgen; i++) {
        free(cell->loadgen[i]);
    }
    free(cell->loadgen);
    free(cell->visibility);
    *cell = (struct xcy_cell){0};
}

struct xcy_cell xcy_cell_copy(const struct xcy_cell *cell)
{
    struct xcy_cell copy = *cell;
    copy.visibility = xcy_strdup(cell->visibility);
    copy.loadgen = NULL;
    if (cell->n_loadgen > 0) {
        copy.loadgen = xcy_alloc_array(cell->n_loadgen, sizeof *copy.loadgen);
    }
    for (size_t i = 0; i < cell->n_loadgen; i++) {
        copy.loadgen[i] = xcy_strdup(cell->loadgen[i]);
    }
    return copy;
}

static struct xcy_json *to_json(const struct xcy_cell *cell, bool with_rounds)
{
    struct xcy_json *o = xcy_json_new_object();
    xcy_json_put_string(o, "post_storage", xcy_post_storage_names[cell->post_storage]);
    xcy_json_put_string(o, "notification_storage",
                        xcy_notification_storage_names[cell->notification_storage]);
    xcy_json_put_string(o, "consistency", xcy_consistency_names[cell->consistency]);
    xcy_json_put_int64(o, "delay_ms", cell->delay_ms);
    if (with_rounds) {
        xcy_json_put_int64(o, "rounds", cell->rounds);
    }
    xcy_json_put_int64(o, "requests", cell->requests);
    xcy_json_put_number(o, "rate_per_s", cell->rate_per_s);
    xcy_json_put_number(o, "warmup_s", cell->warmup_s);
    xcy_json_put_bool(o, "async", cell->is_async);
    xcy_json_put_bool(o, "as_published", cell->as_published);
    xcy_json_put_int64(o, "post_bytes", cell->post_bytes);
    xcy_json_put_string(o, "visibility", cell->visibility);
    struct xcy_json *words = xcy_json_put_array(o, "loadgen");
    for (size_t i = 0; i < cell->n_loadgen; i++) {
        xcy_json_append(words, xcy_json_new_string(cell->loadgen[i]));
    }
    return o;
}

struct xcy_json *xcy_cell_to_json(const struct xcy_cell *cell)
{
    return to_json(cell, true);
}

bool xcy_cell_is_same(const struct xcy_cell *a, const struct xcy_cell *b)
{
    if (a->post_storage != b->post_storage || a->notification_storage != b->notification_storage ||
        a->consistency != b->consistency || a->delay_ms != b->delay_ms) {
        return false; /* most differ so: the rest is dear */
    }
    struct xcy_json *json_a = to_json(a, false);
    struct xcy_json *json_b = to_json(b, false);
    char *text_a = xcy_json_text(json_a);
    char *text_b = xcy_json_text(json_b);
    bool is_same = strcmp(text_a, text_b) == 0;
    free(text_a);
    free(text_b);
    xcy_json_free(json_a);
    xcy_json_free(json_b);
    return is_same;
}

void xcy_cell_label(const struct xcy_cell *cell, char to[XCY_CELL_LABEL_BYTES])
{
    char delay[32] = "";
    if (cell->delay_ms > 0) {
        snprintf(delay, sizeof delay, ", delay %lld ms", (long long)cell->delay_ms);
    }
    snprintf(to, XCY_CELL_LABEL_BYTES, "%s-%s %s%s", xcy_post_storage_names[cell->post_storage],
             xcy_notification_storage_names[cell->notification_storage],
             xcy_consistency_names[cell->consistency], delay);
}

static enum xcy_status read_name(const struct xcy_json *object, const char *key,
                                 const char *const *names, int *index, struct xcy_error *err)
{
    const char *text = xcy_json_get_string(object, key, "");
    *index = xcy_name_index(names, text);
    return *index >= 0
               ? XCY_OK
               : xcy_fail(err, XCY_EPARSE, "a cell's %s is '%.40s', which is not known", key, text);
}

static enum xcy_status read_words(const struct xcy_json *list, struct xcy_cell *cell,
                                  struct xcy_error *err)
{
    size_t n = xcy_json_size(list);
    if (n > MAX_WORDS) {
        return xcy_fail(err, XCY_EPARSE, "a cell has %zu words for loadgen", n);
    }
    if (n == 0) {
        return XCY_OK;
    }
    cell->loadgen = xcy_alloc_array(n, sizeof *cell->loadgen);
    for (const struct xcy_json *word = xcy_json_first(list); word; word = xcy_json_next(word)) {
        const char *text = xcy_json_string(word);
        if (!text) {
            return xcy_fail(err, XCY_EPARSE, "a cell's word for loadgen is no text");
        }
        cell->loadgen[cell->n_loadgen++] = xcy_strdup(text);
    }
    return XCY_OK;
}

static enum xcy_status read_numbers(const struct xcy_json *object, struct xcy_cell *cell,
                                    struct xcy_error *err)
{
    cell->delay_ms = xcy_json_get_int64(object, "delay_ms", -1);
    cell->rounds = xcy_json_get_int64(object, "rounds", 0);
    cell->requests = xcy_json_get_int64(object, "requests", 0);
    cell->rate_per_s = xcy_json_get_number(object, "rate_per_s", 0);
    cell->warmup_s = xcy_json_get_number(object, "warmup_s", 0);
    cell->is_async = xcy_json_get_bool(object, "async", false);
    cell->as_published = xcy_json_get_bool(object, "as_published", false);
    cell->post_bytes = xcy_json_get_int64(object, "post_bytes", 0);
    if (cell->delay_ms < 0 || cell->rounds < 1 || cell->requests < 1 || cell->post_bytes < 0) {
        return xcy_fail(err, XCY_EPARSE,
                        "a cell lacks its delay_ms, rounds or requests, or they are out of range");
    }
    return XCY_OK;
}

enum xcy_status xcy_cell_from_json(const struct xcy_json *object, struct xcy_cell *cell,
                                   struct xcy_error *err)
{
    struct xcy_cell made = {0};
    int post = 0;
    int notification = 0;
    int consistency = 0;
    enum xcy_status status = read_name(object, "post_storage", xcy_post_storage_names, &post, err);
    if (status == XCY_OK) {
        status = read_name(object, "notification_storage", xcy_notification_storage_names,
                           &notification, err);
    }
    if (status == XCY_OK) {
        status = read_name(object, "consistency", xcy_consistency_names, &consistency, err);
    }
    if (status == XCY_OK) {
        status = read_numbers(object, &made, err);
    }
    if (status == XCY_OK) {
        status = read_words(xcy_json_get(object, "loadgen"), &made, err);
    }
    if (status != XCY_OK) {
        xcy_cell_clear(&made);
        return status;
    }
    made.post_storage = (enum xcy_post_storage)post;
    made.notification_storage = (enum xcy_notification_storage)notification;
    made.consistency = (enum xcy_consistency)consistency;
    made.visibility = xcy_strdup(xcy_json_get_string(object, "visibility", NULL));
    *cell = made;
    return XCY_OK;
}
