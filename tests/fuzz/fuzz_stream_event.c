/* fuzz_stream_event.c - what invokes the reader from a stream: every event handed over is a text,
 * at most one a record, and a payload of another service is refused in words. */

#include "common/base/log.h"
#include "functions/notifications/dynamo.h"
#include "tests/fuzz/fuzz.h"

static enum xcy_status take(void *ctx, struct xcy_bytes event, size_t bytes, struct xcy_error *err)
{
    size_t *n = ctx;
    struct xcy_json *root = NULL;
    struct xcy_error why;
    ++*n;
    (void)bytes;
    enum xcy_status status = xcy_json_parse(event, &root, &why);
    xcy_json_free(root);
    return status == XCY_OK ? XCY_OK : xcy_fail(err, XCY_ENET, "as if the network had failed");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_error err;
    struct xcy_json *root = NULL;
    size_t n = 0;
    xcy_log_init("fuzz", XCY_LOG_ERROR);
    if (xcy_json_parse(xcy_bytes((const char *)data, size), &root, &err) != XCY_OK) {
        return 0;
    }
    enum xcy_status status = xcy_dynamo_notifications.parse(root, take, &n, &err);
    xcy_assert(n <= xcy_json_size(xcy_json_get(root, "Records")));
    xcy_assert(status == XCY_OK || (status == XCY_EPARSE && n == 0) ||
               (status == XCY_ENET && n > 0 && err.text[0] != '\0'));
    xcy_json_free(root);
    return 0;
}
