#ifndef XCY_SANDBOX_SERVICES_LAMBDA_INVOKE_H
#define XCY_SANDBOX_SERVICES_LAMBDA_INVOKE_H

/* lambda_invoke.h - the Invoke call. Threads: with the service's lock held. */

#include "sandbox/services/lambda_state.h"

void xcy_lambda_invoke_call(struct xcy_hosted_function *f, struct xcy_call *call);

#endif
