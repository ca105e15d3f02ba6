#include "sandbox/services/sqs_request.h"

#include "common/base/mem.h"
#include "common/data/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool xcy_sqs_fail(struct xcy_sqs_request *r, int status, const char *code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(r->fault.message, sizeof r->fault.message, fmt, args);
    va_end(args);
    r->fault.status = status;
    r->fault.code = code;
    return false;
}

bool xcy_sqs_request_strikes(const struct xcy_sqs_request *r, enum xcy_fault fault,
                             const char *what, const char *id)
{
    const struct xcy_sqs_struck struck = {r->call, r->queue->name, what, id};
    return xcy_sqs_faults_strike(r->queue->faults, fault, &struck);
}

static bool read_int(const struct xcy_json *node, int64_t *value)
{
    const char *text = xcy_json_string(node);
    return text ? xcy_int64_parse(xcy_bytes_of(text), value) : xcy_json_int64(node, value);
}

bool xcy_sqs_request_int(struct xcy_sqs_request *r, const struct xcy_json *from, const char *name,
                         int64_t min, int64_t max, int64_t *value)
{
    const struct xcy_json *node = xcy_json_get(from, name);
    if (xcy_json_kind(node) == XCY_JSON_NULL) {
        return true;
    }
    int64_t read;
    if (!read_int(node, &read) || read < min || read > max) {
        char *text = xcy_json_text(node);
        xcy_sqs_fail(r, 400, "InvalidParameterValueException",
                     "Value %.40s for parameter %s is invalid. Reason: Must be between %" PRId64
                     " and %" PRId64 ", if provided.",
                     text, name, min, max);
        free(text);
        return false;
    }
    *value = read;
    return true;
}

bool xcy_sqs_request_text(struct xcy_sqs_request *r, const struct xcy_json *from, const char *name,
                          const char **text)
{
    const char *found = xcy_json_get_string(from, name, "");
    if (!found[0]) {
        return xcy_sqs_fail(r, 400, "MissingRequiredParameterException",
                            "The request must contain the parameter %s.", name);
    }
    *text = found;
    return true;
}

struct xcy_sqs_queue *xcy_sqs_world_find(const struct xcy_sqs_world *world, const char *region,
                                         const char *name)
{
    struct xcy_sqs_queue *queue = world->queues;
    while (queue && (strcmp(queue->name, name) != 0 || strcmp(queue->region, region) != 0)) {
        queue = queue->next;
    }
    return queue;
}

/* "<anything>/<account>/<name>": the name, if the account is ours; else NULL. */
static const char *name_in_url(const char *url, const char *account)
{
    const char *slash = strrchr(url, '/');
    size_t n = strlen(account);
    if (!slash || (size_t)(slash - url) < n + 1 || slash[-(ptrdiff_t)n - 1] != '/' ||
        strncmp(slash - n, account, n) != 0) {
        return NULL;
    }
    return slash + 1;
}

bool xcy_sqs_request_find_queue(struct xcy_sqs_request *r)
{
    const char *url = xcy_json_get_string(r->input, "QueueUrl", NULL);
    const char *path = xcy_exchange_path(r->call->exchange);
    if (!url && r->call->protocol == XCY_PROTOCOL_QUERY && strcmp(path, "/") != 0) {
        url = path;
    }
    if (!url) {
        return xcy_sqs_fail(r, 400, "MissingRequiredParameterException",
                            "The request must contain the parameter QueueUrl.");
    }
    const char *name = name_in_url(url, r->world->account);
    r->queue = name ? xcy_sqs_world_find(r->world, r->call->region, name) : NULL;
    return r->queue != NULL ||
           xcy_sqs_fail(r, 400, "QueueDoesNotExist", "The specified queue does not exist%s",
                        r->call->protocol == XCY_PROTOCOL_QUERY ? " for this wsdl version." : ".");
}

char *xcy_sqs_request_url(const struct xcy_sqs_request *r, const struct xcy_sqs_queue *queue)
{
    if (r->world->endpoint) {
        return xcy_format("%s/%s/%s", r->world->endpoint, r->world->account, queue->name);
    }
    const char *host = xcy_exchange_header(r->call->exchange, "Host");
    return xcy_format("http://%s/%s/%s", host ? host : "127.0.0.1", r->world->account, queue->name);
}
