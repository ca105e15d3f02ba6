#ifndef XCY_SANDBOX_SERVICES_S3_OBJECT_H
#define XCY_SANDBOX_SERVICES_S3_OBJECT_H

/*
 * s3_object.h - a version as it was written, or a delete marker: immutable, and the same in every
 * bucket that it is in, its id and its date included.
 *
 * Memory:   counted; the last xcy_s3_object_release frees it, and its body's file.
 * Threads:  safe, once it is shared.
 */

#include "common/net/server.h"
#include "common/time/clock.h"
#include "sandbox/services/s3_body.h"

enum {
    XCY_S3_VERSION_BYTES = 33,       /* 32 characters, as S3's */
    XCY_S3_MAX_OBJECT_HEADERS = 48,  /* of them, user metadata and what is kept beside it */
    XCY_S3_MAX_METADATA_BYTES = 2048 /* of user metadata, S3's own limit */
};

struct xcy_s3_object {
    char version[XCY_S3_VERSION_BYTES];
    struct xcy_wall modified;
    struct xcy_s3_body *body;                                   /* NULL: a delete marker */
    struct xcy_reply_header headers[XCY_S3_MAX_OBJECT_HEADERS]; /* owned: sent back as they came */
    size_t n_headers;
    size_t metadata_bytes; /* names without x-amz-meta-, and values */
};

struct xcy_s3_object *xcy_s3_object_new(struct xcy_s3_body *body); /* body taken; NULL: a marker */
struct xcy_s3_object *xcy_s3_object_hold(const struct xcy_s3_object *object);
void xcy_s3_object_release(const struct xcy_s3_object *object); /* NULL is allowed */

/* Before it is shared. False: there are too many. */
bool xcy_s3_object_add_header(struct xcy_s3_object *object, const char *name, const char *value);
void xcy_s3_header_free(struct xcy_reply_header *header); /* the texts of an owned one */

/* "2026-11-21T12:00:00.000Z" and "Sat, 21 Nov 2026 12:00:00 GMT". */
void xcy_s3_format_date(struct xcy_wall at, char to[40]);
void xcy_s3_format_http_date(struct xcy_wall at, char to[30]);

#endif
