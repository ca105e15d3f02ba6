#include "common/net/rules.h"

#include <strings.h>

struct xcy_bytes xcy_rules_authority(const char *url)
{
    const char *start = NULL;
    if (strncmp(url, "http://", 7) == 0) {
        start = url + 7;
    } else if (strncmp(url, "https://", 8) == 0) {
        start = url + 8;
    }
    return start ? xcy_bytes(start, strcspn(start, "/?#")) : xcy_bytes("", 0);
}

static enum xcy_status check_url(const char *url, struct xcy_error *err)
{
    struct xcy_bytes authority = xcy_rules_authority(url);
    if (authority.len == 0) {
        return xcy_fail(err, XCY_EUSAGE, "'%.80s' is not an http:// or https:// address", url);
    }
    if (memchr(authority.ptr, '@', authority.len)) {
        return xcy_fail(err, XCY_EUSAGE, "an address may not hold a user name or password");
    }
    /* libcurl would decode it, and then the name is another one than stands here; in brackets it
     * begins a zone */
    if (authority.ptr[0] != '[' && memchr(authority.ptr, '%', authority.len)) {
        return xcy_fail(err, XCY_EUSAGE, "a host's name may not be encoded");
    }
    for (const char *p = url; *p; p++) {
        if (*p <= ' ' || *p >= 0x7f || *p == '#') {
            return xcy_fail(err, XCY_EUSAGE, "address has a byte 0x%02x that must be encoded",
                            (unsigned)(unsigned char)*p);
        }
    }
    return XCY_OK;
}

static bool is_token(const char *name)
{
    if (!name || !*name) {
        return false;
    }
    for (const char *p = name; *p; p++) {
        if (*p <= ' ' || *p >= 0x7f || strchr("()<>@,;:\\\"/[]?={}", *p)) {
            return false;
        }
    }
    return true;
}

/* Any word, since servers know more than RFC 9110 lists (PROPFIND, PURGE); but "get" is a slip, for
 * case counts, and CONNECT asks for a tunnel. */
static bool is_method(const char *method)
{
    if (!is_token(method) || strcmp(method, "CONNECT") == 0) {
        return false;
    }
    for (const char *p = method; *p; p++) {
        if (*p >= 'a' && *p <= 'z') {
            return false;
        }
    }
    return true;
}

bool xcy_rules_is_plain(const char *value)
{
    if (!value || !*value || value[0] == ' ' || value[strlen(value) - 1] == ' ') {
        return false;
    }
    for (const char *p = value; *p; p++) {
        if (*p < ' ' || *p >= 0x7f) {
            return false;
        }
    }
    return true;
}

static enum xcy_status check_headers(const struct xcy_http_request *r, struct xcy_error *err)
{
    if (r->n_headers > XCY_HTTP_MAX_HEADERS) {
        return xcy_fail(err, XCY_EUSAGE, "%zu headers, at most %d", r->n_headers,
                        XCY_HTTP_MAX_HEADERS);
    }
    for (size_t i = 0; i < r->n_headers; i++) {
        if (!is_token(r->headers[i].name)) {
            return xcy_fail(err, XCY_EUSAGE, "header %zu has no valid name", i + 1);
        }
        if (!xcy_rules_is_plain(r->headers[i].value)) {
            return xcy_fail(err, XCY_EUSAGE,
                            "header %s is empty, or has blanks around it or bytes that are not "
                            "printable",
                            r->headers[i].name);
        }
        for (size_t j = 0; j < i; j++) {
            if (strcasecmp(r->headers[i].name, r->headers[j].name) == 0) {
                return xcy_fail(err, XCY_EUSAGE, "header %s comes twice", r->headers[i].name);
            }
        }
    }
    return XCY_OK;
}

bool xcy_rules_takes_body(const char *method)
{
    return strcmp(method, "HEAD") != 0 && strcmp(method, "TRACE") != 0;
}

static enum xcy_status check_plain(const struct xcy_http_request *r, struct xcy_error *err)
{
    if (!is_method(r->method)) {
        return xcy_fail(err, XCY_EUSAGE, "no method '%.20s', as GET, POST or PATCH",
                        r->method ? r->method : "");
    }
    if (r->body.len > 0 && !xcy_rules_takes_body(r->method)) {
        return xcy_fail(err, XCY_EUSAGE, "%s takes no body", r->method);
    }
    enum xcy_status status = check_url(r->url ? r->url : "", err);
    return status == XCY_OK ? check_headers(r, err) : status;
}

enum xcy_status xcy_http_request_check(const struct xcy_http_request *request,
                                       struct xcy_error *err)
{
    enum xcy_status status = check_plain(request, err);
    return status == XCY_OK && request->signer ? xcy_rules_check_signed(request, err) : status;
}
