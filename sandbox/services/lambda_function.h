#ifndef XCY_SANDBOX_SERVICES_LAMBDA_FUNCTION_H
#define XCY_SANDBOX_SERVICES_LAMBDA_FUNCTION_H

/*
 * lambda_function.h - a hosted function: its making, its end, how it is found and shown.
 *
 * Threads:  with the service's lock held.
 */

#include "sandbox/services/lambda_state.h"

struct xcy_hosted_function *
xcy_hosted_function_new(struct xcy_lambda_service *s,
                        const struct xcy_lambda_function_options *options);
void xcy_hosted_function_free(struct xcy_hosted_function *f);
/* Or NULL. */
struct xcy_hosted_function *xcy_hosted_function_find(struct xcy_lambda_service *s,
                                                     const char *region, const char *name);

/* An update was taken over a moment ago: until then it is InProgress. */
bool xcy_hosted_function_is_updating(const struct xcy_hosted_function *f);

/* As GetFunctionConfiguration words it; owned by the caller. */
struct xcy_json *xcy_hosted_function_configuration(const struct xcy_hosted_function *f);

#endif
