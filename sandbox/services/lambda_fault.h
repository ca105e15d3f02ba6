#ifndef XCY_SANDBOX_SERVICES_LAMBDA_FAULT_H
#define XCY_SANDBOX_SERVICES_LAMBDA_FAULT_H

/*
 * lambda_fault.h - faults of invocations: each execution that is struck is a line of the truth
 * log, and counted under the same name.
 *
 * Crashes strike as an invocation is handed out, in turn: the process is killed 1 ms later, 8 ms later,
 * or as it answers, when its work is done and nobody learns of it. What else it had in hand is hit as
 * well, and is counted too. The other faults strike when an answer comes (or, of deliveries, an event).
 *
 * Threads:  with the service's lock held.
 */

#include "sandbox/services/lambda_state.h"

/* A try of it was just handed to a process. */
void xcy_lambda_fault_given(struct xcy_execution *e);
/* Its process answered. True: the exchange is taken, and nothing may come of the answer. */
bool xcy_lambda_fault_answered(struct xcy_execution *e, struct xcy_exchange *exchange);
/* What the caller gets for this answer: itself, or garbage, which stays valid. */
struct xcy_bytes xcy_lambda_fault_body(struct xcy_execution *e, struct xcy_bytes body);
/* Its time is over. True: it was to crash, and its process is killed now. */
bool xcy_lambda_fault_late(struct xcy_execution *e);
/* It was in hand of this process, which is gone. */
void xcy_lambda_fault_lost(struct xcy_execution *e, const struct xcy_instance *instance);
/* It is to be delivered once more. */
bool xcy_lambda_fault_twice(struct xcy_execution *e);

#endif
