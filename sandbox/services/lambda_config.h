#ifndef XCY_SANDBOX_SERVICES_LAMBDA_CONFIG_H
#define XCY_SANDBOX_SERVICES_LAMBDA_CONFIG_H

/*
 * lambda_config.h - which functions there are, and their configuration: by which names
 * they are found, how they are shown, how they are changed.
 *
 * Threads:  with the service's lock held, but for xcy_function_name_parse.
 */

#include "sandbox/services/lambda_state.h"

struct xcy_hosted_function *
xcy_hosted_function_new(struct xcy_lambda_service *s,
                        const struct xcy_lambda_function_options *options);
void xcy_hosted_function_free(struct xcy_hosted_function *f);
/* Or NULL. */
struct xcy_hosted_function *xcy_hosted_function_find(struct xcy_lambda_service *s,
                                                     const char *region, const char *name);

/* The forms in which a function is named in a path: name, name:qualifier, account:function:name, or a
 * whole ARN (its region must be the call's), each maybe with a qualifier. */
struct xcy_function_name {
    char name[160];
    char region[32];     /* "" if not given */
    char qualifier[130]; /* "" if not given */
};
/* False if it is none of these. */
bool xcy_function_name_parse(const char *text, struct xcy_function_name *to);

/* Owned by the caller. */
struct xcy_json *xcy_hosted_function_configuration(const struct xcy_hosted_function *f);

/* Answers. */
void xcy_lambda_get_function_call(struct xcy_hosted_function *f, struct xcy_call *call);
void xcy_lambda_get_configuration_call(struct xcy_hosted_function *f, struct xcy_call *call);
void xcy_lambda_update_configuration_call(struct xcy_hosted_function *f, struct xcy_call *call);
void xcy_lambda_list_functions_call(struct xcy_lambda_service *s, struct xcy_call *call);

#endif
