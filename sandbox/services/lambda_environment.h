#ifndef XCY_SANDBOX_SERVICES_LAMBDA_ENVIRONMENT_H
#define XCY_SANDBOX_SERVICES_LAMBDA_ENVIRONMENT_H

/*
 * lambda_environment.h - which environment variables a function may be given.
 *
 * Threads:  safe.
 */

#include "common/data/json.h"

/* What is wrong with the variables, as Lambda words it (free with free()), or NULL. NULL is allowed:
 * there are none. */
char *xcy_lambda_environment_check(const struct xcy_json *variables);

#endif
