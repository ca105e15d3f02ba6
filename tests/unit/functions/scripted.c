#include "tests/unit/functions/scripted.h"

#include "common/base/mem.h"
#include "functions/consistency/antipode.h"
#include "functions/consistency/none.h"
#include "functions/notifications/sns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void keep(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%s", text ? text : "");
}

static enum xcy_status script_write(void *state, const char *key, struct xcy_bytes body,
                                    const struct xcy_metadata *metadata, size_t n_metadata,
                                    char *version, struct xcy_error *err)
{
    struct scripted_post *post = state;
    post->n_writes++;
    if (post->write_status != XCY_OK) {
        return xcy_fail(err, post->write_status, "scripted write failure");
    }
    keep(post->key, sizeof post->key, key);
    keep(post->cid, sizeof post->cid, n_metadata > 0 ? metadata[0].value : "");
    post->body_bytes = body.len;
    version[0] = '\0';
    return XCY_OK;
}

static bool is_failing(struct scripted_post *post)
{
    int look = post->n_looks++;
    return look >= post->looks_before_failing &&
           look < post->looks_before_failing + post->failing_looks;
}

static enum xcy_status script_visible(void *state, const char *key, const char *version,
                                      const char *cid, bool strong, bool *found,
                                      struct xcy_post_size *size, struct xcy_error *err)
{
    (void)version;
    struct scripted_post *post = state;
    if (is_failing(post)) {
        return xcy_fail(err, post->fail_status, "scripted look failure");
    }
    keep(post->key, sizeof post->key, key);
    keep(strong ? post->strong_cid : post->eventual_cid, sizeof post->strong_cid, cid);
    int *count = strong ? &post->n_strong : &post->n_eventual;
    *found = (*count)++ >= (strong ? post->strong_misses : post->eventual_misses);
    if (size) {
        *size = *found ? post->size : (struct xcy_post_size){0};
    }
    return XCY_OK;
}

static enum xcy_status script_size(void *state, int64_t *items, int64_t *bytes,
                                   struct xcy_error *err)
{
    const struct scripted_post *post = state;
    if (post->size_status != XCY_OK) {
        return xcy_fail(err, post->size_status, "scripted size failure");
    }
    *items = post->items;
    *bytes = post->bytes;
    return XCY_OK;
}

static enum xcy_status script_clean(void *state, struct xcy_error *err)
{
    (void)err;
    struct scripted_post *post = state;
    post->n_cleans++;
    return XCY_OK;
}

static const struct xcy_post_backend scripted_posts = {
    .name = "scripted",
    .write = script_write,
    .visible = script_visible,
    .size = script_size,
    .clean = script_clean,
};

static enum xcy_status script_publish(void *state, const char *key, const char *message,
                                      struct xcy_error *err)
{
    (void)key;
    struct scripted_notification *notification = state;
    if (notification->publish_status != XCY_OK) {
        return xcy_fail(err, notification->publish_status, "scripted publish failure");
    }
    notification->n_published++;
    free(notification->message);
    notification->message = xcy_strdup(message);
    return XCY_OK;
}

static enum xcy_status script_parse(const struct xcy_json *payload, xcy_notified_fn *each,
                                    void *ctx, struct xcy_error *err)
{
    return xcy_sns_notifications.parse(payload, each, ctx, err);
}

static enum xcy_status script_forget(void *state, struct xcy_error *err)
{
    (void)err;
    struct scripted_notification *notification = state;
    notification->n_cleans++;
    return XCY_OK;
}

static const struct xcy_notification_backend scripted_notifications = {
    .name = "scripted",
    .publish = script_publish,
    .parse = script_parse,
    .clean = script_forget,
};

enum xcy_status script_report(void *ctx, const char *text, struct xcy_error *err)
{
    struct script *script = ctx;
    struct scripted_queue *queue = &script->queue;
    if (queue->n_attempts++ < queue->failures) {
        return xcy_fail(err, queue->fail_status, "scripted report failure");
    }
    xcy_assert(queue->n_texts < SCRIPT_MAX_REPORTS);
    queue->texts[queue->n_texts++] = xcy_strdup(text);
    return XCY_OK;
}

void script_init(struct script *script, enum xcy_consistency consistency)
{
    *script = (struct script){
        .environment = {.combination = {.post_storage = XCY_POST_DYNAMO,
                                        .notification_storage = XCY_NOTIFICATION_SNS,
                                        .consistency = consistency,
                                        .post_bytes = 100,
                                        .visibility = XCY_VISIBILITY_INLINE,
                                        .visibility_share = 1,
                                        .writer_region = "eu-central-1",
                                        .reader_region = "us-east-1"},
                        .visibility_deadline_ms = 5000,
                        .barrier_deadline_ms = 5000},
        .post = {.size = {.stored_bytes = 123, .metadata_bytes = 35}},
    };
    bool is_antipode = consistency == XCY_CONSISTENCY_ANTIPODE;
    script->app = (struct xcy_application){
        .environment = &script->environment,
        .instance = "11111111-2222-4333-8444-555555555555",
        .post = &scripted_posts,
        .post_state = &script->post,
        .notification = &scripted_notifications,
        .notification_state = &script->notification,
        .consistency = is_antipode ? &xcy_antipode_consistency : &xcy_none_consistency,
    };
}

void script_clear(struct script *script)
{
    free(script->notification.message);
    for (int t = 0; t < script->queue.n_texts; t++) {
        free(script->queue.texts[t]);
    }
}

struct xcy_invocation script_invocation(const char *payload, int64_t left_ms)
{
    struct xcy_anchor anchor = xcy_anchor_now();
    return (struct xcy_invocation){
        .request_id = "a-request",
        .payload = xcy_bytes_of(payload),
        .anchor = anchor,
        .deadline = xcy_mono_add(anchor.mono, left_ms * XCY_NS_PER_MS),
    };
}

struct xcy_event script_event(const struct script *script)
{
    struct xcy_event event = {
        .id = {.i = 17, .key = "17QXYZABCD", .client_sent_at_s = 1795100010.5, .run = "a-run"},
        .exec = "99999999-2222-4333-8444-555555555555",
        .instance = "77777777-2222-4333-8444-555555555555",
        .combination = script->environment.combination,
    };
    int64_t now_us = xcy_wall_us(xcy_wall_now());
    event.points.us[XCY_POINT_START] = now_us - 30000;
    event.points.us[XCY_POINT_WROTE] = now_us - 20000;
    event.points.us[XCY_POINT_NOTED] = now_us - 10000;
    if (event.combination.consistency == XCY_CONSISTENCY_ANTIPODE) {
        keep(event.context_id, sizeof event.context_id, "0123456789abcdef0123456789abcdef");
    }
    script->app.consistency->wrote(&event);
    return event;
}

char *script_notification(const struct xcy_event *event, int n_records)
{
    struct xcy_json *json = xcy_event_to_json(event);
    char *message = xcy_json_text(json);
    struct xcy_json *payload = xcy_json_new_object();
    struct xcy_json *records = xcy_json_put_array(payload, "Records");
    for (int r = 0; r < n_records; r++) {
        struct xcy_json *record = xcy_json_append_object(records);
        xcy_json_put_string(record, "EventSource", "aws:sns");
        xcy_json_put_string(xcy_json_put_object(record, "Sns"), "Message", message);
    }
    char *text = xcy_json_text(payload);
    xcy_json_free(payload);
    free(message);
    xcy_json_free(json);
    return text;
}
