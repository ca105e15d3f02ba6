#include "common/base/mem.h"
#include "common/data/number.h"
#include "sandbox/services/s3_operations.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_OBJECT_BYTES = 64 << 20 };

/* Kept with an object beside its user metadata. */
static const char *const kept_headers[] = {
    "Content-Type",     "Cache-Control",    "Content-Disposition",
    "Content-Encoding", "Content-Language", "Expires",
};

static bool is_kept(const char *name)
{
    for (size_t i = 0; i < sizeof kept_headers / sizeof *kept_headers; i++) {
        if (strcasecmp(name, kept_headers[i]) == 0) {
            return true;
        }
    }
    return strncasecmp(name, "x-amz-meta-", 11) == 0;
}

static bool keep_headers(struct xcy_s3_request *r)
{
    struct xcy_reply_header header;
    for (size_t i = 0; xcy_exchange_header_at(r->call->exchange, i, &header); i++) {
        if (is_kept(header.name) &&
            !xcy_s3_object_add_header(r->object, header.name, header.value)) {
            return xcy_s3_fail(r, 400, "MetadataTooLarge", "Too many headers are to be kept.");
        }
    }
    if (!xcy_s3_request_header(r, "Content-Type")) {
        xcy_s3_object_add_header(r->object, "content-type", "binary/octet-stream");
    }
    return r->object->metadata_bytes <= XCY_S3_MAX_METADATA_BYTES ||
           xcy_s3_fail(r, 400, "MetadataTooLarge",
                       "Your metadata headers exceed the maximum allowed metadata size");
}

bool xcy_s3_put_prepare(struct xcy_s3_request *r)
{
    struct xcy_error err;
    struct xcy_s3_body *body;
    if (!xcy_s3_request_find_bucket(r) || !xcy_s3_request_check_md5(r, false)) {
        return false;
    }
    if (r->call->body.len > MAX_OBJECT_BYTES) {
        return xcy_s3_fail(r, 400, "EntityTooLarge",
                           "Your proposed upload exceeds the maximum allowed size: the sandbox "
                           "takes %d bytes.",
                           MAX_OBJECT_BYTES);
    }
    if (xcy_s3_body_write(r->folder, r->call->body, &body, &err) != XCY_OK) {
        return xcy_s3_fail(r, 500, "InternalError", "The sandbox cannot keep the object: %s",
                           err.text);
    }
    r->object = xcy_s3_object_new(body);
    return keep_headers(r);
}

static void add_etag(struct xcy_s3_request *r, const struct xcy_s3_object *object)
{
    char etag[XCY_MD5_HEX + 2];
    snprintf(etag, sizeof etag, "\"%s\"", xcy_s3_body_md5(object->body));
    xcy_s3_reply_header(r, "ETag", etag);
}

/* The object's date is that of the decision, as its place among the versions is. */
void xcy_s3_put_decide(struct xcy_s3_request *r)
{
    struct xcy_s3_object *object = r->object;
    r->object = NULL;
    object->modified = xcy_wall_now();
    add_etag(r, object);
    xcy_s3_reply_header(r, "x-amz-version-id", object->version);
    xcy_s3_store_put(r->store, r->bucket, r->key, object);
}

static bool read_version(struct xcy_s3_request *r)
{
    const char *version = xcy_s3_request_parameter(r, "versionId");
    return !version || version[0] ||
           xcy_s3_fail(r, 400, "InvalidArgument", "Version id cannot be the empty string");
}

bool xcy_s3_read_prepare(struct xcy_s3_request *r)
{
    return xcy_s3_request_find_bucket(r) && read_version(r);
}

static bool fail_missing(struct xcy_s3_request *r, const char *version)
{
    return version ? xcy_s3_fail(r, 404, "NoSuchVersion", "The specified version does not exist.")
                   : xcy_s3_fail(r, 404, "NoSuchKey", "The specified key does not exist.");
}

/* A number of digits only; false: another text. */
static bool read_number(const char *text, size_t len, uint64_t *to)
{
    int64_t value;
    if (len == 0 || strspn(text, "0123456789") < len ||
        !xcy_int64_parse(xcy_bytes(text, len), &value)) {
        return false;
    }
    *to = (uint64_t)value;
    return true;
}

/* "bytes=a-b", "bytes=a-", "bytes=-n"; what is not one of them is no range, as HTTP has it. False:
 * there is nothing in it. */
static bool read_range(struct xcy_s3_request *r, uint64_t size)
{
    const char *text = xcy_s3_request_header(r, "Range");
    uint64_t first = 0;
    uint64_t last = size - 1;
    r->sent_bytes = size;
    if (!text || strncmp(text, "bytes=", 6) != 0 || !strchr(text, '-')) {
        return true;
    }
    text += 6;
    size_t len = strcspn(text, "-");
    const char *end = text + len + 1;
    bool has_first = read_number(text, len, &first);
    bool has_last = read_number(end, strlen(end), &last);
    if ((len > 0 && !has_first) || (end[0] && !has_last) || (len == 0 && !has_last)) {
        return true;
    }
    if (len == 0) {
        first = last < size ? size - last : 0;
        last = last > 0 ? size - 1 : first - 1;
    }
    if (size == 0 || first >= size || last < first || (len == 0 && first == size)) {
        return xcy_s3_fail(r, 416, "InvalidRange", "The requested range is not satisfiable");
    }
    last = last < size ? last : size - 1;
    r->sent_offset = first;
    r->sent_bytes = last - first + 1;
    r->status = 206;
    char *range = xcy_format("bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, first, last, size);
    xcy_s3_reply_header(r, "Content-Range", range);
    free(range);
    return true;
}

static void add_object_headers(struct xcy_s3_request *r, const struct xcy_s3_found *found)
{
    char date[30];
    xcy_s3_format_http_date(found->object->modified, date);
    xcy_s3_reply_header(r, "Last-Modified", date);
    xcy_s3_reply_header(r, "Accept-Ranges", "bytes");
    xcy_s3_reply_header(r, "x-amz-version-id", found->object->version);
    add_etag(r, found->object);
    if (found->replication) {
        xcy_s3_reply_header(r, "x-amz-replication-status", found->replication);
    }
    for (size_t i = 0; i < found->object->n_headers; i++) {
        xcy_s3_reply_header(r, found->object->headers[i].name, found->object->headers[i].value);
    }
}

void xcy_s3_read_decide(struct xcy_s3_request *r)
{
    const char *version = xcy_s3_request_parameter(r, "versionId");
    struct xcy_s3_found found;
    xcy_s3_store_read(r->store, r->bucket, r->key, version, &found);
    r->sent = found.object;
    if (!found.object) {
        fail_missing(r, version);
    } else if (!found.object->body && version) {
        xcy_s3_fail(r, 405, "MethodNotAllowed",
                    "The specified method is not allowed against this resource.");
    } else if (!found.object->body) {
        fail_missing(r, NULL);
    } else if (read_range(r, xcy_s3_body_bytes(found.object->body))) {
        add_object_headers(r, &found);
    }
}

bool xcy_s3_delete_prepare(struct xcy_s3_request *r)
{
    return xcy_s3_read_prepare(r);
}

void xcy_s3_delete_decide(struct xcy_s3_request *r)
{
    const char *version = xcy_s3_request_parameter(r, "versionId");
    char marker[XCY_S3_VERSION_BYTES];
    xcy_s3_store_delete(r->store, r->bucket, r->key, version, marker);
    r->status = 204;
    if (marker[0]) {
        xcy_s3_reply_header(r, "x-amz-delete-marker", "true");
    }
    if (version || marker[0]) {
        xcy_s3_reply_header(r, "x-amz-version-id", version ? version : marker);
    }
}
