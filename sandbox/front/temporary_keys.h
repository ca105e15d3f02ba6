#ifndef XCY_SANDBOX_FRONT_TEMPORARY_KEYS_H
#define XCY_SANDBOX_FRONT_TEMPORARY_KEYS_H

/*
 * temporary_keys.h - key pairs with a session token and an end, as an STS gives them out.
 *
 * Nothing is kept: the token itself says who it is, of which access key and until when, under a digest
 * that only the sandbox's own secret key makes; the pair's secret key follows from both.
 *
 * Memory:   owned by the caller; release with xcy_temporary_clear.
 * Threads:  safe.
 */

#include "common/aws/credentials.h"

enum { XCY_TEMPORARY_ARN_BYTES = 256 };

struct xcy_temporary {
    struct xcy_credentials credentials; /* with its end */
    char arn[XCY_TEMPORARY_ARN_BYTES];  /* whom they are: no blanks */
};

/* New ones. root: the sandbox's own pair. */
void xcy_temporary_make(const struct xcy_credentials *root, const char *arn,
                        struct xcy_wall expires, struct xcy_temporary *made);
/* Those of a request's access key and token, expired or not; false: this sandbox did not make them. */
bool xcy_temporary_open(const struct xcy_credentials *root, const char *access_key,
                        const char *token, struct xcy_temporary *opened);
void xcy_temporary_clear(struct xcy_temporary *keys); /* a zeroed one is allowed */

/* The one web identity that the sandbox's STS takes; a secret, too. Free with xcy_free_secret. */
char *xcy_web_identity_make(const struct xcy_credentials *root);
bool xcy_web_identity_is_right(const struct xcy_credentials *root, const char *token);

#endif
