#ifndef XCY_TESTS_UNIT_AWS_CANNED_H
#define XCY_TESTS_UNIT_AWS_CANNED_H

/*
 * canned.h - a service whose answers are written in the test, and an xcy_aws that calls it.
 *
 * Threads:  the test's.
 */

#include "common/aws/request.h"
#include "tests/support/raw_server.h"

struct xcy_canned {
    struct xcy_raw_server *server;
    struct xcy_raw_step step;
    char *answer;
    char endpoint[64];
    struct xcy_credentials credentials;
    struct xcy_aws aws;
    struct xcy_error err;
};

/* Every request gets this status, these header lines ("" or "A: b\r\n") and this body. */
void xcy_canned_open(struct xcy_canned *c, int status, const char *headers, const char *body);
void xcy_canned_close(struct xcy_canned *c);

/* The first request's body as JSON; owned by the caller. */
struct xcy_json *xcy_canned_input(struct xcy_canned *c);
/* Whether the first request, head and body, has this text. */
bool xcy_canned_saw(struct xcy_canned *c, const char *text);

#endif
