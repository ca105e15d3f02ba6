#include "common/base/mem.h"
#include "sandbox/services/sqs_operations.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_NAME = 80, MAX_LISTED = 1000 };

static const char name_characters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static bool check_name(struct xcy_sqs_request *r, const char *name)
{
    size_t n = strlen(name);
    if (n > 5 && strcmp(name + n - 5, ".fifo") == 0) {
        return xcy_sqs_fail(r, 400, "InvalidParameterValueException",
                            "The sandbox has standard queues only, no FIFO queues.");
    }
    if (n == 0 || n > MAX_NAME || strspn(name, name_characters) != n) {
        return xcy_sqs_fail(r, 400, "InvalidParameterValueException",
                            "Can only include alphanumeric characters, hyphens, or underscores. "
                            "1 to 80 in length");
    }
    return true;
}

static bool set_attributes(struct xcy_sqs_request *r, struct xcy_sqs_settings *settings)
{
    const struct xcy_json *attributes = xcy_json_get(r->input, "Attributes");
    for (const struct xcy_json *node = xcy_json_first(attributes); node;
         node = xcy_json_next(node)) {
        const char *name = xcy_json_name(node);
        const char *text = xcy_json_string(node);
        switch (xcy_sqs_settings_set(settings, name, text ? text : "")) {
        case XCY_SQS_SETTING_OK:
            break;
        case XCY_SQS_SETTING_UNKNOWN:
            return xcy_sqs_fail(r, 400, "InvalidAttributeName", "Unknown Attribute %.80s.", name);
        case XCY_SQS_SETTING_OUT_OF_RANGE:
            return xcy_sqs_fail(r, 400, "InvalidAttributeValue",
                                "Invalid value for the parameter %.80s.", name);
        }
    }
    return true;
}

static bool same_settings(const struct xcy_sqs_settings *a, const struct xcy_sqs_settings *b)
{
    struct xcy_json *listed[2] = {xcy_json_new_object(), xcy_json_new_object()};
    xcy_sqs_settings_list(a, listed[0]);
    xcy_sqs_settings_list(b, listed[1]);
    char *texts[2] = {xcy_json_text(listed[0]), xcy_json_text(listed[1])};
    bool same = strcmp(texts[0], texts[1]) == 0;
    for (int i = 0; i < 2; i++) {
        free(texts[i]);
        xcy_json_free(listed[i]);
    }
    return same;
}

/* A queue that is already there is the answer when what was asked for is what it has. */
static bool check_existing(struct xcy_sqs_request *r, const struct xcy_sqs_queue *queue)
{
    struct xcy_sqs_settings wanted = queue->settings;
    wanted.texts = xcy_json_copy(queue->settings.texts);
    bool is_right = set_attributes(r, &wanted);
    if (is_right && !same_settings(&wanted, &queue->settings)) {
        is_right = xcy_sqs_fail(r, 400, "QueueNameExists",
                                "A queue already exists with the same name and a different value "
                                "for an attribute.");
    }
    xcy_sqs_settings_clear(&wanted);
    return is_right;
}

static void put_url(struct xcy_sqs_request *r, const struct xcy_sqs_queue *queue)
{
    char *url = xcy_sqs_request_url(r, queue);
    r->output = xcy_json_new_object();
    xcy_json_put_string(r->output, "QueueUrl", url);
    free(url);
}

bool xcy_sqs_create_queue(struct xcy_sqs_request *r)
{
    const char *name;
    if (!xcy_sqs_request_text(r, r->input, "QueueName", &name) || !check_name(r, name)) {
        return false;
    }
    struct xcy_sqs_queue *queue = xcy_sqs_world_find(r->world, r->call->region, name);
    if (queue) {
        if (!check_existing(r, queue)) {
            return false;
        }
    } else {
        queue = xcy_sqs_queue_new(r->call->region, name, r->wall, &r->world->faults);
        if (!set_attributes(r, &queue->settings)) {
            xcy_sqs_queue_release(queue);
            return false;
        }
        queue->next = r->world->queues;
        r->world->queues = queue;
    }
    put_url(r, queue);
    return true;
}

bool xcy_sqs_delete_queue(struct xcy_sqs_request *r)
{
    struct xcy_sqs_queue **link = &r->world->queues;
    while (*link != r->queue) {
        link = &(*link)->next;
    }
    *link = r->queue->next;
    while (r->queue->first_waiter) {
        xcy_sqs_queue_unpark(r->queue->first_waiter, NULL, &r->answers);
    }
    xcy_sqs_queue_release(r->queue);
    r->queue = NULL;
    return true;
}

bool xcy_sqs_get_queue_url(struct xcy_sqs_request *r)
{
    const char *name;
    if (!xcy_sqs_request_text(r, r->input, "QueueName", &name)) {
        return false;
    }
    const struct xcy_sqs_queue *queue = xcy_sqs_world_find(r->world, r->call->region, name);
    if (!queue) {
        return xcy_sqs_fail(r, 400, "QueueDoesNotExist", "The specified queue does not exist.");
    }
    put_url(r, queue);
    return true;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A page: those behind the token, which is the last URL of the page before. */
static void put_urls(struct xcy_sqs_request *r, char *const urls[], size_t n, const char *token,
                     size_t max)
{
    struct xcy_json *list = NULL;
    size_t n_put = 0;
    r->output = xcy_json_new_object();
    for (size_t i = 0; i < n; i++) {
        if (strcmp(urls[i], token) <= 0) {
            continue;
        }
        if (n_put == max) {
            xcy_json_put_string(r->output, "NextToken", urls[i - 1]);
            return;
        }
        list = list ? list : xcy_json_put_array(r->output, "QueueUrls");
        xcy_json_append(list, xcy_json_new_string(urls[i]));
        n_put++;
    }
}

bool xcy_sqs_list_queues(struct xcy_sqs_request *r)
{
    int64_t max = MAX_LISTED;
    if (!xcy_sqs_request_int(r, r->input, "MaxResults", 1, MAX_LISTED, &max)) {
        return false;
    }
    const char *prefix = xcy_json_get_string(r->input, "QueueNamePrefix", "");
    const char *token = xcy_json_get_string(r->input, "NextToken", "");
    char *urls[MAX_LISTED];
    size_t n = 0;
    for (const struct xcy_sqs_queue *queue = r->world->queues; queue && n < MAX_LISTED;
         queue = queue->next) {
        if (strcmp(queue->region, r->call->region) == 0 &&
            strncmp(queue->name, prefix, strlen(prefix)) == 0) {
            urls[n++] = xcy_sqs_request_url(r, queue);
        }
    }
    qsort(urls, n, sizeof *urls, compare_texts);
    put_urls(r, urls, n, token, (size_t)max);
    for (size_t i = 0; i < n; i++) {
        free(urls[i]);
    }
    return true;
}

bool xcy_sqs_set_queue_attributes(struct xcy_sqs_request *r)
{
    if (xcy_json_size(xcy_json_get(r->input, "Attributes")) == 0) {
        return xcy_sqs_fail(r, 400, "MissingRequiredParameterException",
                            "The request must contain the parameter Attributes.");
    }
    struct xcy_sqs_settings changed = r->queue->settings;
    changed.texts = xcy_json_copy(r->queue->settings.texts);
    if (!set_attributes(r, &changed)) {
        xcy_sqs_settings_clear(&changed);
        return false;
    }
    xcy_sqs_settings_clear(&r->queue->settings);
    r->queue->settings = changed;
    r->queue->modified = r->wall;
    return true;
}

bool xcy_sqs_purge_queue(struct xcy_sqs_request *r)
{
    if (xcy_sqs_request_strikes(r, XCY_FAULT_SQS_PURGE_REFUSED, NULL, NULL) ||
        (r->queue->was_purged && xcy_mono_diff_ns(r->now, r->queue->purged) < 60 * XCY_NS_PER_S)) {
        return xcy_sqs_fail(r, 403, "PurgeQueueInProgress",
                            "Only one PurgeQueue operation on %s is allowed every 60 seconds.",
                            r->queue->name);
    }
    xcy_sqs_store_purge(r->queue->store);
    r->queue->was_purged = true;
    r->queue->purged = r->now;
    return true;
}
