#include "common/aws/providers/provider.h"

#include <stdarg.h>
#include <stdio.h>

enum xcy_status xcy_provider_pass(struct xcy_provider_call *call, const char *fmt, ...)
{
    char text[600];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    xcy_buf_addf(&call->looked, "%s%s", call->looked.len > 0 ? "; " : "", text);
    return XCY_ENOTFOUND;
}

void xcy_provider_name_origin(struct xcy_provider_call *call, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(call->origin, sizeof call->origin, fmt, args);
    va_end(args);
}

enum xcy_status xcy_provider_ask(struct xcy_provider_call *call, struct xcy_http_request *request,
                                 int64_t timeout_ns, struct xcy_http_reply *reply,
                                 struct xcy_error *err)
{
    struct xcy_http_reply got = {0};
    request->is_direct = true;
    request->connect_timeout_ns = timeout_ns;
    request->total_timeout_ns = 2 * timeout_ns;
    enum xcy_status status = xcy_http_call(call->http, request, true, &got, err);
    if (status == XCY_OK && got.result == XCY_HTTP_CANCELLED) {
        status = xcy_fail(err, XCY_ESTOPPED, "interrupted");
    } else if (status == XCY_OK && got.result != XCY_HTTP_DONE) {
        status = xcy_fail(err, XCY_ENET, "%s", got.message);
    }
    if (status != XCY_OK) {
        xcy_http_reply_clear(&got);
        return status;
    }
    *reply = got;
    return XCY_OK;
}
