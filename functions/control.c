#include "functions/control.h"

#include <string.h>

static const char clean_key[] = "-#CLEAN#-";
static const char stats_key[] = "-#STATS#-";

enum xcy_control xcy_control_of(const struct xcy_json *payload)
{
    return xcy_json_get(payload, clean_key)   ? XCY_CONTROL_CLEAN
           : xcy_json_get(payload, stats_key) ? XCY_CONTROL_STATS
                                              : XCY_CONTROL_NONE;
}

/* Takes the body. */
static void reply_with(const struct xcy_application *app, struct xcy_json *body,
                       struct xcy_buf *reply)
{
    xcy_json_put(body, "combination", xcy_combination_to_json(&app->environment->combination));
    struct xcy_json *answer = xcy_json_new_object();
    xcy_json_put_int64(answer, "statusCode", 200);
    xcy_json_put(answer, "body", body);
    xcy_json_format(answer, false, reply);
    xcy_json_free(answer);
}

enum xcy_status xcy_control_clean(const struct xcy_application *app, struct xcy_buf *reply,
                                  struct xcy_error *err)
{
    enum xcy_status status = app->post->clean(app->post_state, err);
    if (status == XCY_OK) {
        status = app->notification->clean(app->notification_state, err);
    }
    if (status != XCY_OK) {
        return xcy_error_context(err, "clean");
    }
    struct xcy_json *body = xcy_json_new_object();
    xcy_json_put_bool(body, "cleaned", true);
    xcy_json_put_string(body, "post_storage", app->post->name);
    reply_with(app, body, reply);
    return XCY_OK;
}

/* A backend whose size is a true count needs no other one. */
static enum xcy_status count(const struct xcy_application *app, int64_t *items,
                             struct xcy_error *err)
{
    int64_t bytes = 0;
    return app->post->count ? app->post->count(app->post_state, items, err)
                            : app->post->size(app->post_state, items, &bytes, err);
}

enum xcy_status xcy_control_stats(const struct xcy_application *app, const struct xcy_json *payload,
                                  struct xcy_buf *reply, struct xcy_error *err)
{
    int64_t items = 0;
    int64_t bytes = 0;
    bool is_count = strcmp(xcy_json_get_string(payload, stats_key, ""), "count") == 0;
    enum xcy_status status =
        is_count ? count(app, &items, err) : app->post->size(app->post_state, &items, &bytes, err);
    if (status != XCY_OK) {
        return xcy_error_context(err, "stats");
    }
    struct xcy_json *body = xcy_json_new_object();
    struct xcy_json *stats = xcy_json_put_object(body, "stats");
    if (!is_count) {
        xcy_json_put_int64(stats, "dataset.bytes", bytes);
        xcy_json_put_number(stats, "dataset.avg_bytes",
                            items > 0 ? (double)bytes / (double)items : 0.0);
    }
    xcy_json_put_int64(stats, "items", items);
    if (!is_count) {
        xcy_json_put_int64(stats, "bytes", bytes);
    }
    reply_with(app, body, reply);
    return XCY_OK;
}
