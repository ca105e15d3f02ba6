#include "common/net/rules.h"

#include <strings.h>

/*
 * What libcurl 7.88's signer needs. It neither refuses nor repairs what breaks these rules: it
 * signs something else than is sent.
 */

enum { MAX_SCOPE_BYTES = 63 }; /* libcurl's own buffers for region and service hold 64 */

/* libcurl makes these itself; a second one would be sent beside, or instead of, the signed one. */
static const char *const reserved_when_signed[] = {
    "Authorization",     "Host",   "Date",       "X-Amz-Date",           "Content-Length",
    "Transfer-Encoding", "Expect", "Connection", "X-Amz-Security-Token",
};

/* Their places in the signed list, for the rule on names that begin alike. */
static const char *const signed_by_libcurl[] = {"Host", "X-Amz-Date", "X-Amz-Security-Token"};

static bool is_unreserved(unsigned char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

static bool is_upper_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
}

static bool is_scope_part(const char *text)
{
    if (!text || !*text || strlen(text) > MAX_SCOPE_BYTES) {
        return false;
    }
    for (const char *p = text; *p; p++) {
        if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '-')) {
            return false;
        }
    }
    return true;
}

static enum xcy_status check_signer(const struct xcy_http_signer *s, struct xcy_error *err)
{
    if (!is_scope_part(s->region)) {
        return xcy_fail(err, XCY_EUSAGE, "'%.64s' is not a region", s->region ? s->region : "");
    }
    if (!is_scope_part(s->service)) {
        return xcy_fail(err, XCY_EUSAGE, "'%.64s' is not a service", s->service ? s->service : "");
    }
    if (!xcy_rules_is_plain(s->access_key) || !xcy_rules_is_plain(s->secret_key)) {
        return xcy_fail(err, XCY_EUSAGE,
                        "the access key or secret key is empty or has bytes that no key has");
    }
    if (s->session_token && !xcy_rules_is_plain(s->session_token)) {
        return xcy_fail(err, XCY_EUSAGE,
                        "the session token is empty or has bytes that no token has");
    }
    return XCY_OK;
}

static const char *header_of(const struct xcy_http_request *r, const char *name)
{
    for (size_t i = 0; i < r->n_headers; i++) {
        if (strcasecmp(r->headers[i].name, name) == 0) {
            return r->headers[i].value;
        }
    }
    return NULL;
}

/* 7.88 sorts whole lines, so that "cid2:" comes before "cid:". */
static bool begins_alike(const char *a, const char *b)
{
    size_t na = strlen(a);
    size_t nb = strlen(b);
    return strncasecmp(a, b, na < nb ? na : nb) == 0;
}

static enum xcy_status check_signed_header(const struct xcy_http_request *r, size_t index,
                                           struct xcy_error *err)
{
    const char *name = r->headers[index].name;
    for (size_t i = 0; i < sizeof reserved_when_signed / sizeof reserved_when_signed[0]; i++) {
        if (strcasecmp(name, reserved_when_signed[i]) == 0) {
            return xcy_fail(err, XCY_EUSAGE, "header %s is made by the signer", name);
        }
    }
    for (size_t i = 0; i < sizeof signed_by_libcurl / sizeof signed_by_libcurl[0]; i++) {
        if (begins_alike(name, signed_by_libcurl[i])) {
            return xcy_fail(err, XCY_EUSAGE, "headers %s and %s cannot be signed together", name,
                            signed_by_libcurl[i]);
        }
    }
    for (size_t i = 0; i < index; i++) {
        if (begins_alike(name, r->headers[i].name)) {
            return xcy_fail(err, XCY_EUSAGE, "headers %s and %s cannot be signed together", name,
                            r->headers[i].name);
        }
    }
    return XCY_OK;
}

/* The length of an escape or bare character as AWS encodes it, or 0. */
static size_t encoded_unit(const char *p)
{
    if (is_unreserved((unsigned char)*p)) {
        return 1;
    }
    return *p == '%' && is_upper_hex(p[1]) && is_upper_hex(p[2]) ? 3 : 0;
}

/* Outside S3, AWS signs the path encoded a second time and libcurl does not: such a path may hold
 * nothing that encoding changes, and no segment that normalizing would take out. */
static enum xcy_status check_path(struct xcy_bytes path, bool is_s3, struct xcy_error *err)
{
    const char *end = path.ptr + path.len;
    for (const char *p = path.ptr; p < end;) {
        size_t n = *p == '/' ? 1 : encoded_unit(p);
        if (n == 0 || (n == 3 && !is_s3)) {
            return xcy_fail(err, XCY_EUSAGE, "a path with '%c' cannot be signed", *p);
        }
        if (*p == '/' && !is_s3) {
            size_t segment = strcspn(p + 1, "/?");
            bool is_last = p + 1 + segment >= end;
            bool is_dots = strspn(p + 1, ".") == segment && segment > 0 && segment < 3;
            if (is_dots || (segment == 0 && !is_last)) {
                return xcy_fail(err, XCY_EUSAGE,
                                "a path with empty or dot segments cannot be "
                                "signed");
            }
        }
        p += n;
    }
    return XCY_OK;
}

/* The order of encoded names, by byte. */
static int compare_names(const char *a, size_t na, const char *b, size_t nb)
{
    int order = memcmp(a, b, na < nb ? na : nb);
    if (order == 0 && na != nb) {
        order = na < nb ? -1 : 1;
    }
    return order;
}

/* One "name=value" of a query. */
static enum xcy_status check_pair(const char *pair, size_t len, size_t *name_len,
                                  struct xcy_error *err)
{
    const char *equals = len > 0 ? memchr(pair, '=', len) : NULL;
    if (!equals || equals == pair) {
        return xcy_fail(err, XCY_EUSAGE, "every part of a signed query needs a name and a '='");
    }
    for (const char *p = pair; p < pair + len;) {
        size_t n = p == equals ? 1 : encoded_unit(p);
        if (n == 0) {
            return xcy_fail(err, XCY_EUSAGE, "a query with a bare '%c' cannot be signed", *p);
        }
        p += n;
    }
    *name_len = (size_t)(equals - pair);
    return XCY_OK;
}

static enum xcy_status check_query(const char *query, struct xcy_error *err)
{
    const char *last = "";
    size_t last_len = 0;
    for (;;) {
        size_t name_len = 0;
        size_t len = strcspn(query, "&");
        enum xcy_status status = check_pair(query, len, &name_len, err);
        if (status != XCY_OK) {
            return status;
        }
        if (compare_names(last, last_len, query, name_len) >= 0) {
            return xcy_fail(err, XCY_EUSAGE, "the names of a signed query must be sorted");
        }
        if (query[len] == '\0') {
            return XCY_OK;
        }
        last = query;
        last_len = name_len;
        query += len + 1;
    }
}

static enum xcy_status check_target(const char *url, bool is_s3, struct xcy_error *err)
{
    struct xcy_bytes authority = xcy_rules_authority(url);
    const char *path = authority.ptr + authority.len;
    size_t path_len = strcspn(path, "?");
    if (path_len == 0) {
        return xcy_fail(err, XCY_EUSAGE, "a signed address needs a path, at least '/'");
    }
    enum xcy_status status = check_path(xcy_bytes(path, path_len), is_s3, err);
    if (status == XCY_OK && path[path_len] == '?') {
        status = check_query(path + path_len + 1, err);
    }
    return status;
}

enum xcy_status xcy_rules_check_signed(const struct xcy_http_request *request,
                                       struct xcy_error *err)
{
    enum xcy_status status = check_signer(request->signer, err);
    bool is_s3 = status == XCY_OK && strcmp(request->signer->service, "s3") == 0;
    for (size_t i = 0; status == XCY_OK && i < request->n_headers; i++) {
        status = check_signed_header(request, i, err);
    }
    if (status != XCY_OK) {
        return status;
    }
    if (!header_of(request, "Content-Type")) {
        return xcy_fail(err, XCY_EUSAGE, "a signed request needs a Content-Type");
    }
    if (is_s3 && !header_of(request, "X-Amz-Content-Sha256")) {
        return xcy_fail(err, XCY_EUSAGE, "a signed S3 request needs x-amz-content-sha256");
    }
    return check_target(request->url, is_s3, err);
}
