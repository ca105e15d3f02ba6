/* web_identity.c - the role for which AWS_WEB_IDENTITY_TOKEN_FILE holds a token, as in EKS. */

#include "common/aws/providers/provider.h"
#include "common/aws/variable.h"

static enum xcy_status find(struct xcy_provider_call *call, struct xcy_credentials *found,
                            struct xcy_error *err)
{
    const char *path = xcy_variable("AWS_WEB_IDENTITY_TOKEN_FILE");
    const char *arn = xcy_variable("AWS_ROLE_ARN");
    if (!path) {
        return xcy_provider_pass(call, "AWS_WEB_IDENTITY_TOKEN_FILE");
    }
    if (!arn) {
        return xcy_fail(err, XCY_EAUTH,
                        "AWS_WEB_IDENTITY_TOKEN_FILE is set but AWS_ROLE_ARN is not");
    }
    struct xcy_role_wish wish = {
        .arn = arn,
        .session_name = xcy_variable("AWS_ROLE_SESSION_NAME"),
        .region = xcy_profiles_get(&call->profiles, xcy_profile_name(NULL), "region")};
    xcy_provider_name_origin(call, "AWS_WEB_IDENTITY_TOKEN_FILE (%s)", arn);
    return xcy_role_assume_by_token(call, &wish, path, found, err);
}

const struct xcy_provider xcy_provider_web_identity = {.name = "web-identity", .find = find};
