#ifndef XCY_SANDBOX_FRONT_AUTHORIZATION_H
#define XCY_SANDBOX_FRONT_AUTHORIZATION_H

/*
 * authorization.h - the parts of an Authorization header:
 *
 *   AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/<service>/aws4_request,
 *                    SignedHeaders=host;x-amz-date, Signature=<64 hex digits>
 *
 * Threads:  plain data.
 */

#include "common/base/buf.h"

struct xcy_authorization {
    char access_key[132];
    char date[9]; /* YYYYMMDD */
    char region[32];
    char service[32];
    char terminator[16];
    char signed_headers[1024]; /* lower case, ascending, joined by ';' */
    char signature[65];
};

/* False: message says, in AWS's words, what is missing or malformed. */
bool xcy_authorization_parse(const char *header, struct xcy_authorization *a, char *message,
                             size_t message_bytes);

/* Whether the name (lower case) is among the signed headers. */
bool xcy_authorization_has_header(const struct xcy_authorization *a, const char *name);

#endif
