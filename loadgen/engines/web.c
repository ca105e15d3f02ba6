#include "loadgen/engines/web.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/data/number.h"
#include "common/net/crypto.h"
#include "loadgen/engines/region.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void forget(char **text, size_t len)
{
    if (*text) {
        explicit_bzero(*text, len);
    }
    free(*text);
    *text = NULL;
}

void xcy_web_clear(struct xcy_web *web)
{
    for (size_t i = 0; i < XCY_HTTP_MAX_HEADERS; i++) {
        if (web->headers[i]) {
            const char *value = web->headers[i] + strlen(web->headers[i]) + 1;
            forget(&web->headers[i], (size_t)(value - web->headers[i]) + strlen(value));
        }
    }
    forget(&web->body, web->request.body.len);
    xcy_key_source_give(web->keys, web->credentials);
    xcy_key_source_close(web->keys);
    free(web->url);
    free(web->shown_url);
    free(web->method);
    free(web->payload_hash);
    free(web->service);
    free(web->region);
    *web = (struct xcy_web){0};
}

/* The client's own rules, asked after each option, so that the one that broke a rule can be named. */
static enum xcy_status check(const struct xcy_web *web, const char *option, struct xcy_error *err)
{
    enum xcy_status status = xcy_http_request_check(&web->request, err);
    return status == XCY_OK ? XCY_OK : xcy_error_context(err, "%s", option);
}

/* The port of "host:port" or "[v6]:port", if there is one. */
static enum xcy_status check_port(struct xcy_bytes authority, struct xcy_error *err)
{
    char text[300];
    snprintf(text, sizeof text, "%.*s", (int)(authority.len < 290 ? authority.len : 290),
             authority.ptr);
    const char *bracket = strchr(text, ']');
    const char *colon = strchr(bracket ? bracket : text, ':');
    int64_t port = 0;
    if (colon && (!xcy_int64_parse(xcy_bytes_of(colon + 1), &port) || port < 1 || port > 65535)) {
        return xcy_fail(err, XCY_EUSAGE, "--url: '%.20s' is not a port, 1..65535", colon + 1);
    }
    return XCY_OK;
}

/* "http://host" and "http://host?x=1" get the path that they mean. */
static enum xcy_status set_url(const struct xcy_web_options *options, struct xcy_web *web,
                               struct xcy_error *err)
{
    if (!options->url) {
        return xcy_fail(err, XCY_EUSAGE,
                        "engine http needs --url, as in --url http://127.0.0.1:8080/");
    }
    web->request.url = options->url;
    enum xcy_status status = check(web, "--url", err);
    if (status != XCY_OK) {
        return status;
    }
    const char *authority = strstr(options->url, "://") + 3;
    size_t len = strcspn(authority, "/?");
    status = check_port(xcy_bytes(authority, len), err);
    const char *path = authority + len;
    web->url = xcy_format("%.*s%s%s", (int)(path - options->url), options->url,
                          *path == '/' ? "" : "/", path);
    size_t shown = strcspn(web->url, "?");
    web->shown_url = xcy_format("%.*s%s", (int)shown, web->url, web->url[shown] ? "?..." : "");
    web->request.url = web->url;
    return status;
}

static enum xcy_status read_body(const char *path, struct xcy_web *web, struct xcy_error *err)
{
    struct xcy_buf file;
    xcy_buf_init(&file, XCY_WEB_MAX_BODY_BYTES);
    enum xcy_status status = xcy_file_read(path, &file, err);
    if (status != XCY_OK) {
        xcy_buf_clear(&file);
        err->status = XCY_EUSAGE;
        return xcy_error_context(err, "--body-file");
    }
    web->request.body.len = file.len;
    web->body = xcy_buf_take(&file);
    return XCY_OK;
}

static enum xcy_status set_body(const struct xcy_web_options *options, struct xcy_web *web,
                                struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    if (options->body && options->body_file) {
        return xcy_fail(err, XCY_EUSAGE, "--body and --body-file are two bodies; give one");
    }
    if (options->body_file) {
        status = read_body(options->body_file, web, err);
    } else if (options->body) {
        web->body = xcy_strdup(options->body);
        web->request.body.len = strlen(web->body);
    }
    web->request.body.ptr = web->body;
    const char *usual = web->body ? "POST" : "GET";
    web->method = xcy_strdup(options->method ? options->method : usual);
    web->request.method = web->method;
    return status == XCY_OK ? check(web, "--method", err) : status;
}

/* The client makes these from the body; others would contradict what is sent. */
static const char *const made_by_client[] = {"Content-Length", "Transfer-Encoding"};

static enum xcy_status add_header(struct xcy_web *web, const char *name, const char *value,
                                  struct xcy_error *err)
{
    if (web->request.n_headers == XCY_HTTP_MAX_HEADERS) {
        return xcy_fail(err, XCY_EUSAGE,
                        "--header: more than %d headers, with those that are added",
                        XCY_HTTP_MAX_HEADERS);
    }
    web->request.headers[web->request.n_headers++] = (struct xcy_http_header){name, value};
    return XCY_OK;
}

/* "Name: value" becomes two texts, in place. */
static struct xcy_http_header cut_header(char *text)
{
    char *colon = strchr(text, ':');
    *colon = '\0';
    char *value = colon + 1 + strspn(colon + 1, " \t");
    char *end = value + strlen(value);
    while (end > value && (end[-1] == ' ' || end[-1] == '\t')) {
        *--end = '\0';
    }
    return (struct xcy_http_header){text, value};
}

/* A text that has no name may be a secret: it is not shown. */
static enum xcy_status take_header(const char *text, size_t number, struct xcy_web *web,
                                   struct xcy_error *err)
{
    if (!strchr(text, ':')) {
        return xcy_fail(err, XCY_EUSAGE, "--header number %zu is not of the form 'Name: value'",
                        number);
    }
    enum xcy_status status = add_header(web, "", "", err);
    if (status != XCY_OK) {
        return status;
    }
    char *copy = xcy_strdup(text);
    struct xcy_http_header header = cut_header(copy);
    web->headers[number - 1] = copy;
    web->request.headers[number - 1] = header;
    for (size_t i = 0; i < sizeof made_by_client / sizeof made_by_client[0]; i++) {
        if (strcasecmp(header.name, made_by_client[i]) == 0) {
            return xcy_fail(err, XCY_EUSAGE, "--header: %s is made from the body",
                            made_by_client[i]);
        }
    }
    return XCY_OK;
}

static enum xcy_status set_headers(const struct xcy_web_options *options, struct xcy_web *web,
                                   struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < options->headers.n; i++) {
        status = take_header(options->headers.items[i], i + 1, web, err);
    }
    return status == XCY_OK ? check(web, "--header", err) : status;
}

static bool has_header(const struct xcy_web *web, const char *name)
{
    for (size_t i = 0; i < web->request.n_headers; i++) {
        if (strcasecmp(web->request.headers[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* libcurl would say that a POST is a form, and leave that out of the signature. */
static enum xcy_status add_content_type(struct xcy_web *web, bool is_signed, struct xcy_error *err)
{
    const char *method = web->request.method;
    bool is_posted = web->request.body.len > 0 || strcmp(method, "POST") == 0 ||
                     strcmp(method, "PUT") == 0 || strcmp(method, "PATCH") == 0;
    if (has_header(web, "Content-Type") || (!is_posted && !is_signed)) {
        return XCY_OK;
    }
    return add_header(web, "Content-Type", "application/json", err);
}

static enum xcy_status add_payload_hash(struct xcy_web *web, struct xcy_error *err)
{
    static const char name[] = "x-amz-content-sha256";
    if (strcmp(web->service, "s3") != 0 || has_header(web, name)) {
        return XCY_OK;
    }
    char hex[XCY_SHA256_HEX];
    xcy_sha256_hex(web->request.body, hex);
    web->payload_hash = xcy_strdup(hex);
    return add_header(web, name, web->payload_hash, err);
}

static enum xcy_status set_signer(const char *sign, struct xcy_web *web, struct xcy_error *err)
{
    size_t len = strcspn(sign, ":");
    if (len == 0 || strcmp(sign + len, ":") == 0) {
        return xcy_fail(err, XCY_EUSAGE,
                        "--sign: '%.60s' is not SERVICE or SERVICE:REGION, as lambda or "
                        "lambda:eu-central-1",
                        sign);
    }
    web->service = xcy_strndup(sign, len);
    enum xcy_status status = add_payload_hash(web, err);
    if (status != XCY_OK) {
        return status;
    }
    if (sign[len]) {
        web->region = xcy_strdup(sign + len + 1);
    } else {
        status = xcy_region_of(web->url, &web->region, err);
    }
    if (status == XCY_OK) {
        status = xcy_key_source_open(web->url, &web->keys, err);
    }
    if (status != XCY_OK) {
        return xcy_error_context(err, "--sign");
    }
    web->credentials = xcy_key_source_peek(web->keys);
    web->signer = (struct xcy_http_signer){.region = web->region,
                                           .service = web->service,
                                           .access_key = web->credentials->access_key,
                                           .secret_key = web->credentials->secret_key,
                                           .session_token = web->credentials->session_token};
    web->request.signer = &web->signer;
    return check(web, "--sign", err);
}

enum xcy_status xcy_web_resolve(const struct xcy_web_options *options, struct xcy_web *web,
                                struct xcy_error *err)
{
    struct xcy_web made = {.request.method = "GET"};
    enum xcy_status status = set_url(options, &made, err);
    if (status == XCY_OK) {
        status = set_body(options, &made, err);
    }
    if (status == XCY_OK) {
        status = set_headers(options, &made, err);
    }
    if (status == XCY_OK) {
        status = add_content_type(&made, options->sign != NULL, err);
    }
    if (status == XCY_OK && options->sign) {
        status = set_signer(options->sign, &made, err);
    }
    if (status != XCY_OK) {
        xcy_web_clear(&made);
        return status;
    }
    *web = made;
    web->request.signer = options->sign ? &web->signer : NULL;
    return XCY_OK;
}
