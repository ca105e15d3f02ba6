#include "common/base/mem.h"
#include "common/data/utf8.h"
#include "sandbox/services/sqs_attributes.h"
#include "sandbox/services/sqs_operations.h"

#include <inttypes.h>
#include <string.h>

size_t xcy_sqs_entry_bytes(const struct xcy_json *entry)
{
    return strlen(xcy_json_get_string(entry, "MessageBody", "")) +
           xcy_sqs_attributes_bytes(xcy_json_get(entry, "MessageAttributes"));
}

/* XML's characters, since the Query protocol must be able to carry the body. */
static bool is_allowed(uint32_t code)
{
    bool is_control = code < 0x20 && code != '\t' && code != '\n' && code != '\r';
    return !is_control && code != 0xFFFE && code != 0xFFFF;
}

static bool is_allowed_text(const char *text)
{
    struct xcy_bytes all = xcy_bytes_of(text);
    for (size_t at = 0; at < all.len;) {
        uint32_t code;
        size_t n = xcy_utf8_read(all, at, &code);
        if (n == 0 || !is_allowed(code)) {
            return false;
        }
        at += n;
    }
    return true;
}

static bool check_message(struct xcy_sqs_request *r, const struct xcy_json *entry, const char *body)
{
    char reason[200];
    const struct xcy_json *attributes = xcy_json_get(entry, "MessageAttributes");
    if (!xcy_sqs_attributes_check(attributes, reason)) {
        return xcy_sqs_fail(r, 400, "InvalidParameterValueException", "%s", reason);
    }
    int64_t max = r->queue->settings.values[XCY_SQS_MAX_BYTES];
    if ((int64_t)xcy_sqs_entry_bytes(entry) > max) {
        return xcy_sqs_fail(r, 400, "InvalidParameterValueException",
                            "One or more parameters are invalid. Reason: Message must be shorter "
                            "than %" PRId64 " bytes.",
                            max);
    }
    return is_allowed_text(body) ||
           xcy_sqs_fail(r, 400, "InvalidMessageContents",
                        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | "
                        "#x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF");
}

/* How much later than it should a message can be received. */
static int64_t later_ns(const struct xcy_sqs_request *r, const struct xcy_sqs_item *item)
{
    if (!xcy_sqs_request_strikes(r, XCY_FAULT_SQS_DELAYED_VISIBILITY, "message", item->id)) {
        return 0;
    }
    double ms = xcy_faults_setting(r->queue->faults->faults, XCY_FAULT_SQS_DELAYED_MS);
    return (int64_t)(ms * (double)XCY_NS_PER_MS);
}

/* A handle that is in order, refused all the same. */
static bool is_expired(struct xcy_sqs_request *r, const struct xcy_sqs_item *item,
                       const char *handle)
{
    if (!xcy_sqs_request_strikes(r, XCY_FAULT_SQS_HANDLE_EXPIRED, "message", item->id)) {
        return false;
    }
    xcy_sqs_fail(r, 400, "InvalidParameterValueException",
                 "Value %.80s for parameter ReceiptHandle is invalid. Reason: The receipt handle "
                 "has expired.",
                 handle);
    return true;
}

static void note_sent(const struct xcy_sqs_request *r, const struct xcy_sqs_item *item)
{
    struct xcy_truth *truth = r->world->faults.truth;
    if (!truth || !xcy_truth_is_on(truth)) {
        return;
    }
    struct xcy_json *line = xcy_json_new_object();
    xcy_json_put_string(line, "op", "send");
    xcy_json_put_string(line, "service", "sqs");
    xcy_json_put_int64(line, "at_us", xcy_wall_us(r->wall));
    xcy_json_put_string(line, "queue", r->queue->name);
    xcy_json_put_string(line, "message", item->id);
    xcy_truth_add(truth, line);
}

bool xcy_sqs_send_entry(struct xcy_sqs_request *r, const struct xcy_json *entry,
                        struct xcy_json *result)
{
    const char *body;
    int64_t delay_s = r->queue->settings.values[XCY_SQS_DELAY_S];
    if (!xcy_sqs_request_text(r, entry, "MessageBody", &body) ||
        !xcy_sqs_request_int(r, entry, "DelaySeconds", 0, 900, &delay_s) ||
        !check_message(r, entry, body)) {
        return false;
    }
    const struct xcy_json *attributes = xcy_json_get(entry, "MessageAttributes");
    bool has_attributes = xcy_json_size(attributes) > 0;
    struct xcy_sqs_item *item =
        xcy_sqs_item_new(body, has_attributes ? xcy_json_copy(attributes) : NULL);
    item->sent = r->wall;
    xcy_json_put_string(result, "MessageId", item->id);
    xcy_json_put_string(result, "MD5OfMessageBody", item->body_md5);
    if (has_attributes) {
        char md5[33];
        xcy_sqs_attributes_md5(attributes, md5);
        xcy_json_put_string(result, "MD5OfMessageAttributes", md5);
    }
    xcy_sqs_faults_damage(r->queue->faults, r->call, r->queue->name, item);
    note_sent(r, item);
    xcy_sqs_store_add(r->queue->store, item, r->now, delay_s * XCY_NS_PER_S + later_ns(r, item));
    return true;
}

/* A deleted message is no failure, and an old handle deletes nothing but is none either. */
bool xcy_sqs_delete_entry(struct xcy_sqs_request *r, const struct xcy_json *entry,
                          struct xcy_json *result)
{
    (void)result;
    const char *handle;
    struct xcy_sqs_item *item;
    if (!xcy_sqs_request_text(r, entry, "ReceiptHandle", &handle)) {
        return false;
    }
    switch (xcy_sqs_store_find(r->queue->store, handle, &item)) {
    case XCY_SQS_HANDLE_CURRENT:
        if (is_expired(r, item, handle)) {
            return false;
        }
        xcy_sqs_store_delete(r->queue->store, item);
        return true;
    case XCY_SQS_HANDLE_STALE:
    case XCY_SQS_HANDLE_DELETED:
        return true;
    case XCY_SQS_HANDLE_MALFORMED:
        break;
    }
    return xcy_sqs_fail(r, 400, "ReceiptHandleIsInvalid",
                        "The input receipt handle \"%.80s\" is not a valid receipt handle.",
                        handle);
}

bool xcy_sqs_change_entry(struct xcy_sqs_request *r, const struct xcy_json *entry,
                          struct xcy_json *result)
{
    (void)result;
    const char *handle;
    int64_t visibility_s = -1;
    struct xcy_sqs_item *item;
    if (!xcy_sqs_request_text(r, entry, "ReceiptHandle", &handle) ||
        !xcy_sqs_request_int(r, entry, "VisibilityTimeout", 0, 43200, &visibility_s)) {
        return false;
    }
    if (visibility_s < 0) {
        return xcy_sqs_fail(r, 400, "MissingRequiredParameterException",
                            "The request must contain the parameter VisibilityTimeout.");
    }
    switch (xcy_sqs_store_find(r->queue->store, handle, &item)) {
    case XCY_SQS_HANDLE_CURRENT:
        if (is_expired(r, item, handle)) {
            return false;
        }
        if (item->state != XCY_SQS_IN_FLIGHT) {
            return xcy_sqs_fail(r, 400, "MessageNotInflight",
                                "The message referred to is not in flight.");
        }
        xcy_sqs_store_change(r->queue->store, item, r->now, visibility_s * XCY_NS_PER_S);
        return true;
    case XCY_SQS_HANDLE_STALE:
    case XCY_SQS_HANDLE_DELETED:
        return xcy_sqs_fail(r, 400, "InvalidParameterValueException",
                            "Value %.80s for parameter ReceiptHandle is invalid. Reason: Message "
                            "does not exist or is not available for visibility timeout change.",
                            handle);
    case XCY_SQS_HANDLE_MALFORMED:
        break;
    }
    return xcy_sqs_fail(r, 400, "ReceiptHandleIsInvalid",
                        "The input receipt handle \"%.80s\" is not a valid receipt handle.",
                        handle);
}

bool xcy_sqs_send_message(struct xcy_sqs_request *r)
{
    r->output = xcy_json_new_object();
    return xcy_sqs_send_entry(r, r->input, r->output);
}

bool xcy_sqs_delete_message(struct xcy_sqs_request *r)
{
    return xcy_sqs_delete_entry(r, r->input, NULL);
}

bool xcy_sqs_change_visibility(struct xcy_sqs_request *r)
{
    return xcy_sqs_change_entry(r, r->input, NULL);
}

static struct xcy_json *copy_names(const struct xcy_sqs_request *r, const char *member)
{
    const struct xcy_json *names = xcy_json_get(r->input, member);
    return xcy_json_size(names) > 0 ? xcy_json_copy(names) : NULL;
}

static bool read_receive(struct xcy_sqs_request *r, struct xcy_sqs_receive *receive,
                         int64_t *wait_s)
{
    int64_t max = 1;
    int64_t visibility_s = r->queue->settings.values[XCY_SQS_VISIBILITY_S];
    *wait_s = r->queue->settings.values[XCY_SQS_WAIT_S];
    if (!xcy_sqs_request_int(r, r->input, "MaxNumberOfMessages", 1, XCY_SQS_MAX_RECEIVE, &max) ||
        !xcy_sqs_request_int(r, r->input, "VisibilityTimeout", 0, 43200, &visibility_s) ||
        !xcy_sqs_request_int(r, r->input, "WaitTimeSeconds", 0, 20, wait_s)) {
        return false;
    }
    receive->max = (size_t)max;
    receive->call = r->call;
    receive->visibility_ns = visibility_s * XCY_NS_PER_S;
    receive->system_names = copy_names(r, "MessageSystemAttributeNames");
    if (!receive->system_names) {
        receive->system_names = copy_names(r, "AttributeNames"); /* its older name */
    }
    receive->attribute_names = copy_names(r, "MessageAttributeNames");
    return true;
}

static void park(struct xcy_sqs_request *r, struct xcy_sqs_receive receive, int64_t wait_s)
{
    struct xcy_sqs_waiter *waiter = xcy_alloc(sizeof *waiter);
    waiter->call = r->call;
    waiter->receive = receive;
    waiter->service = r->world->service;
    xcy_sqs_queue_park(r->queue, waiter);
    xcy_timers_add(r->world->timers, xcy_mono_add(r->now, wait_s * XCY_NS_PER_S),
                   r->world->park_ends, r->world->park_drops, waiter);
    r->is_parked = true;
}

/* Whoever comes while others wait stands behind them: nothing is ready then. */
bool xcy_sqs_receive_message(struct xcy_sqs_request *r)
{
    struct xcy_sqs_receive receive = {0};
    int64_t wait_s;
    if (!read_receive(r, &receive, &wait_s)) {
        return false;
    }
    bool is_empty = xcy_sqs_store_count(r->queue->store, XCY_SQS_READY) == 0;
    struct xcy_json *output = NULL;
    bool has_room = xcy_sqs_queue_receive(r->queue, &receive, r->now, r->wall, &output);
    if (wait_s > 0 && (is_empty || !has_room)) {
        xcy_json_free(output);
        park(r, receive, wait_s);
        return true;
    }
    xcy_sqs_receive_clear(&receive);
    r->output = output;
    return has_room || xcy_sqs_fail(r, 403, "OverLimit",
                                    "Too many messages in flight for queue %s: the limit is %d.",
                                    r->queue->name, XCY_SQS_MAX_IN_FLIGHT);
}
