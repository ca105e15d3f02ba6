#include "common/aws/sts.h"

#include "common/aws/key_reply.h"
#include "common/aws/server_clock.h"
#include "common/net/url.h"

#include <inttypes.h>
#include <stdio.h>

enum { MAX_FORM_BYTES = 64 * 1024 };

static const char form_type[] = "application/x-www-form-urlencoded; charset=utf-8";

static void add_field(struct xcy_buf *form, const char *name, struct xcy_bytes value)
{
    if (value.len > 0) {
        xcy_buf_addf(form, "&%s=", name);
        xcy_url_encode(form, value);
    }
}

static void write_form(struct xcy_buf *form, const char *action, const struct xcy_sts_role *role,
                       struct xcy_bytes token)
{
    char duration[24] = "";
    if (role->duration_s > 0) {
        snprintf(duration, sizeof duration, "%" PRId64, role->duration_s);
    }
    xcy_buf_addf(form, "Action=%s&Version=2011-06-15", action);
    add_field(form, "RoleArn", xcy_bytes_of(role->arn));
    add_field(form, "RoleSessionName", xcy_bytes_of(role->session_name));
    add_field(form, "ExternalId", xcy_bytes_of(role->external_id));
    add_field(form, "DurationSeconds", xcy_bytes_of(duration));
    add_field(form, "WebIdentityToken", token);
}

/* The keys end by the service's clock; the instant is told by ours. */
static enum xcy_status read_keys(const struct xcy_http_reply *reply, const char *what,
                                 struct xcy_credentials *credentials, struct xcy_error *err)
{
    enum xcy_status status =
        xcy_key_reply_parse(XCY_KEYS_OF_STS, xcy_buf_bytes(&reply->body), credentials, err);
    if (status != XCY_OK) {
        return xcy_error_context(err, "%s", what);
    }
    xcy_server_clock_adjust(reply, &credentials->expires);
    return XCY_OK;
}

/* token: of a call that is unsigned; ptr NULL: it is signed. */
static enum xcy_status call(const struct xcy_aws *aws, const char *action,
                            const struct xcy_sts_role *role, struct xcy_bytes token,
                            struct xcy_credentials *credentials, struct xcy_error *err)
{
    char what[64];
    struct xcy_buf form;
    struct xcy_aws_request r;
    struct xcy_http_reply reply = {0};
    snprintf(what, sizeof what, "STS %s", action);
    xcy_buf_init(&form, MAX_FORM_BYTES);
    write_form(&form, action, role, token);
    xcy_aws_request_init(&r, aws, "sts", "POST", NULL);
    xcy_aws_request_set_body(&r, form_type, xcy_buf_bytes(&form));
    r.is_unsigned = token.ptr != NULL;
    enum xcy_status status = xcy_buf_check(&form, what, err);
    if (status == XCY_OK) {
        status = xcy_aws_request_finish(&r, err);
    }
    if (status == XCY_OK) {
        status = xcy_aws_call(aws, &r, what, &reply, err);
    }
    if (status == XCY_OK) {
        status = read_keys(&reply, what, credentials, err);
        xcy_http_reply_clear(&reply);
    }
    xcy_aws_request_clear(&r);
    xcy_buf_clear_secret(&form);
    return status;
}

enum xcy_status xcy_sts_assume_role(const struct xcy_aws *aws, const struct xcy_sts_role *role,
                                    struct xcy_credentials *credentials, struct xcy_error *err)
{
    return call(aws, "AssumeRole", role, xcy_bytes(NULL, 0), credentials, err);
}

enum xcy_status xcy_sts_assume_role_with_web_identity(const struct xcy_aws *aws,
                                                      const struct xcy_sts_role *role,
                                                      struct xcy_bytes token,
                                                      struct xcy_credentials *credentials,
                                                      struct xcy_error *err)
{
    return call(aws, "AssumeRoleWithWebIdentity", role, token, credentials, err);
}
