#ifndef XCY_AWS_LAMBDA_H
#define XCY_AWS_LAMBDA_H

/*
 * lambda.h - Lambda's Invoke, GetFunction and UpdateFunctionConfiguration.
 *
 * Threads:  as the xcy_aws given.
 */

#include "common/aws/request.h"

enum xcy_invocation_type { XCY_INVOKE_SYNC, XCY_INVOKE_EVENT, XCY_INVOKE_DRY_RUN };

/* Builds (init to finish) an Invoke, for callers that run it themselves. Clear when done. */
enum xcy_status xcy_lambda_invoke_build(const struct xcy_aws *aws, const char *function,
                                        enum xcy_invocation_type type, struct xcy_bytes payload,
                                        struct xcy_aws_request *r,
                                        struct xcy_error *err) XCY_MUST_USE;

/* A synchronous Invoke, waited for. A function error is XCY_EREMOTE with its errorMessage. The
 * answer's bytes are appended to payload_out. */
enum xcy_status xcy_lambda_invoke(const struct xcy_aws *aws, const char *function,
                                  struct xcy_bytes payload, struct xcy_buf *payload_out,
                                  struct xcy_error *err) XCY_MUST_USE;

struct xcy_lambda_function {
    char arn[256];
    char state[32];              /* "Active", "Pending", … */
    char last_update_status[32]; /* "Successful", "InProgress", "Failed" */
    char revision[64];
    int64_t timeout_s;
    struct xcy_json *environment; /* object of strings; owned, may be NULL */
};
void xcy_lambda_function_clear(struct xcy_lambda_function *f);

enum xcy_status xcy_lambda_get_function(const struct xcy_aws *aws, const char *function,
                                        struct xcy_lambda_function *f,
                                        struct xcy_error *err) XCY_MUST_USE;

/* Replaces the environment (an object of strings, borrowed). */
enum xcy_status xcy_lambda_update_environment(const struct xcy_aws *aws, const char *function,
                                              const struct xcy_json *environment,
                                              struct xcy_error *err) XCY_MUST_USE;

#endif
