#include "sandbox/services/lambda_environment.h"

#include "common/base/mem.h"

#include <ctype.h>
#include <string.h>

enum { MAX_BYTES = 4096 };

/* Names that only Lambda itself may set, as its documentation lists them. */
static bool is_reserved(const char *name)
{
    static const char *const names[] = {"_HANDLER",
                                        "_X_AMZN_TRACE_ID",
                                        "AWS_ACCESS_KEY",
                                        "AWS_ACCESS_KEY_ID",
                                        "AWS_DEFAULT_REGION",
                                        "AWS_EXECUTION_ENV",
                                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                                        "AWS_LAMBDA_FUNCTION_NAME",
                                        "AWS_LAMBDA_FUNCTION_VERSION",
                                        "AWS_LAMBDA_INITIALIZATION_TYPE",
                                        "AWS_LAMBDA_LOG_GROUP_NAME",
                                        "AWS_LAMBDA_LOG_STREAM_NAME",
                                        "AWS_LAMBDA_RUNTIME_API",
                                        "AWS_REGION",
                                        "AWS_SECRET_ACCESS_KEY",
                                        "AWS_SECRET_KEY",
                                        "AWS_SESSION_TOKEN",
                                        "LAMBDA_RUNTIME_DIR",
                                        "LAMBDA_TASK_ROOT"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_variable_name(const char *name)
{
    if (!isalpha((unsigned char)name[0]) || name[1] == '\0') {
        return false;
    }
    for (const char *p = name; *p; p++) {
        if (!isalnum((unsigned char)*p) && *p != '_') {
            return false;
        }
    }
    return true;
}

char *xcy_lambda_environment_check(const struct xcy_json *variables)
{
    size_t n_bytes = 0;
    for (const struct xcy_json *v = xcy_json_first(variables); v; v = xcy_json_next(v)) {
        const char *name = xcy_json_name(v);
        const char *value = xcy_json_string(v);
        if (!name || !value || !is_variable_name(name)) {
            return xcy_format("Value at 'environment.variables' failed to satisfy constraint: "
                              "variable '%s' must match [a-zA-Z]([a-zA-Z0-9_])+ and be a string",
                              name ? name : "");
        }
        if (is_reserved(name)) {
            return xcy_format("Lambda was unable to configure your environment variables because "
                              "the environment variables you have provided contains reserved keys "
                              "that are currently not supported for modification. Reserved keys "
                              "used in this request: %s",
                              name);
        }
        n_bytes += strlen(name) + strlen(value);
    }
    if (n_bytes > MAX_BYTES) {
        return xcy_strdup("Lambda was unable to configure your environment variables because the "
                          "environment variables you have provided exceeded the 4KB limit.");
    }
    return NULL;
}
