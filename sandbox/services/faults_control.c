#include "sandbox/services/faults_control.h"

#include "common/base/log.h"

#include <stdlib.h>
#include <string.h>

static void reply_all(const struct xcy_faults *faults, struct xcy_call *call)
{
    struct xcy_json *all = xcy_faults_to_json(faults, false);
    xcy_call_reply_json(call, 200, all);
    xcy_json_free(all);
}

static void change(struct xcy_faults *faults, struct xcy_call *call)
{
    struct xcy_json *body = NULL;
    struct xcy_error err;
    enum xcy_status status = xcy_json_parse(call->body, &body, &err);
    if (status == XCY_OK) {
        status = xcy_faults_change(faults, body, &err);
    }
    xcy_json_free(body);
    if (status != XCY_OK) {
        xcy_call_fail(call, 400, "ValidationException", "%s", err.text);
        return;
    }
    char *words = xcy_faults_describe(faults);
    xcy_log(XCY_LOG_INFO, "faults from now on: %s", words);
    free(words);
    reply_all(faults, call);
}

void xcy_faults_control_handle(void *faults, struct xcy_call *call)
{
    const char *method = xcy_exchange_method(call->exchange);
    if (strcmp(xcy_exchange_path(call->exchange), "/faults") != 0) {
        xcy_call_fail(call, 404, "ResourceNotFoundException",
                      "The service sandbox has /faults only.");
    } else if (strcmp(method, "GET") == 0) {
        reply_all(faults, call);
    } else if (strcmp(method, "POST") == 0) {
        change(faults, call);
    } else {
        xcy_call_fail(call, 405, "MethodNotAllowed", "/faults takes GET and POST.");
    }
}
