#ifndef XCY_SANDBOX_SERVICES_LAMBDA_ASYNC_H
#define XCY_SANDBOX_SERVICES_LAMBDA_ASYNC_H

/*
 * lambda_async.h - events: accepted now, run as soon as the function's limit allows, tried
 * again when they fail.
 *
 * Threads:  with the service's lock held.
 */

#include "sandbox/services/lambda_state.h"

/* False when too many wait already. The payload is copied. */
bool xcy_lambda_event_accept(struct xcy_hosted_function *f, const char *id,
                             struct xcy_bytes payload);

/* A try came to its end: sees to the next one, or lets the event go. */
void xcy_lambda_event_ended(struct xcy_execution *e, enum xcy_execution_outcome outcome);

#endif
