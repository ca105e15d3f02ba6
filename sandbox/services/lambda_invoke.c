#include "sandbox/services/lambda_invoke.h"

#include "sandbox/services/lambda_async.h"
#include "sandbox/services/lambda_dispatch.h"
#include "sandbox/services/lambda_execution.h"

/* Lambda's answer beyond a limit; it names the reason beside the code. */
static void throttle(struct xcy_hosted_function *f, struct xcy_call *call, const char *kind)
{
    static const char body[] = "{\"Reason\":\"ReservedFunctionConcurrentInvocationLimitExceeded\","
                               "\"Type\":\"User\",\"message\":\"Rate Exceeded.\"}";
    const struct xcy_reply_header headers[] = {{"x-amzn-ErrorType", "TooManyRequestsException"},
                                               {"Retry-After", "1"}};
    f->counts.throttled++;
    xcy_lambda_log_invoke(f, kind, call->request_id, xcy_wall_now(), 429, NULL);
    xcy_call_reply_text(call, 429, "application/json", headers, 2, xcy_bytes_of(body));
}

static void invoke_sync(struct xcy_hosted_function *f, struct xcy_call *call)
{
    struct xcy_execution *e = xcy_execution_new_sync(f, call);
    if (xcy_lambda_dispatch(e)) {
        f->counts.sync++;
        return;
    }
    xcy_execution_unref(e);
    throttle(f, call, "sync");
}

static void invoke_event(struct xcy_hosted_function *f, struct xcy_call *call)
{
    if (xcy_lambda_event_accept(f, call->request_id, call->body)) {
        xcy_call_reply_text(call, 202, "application/json", NULL, 0, xcy_bytes_of(""));
    } else {
        throttle(f, call, "event");
    }
}

static void invoke_dry(struct xcy_hosted_function *f, struct xcy_call *call)
{
    f->counts.dry_runs++;
    xcy_lambda_log_invoke(f, "dryrun", call->request_id, xcy_wall_now(), 204, NULL);
    xcy_call_reply_text(call, 204, "application/json", NULL, 0, xcy_bytes_of(""));
}

struct invocation_type {
    const char *name;
    size_t max_bytes;
    void (*invoke)(struct xcy_hosted_function *f, struct xcy_call *call);
};

static const struct invocation_type types[] = {
    {"RequestResponse", XCY_LAMBDA_SYNC_BYTES, invoke_sync},
    {"Event", XCY_LAMBDA_EVENT_BYTES, invoke_event},
    {"DryRun", XCY_LAMBDA_SYNC_BYTES, invoke_dry},
};

static const struct invocation_type *find_type(const char *name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (!name || strcmp(name, types[i].name) == 0) {
            return &types[i];
        }
    }
    return NULL;
}

static bool is_json(struct xcy_bytes body)
{
    struct xcy_json *parsed = NULL;
    struct xcy_error ignored;
    bool is_right = body.len == 0 || xcy_json_parse(body, &parsed, &ignored) == XCY_OK;
    xcy_json_free(parsed);
    return is_right;
}

static const struct invocation_type *type_of(const struct xcy_call *call)
{
    return find_type(xcy_exchange_header(call->exchange, "X-Amz-Invocation-Type"));
}

bool xcy_lambda_invoke_check(struct xcy_call *call)
{
    const struct invocation_type *type = type_of(call);
    if (!type) {
        xcy_call_fail(call, 400, "InvalidParameterValueException",
                      "Value '%s' at 'invocationType' failed to satisfy constraint: Member must "
                      "satisfy enum value set: [RequestResponse, Event, DryRun]",
                      xcy_exchange_header(call->exchange, "X-Amz-Invocation-Type"));
        return false;
    }
    if (call->body.len > type->max_bytes) {
        xcy_call_fail(call, 413, "RequestTooLargeException",
                      "Request must be smaller than %zu bytes for the InvokeFunction operation",
                      type->max_bytes);
        return false;
    }
    if (!is_json(call->body)) {
        xcy_call_fail(call, 400, "InvalidRequestContentException",
                      "Could not parse request body into json: it is not valid JSON");
        return false;
    }
    return true;
}

void xcy_lambda_invoke_call(struct xcy_hosted_function *f, struct xcy_call *call)
{
    type_of(call)->invoke(f, call);
}
