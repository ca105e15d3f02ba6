#include "functions/notifications/dynamo.h"

#include "common/aws/dynamodb.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "functions/dynamo_table.h"

#include <stdlib.h>
#include <string.h>

static enum xcy_status open_table(const struct xcy_backend_place *place, void **state,
                                  struct xcy_error *err)
{
    const char *name = place->environment->dynamo_notifications;
    if (place->side == XCY_SIDE_WRITER) {
        return xcy_dynamo_table_open(place, name, state, err);
    }
    struct xcy_dynamo_table *table =
        xcy_alloc(sizeof *table); /* the reader is handed all it needs */
    *table = (struct xcy_dynamo_table){.place = place, .name = name};
    *state = table;
    return XCY_OK;
}

static enum xcy_status publish(void *state, const char *key, const char *message,
                               struct xcy_error *err)
{
    const struct xcy_dynamo_table *table = state;
    const struct xcy_dynamodb_attribute attributes[] = {{"key", key}, {"event", message}};
    struct xcy_aws aws = xcy_backend_aws(table->place);
    return xcy_dynamodb_put(&aws, table->name, attributes, 2, err);
}

/* The event's text, owned by the caller; NULL: the image is none of a notification. */
static char *event_of(const struct xcy_json *image)
{
    const char *text = xcy_json_get_string(xcy_json_get(image, "event"), "S", NULL);
    if (text) {
        return xcy_strdup(text);
    }
    if (xcy_json_kind(image) != XCY_JSON_OBJECT || xcy_json_size(image) == 0) {
        return NULL;
    }
    struct xcy_json *event = xcy_json_new_object();
    for (const struct xcy_json *a = xcy_json_first(image); a; a = xcy_json_next(a)) {
        const char *value = xcy_json_get_string(a, "S", NULL);
        if (value) {
            xcy_json_put_string(event, xcy_json_name(a), value);
        }
    }
    char *made = xcy_json_text(event);
    xcy_json_free(event);
    return made;
}

/* As DynamoDB counts an item: names and values, of strings alone, which writers store. */
static size_t image_bytes(const struct xcy_json *image)
{
    size_t bytes = 0;
    for (const struct xcy_json *a = xcy_json_first(image); a; a = xcy_json_next(a)) {
        bytes += strlen(xcy_json_name(a)) + strlen(xcy_json_get_string(a, "S", ""));
    }
    return bytes;
}

static enum xcy_status take_record(const struct xcy_json *record, xcy_notified_fn *each, void *ctx,
                                   struct xcy_error *err)
{
    const char *name = xcy_json_get_string(record, "eventName", "");
    const struct xcy_json *change = xcy_json_get(record, "dynamodb");
    if (strcmp(name, "MODIFY") == 0 || strcmp(name, "REMOVE") == 0) {
        return XCY_OK;
    }
    if (strcmp(name, "INSERT") != 0) {
        return xcy_fail(err, XCY_EPARSE, "it has no eventName");
    }
    const struct xcy_json *image = xcy_json_get(change, "NewImage");
    char *event = event_of(image);
    if (!event) {
        return xcy_fail(err, XCY_EPARSE, "it has no dynamodb.NewImage");
    }
    enum xcy_status status = each(ctx, xcy_bytes_of(event), image_bytes(image), err);
    free(event);
    return status;
}

/* One bad record does not make it another service's. */
static bool is_of_stream(const struct xcy_json *records)
{
    const struct xcy_json *record = xcy_json_first(records);
    while (record && !xcy_json_get(record, "dynamodb")) {
        record = xcy_json_next(record);
    }
    return record != NULL;
}

/* Lambda gets {"Records": [{"eventName": "INSERT", "dynamodb": {"NewImage": {…}}}]}. All are
 * handled, then the first failure that may pass is told. */
static enum xcy_status parse(const struct xcy_json *payload, xcy_notified_fn *each, void *ctx,
                             struct xcy_error *err)
{
    const struct xcy_json *records = xcy_json_get(payload, "Records");
    if (xcy_json_kind(records) != XCY_JSON_ARRAY || !is_of_stream(records)) {
        return xcy_fail(err, XCY_EPARSE, "not a DynamoDB stream's event: it has no such Records");
    }
    enum xcy_status first = XCY_OK;
    size_t index = 0;
    for (const struct xcy_json *record = xcy_json_first(records); record;
         record = xcy_json_next(record), index++) {
        struct xcy_error failure;
        enum xcy_status status = take_record(record, each, ctx, &failure);
        if (status == XCY_EPARSE) {
            xcy_log(XCY_LOG_WARNING, "stream record %zu is passed over: %s", index, failure.text);
        } else if (status != XCY_OK && first == XCY_OK) {
            first = xcy_error_context(&failure, "stream record %zu", index);
            *err = failure;
        }
    }
    return first;
}

const struct xcy_notification_backend xcy_dynamo_notifications = {
    .name = "dynamo",
    .open = open_table,
    .close = free,
    .publish = publish,
    .parse = parse,
    .clean = xcy_dynamo_table_clean,
};
