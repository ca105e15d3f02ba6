#include "common/aws/s3_wire.h"

#include "common/net/crypto.h"

#include <stdlib.h>

enum { MD5_BYTES = 16 };

static const char hash_header[] = "x-amz-content-sha256";

static void add_md5(struct xcy_aws_request *r, struct xcy_bytes body)
{
    char hex[XCY_MD5_HEX];
    char bytes[MD5_BYTES];
    struct xcy_buf text;
    xcy_md5_hex(body, hex);
    for (size_t i = 0; i < MD5_BYTES; i++) {
        const char pair[] = {hex[2 * i], hex[2 * i + 1], '\0'};
        bytes[i] = (char)strtoul(pair, NULL, 16);
    }
    xcy_buf_init(&text, 64);
    xcy_base64_add(&text, xcy_bytes(bytes, sizeof bytes));
    xcy_aws_request_add_header(r, "Content-MD5", text.ptr);
    xcy_buf_clear(&text);
}

void xcy_s3_wire_set_body(struct xcy_aws_request *r, const char *type, struct xcy_bytes body)
{
    xcy_aws_request_add_header(r, hash_header, "UNSIGNED-PAYLOAD");
    add_md5(r, body);
    xcy_aws_request_set_body(r, type, body);
}

void xcy_s3_wire_set_no_body(struct xcy_aws_request *r)
{
    char hex[XCY_SHA256_HEX];
    xcy_sha256_hex(xcy_bytes("", 0), hex);
    xcy_aws_request_add_header(r, hash_header, hex);
}

enum xcy_status xcy_s3_wire_call(const struct xcy_aws *aws, struct xcy_aws_request *r,
                                 const char *what, struct xcy_http_reply *reply,
                                 struct xcy_aws_error *told, struct xcy_error *err)
{
    *told = (struct xcy_aws_error){0};
    enum xcy_status status = xcy_aws_request_finish(r, err);
    if (status != XCY_OK) {
        return xcy_error_context(err, "%s", what);
    }
    return xcy_aws_call_told(aws, r, what, reply, told, err);
}
