/* container.c - the endpoint that ECS and EKS tell a container of. */

#include "common/aws/key_reply.h"
#include "common/aws/providers/provider.h"
#include "common/aws/server_clock.h"
#include "common/aws/variable.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/net/place.h"

#include <stdlib.h>

#define ECS_HOST "http://169.254.170.2"

static const int64_t timeout_ns = 2 * XCY_NS_PER_S;

enum { MAX_TOKEN_BYTES = 16 * 1024, ATTEMPTS = 3 };

/* Who may be told the token in the clear, beside this machine: the agents of ECS and EKS. */
static const char *const hosts[] = {"169.254.170.2", "169.254.170.23", "fd00:ec2::23"};

static enum xcy_status check_url(const char *url, struct xcy_error *err)
{
    struct xcy_place place;
    if (!xcy_place_of(url, &place)) {
        return xcy_fail(err, XCY_EUSAGE,
                        "AWS_CONTAINER_CREDENTIALS_FULL_URI is not an http:// or https:// address");
    }
    bool is_allowed = place.is_this_machine || strncmp(url, "https:", 6) == 0;
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        is_allowed = is_allowed || strcmp(place.host, hosts[i]) == 0;
    }
    return is_allowed ? XCY_OK
                      : xcy_fail(err, XCY_EUSAGE,
                                 "AWS_CONTAINER_CREDENTIALS_FULL_URI leads to %s in the clear: "
                                 "that may be this machine, 169.254.170.2, 169.254.170.23 or "
                                 "fd00:ec2::23; others need https",
                                 place.host);
}

/* The text for the Authorization header; empty: none. */
static enum xcy_status read_token(struct xcy_buf *token, struct xcy_error *err)
{
    const char *path = xcy_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    const char *text = xcy_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    if (!path) {
        xcy_buf_add_text(token, text ? text : "");
    } else if (xcy_file_read(path, token, err) != XCY_OK) {
        err->status = XCY_EAUTH;
        return xcy_error_context(err, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    }
    while (token->len > 0 && strchr(" \t\r\n", token->ptr[token->len - 1])) {
        token->ptr[--token->len] = '\0';
    }
    if (strpbrk(token->ptr, "\r\n")) {
        return xcy_fail(err, XCY_EUSAGE,
                        "the container's authorization token has more than one line");
    }
    return xcy_buf_check(token, "the container's authorization token", err);
}

static enum xcy_status ask(struct xcy_provider_call *call, const char *url, const char *token,
                           struct xcy_credentials *found, struct xcy_error *err)
{
    struct xcy_http_reply reply = {0};
    struct xcy_http_request request = {.method = "GET", .url = url};
    request.headers[request.n_headers++] = (struct xcy_http_header){"Accept", "application/json"};
    if (*token) {
        request.headers[request.n_headers++] = (struct xcy_http_header){"Authorization", token};
    }
    enum xcy_status status = xcy_provider_ask(call, &request, timeout_ns, &reply, err);
    if (status == XCY_OK && reply.status != 200) {
        status =
            xcy_fail(err, reply.status >= 500 ? XCY_EREMOTE : XCY_EAUTH, "HTTP %d", reply.status);
    } else if (status == XCY_OK) {
        status = xcy_key_reply_parse(XCY_KEYS_OF_CONTAINER, xcy_buf_bytes(&reply.body), found, err);
    }
    if (status == XCY_OK) {
        xcy_server_clock_adjust(&reply, &found->expires);
    }
    xcy_http_reply_clear(&reply);
    return status;
}

/* Once more where another time may help. */
static enum xcy_status ask_patiently(struct xcy_provider_call *call, const char *url,
                                     const char *token, struct xcy_credentials *found,
                                     struct xcy_error *err)
{
    enum xcy_status status = XCY_EREMOTE;
    for (int i = 0; i < ATTEMPTS && (status == XCY_EREMOTE || status == XCY_ENET); i++) {
        status = ask(call, url, token, found, err);
    }
    return status;
}

static enum xcy_status find(struct xcy_provider_call *call, struct xcy_credentials *found,
                            struct xcy_error *err)
{
    const char *path = xcy_variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const char *full = xcy_variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (!path && !full) {
        return xcy_provider_pass(
            call, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI");
    }
    char *url = path ? xcy_format(ECS_HOST "%s", path) : xcy_strdup(full);
    struct xcy_buf token;
    xcy_buf_init(&token, MAX_TOKEN_BYTES);
    xcy_provider_name_origin(call, "the container's endpoint (AWS_CONTAINER_CREDENTIALS_%s_URI)",
                             path ? "RELATIVE" : "FULL");
    enum xcy_status status = path && path[0] != '/'
                                 ? xcy_fail(err, XCY_EUSAGE, "it does not begin with '/'")
                                 : check_url(url, err);
    if (status == XCY_OK) {
        status = read_token(&token, err);
    }
    if (status == XCY_OK) {
        status = ask_patiently(call, url, token.ptr, found, err);
    }
    xcy_buf_clear_secret(&token);
    free(url);
    if (status == XCY_OK) {
        return XCY_OK;
    }
    err->status = status == XCY_EUSAGE || status == XCY_ESTOPPED ? status : XCY_EAUTH;
    return xcy_error_context(err, "%s", call->origin);
}

const struct xcy_provider xcy_provider_container = {.name = "container", .find = find};
