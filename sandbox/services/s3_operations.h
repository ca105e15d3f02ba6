#ifndef XCY_SANDBOX_SERVICES_S3_OPERATIONS_H
#define XCY_SANDBOX_SERVICES_S3_OPERATIONS_H

/* s3_operations.h - what S3 can do: a table of operations. Threads: safe. */

#include "sandbox/services/s3_request.h"

struct xcy_s3_operation {
    const char *method;
    const char *place; /* "": the service, "b": a bucket, "k": a key */
    const char *mark;  /* a name that the query must have; NULL: any query */
    bool (*prepare)(struct xcy_s3_request *r); /* false: r->fault is set */
    void (*decide)(struct xcy_s3_request *r);  /* sets what is sent, or r->fault */
};

/* NULL: r->fault says that there is none. */
const struct xcy_s3_operation *xcy_s3_operation_find(struct xcy_s3_request *r);

/* In s3_objects.c. */
bool xcy_s3_put_prepare(struct xcy_s3_request *r);
void xcy_s3_put_decide(struct xcy_s3_request *r);
bool xcy_s3_read_prepare(struct xcy_s3_request *r);
void xcy_s3_read_decide(struct xcy_s3_request *r);
bool xcy_s3_delete_prepare(struct xcy_s3_request *r);
void xcy_s3_delete_decide(struct xcy_s3_request *r);

/* In s3_deletes.c. */
bool xcy_s3_deletes_prepare(struct xcy_s3_request *r);
void xcy_s3_deletes_decide(struct xcy_s3_request *r);
/* From DeleteObjects' XML; false: r->fault is set. */
bool xcy_s3_deletes_read(struct xcy_s3_request *r, struct xcy_bytes xml);

/* In s3_lists.c. */
bool xcy_s3_list_prepare(struct xcy_s3_request *r);
void xcy_s3_list_decide(struct xcy_s3_request *r);
void xcy_s3_versions_decide(struct xcy_s3_request *r);

/* In s3_buckets.c. */
bool xcy_s3_buckets_prepare(struct xcy_s3_request *r);
void xcy_s3_buckets_decide(struct xcy_s3_request *r);
bool xcy_s3_create_prepare(struct xcy_s3_request *r);
void xcy_s3_create_decide(struct xcy_s3_request *r);
bool xcy_s3_bucket_prepare(struct xcy_s3_request *r);
void xcy_s3_head_bucket_decide(struct xcy_s3_request *r);
void xcy_s3_location_decide(struct xcy_s3_request *r);
void xcy_s3_versioning_decide(struct xcy_s3_request *r);
bool xcy_s3_put_versioning_prepare(struct xcy_s3_request *r);

#endif
