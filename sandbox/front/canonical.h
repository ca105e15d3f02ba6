#ifndef XCY_SANDBOX_FRONT_CANONICAL_H
#define XCY_SANDBOX_FRONT_CANONICAL_H

/*
 * canonical.h - the one form of a request that Signature Version 4 is computed over.
 *
 * Threads:  safe.
 */

#include "sandbox/front/signature.h"

/* The path with dot segments and doubled slashes resolved and encoded once more; for S3 as it is. */
void xcy_canonical_add_path(struct xcy_buf *out, const char *raw_path, bool is_s3);

/* Decoded, encoded AWS's way, sorted by encoded name, then value. */
void xcy_canonical_add_query(struct xcy_buf *out, const char *raw_query);

/* The value without outer blanks, runs of blanks inside as one. */
void xcy_canonical_add_value(struct xcy_buf *out, const char *value);

/* The whole canonical request. signed_headers is as in the Authorization header. */
void xcy_canonical_add_request(struct xcy_buf *out, const struct xcy_signed_request *request,
                               const char *signed_headers, const char *payload_hash, bool is_s3);

#endif
