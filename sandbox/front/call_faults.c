#include "sandbox/front/call_faults.h"

#include "common/base/mem.h"
#include "common/time/clock.h"

#include <stdlib.h>
#include <string.h>

struct refusal {
    int status;
    const char *code;
    const char *message;
};

static const char rate_exceeded[] = "Rate exceeded";
static const char failed_inside[] = "We encountered an internal error. Please try again.";
static const char not_available[] = "The service is temporarily unavailable.";

/* How each service says it, in the order of the first three of enum xcy_call_fault. */
static const struct {
    const char *service;
    enum xcy_fault first;
    struct refusal refusals[XCY_CALL_RESET_BEFORE];
} services[] = {
    {"lambda",
     XCY_FAULT_LAMBDA,
     {{429, "TooManyRequestsException", rate_exceeded},
      {500, "ServiceException", failed_inside},
      {503, "ServiceUnavailableException", not_available}}},
    {"sqs",
     XCY_FAULT_SQS,
     {{400, "RequestThrottled", rate_exceeded},
      {500, "InternalFailure", failed_inside},
      {503, "ServiceUnavailable", not_available}}},
    {"sns",
     XCY_FAULT_SNS,
     {{400, "Throttling", rate_exceeded},
      {500, "InternalError", failed_inside},
      {503, "ServiceUnavailable", not_available}}},
    {"dynamodb",
     XCY_FAULT_DYNAMODB,
     {{400, "ProvisionedThroughputExceededException",
       "The level of configured provisioned throughput for the table was exceeded."},
      {500, "InternalServerError", failed_inside},
      {503, "ServiceUnavailable", not_available}}},
    {"s3",
     XCY_FAULT_S3,
     {{503, "SlowDown", "Please reduce your request rate."},
      {500, "InternalError", failed_inside},
      {503, "ServiceUnavailable", not_available}}},
};

struct xcy_json *xcy_call_fault_line(enum xcy_fault fault, const struct xcy_call *call)
{
    struct xcy_json *line = xcy_fault_line(fault);
    xcy_json_put_string(line, "service", call->service);
    if (call->operation[0]) {
        xcy_json_put_string(line, "call", call->operation);
    } else {
        char *words = xcy_format("%s %s", xcy_exchange_method(call->exchange),
                                 xcy_exchange_path(call->exchange));
        xcy_json_put_string(line, "call", words);
        free(words);
    }
    xcy_json_put_string(line, "request", call->request_id);
    return line;
}

static bool strikes(const struct xcy_call_faults *f, enum xcy_fault fault,
                    const struct xcy_call *call)
{
    if (!xcy_faults_strike(f->faults, fault)) {
        return false;
    }
    if (f->truth && xcy_truth_is_on(f->truth)) {
        xcy_truth_add(f->truth, xcy_call_fault_line(fault, call));
    }
    return true;
}

/* Lambda's throttles say what they count; other errors have only their words. */
static void refuse(struct xcy_call *call, const struct refusal *refusal)
{
    if (refusal->status != 429) {
        xcy_call_fail(call, refusal->status, refusal->code, "%s", refusal->message);
        return;
    }
    static const char body[] = "{\"Reason\":\"CallerRateLimitExceeded\",\"Type\":\"User\","
                               "\"message\":\"Rate exceeded\"}";
    const struct xcy_reply_header headers[] = {{"x-amzn-ErrorType", refusal->code},
                                               {"Retry-After", "1"}};
    xcy_call_reply_text(call, refusal->status, "application/json", headers, 2, xcy_bytes_of(body));
}

/* What becomes of the answer, once the call took its effect. */
static void spoil_answer(const struct xcy_call_faults *f, enum xcy_fault first,
                         const struct xcy_call *call)
{
    struct xcy_reply_manner manner = {0};
    if (strikes(f, first + XCY_CALL_RESET_AFTER, call)) {
        manner.is_reset = true;
    } else if (strikes(f, first + XCY_CALL_STALLED, call)) {
        double ms = xcy_faults_setting(f->faults, first + XCY_CALL_STALLED_MS);
        manner.held_ns = (int64_t)(ms * (double)XCY_NS_PER_MS);
    } else if (strikes(f, first + XCY_CALL_SLOW_BODY, call)) {
        manner.bytes_per_s = xcy_faults_setting(f->faults, first + XCY_CALL_SLOW_BODY_BYTES_PER_S);
    } else {
        return;
    }
    xcy_exchange_set_manner(call->exchange, &manner);
}

static bool strike(const struct xcy_call_faults *f, size_t service, struct xcy_call *call)
{
    enum xcy_fault first = services[service].first;
    for (unsigned n = 0; n < XCY_CALL_RESET_BEFORE; n++) {
        if (strikes(f, first + n, call)) {
            refuse(call, &services[service].refusals[n]);
            return true;
        }
    }
    if (strikes(f, first + XCY_CALL_RESET_BEFORE, call)) {
        xcy_call_reset(call);
        return true;
    }
    spoil_answer(f, first, call);
    return false;
}

bool xcy_call_faults_strike(const struct xcy_call_faults *f, struct xcy_call *call)
{
    for (size_t i = 0; f->faults && i < sizeof services / sizeof *services; i++) {
        if (strcmp(services[i].service, call->service) == 0) {
            return strike(f, i, call);
        }
    }
    return false;
}
