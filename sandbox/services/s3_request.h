#ifndef XCY_SANDBOX_SERVICES_S3_REQUEST_H
#define XCY_SANDBOX_SERVICES_S3_REQUEST_H

/*
 * s3_request.h - one S3 request in three steps: `prepare` reads and checks it as it arrives, `decide` is
 * the instant of the store, then xcy_s3_request_answer sends what they left, or the fault.
 *
 * Threads:  one at a time.
 */

#include "sandbox/front/call.h"
#include "sandbox/front/form.h"
#include "sandbox/services/s3_store.h"

enum { XCY_S3_MAX_REPLY_HEADERS = 80, XCY_S3_MAX_DELETES = 1000, XCY_S3_MAX_KEY_BYTES = 1024 };

struct xcy_s3_delete {
    char *key;
    char *version; /* NULL: none was named */
};

struct xcy_s3_fault {
    const char *code; /* NULL: none */
    int status;
    char message[400];
};

struct xcy_s3_operation; /* s3_operations.h */

struct xcy_s3_request {
    struct xcy_s3_store *store;
    struct xcy_s3_folder *folder;
    struct xcy_call *call;
    const struct xcy_s3_operation *operation; /* NULL: there is none, a fault */
    char *bucket_name;                        /* "": none */
    char *key;                                /* "": none */
    struct xcy_form query;                    /* cleared when the request is freed */
    struct xcy_s3_bucket *bucket;             /* NULL: the operation needs none */
    struct xcy_s3_object *object;             /* to be put */
    struct xcy_s3_delete *deletes;
    size_t n_deletes;
    bool is_quiet;

    struct xcy_s3_fault fault;
    int status;
    struct xcy_reply_header headers[XCY_S3_MAX_REPLY_HEADERS]; /* owned */
    size_t n_headers;
    struct xcy_buf out;               /* XML */
    const struct xcy_s3_object *sent; /* its body is the answer's; held */
    uint64_t sent_offset;
    uint64_t sent_bytes;
};

/* False: fault is set, and the request is to be answered. */
bool xcy_s3_request_open(struct xcy_s3_request *r);
void xcy_s3_request_free(struct xcy_s3_request *r); /* the call is left alone */
void xcy_s3_request_answer(struct xcy_s3_request *r);

/* False, so that a failing branch is one line. */
bool xcy_s3_fail(struct xcy_s3_request *r, int status, const char *code, const char *fmt, ...)
    XCY_PRINTF(4, 5);

void xcy_s3_reply_header(struct xcy_s3_request *r, const char *name, const char *value);
const char *xcy_s3_request_header(const struct xcy_s3_request *r, const char *name); /* or NULL */
/* Of the query; NULL: it is not there. */
const char *xcy_s3_request_parameter(const struct xcy_s3_request *r, const char *name);

/* Sets r->bucket: it is there, and the request was signed for its region. */
bool xcy_s3_request_find_bucket(struct xcy_s3_request *r);
/* Content-MD5, if it is there (needed: it must be), is the body's. */
bool xcy_s3_request_check_md5(struct xcy_s3_request *r, bool is_needed);

#endif
