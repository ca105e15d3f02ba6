#include "sandbox/services/lambda_execution.h"

#include "common/base/mem.h"
#include "sandbox/services/lambda_async.h"
#include "sandbox/services/lambda_fault.h"

#include <stdio.h>
#include <stdlib.h>

static struct xcy_execution *execution_new(struct xcy_hosted_function *f,
                                           enum xcy_execution_kind kind, const char *id)
{
    struct xcy_execution *e = xcy_alloc(sizeof *e);
    e->n_refs = 1;
    e->function = f;
    e->kind = kind;
    snprintf(e->id, sizeof e->id, "%s", id);
    e->accepted = xcy_wall_now();
    e->accepted_mono = xcy_mono_now();
    return e;
}

struct xcy_execution *xcy_execution_new_sync(struct xcy_hosted_function *f, struct xcy_call *call)
{
    struct xcy_execution *e = execution_new(f, XCY_EXECUTION_SYNC, call->request_id);
    e->call = call;
    e->payload = call->body.len > 0 ? call->body : xcy_bytes_of("{}");
    return e;
}

static void keep_payload(struct xcy_execution *e, struct xcy_bytes payload)
{
    e->kept = payload.len > 0 ? xcy_strndup(payload.ptr, payload.len) : xcy_strdup("{}");
    e->payload = xcy_bytes(e->kept, payload.len > 0 ? payload.len : 2);
}

struct xcy_execution *xcy_execution_new_event(struct xcy_hosted_function *f, const char *id,
                                              struct xcy_bytes payload)
{
    struct xcy_execution *e = execution_new(f, XCY_EXECUTION_EVENT, id);
    keep_payload(e, payload);
    return e;
}

struct xcy_execution *xcy_execution_new_source(struct xcy_hosted_function *f, const char *id,
                                               struct xcy_bytes payload, xcy_lambda_ended_fn *ended,
                                               void *ctx)
{
    struct xcy_execution *e = execution_new(f, XCY_EXECUTION_SOURCE, id);
    keep_payload(e, payload);
    e->ended = ended;
    e->ended_ctx = ctx;
    return e;
}

struct xcy_execution *xcy_execution_of(struct xcy_pool_work *work)
{
    return (struct xcy_execution *)work; /* its first member */
}

void xcy_execution_ref(struct xcy_execution *e)
{
    e->n_refs++;
}

void xcy_execution_unref(struct xcy_execution *e)
{
    if (--e->n_refs == 0) {
        free(e->kept);
        free(e);
    }
}

void xcy_lambda_log_invoke(const struct xcy_hosted_function *f, const char *kind, const char *id,
                           struct xcy_wall at, int status, const char *function_error)
{
    struct xcy_truth *truth = f->service->options.truth;
    if (!xcy_truth_is_on(truth)) {
        return;
    }
    struct xcy_json *line = xcy_json_new_object();
    xcy_json_put_string(line, "op", "invoke");
    xcy_json_put_string(line, "function", f->name);
    xcy_json_put_string(line, "kind", kind);
    xcy_json_put_int64(line, "at_us", xcy_wall_us(at));
    xcy_json_put_string(line, "request", id);
    xcy_json_put_int64(line, "status", status);
    if (function_error) {
        xcy_json_put_string(line, "function_error", function_error);
    }
    xcy_truth_add(truth, line);
}

/* What the truth log and the status page call each end. */
static const char *const outcome_errors[XCY_N_EXECUTION_OUTCOMES] = {
    [XCY_EXECUTION_FUNCTION_ERROR] = "function error",
    [XCY_EXECUTION_TIMED_OUT] = "timed out",
    [XCY_EXECUTION_EXITED] = "exited",
    [XCY_EXECUTION_NOT_STARTED] = "not started",
    [XCY_EXECUTION_STOPPED] = "stopped"};

static void answer(struct xcy_execution *e, enum xcy_execution_outcome outcome,
                   struct xcy_bytes body)
{
    struct xcy_call *call = e->call;
    e->call = NULL;
    e->payload = xcy_bytes(NULL, 0); /* it stood in the call */
    if (outcome == XCY_EXECUTION_STOPPED) {
        xcy_call_fail_stopping(call);
        return;
    }
    const struct xcy_reply_header headers[] = {{"X-Amz-Executed-Version", "$LATEST"},
                                               {"X-Amz-Function-Error", "Unhandled"}};
    size_t n_headers = outcome == XCY_EXECUTION_OK ? 1 : 2;
    xcy_call_reply_text(call, 200, "application/json", headers, n_headers, body);
    xcy_lambda_log_invoke(e->function, "sync", e->id, e->accepted, 200, outcome_errors[outcome]);
}

static void tell_source(struct xcy_execution *e, enum xcy_execution_outcome outcome)
{
    xcy_lambda_log_invoke(e->function, "source", e->id, e->accepted, 200, outcome_errors[outcome]);
    bool is_ok = outcome == XCY_EXECUTION_OK;
    e->ended(e->ended_ctx, is_ok && !xcy_lambda_fault_twice(e)); /* who did not hear tries again */
}

void xcy_execution_finish(struct xcy_execution *e, enum xcy_execution_outcome outcome,
                          struct xcy_bytes body)
{
    e->function->counts.ended[outcome]++;
    switch (e->kind) {
    case XCY_EXECUTION_SYNC:
        answer(e, outcome, body);
        xcy_execution_unref(e);
        break;
    case XCY_EXECUTION_EVENT:
        xcy_lambda_event_ended(e, outcome);
        break;
    case XCY_EXECUTION_SOURCE:
        tell_source(e, outcome);
        xcy_execution_unref(e);
        break;
    }
}

void xcy_execution_fail(struct xcy_execution *e, enum xcy_execution_outcome outcome,
                        const char *type, const char *fmt, ...)
{
    char what[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    char *message = xcy_format("RequestId: %s Error: %s", e->id, what);
    struct xcy_json *error = xcy_json_new_object();
    xcy_json_put_string(error, "errorMessage", message);
    xcy_json_put_string(error, "errorType", type);
    char *text = xcy_json_text(error);
    xcy_execution_finish(e, outcome, xcy_bytes_of(text));
    free(text);
    free(message);
    xcy_json_free(error);
}
