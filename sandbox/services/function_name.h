#ifndef XCY_SANDBOX_SERVICES_FUNCTION_NAME_H
#define XCY_SANDBOX_SERVICES_FUNCTION_NAME_H

/*
 * function_name.h - the name of a function, as it stands in the path of a call.
 *
 * Threads:  safe.
 */

#include <stdbool.h>

/* The forms in which a function is named in a path: name, name:qualifier, account:function:name, or a
 * whole ARN (its region must be the call's), each maybe with a qualifier. */
struct xcy_function_name {
    char name[160];
    char region[32];     /* "" if not given */
    char qualifier[130]; /* "" if not given */
};
/* False if it is none of these. */
bool xcy_function_name_parse(const char *text, struct xcy_function_name *to);

#endif
