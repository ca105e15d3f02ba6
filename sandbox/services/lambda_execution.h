#ifndef XCY_SANDBOX_SERVICES_LAMBDA_EXECUTION_H
#define XCY_SANDBOX_SERVICES_LAMBDA_EXECUTION_H

/*
 * lambda_execution.h - an invocation from its acceptance to its answer.
 *
 * Threads:  with the service's lock held.
 */

#include "sandbox/services/lambda_state.h"

/* A synchronous one; the call is taken and will be answered by xcy_execution_finish. */
struct xcy_execution *xcy_execution_new_sync(struct xcy_hosted_function *f, struct xcy_call *call);
/* An event; the payload is copied. */
struct xcy_execution *xcy_execution_new_event(struct xcy_hosted_function *f, const char *id,
                                              struct xcy_bytes payload);

/* A source's; the payload is copied. */
struct xcy_execution *xcy_execution_new_source(struct xcy_hosted_function *f, const char *id,
                                               struct xcy_bytes payload, xcy_lambda_ended_fn *ended,
                                               void *ctx);

struct xcy_execution *xcy_execution_of(struct xcy_pool_work *work);

/* References: the one made by new is given back by finish. */
void xcy_execution_ref(struct xcy_execution *e);
void xcy_execution_unref(struct xcy_execution *e);

/* Counts the end and answers the caller; an event that failed is tried again. body (borrowed): the
 * function's answer, or the error {"errorMessage", "errorType"}. */
void xcy_execution_finish(struct xcy_execution *e, enum xcy_execution_outcome outcome,
                          struct xcy_bytes body);
/* The same for errors found here. fmt: what follows "RequestId: <id> Error: ". */
void xcy_execution_fail(struct xcy_execution *e, enum xcy_execution_outcome outcome,
                        const char *type, const char *fmt, ...) XCY_PRINTF(4, 5);

/* An "invoke" line of the truth log. */
void xcy_lambda_log_invoke(const struct xcy_hosted_function *f, const char *kind, const char *id,
                           struct xcy_wall at, int status, const char *function_error);

#endif
