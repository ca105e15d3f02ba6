#include "common/aws/s3.h"

#include "common/aws/s3_wire.h"
#include "common/base/mem.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_KEY_PARTS = 512, META_NAME_BYTES = 160 };

static const char meta_prefix[] = "x-amz-meta-";

/* "bucket", then the key's parts between its slashes, which stay slashes in the address. */
struct place {
    char *key;
    const char *parts[MAX_KEY_PARTS + 2];
};

static enum xcy_status place_init(struct place *place, const char *bucket, const char *key,
                                  struct xcy_error *err)
{
    size_t n = 0;
    place->key = xcy_strdup(key);
    place->parts[n++] = bucket;
    enum xcy_status status = XCY_OK;
    for (char *at = key ? place->key : NULL; at && status == XCY_OK;) {
        char *slash = strchr(at, '/');
        if (slash) {
            *slash = '\0';
        }
        if (strcmp(at, ".") == 0 || strcmp(at, "..") == 0 || n > MAX_KEY_PARTS) {
            status =
                xcy_fail(err, XCY_EUSAGE, "S3: the key '%.80s' cannot stand in an address", key);
        }
        place->parts[n++] = at;
        at = slash ? slash + 1 : NULL;
    }
    place->parts[n] = NULL;
    if (status == XCY_OK && (!bucket || !bucket[0] || (key && !key[0]))) {
        status = xcy_fail(err, XCY_EUSAGE, "S3: a bucket and a key must not be empty");
    }
    return status;
}

static void place_clear(struct place *place)
{
    free(place->key);
}

static enum xcy_status read_version(const struct xcy_http_reply *reply, const char *bucket,
                                    char version[XCY_S3_VERSION_ID_BYTES], struct xcy_error *err)
{
    char id[XCY_S3_VERSION_ID_BYTES];
    bool is_there = xcy_http_reply_header(reply, "x-amz-version-id", id, sizeof id);
    if (!is_there || !id[0] || strcmp(id, "null") == 0) {
        return xcy_fail(err, XCY_EREMOTE,
                        "S3 PutObject: bucket %s gave no version id: turn versioning on", bucket);
    }
    memcpy(version, id, sizeof id);
    return XCY_OK;
}

enum xcy_status xcy_s3_put(const struct xcy_aws *aws, const char *bucket, const char *key,
                           struct xcy_bytes body, const struct xcy_s3_metadata *metadata, size_t n,
                           char version[XCY_S3_VERSION_ID_BYTES], struct xcy_error *err)
{
    struct place place;
    struct xcy_aws_request r;
    struct xcy_http_reply reply = {0};
    struct xcy_aws_error told;
    char names[XCY_S3_METADATA_MAX][META_NAME_BYTES];
    xcy_assert(n <= XCY_S3_METADATA_MAX);
    enum xcy_status status = place_init(&place, bucket, key, err);
    if (status != XCY_OK) {
        place_clear(&place);
        return status;
    }
    xcy_aws_request_init(&r, aws, "s3", "PUT", place.parts);
    for (size_t i = 0; i < n; i++) {
        snprintf(names[i], sizeof names[i], "%s%s", meta_prefix, metadata[i].name);
        xcy_aws_request_add_header(&r, names[i], metadata[i].value);
    }
    xcy_s3_wire_set_body(&r, "application/octet-stream", body);
    status = xcy_s3_wire_call(aws, &r, "S3 PutObject", &reply, &told, err);
    if (status == XCY_OK) {
        status = read_version(&reply, bucket, version, err);
    }
    xcy_http_reply_clear(&reply);
    xcy_aws_request_clear(&r);
    place_clear(&place);
    return status;
}

void xcy_s3_object_clear(struct xcy_s3_object *object)
{
    xcy_json_free(object->metadata);
    xcy_buf_clear(&object->body);
    *object = (struct xcy_s3_object){0};
}

/* One header line without its end. */
static void read_metadata(struct xcy_json *metadata, const char *line, size_t len)
{
    size_t prefix = sizeof meta_prefix - 1;
    const char *colon = memchr(line, ':', len);
    if (!colon || strncasecmp(line, meta_prefix, prefix) != 0 || (size_t)(colon - line) <= prefix) {
        return;
    }
    const char *value = colon + 1;
    const char *end = line + len;
    while (value < end && (*value == ' ' || *value == '\t')) {
        value++;
    }
    char *name = xcy_strndup(line + prefix, (size_t)(colon - line) - prefix);
    char *text = xcy_strndup(value, (size_t)(end - value));
    for (char *c = name; *c; c++) {
        *c = (char)tolower((unsigned char)*c);
    }
    xcy_json_put_string(metadata, name, text);
    free(name);
    free(text);
}

static void read_object(struct xcy_http_reply *reply, struct xcy_s3_object *object)
{
    char length[32] = "";
    *object = (struct xcy_s3_object){.metadata = xcy_json_new_object()};
    xcy_http_reply_header(reply, "x-amz-version-id", object->version, sizeof object->version);
    xcy_http_reply_header(reply, "x-amz-replication-status", object->replication,
                          sizeof object->replication);
    xcy_http_reply_header(reply, "Content-Length", length, sizeof length);
    object->body_bytes = strtoll(length, NULL, 10);
    for (const char *line = reply->headers.ptr; line && *line;) {
        size_t len = strcspn(line, "\r\n");
        read_metadata(object->metadata, line, len);
        line += len;
        line += strspn(line, "\r\n");
    }
    object->body = reply->body;
    reply->body = (struct xcy_buf){0};
}

static bool is_missing(const struct xcy_aws_error *told, enum xcy_status status)
{
    return status == XCY_ENOTFOUND && strcmp(told->code, "NoSuchBucket") != 0;
}

static enum xcy_status read_one(const struct xcy_aws *aws, const char *method, const char *what,
                                const struct place *place, const char *version, bool *found,
                                struct xcy_s3_object *object, struct xcy_error *err)
{
    struct xcy_aws_request r;
    struct xcy_http_reply reply = {0};
    struct xcy_aws_error told;
    xcy_aws_request_init(&r, aws, "s3", method, place->parts);
    if (version) {
        xcy_aws_request_add_query(&r, "versionId", version);
    }
    xcy_s3_wire_set_no_body(&r);
    enum xcy_status status = xcy_s3_wire_call(aws, &r, what, &reply, &told, err);
    if (status == XCY_OK) {
        read_object(&reply, object);
        *found = true;
    } else if (is_missing(&told, status)) {
        *found = false;
        status = XCY_OK;
    }
    xcy_http_reply_clear(&reply);
    xcy_aws_request_clear(&r);
    return status;
}

enum xcy_status xcy_s3_get(const struct xcy_aws *aws, const char *bucket, const char *key,
                           const char *version, bool *found, struct xcy_s3_object *object,
                           struct xcy_error *err)
{
    struct place place;
    enum xcy_status status = place_init(&place, bucket, key, err);
    if (status == XCY_OK) {
        status = read_one(aws, "GET", "S3 GetObject", &place, version, found, object, err);
    }
    place_clear(&place);
    return status;
}

enum xcy_status xcy_s3_head(const struct xcy_aws *aws, const char *bucket, const char *key,
                            const char *version, bool *found, struct xcy_s3_object *object,
                            struct xcy_error *err)
{
    struct place place;
    enum xcy_status status = place_init(&place, bucket, key, err);
    if (status == XCY_OK) {
        status = read_one(aws, "HEAD", "S3 HeadObject", &place, version, found, object, err);
    }
    place_clear(&place);
    return status;
}
