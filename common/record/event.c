#include "common/record/evaluation.h"

#include "common/base/mem.h"
#include "common/record/context.h"
#include "common/record/field.h"
#include "common/record/loose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct xcy_field id_fields[] = {
    {"key", XCY_FIELD_ID, true, offsetof(struct xcy_request_id, key), XCY_KEY_BYTES},
    {"run", XCY_FIELD_ID, false, offsetof(struct xcy_request_id, run), XCY_ID_BYTES},
};

/* Members of "xcy" in an event, but for its points and combination. */
static const struct xcy_field event_fields[] = {
    {"exec", XCY_FIELD_ID, true, offsetof(struct xcy_event, exec), XCY_ID_BYTES},
    {"instance", XCY_FIELD_ID, true, offsetof(struct xcy_event, instance), XCY_ID_BYTES},
    {"version", XCY_FIELD_ID, false, offsetof(struct xcy_event, version), XCY_KEY_BYTES},
    {"context_bytes", XCY_FIELD_COUNT, true, offsetof(struct xcy_event, context_bytes), 0},
};

/* The reference's names for the writer's points. */
struct writer_time {
    const char *key;
    enum xcy_point point;
};

static const struct writer_time writer_times[] = {
    {"writer_start_at", XCY_POINT_START},
    {"post_written_at", XCY_POINT_WROTE},
    {"notification_written_at", XCY_POINT_NOTED},
};

static struct xcy_json *id_to_json(const struct xcy_request_id *id)
{
    struct xcy_json *object = xcy_json_new_object();
    xcy_json_put_int64(object, "i", id->i);
    xcy_json_put_number(object, "client_sent_at", id->client_sent_at_s);
    xcy_fields_put(object, id_fields, COUNT_OF(id_fields), id);
    return object;
}

char *xcy_payload_format(const struct xcy_request_id *id)
{
    struct xcy_json *object = id_to_json(id);
    char *text = xcy_json_text(object);
    xcy_json_free(object);
    return text;
}

enum xcy_status xcy_payload_parse(const struct xcy_json *object, struct xcy_request_id *id,
                                  struct xcy_error *err)
{
    if (xcy_json_kind(object) != XCY_JSON_OBJECT) {
        return xcy_fail(err, XCY_EPARSE, "not a JSON object");
    }
    struct xcy_request_id read = {0};
    bool has = false;
    enum xcy_status status = xcy_loose_i(object, &read.i, err);
    if (!status) {
        status = xcy_loose_seconds(object, "client_sent_at", &has, &read.client_sent_at_s, err);
    }
    if (!status && !has) {
        status = xcy_fail(err, XCY_EPARSE, "client_sent_at: missing");
    }
    if (!status) {
        status = xcy_fields_read(object, id_fields, COUNT_OF(id_fields), &read, err);
    }
    if (!status) {
        *id = read;
    }
    return status;
}

char *xcy_event_context(const struct xcy_event *event)
{
    if (!event->context_id[0]) {
        return NULL;
    }
    const struct xcy_write write = {.key = event->id.key, .version = event->version};
    return xcy_context_format(event->context_id, &write, 1);
}

struct xcy_json *xcy_event_to_json(const struct xcy_event *event)
{
    struct xcy_json *object = id_to_json(&event->id);
    for (size_t t = 0; t < COUNT_OF(writer_times); t++) {
        int64_t us = event->points.us[writer_times[t].point];
        if (us != 0) {
            xcy_json_put_number(object, writer_times[t].key, xcy_seconds_of_us(us));
        }
    }
    char *context = xcy_event_context(event);
    if (context) {
        xcy_json_put_string(object, "context", context);
    }
    free(context);
    struct xcy_json *xcy = xcy_json_put_object(object, "xcy");
    xcy_json_put_int64(xcy, "v", XCY_FORMAT_VERSION);
    xcy_fields_put(xcy, event_fields, COUNT_OF(event_fields), event);
    xcy_stamps_put(xcy_json_put_object(xcy, "points_us"), &event->points);
    xcy_json_put(xcy, "combination", xcy_combination_to_json(&event->combination));
    return object;
}

static enum xcy_status read_context(const struct xcy_json *object, struct xcy_event *event,
                                    struct xcy_error *err)
{
    const struct xcy_json *node = xcy_json_get(object, "context");
    if (xcy_json_kind(node) == XCY_JSON_NULL) {
        return XCY_OK;
    }
    const char *text = xcy_json_string(node);
    if (!text) {
        return xcy_fail(err, XCY_EPARSE, "context: not a string");
    }
    struct xcy_json *context = NULL;
    enum xcy_status status = xcy_json_parse(xcy_bytes_of(text), &context, err);
    if (status) {
        return xcy_error_context(err, "context");
    }
    status = xcy_id_read(xcy_json_get(context, "id"), "context: id", event->context_id,
                         sizeof event->context_id, err);
    const struct xcy_json *writes =
        xcy_json_get(xcy_json_get(context, "operations"), "post-storage");
    const struct xcy_json *version = xcy_json_at(xcy_json_at(writes, 0), 1);
    if (!status && version) {
        status =
            xcy_id_read(version, "context: version", event->version, sizeof event->version, err);
    }
    event->context_bytes = xcy_context_bytes(text);
    xcy_json_free(context);
    return status;
}

/* An event of the reference's writer has its three times only. */
static enum xcy_status read_times(const struct xcy_json *object, struct xcy_event *event,
                                  struct xcy_error *err)
{
    for (size_t t = 0; t < COUNT_OF(writer_times); t++) {
        bool has;
        double seconds;
        enum xcy_status status =
            xcy_loose_seconds(object, writer_times[t].key, &has, &seconds, err);
        if (status) {
            return status;
        }
        if (has) {
            event->points.us[writer_times[t].point] = xcy_us_of_seconds(seconds);
        }
    }
    return XCY_OK;
}

static enum xcy_status read_event_xcy(const struct xcy_json *xcy, struct xcy_event *event,
                                      struct xcy_error *err)
{
    enum xcy_status status = xcy_format_check(xcy, err);
    if (!status) {
        status = xcy_fields_read(xcy, event_fields, COUNT_OF(event_fields), event, err);
    }
    if (!status && xcy_stamps_read(xcy_json_get(xcy, "points_us"), &event->points, err)) {
        status = xcy_error_context(err, "points_us");
    }
    if (!status &&
        xcy_combination_from_json(xcy_json_get(xcy, "combination"), &event->combination, err)) {
        status = xcy_error_context(err, "combination");
    }
    return status ? xcy_error_context(err, "xcy") : XCY_OK;
}

enum xcy_status xcy_event_parse(const struct xcy_json *object, struct xcy_event *event,
                                struct xcy_error *err)
{
    struct xcy_event read = {.context_bytes = 0};
    enum xcy_status status = xcy_payload_parse(object, &read.id, err);
    if (!status) {
        status = read_times(object, &read, err);
    }
    if (!status) {
        status = read_context(object, &read, err);
    }
    const struct xcy_json *xcy = xcy_json_get(object, "xcy");
    if (!status && xcy_json_kind(xcy) != XCY_JSON_NULL) {
        status = read_event_xcy(xcy, &read, err);
    }
    if (!status) {
        *event = read;
    }
    return status;
}
