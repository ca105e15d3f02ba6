#include "sandbox/services/s3_request.h"

#include "common/base/mem.h"
#include "common/net/url.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ANSWER_BYTES = 16 << 20, MAX_PATH_BYTES = 8192 };

bool xcy_s3_fail(struct xcy_s3_request *r, int status, const char *code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(r->fault.message, sizeof r->fault.message, fmt, args);
    va_end(args);
    r->fault.code = code;
    r->fault.status = status;
    return false;
}

/* "/bucket/key/with/slashes", decoded. */
static bool read_path(struct xcy_s3_request *r)
{
    const char *raw = xcy_exchange_path(r->call->exchange);
    struct xcy_buf path;
    xcy_buf_init(&path, MAX_PATH_BYTES);
    bool is_right = raw[0] == '/' && xcy_url_decode(&path, xcy_bytes_of(raw + 1), false) &&
                    !path.overflowed && strlen(path.ptr) == path.len;
    if (is_right) {
        size_t len = strcspn(path.ptr, "/");
        r->bucket_name = xcy_strndup(path.ptr, len);
        r->key = xcy_strdup(path.ptr[len] ? path.ptr + len + 1 : "");
    }
    xcy_buf_clear(&path);
    if (!is_right) {
        return xcy_s3_fail(r, 400, "InvalidURI", "Couldn't parse the specified URI.");
    }
    if (strlen(r->key) > XCY_S3_MAX_KEY_BYTES) {
        return xcy_s3_fail(r, 400, "KeyTooLongError", "Your key is too long");
    }
    return true;
}

bool xcy_s3_request_open(struct xcy_s3_request *r)
{
    xcy_buf_init(&r->out, MAX_ANSWER_BYTES);
    r->status = 200;
    if (!read_path(r)) {
        return false;
    }
    const char *query = xcy_exchange_query(r->call->exchange);
    return xcy_form_parse(xcy_bytes("", 0), xcy_bytes_of(query), &r->query) ||
           xcy_s3_fail(r, 400, "InvalidURI", "Couldn't parse the specified URI.");
}

void xcy_s3_request_free(struct xcy_s3_request *r)
{
    for (size_t i = 0; i < r->n_headers; i++) {
        xcy_s3_header_free(&r->headers[i]);
    }
    for (size_t i = 0; i < r->n_deletes; i++) {
        free(r->deletes[i].key);
        free(r->deletes[i].version);
    }
    free(r->deletes);
    xcy_s3_object_release(r->object);
    xcy_s3_object_release(r->sent);
    xcy_form_clear(&r->query);
    xcy_buf_clear(&r->out);
    free(r->bucket_name);
    free(r->key);
    free(r);
}

/* Without headers of the answer that would have been. */
static void send_fault(const struct xcy_s3_request *r)
{
    xcy_call_fail(r->call, r->fault.status, r->fault.code, "%s", r->fault.message);
}

static void send_body(struct xcy_s3_request *r)
{
    int fd = xcy_s3_body_open(r->sent->body);
    if (fd < 0) {
        char room[128];
        xcy_call_fail(r->call, 500, "InternalError", "The sandbox cannot read the object: %s",
                      strerror_r(errno, room, sizeof room));
        return;
    }
    xcy_call_reply_file(r->call, r->status, r->headers, r->n_headers, fd, r->sent_offset,
                        r->sent_bytes);
}

void xcy_s3_request_answer(struct xcy_s3_request *r)
{
    if (!r->fault.code && r->out.overflowed) {
        xcy_s3_fail(r, 500, "InternalError", "The answer is too long.");
    }
    if (r->fault.code) {
        send_fault(r);
    } else if (r->sent) {
        send_body(r);
    } else {
        xcy_call_reply_text(r->call, r->status, r->out.len > 0 ? "application/xml" : NULL,
                            r->headers, r->n_headers, xcy_buf_bytes(&r->out));
    }
}

void xcy_s3_reply_header(struct xcy_s3_request *r, const char *name, const char *value)
{
    xcy_assert(r->n_headers < XCY_S3_MAX_REPLY_HEADERS);
    r->headers[r->n_headers++] =
        (struct xcy_reply_header){.name = xcy_strdup(name), .value = xcy_strdup(value)};
}

const char *xcy_s3_request_header(const struct xcy_s3_request *r, const char *name)
{
    return xcy_exchange_header(r->call->exchange, name);
}

const char *xcy_s3_request_parameter(const struct xcy_s3_request *r, const char *name)
{
    return xcy_form_get(&r->query, name);
}

bool xcy_s3_request_find_bucket(struct xcy_s3_request *r)
{
    r->bucket = xcy_s3_store_find(r->store, r->bucket_name);
    if (!r->bucket) {
        return xcy_s3_fail(r, 404, "NoSuchBucket", "The specified bucket does not exist");
    }
    const char *region = xcy_s3_bucket_region(r->bucket);
    /* Without S3's <Region>: clients would go on to the address that AWS has for that region. */
    return strcmp(region, r->call->region) == 0 ||
           xcy_s3_fail(r, 400, "AuthorizationHeaderMalformed",
                       "The authorization header is malformed; the region '%s' is wrong; "
                       "expecting '%s'",
                       r->call->region, region);
}

bool xcy_s3_request_check_md5(struct xcy_s3_request *r, bool is_needed)
{
    const char *given = xcy_s3_request_header(r, "Content-MD5");
    if (!given) {
        return !is_needed || xcy_s3_fail(r, 400, "InvalidRequest",
                                         "Missing required header for this request: Content-MD5");
    }
    struct xcy_buf digest;
    char hex[XCY_MD5_HEX];
    char ours[XCY_MD5_HEX];
    xcy_buf_init(&digest, XCY_MD5_HEX);
    bool is_digest = xcy_base64_decode(xcy_bytes_of(given), &digest) && digest.len == 16;
    if (is_digest) {
        xcy_hex((const unsigned char *)digest.ptr, 16, hex);
    }
    xcy_buf_clear(&digest);
    if (!is_digest) {
        return xcy_s3_fail(r, 400, "InvalidDigest", "The Content-MD5 you specified was invalid.");
    }
    xcy_md5_hex(r->call->body, ours);
    return strcmp(hex, ours) == 0 ||
           xcy_s3_fail(r, 400, "BadDigest",
                       "The Content-MD5 you specified did not match what we received.");
}
