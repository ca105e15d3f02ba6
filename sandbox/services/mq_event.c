#include "sandbox/services/mq_event.h"

#include "common/base/mem.h"
#include "common/data/number.h"
#include "common/net/crypto.h"

#include <stdlib.h>

enum { DELIVERY_NON_PERSISTENT = 1, DELIVERY_PERSISTENT = 2, DEFAULT_PRIORITY = 4 };

void xcy_mq_event_init(struct xcy_mq_event *event, const char *source_arn)
{
    *event = (struct xcy_mq_event){.root = xcy_json_new_object()};
    xcy_json_put_string(event->root, "eventSource", "aws:mq");
    xcy_json_put_string(event->root, "eventSourceArn", source_arn);
    event->messages = xcy_json_put_array(event->root, "messages");
}

void xcy_mq_event_clear(struct xcy_mq_event *event)
{
    for (size_t i = 0; i < event->n; i++) {
        free(event->items[i].ack);
    }
    free(event->items);
    xcy_json_free(event->root);
    *event = (struct xcy_mq_event){0};
}

static int64_t number_of(const struct xcy_stomp_frame *message, const char *name, int64_t fallback)
{
    const char *text = xcy_stomp_frame_get(message, name);
    int64_t value = 0;
    return text && xcy_int64_parse(xcy_bytes_of(text), &value) ? value : fallback;
}

static bool is_true(const struct xcy_stomp_frame *message, const char *name)
{
    const char *text = xcy_stomp_frame_get(message, name);
    return text && strcmp(text, "true") == 0;
}

static void put_data(struct xcy_json *to, struct xcy_bytes body)
{
    struct xcy_buf data;
    xcy_buf_init(&data, 2 * (size_t)XCY_STOMP_MAX_BODY_BYTES);
    xcy_base64_add(&data, body);
    xcy_json_put_string(to, "data", data.ptr);
    xcy_buf_clear(&data);
}

static void put_destination(struct xcy_json *to, const char *destination)
{
    static const char prefix[] = "/queue/";
    size_t skipped = strncmp(destination, prefix, sizeof prefix - 1) == 0 ? sizeof prefix - 1 : 0;
    xcy_json_put_string(xcy_json_put_object(to, "destination"), "physicalName",
                        destination + skipped);
}

enum xcy_status xcy_mq_event_add(struct xcy_mq_event *event, const struct xcy_stomp_frame *message,
                                 struct xcy_wall now, struct xcy_error *err)
{
    const char *id = xcy_stomp_frame_get(message, "message-id");
    const char *ack = xcy_stomp_frame_get(message, "ack");
    const char *destination = xcy_stomp_frame_get(message, "destination");
    if (!id || !ack || !destination) {
        return xcy_fail(err, XCY_EPARSE, "a message without message-id, ack or destination");
    }
    int64_t now_ms = xcy_wall_us(now) / 1000;
    int64_t stamped_ms = number_of(message, "timestamp", now_ms);
    bool has_length = xcy_stomp_frame_get(message, "content-length") != NULL;
    const char *expires = xcy_stomp_frame_get(message, "expires");
    struct xcy_json *to = xcy_json_append_object(event->messages);
    xcy_json_put_string(to, "messageID", id);
    xcy_json_put_string(to, "messageType", has_length ? "jms/bytes-message" : "jms/text-message");
    xcy_json_put_int64(to, "timestamp", stamped_ms);
    xcy_json_put_int64(to, "brokerInTime", stamped_ms);
    xcy_json_put_int64(to, "brokerOutTime", now_ms);
    xcy_json_put_int64(to, "deliveryMode",
                       is_true(message, "persistent") ? DELIVERY_PERSISTENT
                                                      : DELIVERY_NON_PERSISTENT);
    xcy_json_put_string(to, "replyTo", xcy_stomp_frame_get(message, "reply-to"));
    xcy_json_put_string(to, "type", xcy_stomp_frame_get(message, "type"));
    xcy_json_put_string(to, "expiration", expires ? expires : "0");
    xcy_json_put_int64(to, "priority", number_of(message, "priority", DEFAULT_PRIORITY));
    xcy_json_put_string(to, "correlationId", xcy_stomp_frame_get(message, "correlation-id"));
    xcy_json_put_bool(to, "redelivered", is_true(message, "redelivered"));
    put_destination(to, destination);
    put_data(to, message->body);
    xcy_json_put_object(to, "properties");
    event->items = xcy_realloc_array(event->items, event->n + 1, sizeof *event->items);
    event->items[event->n++] =
        (struct xcy_mq_item){.ack = xcy_strdup(ack), .body_bytes = message->body.len};
    return XCY_OK;
}

const char *xcy_mq_event_id(const struct xcy_mq_event *event, size_t index)
{
    return xcy_json_get_string(xcy_json_at(event->messages, index), "messageID", "");
}
