#include "sandbox/services/sqs_queue.h"

#include "common/base/mem.h"
#include "sandbox/services/sqs_attributes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void xcy_sqs_receive_clear(struct xcy_sqs_receive *receive)
{
    xcy_json_free(receive->system_names);
    xcy_json_free(receive->attribute_names);
    *receive = (struct xcy_sqs_receive){0};
}

struct xcy_sqs_queue *xcy_sqs_queue_new(const char *region, const char *name,
                                        struct xcy_wall created, struct xcy_sqs_faults *faults)
{
    struct xcy_sqs_queue *queue = xcy_alloc(sizeof *queue);
    queue->name = xcy_strdup(name);
    snprintf(queue->region, sizeof queue->region, "%s", region);
    xcy_sqs_settings_init(&queue->settings);
    queue->store = xcy_sqs_store_new();
    queue->faults = faults;
    queue->created = created;
    queue->modified = created;
    queue->n_holders = 1;
    return queue;
}

void xcy_sqs_queue_hold(struct xcy_sqs_queue *queue)
{
    queue->n_holders++;
}

void xcy_sqs_queue_release(struct xcy_sqs_queue *queue)
{
    if (--queue->n_holders > 0) {
        return;
    }
    xcy_assert(!queue->first_waiter);
    xcy_sqs_store_free(queue->store);
    xcy_sqs_settings_clear(&queue->settings);
    free(queue->name);
    free(queue);
}

struct system_value {
    const char *name;
    char text[32];
};

static bool is_named(const struct xcy_json *names, const char *name)
{
    for (const struct xcy_json *node = xcy_json_first(names); node; node = xcy_json_next(node)) {
        const char *text = xcy_json_string(node);
        if (text && (strcmp(text, name) == 0 || strcmp(text, "All") == 0)) {
            return true;
        }
    }
    return false;
}

static void put_system_values(struct xcy_json *message, const struct xcy_sqs_item *item,
                              const struct xcy_json *names)
{
    struct system_value values[] = {
        {"SenderId", "AIDAXCYSANDBOXSENDER"},
        {"SentTimestamp", ""},
        {"ApproximateReceiveCount", ""},
        {"ApproximateFirstReceiveTimestamp", ""},
    };
    snprintf(values[1].text, sizeof values[1].text, "%" PRId64, item->sent.ns / XCY_NS_PER_MS);
    snprintf(values[2].text, sizeof values[2].text, "%" PRId64, item->receive_count);
    snprintf(values[3].text, sizeof values[3].text, "%" PRId64,
             item->first_received.ns / XCY_NS_PER_MS);
    struct xcy_json *map = NULL;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        if (is_named(names, values[i].name)) {
            map = map ? map : xcy_json_put_object(message, "Attributes");
            xcy_json_put_string(map, values[i].name, values[i].text);
        }
    }
}

static bool strikes(const struct xcy_sqs_queue *queue, enum xcy_fault fault,
                    const struct xcy_sqs_receive *receive, const struct xcy_sqs_item *item)
{
    const struct xcy_sqs_struck struck = {receive->call, queue->name, "message", item->id};
    return xcy_sqs_faults_strike(queue->faults, fault, &struck);
}

/* Nothing is passed over where nothing else is. */
static void reorder(struct xcy_sqs_queue *queue, const struct xcy_sqs_receive *receive)
{
    if (xcy_sqs_store_count(queue->store, XCY_SQS_READY) > 1 &&
        strikes(queue, XCY_FAULT_SQS_REORDERED, receive, xcy_sqs_store_oldest(queue->store))) {
        xcy_sqs_store_pass_over(queue->store);
    }
}

/* The copy is a message of its own with the same id: deleting one leaves the other. */
static void duplicate(struct xcy_sqs_queue *queue, const struct xcy_sqs_receive *receive,
                      const struct xcy_sqs_item *item, struct xcy_mono now)
{
    if (!item->is_copy && strikes(queue, XCY_FAULT_SQS_DUPLICATED, receive, item)) {
        xcy_sqs_store_add(queue->store, xcy_sqs_item_copy(item), now, 0);
    }
}

static void put_checksum(const struct xcy_sqs_queue *queue, const struct xcy_sqs_receive *receive,
                         const struct xcy_sqs_item *item, struct xcy_json *message)
{
    char md5[sizeof item->body_md5];
    memcpy(md5, item->body_md5, sizeof md5);
    if (strikes(queue, XCY_FAULT_SQS_CHECKSUM_WRONG, receive, item)) {
        md5[0] = md5[0] == '0' ? '1' : '0';
    }
    xcy_json_put_string(message, "MD5OfBody", md5);
}

static void put_message(const struct xcy_sqs_queue *queue, struct xcy_json *message,
                        const struct xcy_sqs_item *item, const char *handle,
                        const struct xcy_sqs_receive *receive)
{
    xcy_json_put_string(message, "MessageId", item->id);
    xcy_json_put_string(message, "ReceiptHandle", handle);
    put_checksum(queue, receive, item, message);
    xcy_json_put_string(message, "Body", item->body);
    put_system_values(message, item, receive->system_names);
    struct xcy_json *attributes =
        xcy_sqs_attributes_select(item->attributes, receive->attribute_names);
    if (attributes) {
        char md5[33];
        xcy_sqs_attributes_md5(attributes, md5);
        xcy_json_put_string(message, "MD5OfMessageAttributes", md5);
        xcy_json_put(message, "MessageAttributes", attributes);
    }
}

bool xcy_sqs_queue_receive(struct xcy_sqs_queue *queue, const struct xcy_sqs_receive *receive,
                           struct xcy_mono now, struct xcy_wall wall, struct xcy_json **output)
{
    size_t in_flight = xcy_sqs_store_count(queue->store, XCY_SQS_IN_FLIGHT);
    if (in_flight >= XCY_SQS_MAX_IN_FLIGHT) {
        return false;
    }
    size_t room = XCY_SQS_MAX_IN_FLIGHT - in_flight;
    size_t max = receive->max < room ? receive->max : room;
    struct xcy_json *made = xcy_json_new_object();
    struct xcy_json *messages = NULL;
    for (size_t i = 0; i < max; i++) {
        char handle[XCY_SQS_HANDLE_BYTES];
        reorder(queue, receive);
        const struct xcy_sqs_item *item =
            xcy_sqs_store_receive(queue->store, now, wall, receive->visibility_ns, handle);
        if (!item) {
            break;
        }
        messages = messages ? messages : xcy_json_put_array(made, "Messages");
        put_message(queue, xcy_json_append_object(messages), item, handle, receive);
        duplicate(queue, receive, item, now);
    }
    *output = made;
    return true;
}

void xcy_sqs_queue_park(struct xcy_sqs_queue *queue, struct xcy_sqs_waiter *waiter)
{
    waiter->queue = queue;
    waiter->next = NULL;
    waiter->previous = queue->last_waiter;
    if (queue->last_waiter) {
        queue->last_waiter->next = waiter;
    } else {
        queue->first_waiter = waiter;
    }
    queue->last_waiter = waiter;
}

void xcy_sqs_queue_unpark(struct xcy_sqs_waiter *waiter, struct xcy_json *output,
                          struct xcy_sqs_answer **answers)
{
    struct xcy_sqs_queue *queue = waiter->queue;
    xcy_assert(queue);
    if (waiter->previous) {
        waiter->previous->next = waiter->next;
    } else {
        queue->first_waiter = waiter->next;
    }
    if (waiter->next) {
        waiter->next->previous = waiter->previous;
    } else {
        queue->last_waiter = waiter->previous;
    }
    waiter->queue = NULL;
    struct xcy_sqs_answer *answer = xcy_alloc(sizeof *answer);
    *answer = (struct xcy_sqs_answer){.call = waiter->call, .output = output, .next = *answers};
    *answers = answer;
    waiter->call = NULL;
}

void xcy_sqs_queue_serve(struct xcy_sqs_queue *queue, struct xcy_mono now, struct xcy_wall wall,
                         struct xcy_sqs_answer **answers)
{
    xcy_sqs_store_advance(queue->store, now);
    while (queue->first_waiter && xcy_sqs_store_count(queue->store, XCY_SQS_READY) > 0) {
        struct xcy_json *output;
        if (!xcy_sqs_queue_receive(queue, &queue->first_waiter->receive, now, wall, &output)) {
            return;
        }
        xcy_sqs_queue_unpark(queue->first_waiter, output, answers);
    }
}

bool xcy_sqs_queue_needs_wake(struct xcy_sqs_queue *queue, struct xcy_mono *when)
{
    struct xcy_mono due;
    if (!queue->first_waiter || !xcy_sqs_store_next_due(queue->store, &due)) {
        return false;
    }
    if (queue->has_wake && !xcy_mono_before(due, queue->wake)) {
        return false;
    }
    queue->has_wake = true;
    queue->wake = due;
    *when = due;
    return true;
}
