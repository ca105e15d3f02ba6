/* environment.c - AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. */

#include "common/aws/providers/provider.h"
#include "common/aws/variable.h"
#include "common/base/mem.h"

/* Keys of AWS stand there by right, but not for a sandbox; and a token belongs to the pair beside it
 * only if a sandbox's STS made that. */
static enum xcy_status find_for_sandbox(struct xcy_provider_call *call,
                                        struct xcy_credentials *found)
{
    const char *access_key = xcy_variable("AWS_ACCESS_KEY_ID");
    const char *secret_key = xcy_variable("AWS_SECRET_ACCESS_KEY");
    if (!access_key || !secret_key ||
        strncmp(access_key, XCY_SANDBOX_KEY, strlen(XCY_SANDBOX_KEY)) != 0) {
        return xcy_provider_pass(call, "a sandbox's AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY "
                                       "in the environment");
    }
    bool has_token = strncmp(access_key, XCY_SANDBOX_TEMP, strlen(XCY_SANDBOX_TEMP)) == 0;
    const char *token = has_token ? xcy_variable("AWS_SESSION_TOKEN") : NULL;
    *found = (struct xcy_credentials){.access_key = xcy_strdup(access_key),
                                      .secret_key = xcy_strdup(secret_key),
                                      .session_token = xcy_strdup(token)};
    return XCY_OK;
}

static enum xcy_status find(struct xcy_provider_call *call, struct xcy_credentials *found,
                            struct xcy_error *err)
{
    const char *access_key = xcy_variable("AWS_ACCESS_KEY_ID");
    const char *secret_key = xcy_variable("AWS_SECRET_ACCESS_KEY");
    xcy_provider_name_origin(call, "the environment");
    if (call->is_sandbox) {
        return find_for_sandbox(call, found);
    }
    if (!access_key && !secret_key) {
        return xcy_provider_pass(call,
                                 "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment");
    }
    if (!access_key || !secret_key) {
        return xcy_fail(err, XCY_EAUTH, "%s is set but %s is not",
                        access_key ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY",
                        access_key ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID");
    }
    *found =
        (struct xcy_credentials){.access_key = xcy_strdup(access_key),
                                 .secret_key = xcy_strdup(secret_key),
                                 .session_token = xcy_strdup(xcy_variable("AWS_SESSION_TOKEN"))};
    return XCY_OK;
}

const struct xcy_provider xcy_provider_environment = {.name = "environment", .find = find};
