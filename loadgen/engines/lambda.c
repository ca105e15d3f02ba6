/*
 * lambda.c - the engine that invokes the writer function through Lambda's Invoke, synchronously or
 * as an event. A repeated attempt has the payload of the first, as its id says.
 */

#include "common/aws/lambda.h"
#include "loadgen/engines/wire.h"

static char *payload_of(const struct xcy_call *call)
{
    return xcy_payload_format(&call->id);
}

static void classify(const struct xcy_engine_setting *setting, const struct xcy_call *call,
                     const struct xcy_http_reply *reply, struct xcy_answer *answer)
{
    struct xcy_expectation expected = {.is_async = setting->plan->is_async,
                                       .id = &call->id,
                                       .combination = &setting->target->combination};
    xcy_classify(reply, &expected, answer);
}

/* Address and headers are the same for every call. */
static void prepare(const struct xcy_engine_setting *setting, struct xcy_wire *wire,
                    const struct xcy_credentials *keys)
{
    const struct xcy_deployment *d = setting->target->deployment;
    struct xcy_aws aws = {.endpoint = d->endpoint, .region = d->writer.region, .credentials = keys};
    enum xcy_invocation_type type = setting->plan->is_async ? XCY_INVOKE_EVENT : XCY_INVOKE_SYNC;
    struct xcy_aws_request request;
    struct xcy_error err;
    if (xcy_lambda_invoke_build(&aws, d->writer.function, type, xcy_bytes_of(""), &request, &err) !=
        XCY_OK) {
        xcy_wire_refuse(wire, &err);
        return;
    }
    xcy_wire_prepare(wire, &request.http);
    xcy_aws_request_clear(&request);
}

static void *lambda_open(const struct xcy_engine_setting *setting)
{
    struct xcy_wire *wire = xcy_wire_open(setting, payload_of, classify);
    xcy_wire_prepare_signed(wire, setting->target->keys, prepare);
    return wire;
}

const struct xcy_engine xcy_engine_lambda = {
    .name = "lambda",
    .help = "invokes the writer function",
    .has_target = true,
    .is_invoking = true,
    .open = lambda_open,
    .close = xcy_wire_close,
    .start = xcy_wire_start,
    .run = xcy_wire_run,
    .cancel = xcy_wire_cancel,
};
