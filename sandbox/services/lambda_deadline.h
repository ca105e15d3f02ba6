#ifndef XCY_SANDBOX_SERVICES_LAMBDA_DEADLINE_H
#define XCY_SANDBOX_SERVICES_LAMBDA_DEADLINE_H

/*
 * lambda_deadline.h - ends an execution, and in the end its process, that passes the
 * function's timeout.
 *
 * Threads:  with the service's lock held.
 */

#include "sandbox/services/lambda_state.h"

/* For the try that was just handed to a process; without effect once that one is over. */
void xcy_lambda_deadline_set(struct xcy_execution *e);

#endif
