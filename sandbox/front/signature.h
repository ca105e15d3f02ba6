#ifndef XCY_SANDBOX_FRONT_SIGNATURE_H
#define XCY_SANDBOX_FRONT_SIGNATURE_H

/*
 * signature.h - checks a request's AWS Signature Version 4 in its Authorization header.
 *
 * Written from AWS's description of the algorithm, and of its own: it shares no code with
 * what signs. The path is encoded once more than on the wire for every service but S3, and
 * the body's digest is computed here, whatever the request claims. Of S3 the claim is what was
 * signed, so that a changed body has a verdict of its own; S3's signing of single chunks
 * (STREAMING-...) is not known here.
 *
 * Stricter than AWS: a header that comes twice is refused.
 * Threads:  safe; nothing but its arguments is read.
 * Secrets:  never in a message; signatures are compared in constant time.
 */

#include "common/aws/credentials.h"
#include "common/base/buf.h"
#include "common/time/clock.h"

enum { XCY_SIGNATURE_MAX_SKEW_S = 15 * 60 };

/* A request as it came on the wire. header gives a value or NULL, header_count how often it came;
 * names are matched without regard to case. */
struct xcy_signed_request {
    const char *method;
    const char *path;  /* raw, without the query */
    const char *query; /* raw, without '?' */
    struct xcy_bytes body;
    const char *(*header)(const void *ctx, const char *name);
    size_t (*header_count)(const void *ctx, const char *name);
    const void *ctx;
};

enum xcy_signature_verdict {
    XCY_SIGNATURE_OK,
    XCY_SIGNATURE_MISSING,       /* there is none */
    XCY_SIGNATURE_INCOMPLETE,    /* a part is missing or has a wrong form */
    XCY_SIGNATURE_UNKNOWN_KEY,   /* access key or session token */
    XCY_SIGNATURE_TOKEN_EXPIRED, /* right, but over */
    XCY_SIGNATURE_MISMATCH,
    XCY_SIGNATURE_EXPIRED,  /* or not yet valid */
    XCY_SIGNATURE_BODY,     /* S3: the body is not the one that was signed */
    XCY_SIGNATURE_STREAMING /* S3: signed chunk by chunk */
};

struct xcy_signature {
    enum xcy_signature_verdict verdict;
    char message[400]; /* AWS's words, when refused */
    char region[32];   /* of the credential scope, as far as it was read */
    char service[32];
};

/* The key pair of an access key, or NULL. */
typedef const struct xcy_credentials *xcy_key_find_fn(const void *ctx, const char *access_key);

void xcy_signature_check(const struct xcy_signed_request *request, xcy_key_find_fn *find_key,
                         const void *keys, struct xcy_wall now, struct xcy_signature *signature);

#endif
