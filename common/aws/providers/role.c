/* role.c - keys of a role, from STS. */

#include "common/aws/providers/provider.h"
#include "common/aws/retry.h"
#include "common/aws/sts.h"
#include "common/aws/variable.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/data/number.h"
#include "common/net/configured.h"

#include <inttypes.h>
#include <stdlib.h>

enum { MAX_TOKEN_BYTES = 32 * 1024, STS_CONNECT_S = 5, STS_TOTAL_S = 15 };

/* The STS of the same kind as the services that the keys are for: a sandbox asks itself, and AWS's keys
 * are asked for elsewhere. */
static enum xcy_status find_sts(const struct xcy_provider_call *call, struct xcy_aws *aws,
                                struct xcy_error *err)
{
    const char *endpoint = call->is_sandbox ? call->endpoint : xcy_configured_endpoint(NULL);
    if (!call->is_sandbox && xcy_endpoint_is_loopback(endpoint)) {
        return xcy_fail(
            err, XCY_EUSAGE,
            "AWS_ENDPOINT_URL leads to this machine: a sandbox's STS is never asked for "
            "keys of AWS");
    }
    int attempts = 1; /* a refresh comes again by itself */
    enum xcy_status status = call->refresh ? XCY_OK : xcy_retry_attempts_few(&attempts, err);
    *aws = (struct xcy_aws){.http = call->http,
                            .endpoint = endpoint,
                            .connect_timeout_ns = STS_CONNECT_S * XCY_NS_PER_S,
                            .total_timeout_ns = STS_TOTAL_S * XCY_NS_PER_S,
                            .stoppable = true,
                            .attempts = attempts};
    return status;
}

static const char *region_of(const struct xcy_role_wish *wish)
{
    const char *region = xcy_variable("AWS_REGION");
    region = region ? region : xcy_variable("AWS_DEFAULT_REGION");
    region = region ? region : wish->region;
    return region ? region : "us-east-1";
}

static enum xcy_status fill(const struct xcy_role_wish *wish, const char *session_name,
                            struct xcy_sts_role *role, struct xcy_error *err)
{
    *role = (struct xcy_sts_role){
        .arn = wish->arn, .session_name = session_name, .external_id = wish->external_id};
    if (wish->duration && (!xcy_int64_parse(xcy_bytes_of(wish->duration), &role->duration_s) ||
                           role->duration_s < 1)) {
        return xcy_fail(err, XCY_EUSAGE, "duration_seconds = %.40s is not a number of seconds",
                        wish->duration);
    }
    return XCY_OK;
}

static char *session_name_of(const struct xcy_role_wish *wish)
{
    return wish->session_name
               ? xcy_strdup(wish->session_name)
               : xcy_format("xcybench-%" PRId64, xcy_wall_us(xcy_wall_now()) / 1000000);
}

enum xcy_status xcy_role_assume(struct xcy_provider_call *call, const struct xcy_role_wish *wish,
                                const struct xcy_credentials *base, struct xcy_credentials *found,
                                struct xcy_error *err)
{
    struct xcy_aws aws;
    struct xcy_sts_role role;
    enum xcy_status status = find_sts(call, &aws, err);
    if (status == XCY_OK && call->is_sandbox && !xcy_credentials_are_sandbox(base)) {
        return xcy_fail(err, XCY_EAUTH,
                        "%s: the access key behind it is not a sandbox's, and no other key ever "
                        "goes to %s",
                        call->origin, call->endpoint);
    }
    char *session_name = session_name_of(wish);
    if (status == XCY_OK) {
        status = fill(wish, session_name, &role, err);
    }
    if (status == XCY_OK) {
        aws.region = region_of(wish);
        aws.credentials = base;
        status = xcy_sts_assume_role(&aws, &role, found, err);
    }
    free(session_name);
    return status == XCY_OK ? XCY_OK : xcy_error_context(err, "%s", call->origin);
}

/* Without the line's end that editors leave. */
static enum xcy_status read_token(const struct xcy_provider_call *call, const char *path,
                                  struct xcy_buf *token, struct xcy_error *err)
{
    enum xcy_status status = xcy_file_read(path, token, err);
    while (token->len > 0 && strchr(" \t\r\n", token->ptr[token->len - 1])) {
        token->ptr[--token->len] = '\0';
    }
    if (status == XCY_OK && token->len == 0) {
        status = xcy_fail(err, XCY_EAUTH, "%s is empty: it should hold a token", path);
    } else if (status == XCY_OK && call->is_sandbox &&
               strncmp(token->ptr, XCY_SANDBOX_TOKEN, strlen(XCY_SANDBOX_TOKEN)) != 0) {
        status = xcy_fail(err, XCY_EAUTH,
                          "the token in %s is not a sandbox's, and no other ever goes to %s", path,
                          call->endpoint);
    } else if (status != XCY_OK) {
        err->status = status == XCY_ENOTFOUND ? XCY_EAUTH : status;
        status = err->status;
    }
    return status;
}

enum xcy_status xcy_role_assume_by_token(struct xcy_provider_call *call,
                                         const struct xcy_role_wish *wish, const char *token_path,
                                         struct xcy_credentials *found, struct xcy_error *err)
{
    struct xcy_aws aws;
    struct xcy_sts_role role;
    struct xcy_buf token;
    xcy_buf_init(&token, MAX_TOKEN_BYTES);
    char *session_name = session_name_of(wish);
    enum xcy_status status = find_sts(call, &aws, err);
    if (status == XCY_OK) {
        status = fill(wish, session_name, &role, err);
    }
    if (status == XCY_OK) {
        status = read_token(call, token_path, &token, err);
    }
    if (status == XCY_OK) {
        aws.region = region_of(wish);
        status =
            xcy_sts_assume_role_with_web_identity(&aws, &role, xcy_buf_bytes(&token), found, err);
    }
    free(session_name);
    xcy_buf_clear_secret(&token);
    return status == XCY_OK ? XCY_OK : xcy_error_context(err, "%s", call->origin);
}
