#ifndef XCY_SANDBOX_SERVICES_STS_H
#define XCY_SANDBOX_SERVICES_STS_H

/*
 * sts.h - temporary keys: AssumeRole, AssumeRoleWithWebIdentity (which comes unsigned) and
 * GetCallerIdentity.
 *
 * Every role of the right form may be assumed by whoever has keys of this sandbox, or its web identity.
 * Unlike AWS's, keys may live for a second only: DurationSeconds is 1..43200, 3600 if not said.
 *
 * Threads:  safe; it keeps nothing.
 */

#include "common/aws/credentials.h"
#include "sandbox/front/call.h"
#include "sandbox/regions/truth.h"

struct xcy_sts_service;

struct xcy_sts_service_options {
    const struct xcy_credentials *credentials; /* the sandbox's own; borrowed */
    const char *account;                       /* 12 digits; copied */
    struct xcy_truth *truth;                   /* borrowed; a line for each pair */
};

struct xcy_sts_service *xcy_sts_service_new(const struct xcy_sts_service_options *options);
void xcy_sts_service_free(struct xcy_sts_service *s); /* NULL is allowed */

void xcy_sts_service_handle(void *service, struct xcy_call *call); /* a xcy_service_fn */

#endif
