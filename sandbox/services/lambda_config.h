#ifndef XCY_SANDBOX_SERVICES_LAMBDA_CONFIG_H
#define XCY_SANDBOX_SERVICES_LAMBDA_CONFIG_H

/*
 * lambda_config.h - the calls that show and change a function's configuration.
 *
 * Threads:  with the service's lock held.
 */

#include "sandbox/services/lambda_state.h"

/* Answers. */
void xcy_lambda_get_function_call(struct xcy_hosted_function *f, struct xcy_call *call);
void xcy_lambda_get_configuration_call(struct xcy_hosted_function *f, struct xcy_call *call);
void xcy_lambda_update_configuration_call(struct xcy_hosted_function *f, struct xcy_call *call);
void xcy_lambda_list_functions_call(struct xcy_lambda_service *s, struct xcy_call *call);

#endif
