/*
 * lambda.c - the engine that invokes the writer function through Lambda's Invoke, synchronously or
 * as an event, over one keep-alive HTTP client a worker.
 */

#include "common/aws/lambda.h"
#include "common/base/mem.h"
#include "loadgen/engines/engine.h"

#include <stdlib.h>

struct flight {
    struct lambda *lambda;
    struct xcy_call *call;
    struct xcy_aws_request request; /* its body is borrowed by the client until the reply */
    struct flight *next;            /* in the list of free ones */
};

struct lambda {
    struct xcy_engine_setting setting;
    struct xcy_aws aws;
    enum xcy_invocation_type type;
    struct flight *free_flights;
};

static void *lambda_open(const struct xcy_engine_setting *setting)
{
    const struct xcy_plan *plan = setting->plan;
    const struct xcy_deployment *d = setting->target->deployment;
    struct lambda *lambda = xcy_alloc(sizeof *lambda);
    lambda->setting = *setting;
    lambda->type = plan->is_async ? XCY_INVOKE_EVENT : XCY_INVOKE_SYNC;
    lambda->aws = (struct xcy_aws){.http = xcy_http_open(NULL),
                                   .endpoint = d->endpoint,
                                   .region = d->writer.region,
                                   .credentials = &setting->target->credentials,
                                   .connect_timeout_ns = plan->connect_timeout_ns,
                                   .first_byte_timeout_ns = plan->first_byte_timeout_ns,
                                   .total_timeout_ns = plan->total_timeout_ns};
    return lambda;
}

static void lambda_close(void *state)
{
    struct lambda *lambda = state;
    xcy_http_close(lambda->aws.http);
    for (struct flight *f = lambda->free_flights; f;) {
        struct flight *next = f->next;
        free(f);
        f = next;
    }
    free(lambda);
}

static struct flight *flight_take(struct lambda *lambda)
{
    struct flight *f = lambda->free_flights;
    if (f) {
        lambda->free_flights = f->next;
    } else {
        f = xcy_alloc(sizeof *f);
        f->lambda = lambda;
    }
    return f;
}

static void flight_give(struct flight *f)
{
    f->next = f->lambda->free_flights;
    f->lambda->free_flights = f;
}

static void on_sent(void *ctx, struct xcy_mono sent)
{
    struct flight *f = ctx;
    f->lambda->setting.sent(f->lambda->setting.ctx, f->call, sent);
}

static void on_done(void *ctx, const struct xcy_http_reply *reply)
{
    struct flight *f = ctx;
    const struct xcy_engine_setting *setting = &f->lambda->setting;
    struct xcy_call *call = f->call;
    struct xcy_expectation expected = {.is_async = setting->plan->is_async,
                                       .id = &call->id,
                                       .combination = &setting->target->combination};
    struct xcy_answer answer;
    xcy_classify(reply, &expected, &answer);
    xcy_aws_request_clear(&f->request);
    flight_give(f);
    setting->done(setting->ctx, call, &answer);
}

static enum xcy_status build(struct lambda *lambda, const struct xcy_call *call,
                             struct xcy_aws_request *request, struct xcy_error *err)
{
    char *payload = xcy_payload_format(&call->id);
    const char *function = lambda->setting.target->deployment->writer.function;
    enum xcy_status status = xcy_lambda_invoke_build(&lambda->aws, function, lambda->type,
                                                     xcy_bytes_of(payload), request, err);
    free(payload);
    return status;
}

static enum xcy_status lambda_start(void *state, struct xcy_call *call, struct xcy_error *err)
{
    struct lambda *lambda = state;
    struct flight *f = flight_take(lambda);
    f->call = call;
    enum xcy_status status = build(lambda, call, &f->request, err);
    if (status == XCY_OK) {
        status = xcy_http_start(lambda->aws.http, &f->request.http, on_sent, on_done, f, err);
        if (status != XCY_OK) {
            xcy_aws_request_clear(&f->request);
        }
    }
    if (status != XCY_OK) {
        flight_give(f);
    }
    return status;
}

static void lambda_run(void *state, struct xcy_mono until, int wake_fd, bool once)
{
    struct lambda *lambda = state;
    xcy_http_run(lambda->aws.http, until, wake_fd, once);
}

static void lambda_cancel(void *state)
{
    struct lambda *lambda = state;
    xcy_http_cancel_all(lambda->aws.http);
    xcy_http_run(lambda->aws.http, xcy_mono_now(), -1, false);
}

const struct xcy_engine xcy_engine_lambda = {
    .name = "lambda",
    .help = "invokes the writer function",
    .has_target = true,
    .open = lambda_open,
    .close = lambda_close,
    .start = lambda_start,
    .run = lambda_run,
    .cancel = lambda_cancel,
};
