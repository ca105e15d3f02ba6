#ifndef XCY_AWS_STS_H
#define XCY_AWS_STS_H

/*
 * sts.h - the calls of AWS's security token service that end in a temporary key pair.
 *
 * Secrets:  the session token, the secret key and the web identity never stand in an error.
 * Threads:  as its xcy_aws.
 * Failure:  as xcy_aws_call.
 */

#include "common/aws/request.h"

/* Borrowed texts. NULL and 0: not said. */
struct xcy_sts_role {
    const char *arn;
    const char *session_name;
    const char *external_id;
    int64_t duration_s;
};

/* Signed with aws's credentials. Owned by the caller; release with xcy_credentials_clear. */
enum xcy_status xcy_sts_assume_role(const struct xcy_aws *aws, const struct xcy_sts_role *role,
                                    struct xcy_credentials *credentials,
                                    struct xcy_error *err) XCY_MUST_USE;

/* Unsigned: the token says who asks. aws needs no credentials. */
enum xcy_status xcy_sts_assume_role_with_web_identity(const struct xcy_aws *aws,
                                                      const struct xcy_sts_role *role,
                                                      struct xcy_bytes token,
                                                      struct xcy_credentials *credentials,
                                                      struct xcy_error *err) XCY_MUST_USE;

#endif
