/* instance.c - the metadata service of an EC2 instance, version 2. Asked last, and soon given up: where
 * there is none, nobody answers at its address. */

#include "common/aws/key_reply.h"
#include "common/aws/providers/provider.h"
#include "common/aws/server_clock.h"
#include "common/aws/variable.h"
#include "common/base/mem.h"
#include "common/data/number.h"

#include <stdlib.h>
#include <strings.h>

#define TOKEN_PATH "/latest/api/token"
#define ROLES_PATH "/latest/meta-data/iam/security-credentials/"
#define TOKEN_TTL  "21600"

enum { MAX_TOKEN_BYTES = 1024, MAX_ROLE_BYTES = 256, MAX_TIMEOUT_S = 60, MAX_ATTEMPTS = 10 };

struct service {
    struct xcy_provider_call *call;
    char *base; /* "http://169.254.169.254" */
    int64_t timeout_ns;
    char token[MAX_TOKEN_BYTES];
    char role[MAX_ROLE_BYTES];
};

static int64_t number_of(const char *variable, int64_t otherwise, int64_t most)
{
    int64_t n = 0;
    const char *text = xcy_variable(variable);
    bool is_told = text && xcy_int64_parse(xcy_bytes_of(text), &n) && n >= 1;
    if (!is_told) {
        return otherwise;
    }
    return n < most ? n : most;
}

static const char *setting(const struct xcy_provider_call *call, const char *variable,
                           const char *key)
{
    const char *told = xcy_variable(variable);
    return told ? told : xcy_profiles_get(&call->profiles, xcy_profile_name(NULL), key);
}

/* Without a '/' at the end. */
static char *base_of(const struct xcy_provider_call *call)
{
    const char *told =
        setting(call, "AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint");
    const char *mode = setting(call, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                               "ec2_metadata_service_endpoint_mode");
    bool is_v6 = mode && strcasecmp(mode, "IPv6") == 0;
    char *base = told ? xcy_strdup(told)
                      : xcy_strdup(is_v6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254");
    size_t len = strlen(base);
    if (len > 0 && base[len - 1] == '/') {
        base[len - 1] = '\0';
    }
    return base;
}

/* A reply of 200 is OK; of 404 XCY_ENOTFOUND. */
static enum xcy_status get(const struct service *s, const char *method, const char *path,
                           struct xcy_http_reply *reply, struct xcy_error *err)
{
    char *url = xcy_format("%s%s", s->base, path);
    bool is_put = strcmp(method, "PUT") == 0;
    struct xcy_http_request request = {.method = method, .url = url};
    request.headers[request.n_headers++] =
        is_put ? (struct xcy_http_header){"X-aws-ec2-metadata-token-ttl-seconds", TOKEN_TTL}
               : (struct xcy_http_header){"X-aws-ec2-metadata-token", s->token};
    enum xcy_status status = xcy_provider_ask(s->call, &request, s->timeout_ns, reply, err);
    if (status == XCY_OK && reply->status != 200) {
        status = xcy_fail(err, reply->status == 404 ? XCY_ENOTFOUND : XCY_EAUTH, "%s: HTTP %d",
                          path, reply->status);
        xcy_http_reply_clear(reply);
    }
    free(url);
    return status;
}

/* The first line; false: it is empty, too long or not a name. */
static bool copy_line(const struct xcy_http_reply *reply, char *to, size_t size)
{
    size_t len = strcspn(reply->body.ptr, "\r\n");
    if (len == 0 || len >= size) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (reply->body.ptr[i] <= ' ' || reply->body.ptr[i] > '~') {
            return false;
        }
    }
    memcpy(to, reply->body.ptr, len);
    to[len] = '\0';
    return true;
}

static enum xcy_status ask_line(const struct service *s, const char *method, const char *path,
                                char *to, size_t size, struct xcy_error *err)
{
    struct xcy_http_reply reply = {0};
    enum xcy_status status = get(s, method, path, &reply, err);
    if (status != XCY_OK) {
        return status;
    }
    bool is_copied = copy_line(&reply, to, size);
    xcy_http_reply_clear(&reply);
    return is_copied ? XCY_OK : xcy_fail(err, XCY_EAUTH, "%s: no word came", path);
}

static enum xcy_status ask_keys(const struct service *s, struct xcy_credentials *found,
                                struct xcy_error *err)
{
    struct xcy_http_reply reply = {0};
    char *path = xcy_format(ROLES_PATH "%s", s->role);
    enum xcy_status status = get(s, "GET", path, &reply, err);
    if (status == XCY_OK) {
        status = xcy_key_reply_parse(XCY_KEYS_OF_INSTANCE, xcy_buf_bytes(&reply.body), found, err);
        if (status == XCY_OK) {
            xcy_server_clock_adjust(&reply, &found->expires);
        } else {
            xcy_error_context(err, "%s", path);
        }
        xcy_http_reply_clear(&reply);
    }
    free(path);
    return status;
}

/* Whether there is a service at all, and it lets itself be asked. */
static enum xcy_status ask_token(struct service *s, struct xcy_error *err)
{
    int64_t attempts = number_of("AWS_METADATA_SERVICE_NUM_ATTEMPTS", 1, MAX_ATTEMPTS);
    enum xcy_status status = XCY_ENET;
    for (int64_t i = 0; i < attempts && status == XCY_ENET; i++) {
        status = ask_line(s, "PUT", TOKEN_PATH, s->token, sizeof s->token, err);
    }
    if (status == XCY_OK || status == XCY_ESTOPPED || status == XCY_EUSAGE) {
        return status;
    }
    return xcy_provider_pass(s->call, "instance metadata at %s (%.150s)", s->base, err->text);
}

static enum xcy_status ask(struct service *s, struct xcy_credentials *found, struct xcy_error *err)
{
    enum xcy_status status = ask_token(s, err);
    if (status != XCY_OK) {
        return status;
    }
    status = ask_line(s, "GET", ROLES_PATH, s->role, sizeof s->role, err);
    if (status == XCY_ENOTFOUND) {
        return xcy_provider_pass(s->call, "instance metadata at %s (the instance has no role)",
                                 s->base);
    }
    if (status == XCY_OK) {
        xcy_provider_name_origin(s->call, "instance metadata (role %s)", s->role);
        status = ask_keys(s, found, err);
    }
    if (status == XCY_OK) {
        return XCY_OK;
    }
    err->status = status == XCY_ESTOPPED ? status : XCY_EAUTH;
    return xcy_error_context(err, "instance metadata at %s", s->base);
}

static enum xcy_status find(struct xcy_provider_call *call, struct xcy_credentials *found,
                            struct xcy_error *err)
{
    if (xcy_variable_is_true("AWS_EC2_METADATA_DISABLED")) {
        return xcy_provider_pass(call, "no instance metadata (AWS_EC2_METADATA_DISABLED)");
    }
    struct service s = {.call = call,
                        .base = base_of(call),
                        .timeout_ns = XCY_NS_PER_S *
                                      number_of("AWS_METADATA_SERVICE_TIMEOUT", 1, MAX_TIMEOUT_S)};
    enum xcy_status status = ask(&s, found, err);
    explicit_bzero(s.token, sizeof s.token);
    free(s.base);
    return status;
}

const struct xcy_provider xcy_provider_instance = {.name = "instance-metadata", .find = find};
