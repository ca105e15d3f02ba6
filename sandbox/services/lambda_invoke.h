#ifndef XCY_SANDBOX_SERVICES_LAMBDA_INVOKE_H
#define XCY_SANDBOX_SERVICES_LAMBDA_INVOKE_H

/*
 * lambda_invoke.h - the Invoke call.
 *
 * Threads:  check is safe and needs no lock; call, with the service's lock held.
 */

#include "sandbox/services/lambda_state.h"

/* Type, size and form of what is handed over; false: the call was refused. */
bool xcy_lambda_invoke_check(struct xcy_call *call);
/* Carries out a call that was checked. */
void xcy_lambda_invoke_call(struct xcy_hosted_function *f, struct xcy_call *call);

#endif
