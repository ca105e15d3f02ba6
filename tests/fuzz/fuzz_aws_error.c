/* fuzz_aws_error.c - header lines to the first empty line, then the body of an answer: what AWS said
 * was wrong is text of one line each. */

#include "common/aws/request.h"
#include "tests/fuzz/fuzz.h"

static void check_line(const char *text, size_t size)
{
    const char *end = memchr(text, '\0', size);
    xcy_assert(end != NULL);
    for (; *text; text++) {
        xcy_assert((unsigned char)*text >= ' ' && *text != 0x7f);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_aws_error error;
    struct xcy_http_reply reply = {.status = 400};
    struct xcy_bytes all = xcy_bytes((const char *)data, size);
    const char *empty = size > 0 ? memmem(all.ptr, size, "\n\n", 2) : NULL;
    size_t body_at = empty ? (size_t)(empty - all.ptr) + 2 : 0;
    xcy_buf_init(&reply.headers, size + 1);
    xcy_buf_init(&reply.body, size + 1);
    xcy_buf_add(&reply.headers, xcy_bytes(all.ptr, body_at));
    xcy_buf_add(&reply.body, xcy_bytes(all.ptr + body_at, size - body_at));
    xcy_aws_error_parse(&reply, &error);
    check_line(error.code, sizeof error.code);
    check_line(error.message, sizeof error.message);
    check_line(error.reason, sizeof error.reason);
    xcy_assert(xcy_aws_error_is_auth(401, &error));
    bool is_refused = xcy_aws_error_is_auth(400, &error);
    xcy_assert(!is_refused || error.code[0]);
    xcy_buf_clear(&reply.headers);
    xcy_buf_clear(&reply.body);
    return 0;
}
