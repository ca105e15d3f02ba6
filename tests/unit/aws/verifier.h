#ifndef XCY_TESTS_UNIT_AWS_VERIFIER_H
#define XCY_TESTS_UNIT_AWS_VERIFIER_H

/*
 * verifier.h - checks an AWS Signature Version 4 as the specification says, from nothing but
 * what arrived at a server: written apart from all code that signs.
 *
 * Threads:  safe.
 */

#include "common/net/server.h"

struct xcy_verifier_key {
    const char *access_key;
    const char *secret_key;
    const char *session_token; /* NULL: none may come */
};

/* "" when the signature is right, else what is wrong (cut to size). */
void xcy_verify_signature(const struct xcy_exchange *x, const struct xcy_verifier_key *key,
                          char *problem, size_t size);

#endif
