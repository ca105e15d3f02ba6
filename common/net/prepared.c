#include "common/net/prepared.h"

#include "common/base/mem.h"
#include "common/net/place.h"
#include "common/net/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DEFAULT_CONNECT_TIMEOUT_NS (5 * XCY_NS_PER_S)

enum {
    MAX_HOST_BYTES = 100,
    HEAD_BYTES_OF_LIBCURL = 512, /* its own lines, the signature's too */
    LARGE_BODY_BYTES = 64 * 1024
};

static enum xcy_body_rule body_rule_of(const char *method)
{
    if (!xcy_rules_takes_body(method)) {
        return XCY_BODY_NEVER;
    }
    bool is_expected =
        strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 || strcmp(method, "PATCH") == 0;
    return is_expected ? XCY_BODY_ALWAYS : XCY_BODY_OPTIONAL;
}

/* The port also where the scheme implies it. */
static void set_authority(struct xcy_http_prepared *p, const char *url)
{
    struct xcy_bytes host = xcy_rules_authority(url);
    const char *end = host.ptr[0] == '[' ? memchr(host.ptr, ']', host.len) : host.ptr;
    bool has_port = end && memchr(end, ':', host.len - (size_t)(end - host.ptr)) != NULL;
    p->is_https = strncmp(url, "https", 5) == 0;
    const char *implied = p->is_https ? ":443" : ":80";
    snprintf(p->authority, sizeof p->authority, "%s://%.*s%s", p->is_https ? "https" : "http",
             (int)(host.len > MAX_HOST_BYTES ? MAX_HOST_BYTES : host.len), host.ptr,
             has_port ? "" : implied);
}

const char *xcy_prepared_place(const struct xcy_http_prepared *prepared)
{
    return strstr(prepared->authority, "://") + 3;
}

static void append_line(struct xcy_http_prepared *p, const char *line)
{
    struct curl_slist *longer = curl_slist_append(p->header_lines, line);
    xcy_assert(longer != NULL);
    p->header_lines = longer;
}

static void add_line(struct xcy_http_prepared *p, const char *name, const char *value)
{
    char *line = xcy_format("%s: %s", name, value);
    append_line(p, line);
    p->head_bytes += strlen(line) + 2;
    xcy_free_secret(&line);
}

/* Before a body of more than 1 MB libcurl asks whether it may ("Expect: 100-continue"). A line without a
 * value stops that; but it would be signed. Where it asks all the same, it does not wait for an answer
 * (transfer_options.c). */
static void forbid_asking(struct xcy_http_prepared *p, const struct xcy_http_request *request)
{
    bool is_given = false;
    for (size_t i = 0; i < request->n_headers; i++) {
        is_given = is_given || strcasecmp(request->headers[i].name, "Expect") == 0;
    }
    if (request->body.len >= LARGE_BODY_BYTES && !request->signer && !is_given) {
        append_line(p, "Expect:");
    }
}

static void set_signer(struct xcy_http_prepared *p, const struct xcy_http_signer *signer)
{
    p->scheme = xcy_format("aws:amz:%s:%s", signer->region, signer->service);
    p->access_key = xcy_strdup(signer->access_key);
    p->secret_key = xcy_strdup(signer->secret_key);
    if (signer->session_token) {
        add_line(p, "X-Amz-Security-Token", signer->session_token);
    }
}

static void set_url(struct xcy_http_prepared *p, const char *url, bool is_direct)
{
    struct xcy_place place;
    set_authority(p, url);
    p->is_direct = is_direct || (xcy_place_of(url, &place) && place.is_this_machine);
    p->head_bytes = strlen(url) + HEAD_BYTES_OF_LIBCURL;
    p->url = curl_url();
    xcy_assert(p->url != NULL);
}

enum xcy_status xcy_prepared_new(struct xcy_http *http, const struct xcy_http_request *request,
                                 struct xcy_http_prepared **prepared, struct xcy_error *err)
{
    struct xcy_http_prepared *p = xcy_alloc(sizeof *p);
    *p = (struct xcy_http_prepared){.http = http, .n_users = 1};
    p->method = xcy_strdup(request->method);
    p->body_rule = body_rule_of(request->method);
    set_url(p, request->url, request->is_direct);
    CURLUcode code = curl_url_set(p->url, CURLUPART_URL, request->url, CURLU_PATH_AS_IS);
    if (code != CURLUE_OK) {
        xcy_prepared_release(p);
        return xcy_fail(err, XCY_EUSAGE, "'%.80s' is not an address: %s", request->url,
                        curl_url_strerror(code));
    }
    for (size_t i = 0; i < request->n_headers; i++) {
        add_line(p, request->headers[i].name, request->headers[i].value);
    }
    forbid_asking(p, request);
    if (request->signer) {
        set_signer(p, request->signer);
    }
    p->connect_timeout_ns =
        request->connect_timeout_ns > 0 ? request->connect_timeout_ns : DEFAULT_CONNECT_TIMEOUT_NS;
    p->first_byte_timeout_ns = request->first_byte_timeout_ns;
    p->total_timeout_ns = request->total_timeout_ns;
    *prepared = p;
    return XCY_OK;
}

/* A line may hold a session token. */
static void free_lines(struct curl_slist *lines)
{
    for (struct curl_slist *line = lines; line; line = line->next) {
        explicit_bzero(line->data, strlen(line->data));
    }
    curl_slist_free_all(lines);
}

bool xcy_prepared_release(struct xcy_http_prepared *prepared)
{
    struct xcy_http_prepared *p = prepared;
    p->n_users--;
    if (p->n_users > 0) {
        return false;
    }
    curl_url_cleanup(p->url);
    free_lines(p->header_lines);
    free(p->method);
    free(p->scheme);
    xcy_free_secret(&p->access_key);
    xcy_free_secret(&p->secret_key);
    free(p);
    return true;
}
