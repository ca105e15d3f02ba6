#include "common/base/mem.h"
#include "sandbox/services/sqs_operations.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put_count(struct xcy_json *all, const struct xcy_sqs_queue *queue, const char *name,
                      enum xcy_sqs_state state)
{
    char text[24];
    snprintf(text, sizeof text, "%zu", xcy_sqs_store_count(queue->store, state));
    xcy_json_put_string(all, name, text);
}

static void put_seconds(struct xcy_json *all, const char *name, struct xcy_wall at)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, at.ns / XCY_NS_PER_S);
    xcy_json_put_string(all, name, text);
}

static struct xcy_json *all_attributes(const struct xcy_sqs_request *r)
{
    const struct xcy_sqs_queue *queue = r->queue;
    struct xcy_json *all = xcy_json_new_object();
    put_count(all, queue, "ApproximateNumberOfMessages", XCY_SQS_READY);
    put_count(all, queue, "ApproximateNumberOfMessagesNotVisible", XCY_SQS_IN_FLIGHT);
    put_count(all, queue, "ApproximateNumberOfMessagesDelayed", XCY_SQS_DELAYED);
    put_seconds(all, "CreatedTimestamp", queue->created);
    put_seconds(all, "LastModifiedTimestamp", queue->modified);
    char *arn = xcy_format("arn:aws:sqs:%s:%s:%s", queue->region, r->world->account, queue->name);
    xcy_json_put_string(all, "QueueArn", arn);
    free(arn);
    xcy_sqs_settings_list(&queue->settings, all);
    return all;
}

/* Names that AWS knows but that this queue has no value for are passed over. */
static bool is_known_name(const char *name)
{
    static const char *const unset[] = {"Policy",
                                        "RedrivePolicy",
                                        "RedriveAllowPolicy",
                                        "KmsMasterKeyId",
                                        "KmsDataKeyReusePeriodSeconds",
                                        "SqsManagedSseEnabled",
                                        "FifoQueue",
                                        "ContentBasedDeduplication",
                                        "DeduplicationScope",
                                        "FifoThroughputLimit"};
    for (size_t i = 0; i < sizeof unset / sizeof *unset; i++) {
        if (strcmp(unset[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool select_attributes(struct xcy_sqs_request *r, const struct xcy_json *all,
                              struct xcy_json *chosen)
{
    const struct xcy_json *names = xcy_json_get(r->input, "AttributeNames");
    for (const struct xcy_json *node = xcy_json_first(names); node; node = xcy_json_next(node)) {
        const char *name = xcy_json_string(node);
        bool is_all = name && strcmp(name, "All") == 0;
        const struct xcy_json *value = name ? xcy_json_get(all, name) : NULL;
        if (!is_all && !value && !(name && is_known_name(name))) {
            return xcy_sqs_fail(r, 400, "InvalidAttributeName", "Unknown Attribute %.80s.",
                                name ? name : "");
        }
        for (const struct xcy_json *one = is_all ? xcy_json_first(all) : value; one;
             one = is_all ? xcy_json_next(one) : NULL) {
            xcy_json_put(chosen, xcy_json_name(one), xcy_json_copy(one));
        }
    }
    return true;
}

bool xcy_sqs_get_queue_attributes(struct xcy_sqs_request *r)
{
    struct xcy_json *all = all_attributes(r);
    struct xcy_json *chosen = xcy_json_new_object();
    bool is_right = select_attributes(r, all, chosen);
    xcy_json_free(all);
    if (!is_right) {
        xcy_json_free(chosen);
        return false;
    }
    r->output = xcy_json_new_object();
    if (xcy_json_size(chosen) > 0) {
        xcy_json_put(r->output, "Attributes", chosen);
    } else {
        xcy_json_free(chosen);
    }
    return true;
}
