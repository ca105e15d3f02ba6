#include "common/aws/request.h"

#include "common/base/mem.h"
#include "common/net/configured.h"
#include "common/net/url.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_URL_BYTES = 8192, MAX_BODY_BYTES = 16 * 1024 * 1024 };

#define DEFAULT_TOTAL_TIMEOUT_NS (60 * XCY_NS_PER_S)

/* Keeps the first thing that went wrong. */
static void keep(struct xcy_aws_request *r, enum xcy_status status, const struct xcy_error *err)
{
    if (status != XCY_OK && r->error.status == XCY_OK) {
        r->error = *err;
        r->error.status = status;
    }
}

/* "http://host:port", nothing behind it but a '/'. */
static enum xcy_status add_endpoint(struct xcy_buf *url, const char *endpoint,
                                    struct xcy_error *err)
{
    const char *host = strstr(endpoint, "://");
    size_t len = strlen(endpoint);
    bool is_known = strncmp(endpoint, "http://", 7) == 0 || strncmp(endpoint, "https://", 8) == 0;
    if (len > 0 && endpoint[len - 1] == '/') {
        len--;
    }
    if (!is_known || host[3] == '\0' ||
        strcspn(host + 3, "/?#@") != len - (size_t)(host + 3 - endpoint)) {
        return xcy_fail(err, XCY_EUSAGE,
                        "endpoint '%s' is not of the form http://host:port or https://host",
                        xcy_url_shown(endpoint));
    }
    xcy_buf_add(url, xcy_bytes(endpoint, len));
    return XCY_OK;
}

/* The service's own endpoint, if the environment names one; the keys are for the other. */
static enum xcy_status choose_endpoint(const struct xcy_aws *aws, const char *service,
                                       const char **endpoint, struct xcy_error *err)
{
    const char *own = xcy_configured_endpoint(service);
    *endpoint = own ? own : aws->endpoint;
    if (own && xcy_endpoint_is_loopback(own) != xcy_endpoint_is_loopback(aws->endpoint)) {
        char name[64];
        xcy_configured_name(service, name);
        return xcy_fail(err, XCY_EUSAGE,
                        "%s leads to %s machine and the deployment's endpoint does not: keys of a "
                        "sandbox and keys of AWS are never mixed; unset it, or set both",
                        name, xcy_endpoint_is_loopback(own) ? "this" : "another");
    }
    return XCY_OK;
}

static void add_host(struct xcy_aws_request *r, const struct xcy_aws *aws, const char *service)
{
    struct xcy_error err = {0};
    const char *endpoint = NULL;
    keep(r, choose_endpoint(aws, service, &endpoint, &err), &err);
    if (endpoint) {
        keep(r, add_endpoint(&r->url, endpoint, &err), &err);
        return;
    }
    bool is_china = aws->region && strncmp(aws->region, "cn-", 3) == 0;
    xcy_buf_addf(&r->url, "https://%s.%s.amazonaws.com%s", service, aws->region ? aws->region : "",
                 is_china ? ".cn" : "");
}

static void set_keys(struct xcy_aws_request *r, const struct xcy_credentials *keys)
{
    r->signer.access_key = keys->access_key;
    r->signer.secret_key = keys->secret_key;
    r->signer.session_token = keys->session_token;
}

/* Keys that are replaced meanwhile stay until the request is cleared, or renewed. */
static void set_signer(struct xcy_aws_request *r, const struct xcy_aws *aws, const char *service)
{
    struct xcy_error err = {0};
    const struct xcy_credentials *credentials = aws->credentials;
    if (!credentials && aws->keys) {
        keep(r, xcy_key_source_take(aws->keys, &r->taken, &err), &err);
        r->keys = aws->keys;
        credentials = r->taken;
    }
    r->signer.region = aws->region;
    r->signer.service = service;
    if (credentials) {
        set_keys(r, credentials);
    }
}

enum xcy_status xcy_aws_request_renew(struct xcy_aws_request *r, struct xcy_error *err)
{
    const struct xcy_credentials *taken = NULL;
    enum xcy_status status = r->keys ? xcy_key_source_take(r->keys, &taken, err) : XCY_OK;
    if (taken) {
        xcy_key_source_give(r->keys, r->taken);
        r->taken = taken;
        set_keys(r, taken);
    }
    return status;
}

void xcy_aws_request_init(struct xcy_aws_request *r, const struct xcy_aws *aws, const char *service,
                          const char *method, const char *const path_parts[])
{
    *r = (struct xcy_aws_request){0};
    xcy_buf_init(&r->url, MAX_URL_BYTES);
    xcy_buf_init(&r->body, MAX_BODY_BYTES);
    add_host(r, aws, service);
    for (size_t i = 0; path_parts && path_parts[i]; i++) {
        xcy_buf_add_char(&r->url, '/');
        xcy_url_encode(&r->url, xcy_bytes_of(path_parts[i]));
    }
    if (!path_parts || !path_parts[0]) {
        xcy_buf_add_char(&r->url, '/');
    }
    set_signer(r, aws, service);
    r->http.method = method;
    r->http.signer = &r->signer;
    r->http.connect_timeout_ns = aws->connect_timeout_ns;
    r->http.first_byte_timeout_ns = aws->first_byte_timeout_ns;
    r->http.total_timeout_ns =
        aws->total_timeout_ns > 0 ? aws->total_timeout_ns : DEFAULT_TOTAL_TIMEOUT_NS;
}

/* That names ascend is checked by finish, as for every signed request. */
void xcy_aws_request_add_query(struct xcy_aws_request *r, const char *name, const char *value)
{
    xcy_buf_add_char(&r->url, r->has_query ? '&' : '?');
    xcy_url_encode(&r->url, xcy_bytes_of(name));
    xcy_buf_add_char(&r->url, '=');
    xcy_url_encode(&r->url, xcy_bytes_of(value));
    r->has_query = true;
}

void xcy_aws_request_add_header(struct xcy_aws_request *r, const char *name, const char *value)
{
    struct xcy_error err = {0};
    if (r->http.n_headers == XCY_HTTP_MAX_HEADERS) {
        keep(r, xcy_fail(&err, XCY_EUSAGE, "more than %d headers", XCY_HTTP_MAX_HEADERS), &err);
        return;
    }
    char *copy = xcy_strdup(value ? value : "");
    r->header_values[r->http.n_headers] = copy;
    r->http.headers[r->http.n_headers] = (struct xcy_http_header){.name = name, .value = copy};
    r->http.n_headers++;
}

void xcy_aws_request_set_body(struct xcy_aws_request *r, const char *content_type,
                              struct xcy_bytes body)
{
    xcy_buf_reset(&r->body);
    xcy_buf_add(&r->body, body);
    xcy_aws_request_add_header(r, "Content-Type", content_type);
}

static bool has_header(const struct xcy_aws_request *r, const char *name)
{
    for (size_t i = 0; i < r->http.n_headers; i++) {
        if (strcasecmp(r->http.headers[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

enum xcy_status xcy_aws_request_finish(struct xcy_aws_request *r, struct xcy_error *err)
{
    struct xcy_error first = {0};
    if (!has_header(r, "Content-Type")) {
        xcy_aws_request_add_header(r, "Content-Type", "application/json");
    }
    r->http.url = r->url.ptr;
    r->http.body = xcy_buf_bytes(&r->body);
    keep(r, xcy_buf_check(&r->url, "the request's address", &first), &first);
    keep(r, xcy_buf_check(&r->body, "the request's body", &first), &first);
    if (r->is_unsigned) {
        r->http.signer = NULL;
    } else if (!r->signer.access_key || !*r->signer.access_key || !r->signer.secret_key ||
               !*r->signer.secret_key) {
        keep(r, xcy_fail(&first, XCY_EAUTH, "no credentials to sign with"), &first);
    }
    if (r->error.status == XCY_OK) {
        keep(r, xcy_http_request_check(&r->http, &first), &first);
    }
    if (r->error.status != XCY_OK) {
        *err = r->error;
    }
    return r->error.status;
}

void xcy_aws_request_clear(struct xcy_aws_request *r)
{
    for (size_t i = 0; i < r->http.n_headers; i++) {
        free(r->header_values[i]);
    }
    xcy_buf_clear(&r->url);
    xcy_buf_clear_secret(&r->body); /* STS is asked with secrets */
    xcy_key_source_give(r->keys, r->taken);
    *r = (struct xcy_aws_request){0};
}
