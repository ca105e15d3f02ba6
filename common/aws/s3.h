#ifndef XCY_AWS_S3_H
#define XCY_AWS_S3_H

/*
 * s3.h - the S3 operations that posts need: versions with user metadata, lists, deletes.
 *
 * Addresses are path-style (https://s3.<region>.amazonaws.com/<bucket>/<key>), on AWS too: one host and
 * one connection for every bucket of a region, names with dots pass TLS, and a sandbox on an IP
 * address needs no other form. A bucket is called in its own region.
 *
 * Bodies are sent as UNSIGNED-PAYLOAD, with a Content-MD5 that S3 checks: half the work of signing them.
 *
 * Bounds:   16 MiB a body; keys without "." and ".." between slashes, which not every proxy leaves alone.
 * Threads:  as the xcy_aws given.
 */

#include "common/aws/request.h"

enum {
    XCY_S3_VERSION_ID_BYTES = 128,
    XCY_S3_DELETE_MAX = 1000, /* in one DeleteObjects */
    XCY_S3_METADATA_MAX = 8
};

struct xcy_s3_metadata {
    const char *name; /* "cid", without x-amz-meta- */
    const char *value;
};

/* version gets the store's id; XCY_EREMOTE when there is none, as the bucket is not versioned. */
enum xcy_status xcy_s3_put(const struct xcy_aws *aws, const char *bucket, const char *key,
                           struct xcy_bytes body, const struct xcy_s3_metadata *metadata, size_t n,
                           char version[XCY_S3_VERSION_ID_BYTES],
                           struct xcy_error *err) XCY_MUST_USE;

struct xcy_s3_object {
    char version[XCY_S3_VERSION_ID_BYTES];
    char replication[16];      /* x-amz-replication-status; "": none */
    int64_t body_bytes;        /* as S3 tells it (Content-Length) */
    struct xcy_json *metadata; /* an object name -> value */
    struct xcy_buf body;       /* of a Get */
};
void xcy_s3_object_clear(struct xcy_s3_object *object);

/* A version, or the latest (NULL). A missing key or version is *found = false, and *object left alone; a
 * missing bucket is XCY_ENOTFOUND, which Head cannot tell from a missing key. */
enum xcy_status xcy_s3_get(const struct xcy_aws *aws, const char *bucket, const char *key,
                           const char *version, bool *found, struct xcy_s3_object *object,
                           struct xcy_error *err) XCY_MUST_USE;
enum xcy_status xcy_s3_head(const struct xcy_aws *aws, const char *bucket, const char *key,
                            const char *version, bool *found, struct xcy_s3_object *object,
                            struct xcy_error *err) XCY_MUST_USE;

struct xcy_s3_listed {
    char *key;
    char *version;  /* of ListObjectVersions, else NULL */
    int64_t bytes;  /* 0 for a marker */
    bool is_marker; /* a delete marker */
};

struct xcy_s3_page {
    struct xcy_s3_listed *entries;
    size_t n;
    char
        *next_key; /* where the next page begins; NULL after the last. Of ListObjectsV2 the token */
    char *next_version; /* of ListObjectVersions */
};
void xcy_s3_page_clear(struct xcy_s3_page *page);

/* A page of at most max (0: 1000) objects; token NULL: the first. */
enum xcy_status xcy_s3_list(const struct xcy_aws *aws, const char *bucket, const char *token,
                            int max, struct xcy_s3_page *page, struct xcy_error *err) XCY_MUST_USE;
/* A page of versions and delete markers; both markers NULL: the first. */
enum xcy_status xcy_s3_list_versions(const struct xcy_aws *aws, const char *bucket,
                                     const char *key_marker, const char *version_marker,
                                     struct xcy_s3_page *page, struct xcy_error *err) XCY_MUST_USE;
/* From the XML of either list; false: it is none, and there is nothing to clear. */
bool xcy_s3_page_read(struct xcy_bytes xml, struct xcy_s3_page *page);

/* Deletes these versions for good, at most XCY_S3_DELETE_MAX. XCY_EREMOTE names the first refused. */
enum xcy_status xcy_s3_delete(const struct xcy_aws *aws, const char *bucket,
                              const struct xcy_s3_listed *versions, size_t n,
                              struct xcy_error *err) XCY_MUST_USE;

#endif
