#ifndef XCY_SANDBOX_SERVICES_LAMBDA_DISPATCH_H
#define XCY_SANDBOX_SERVICES_LAMBDA_DISPATCH_H

/*
 * lambda_dispatch.h - carries out what a function's pool decides: starts processes, hands
 * executions over, ends what is over time, cleans up behind processes that ended.
 *
 * Threads:  with the service's lock held.
 */

#include "sandbox/services/lambda_state.h"

extern const struct xcy_pool_actions xcy_lambda_pool_actions; /* ctx: the function */

/* False: the concurrency limit is reached; nothing was done. */
bool xcy_lambda_dispatch(struct xcy_execution *e);

/* The process answered: the execution leaves its hands. Finish it afterwards. */
void xcy_lambda_take_back(struct xcy_execution *e);

/* The process asks for work on this exchange; it is answered now or parked. */
void xcy_lambda_ask(struct xcy_instance *instance, struct xcy_exchange *exchange);

/* Answers everything that waits or is in hand with "stopped" and ends all processes. */
void xcy_lambda_stop_function(struct xcy_hosted_function *f);

#endif
