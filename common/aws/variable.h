#ifndef XCY_AWS_VARIABLE_H
#define XCY_AWS_VARIABLE_H

/* variable.h - environment variables as AWS's tools read them. Private to common/aws. Threads: safe as
 * long as nothing sets one. */

#include <stdbool.h>
#include <stdlib.h>
#include <strings.h>

/* The variable's text, NULL also when it is empty. */
static inline const char *xcy_variable(const char *name)
{
    const char *value = getenv(name); /* NOLINT(concurrency-mt-unsafe): nothing sets variables */
    return value && *value ? value : NULL;
}

static inline bool xcy_variable_is_true(const char *name)
{
    const char *value = xcy_variable(name);
    return value && strcasecmp(value, "true") == 0;
}

#endif
