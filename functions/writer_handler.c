#include "functions/writer_handler.h"

#include "common/base/random.h"
#include "functions/control.h"

#include <stdlib.h>

void xcy_post_fill(struct xcy_buf *body, size_t n_bytes)
{
    static const char line[] = "The quick brown fox jumps over the lazy dog; 0123456789 times. ";
    const size_t line_bytes = sizeof line - 1;
    for (size_t left = n_bytes; left > 0;) {
        size_t n = left < line_bytes ? left : line_bytes;
        xcy_buf_add(body, xcy_bytes(line, n));
        left -= n;
    }
}

static void stamp(struct xcy_event *event, enum xcy_point point,
                  const struct xcy_invocation *invocation)
{
    event->points.us[point] = xcy_invocation_us(invocation, xcy_mono_now());
}

/* {"statusCode": 200, "body": body}; takes the body. */
static void reply_with(struct xcy_json *body, struct xcy_buf *reply)
{
    struct xcy_json *answer = xcy_json_new_object();
    xcy_json_put_int64(answer, "statusCode", 200);
    xcy_json_put(answer, "body", body);
    xcy_json_format(answer, false, reply);
    xcy_json_free(answer);
}

static enum xcy_status write_post(const struct xcy_application *app, struct xcy_bytes post_body,
                                  struct xcy_event *event, struct xcy_error *err)
{
    struct xcy_metadata cid = {.name = "cid", .value = event->context_id};
    size_t n_metadata = event->context_id[0] != '\0' ? 1 : 0;
    enum xcy_status status = app->post->write(app->post_state, event->id.key, post_body, &cid,
                                              n_metadata, event->version, err);
    return status == XCY_OK ? XCY_OK : xcy_error_context(err, "writing the post");
}

/* `noted` is inside the message, so it is stamped just before the message is made. */
static enum xcy_status publish(const struct xcy_application *app,
                               const struct xcy_invocation *invocation, struct xcy_event *event,
                               struct xcy_error *err)
{
    stamp(event, XCY_POINT_NOTED, invocation);
    struct xcy_json *json = xcy_event_to_json(event);
    char *message = xcy_json_text(json);
    enum xcy_status status =
        app->notification->publish(app->notification_state, event->id.key, message, err);
    free(message);
    xcy_json_free(json);
    return status == XCY_OK ? XCY_OK : xcy_error_context(err, "publishing the notification");
}

static enum xcy_status handle_request(const struct xcy_application *app, struct xcy_bytes post_body,
                                      const struct xcy_invocation *invocation,
                                      const struct xcy_json *payload, struct xcy_buf *reply,
                                      struct xcy_error *err)
{
    struct xcy_event event = {.combination = app->environment->combination};
    event.points.us[XCY_POINT_START] = xcy_invocation_us(invocation, invocation->anchor.mono);
    enum xcy_status status = xcy_payload_parse(payload, &event.id, err);
    if (status != XCY_OK) {
        return xcy_error_context(err, "payload");
    }
    memcpy(event.instance, app->instance, strnlen(app->instance, sizeof event.instance - 1));
    xcy_random_uuid(event.exec);
    app->consistency->begin(&event);
    status = write_post(app, post_body, &event, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_mono wrote = xcy_mono_now();
    event.points.us[XCY_POINT_WROTE] = xcy_invocation_us(invocation, wrote);
    app->consistency->wrote(&event);
    int64_t delay_ns = event.combination.delay_ms * XCY_NS_PER_MS;
    if (delay_ns > 0) {
        xcy_sleep_until(xcy_mono_add(wrote, delay_ns), -1);
    }
    status = publish(app, invocation, &event, err);
    if (status != XCY_OK) {
        return status;
    }
    stamp(&event, XCY_POINT_ENDED, invocation);
    struct xcy_json *json = xcy_event_to_json(&event);
    char *text = xcy_json_text(json);
    reply_with(xcy_json_new_string(text), reply);
    free(text);
    xcy_json_free(json);
    return XCY_OK;
}

enum xcy_status xcy_writer_handle(const struct xcy_application *app, struct xcy_bytes post_body,
                                  const struct xcy_invocation *invocation, struct xcy_buf *reply,
                                  struct xcy_error *err)
{
    struct xcy_json *payload = NULL;
    enum xcy_status status = xcy_json_parse(invocation->payload, &payload, err);
    if (status != XCY_OK) {
        return xcy_error_context(err, "payload");
    }
    switch (xcy_control_of(payload)) {
    case XCY_CONTROL_CLEAN:
        status = xcy_control_clean(app, reply, err);
        break;
    case XCY_CONTROL_STATS:
        status = xcy_control_stats(app, payload, reply, err);
        break;
    case XCY_CONTROL_NONE:
        status = handle_request(app, post_body, invocation, payload, reply, err);
        break;
    }
    xcy_json_free(payload);
    return status;
}
