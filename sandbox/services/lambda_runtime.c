#include "common/base/mem.h"
#include "sandbox/services/lambda_dispatch.h"
#include "sandbox/services/lambda_execution.h"
#include "sandbox/services/lambda_fault.h"
#include "sandbox/services/lambda_instance.h"

#include <stdlib.h>

/* What Lambda adds to 6 MB for an answer. */
enum { MAX_ANSWER_BYTES = XCY_LAMBDA_SYNC_BYTES + 100 };

static void reply(struct xcy_exchange *exchange, int status, const char *body)
{
    const struct xcy_reply_header header = {"Content-Type", "application/json"};
    xcy_exchange_reply(exchange, status, &header, 1, xcy_bytes_of(body));
}

static void reply_error(struct xcy_exchange *exchange, int status, const char *type,
                        const char *message)
{
    struct xcy_json *body = xcy_json_new_object();
    xcy_json_put_string(body, "errorMessage", message);
    xcy_json_put_string(body, "errorType", type);
    char *text = xcy_json_text(body);
    reply(exchange, status, text);
    free(text);
    xcy_json_free(body);
}

/* One request of a process. rest: what follows ".../runtime/" in the path. */
struct request {
    struct xcy_instance *instance;
    struct xcy_exchange *exchange;
    struct xcy_bytes id; /* of invocation/<id>/... */
};

static void next_invocation(const struct request *r)
{
    xcy_lambda_ask(r->instance, r->exchange);
}

/* The execution that the path names, taken back; NULL: the request was refused, or a fault took it. */
static struct xcy_execution *take_named(const struct request *r)
{
    struct xcy_execution *e = xcy_instance_find_running(r->instance, r->id);
    if (!e) {
        reply_error(r->exchange, 400, "InvalidRequestID", "Invalid request ID");
        return NULL;
    }
    if (xcy_lambda_fault_answered(e, r->exchange)) {
        return NULL;
    }
    xcy_lambda_take_back(e);
    return e;
}

static void response(const struct request *r)
{
    struct xcy_execution *e = take_named(r);
    if (!e) {
        return;
    }
    struct xcy_bytes body = xcy_exchange_body(r->exchange);
    if (body.len > MAX_ANSWER_BYTES) {
        xcy_execution_fail(e, XCY_EXECUTION_FUNCTION_ERROR, "Function.ResponseSizeTooLarge",
                           "Response payload size exceeded maximum allowed payload size (%d "
                           "bytes).",
                           MAX_ANSWER_BYTES);
        reply_error(r->exchange, 413, "RequestEntityTooLarge",
                    "Exceeded maximum allowed payload size (6291556 bytes).");
        return;
    }
    xcy_execution_finish(e, XCY_EXECUTION_OK, xcy_lambda_fault_body(e, body));
    reply(r->exchange, 202, "{\"status\":\"OK\"}\n");
}

static void invocation_error(const struct request *r)
{
    struct xcy_execution *e = take_named(r);
    if (e) {
        xcy_execution_finish(e, XCY_EXECUTION_FUNCTION_ERROR, xcy_exchange_body(r->exchange));
        reply(r->exchange, 202, "{\"status\":\"OK\"}\n");
    }
}

/* Kept for the execution that this process was started for; the process is expected to end now. */
static void init_error(const struct request *r)
{
    struct xcy_instance *instance = r->instance;
    struct xcy_bytes body = xcy_exchange_body(r->exchange);
    if (instance->worker.has_asked) {
        reply_error(r->exchange, 403, "InvalidStateTransition", "the start is over");
        return;
    }
    free(instance->init_error);
    instance->init_error = xcy_strndup(body.ptr ? body.ptr : "", body.len);
    reply(r->exchange, 202, "{\"status\":\"OK\"}\n");
}

struct route {
    const char *method;
    const char *head;
    const char *tail; /* NULL: no id in between */
    void (*handle)(const struct request *r);
};

static const struct route routes[] = {
    {"GET", "invocation/next", NULL, next_invocation},
    {"POST", "invocation/", "/response", response},
    {"POST", "invocation/", "/error", invocation_error},
    {"POST", "init/error", NULL, init_error},
};

static bool matches(const struct route *route, const char *rest, struct xcy_bytes *id)
{
    size_t head_len = strlen(route->head);
    if (!route->tail) {
        return strcmp(rest, route->head) == 0;
    }
    size_t tail_len = strlen(route->tail);
    size_t len = strlen(rest);
    if (len <= head_len + tail_len || strncmp(rest, route->head, head_len) != 0 ||
        strcmp(rest + len - tail_len, route->tail) != 0) {
        return false;
    }
    *id = xcy_bytes(rest + head_len, len - head_len - tail_len);
    return true;
}

/* Cuts "/_runtime/<token>/2018-06-01/runtime/<rest>". */
static bool cut_path(const char *path, struct xcy_bytes *token, const char **rest)
{
    static const char head[] = "/_runtime/";
    static const char middle[] = "/2018-06-01/runtime/";
    if (strncmp(path, head, sizeof head - 1) != 0) {
        return false;
    }
    const char *start = path + sizeof head - 1;
    const char *end = strchr(start, '/');
    if (!end || strncmp(end, middle, sizeof middle - 1) != 0) {
        return false;
    }
    *token = xcy_bytes(start, (size_t)(end - start));
    *rest = end + sizeof middle - 1;
    return true;
}

static const struct route *find_route(const char *method, const char *rest, struct xcy_bytes *id)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (strcmp(method, routes[i].method) == 0 && matches(&routes[i], rest, id)) {
            return &routes[i];
        }
    }
    return NULL;
}

void xcy_lambda_service_runtime(struct xcy_lambda_service *s, struct xcy_exchange *exchange)
{
    struct xcy_bytes token = {NULL, 0};
    const char *rest = "";
    struct request r = {.exchange = exchange};
    const struct route *route = NULL;
    if (cut_path(xcy_exchange_path(exchange), &token, &rest)) {
        route = find_route(xcy_exchange_method(exchange), rest, &r.id);
    }
    if (!route) {
        reply_error(exchange, 404, "NotFound", "no such path or method in the Runtime API");
        return;
    }
    pthread_mutex_lock(&s->lock);
    r.instance = xcy_instance_find(s, token);
    if (!r.instance || s->stopping) {
        reply_error(exchange, 403, "Forbidden",
                    s->stopping ? "the sandbox is ending" : "no process has this token");
    } else {
        route->handle(&r);
    }
    pthread_mutex_unlock(&s->lock);
}
