#ifndef XCY_AWS_CHAIN_H
#define XCY_AWS_CHAIN_H

/*
 * chain.h - the places where credentials are looked for, one after another. Private to common/aws.
 *
 * For an endpoint on this machine: the environment, if the access key there is a sandbox's, then the
 * sandbox's own key file; with XCY_SANDBOX_CREDENTIALS=chain the chain of AWS instead, and nothing but a
 * sandbox's keys may come out of it. For any other: the chain of AWS.
 *
 * Threads:  safe as long as nothing sets environment variables.
 * Failure:  XCY_EAUTH names every place; a place that is there but wrong ends the search.
 */

#include "common/aws/credentials.h"

struct xcy_provider;

struct xcy_found {
    struct xcy_credentials credentials;
    const struct xcy_provider *provider;
    char origin[256]; /* "profile dev (role arn:...)" */
};

/* Who is asked again, and no other. */
struct xcy_refresh {
    const struct xcy_provider *provider;
    int abandoned_fd; /* readable: nobody waits for the keys any more */
};

/* refresh NULL: all are asked. */
enum xcy_status xcy_chain_find(const char *endpoint, const struct xcy_refresh *refresh,
                               struct xcy_found *found, struct xcy_error *err) XCY_MUST_USE;

#endif
