#include "sandbox/front/signature.h"

#include "common/net/crypto.h"
#include "sandbox/front/authorization.h"
#include "sandbox/front/canonical.h"
#include "sandbox/front/signed_at.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_CANONICAL_BYTES = 1 << 20 };

/* Everything a check works on. */
struct check {
    const struct xcy_signed_request *request;
    struct xcy_authorization authorization;
    struct xcy_signed_at at;
    const struct xcy_credentials *key;
    struct xcy_wall now;
    struct xcy_signature *result;
};

/* These are read or signed whatever the service, so that a second one could say something else. */
static const char *const single_headers[] = {
    "authorization",
    "host",
    "x-amz-date",
    "date",
    "x-amz-security-token",
    "x-amz-content-sha256",
    "x-amz-target",
    "content-type",
    "x-amz-invocation-type",
};

/* If these are there, a signature must cover them. */
static const char *const covered_headers[] = {
    "x-amz-target",          "x-amz-security-token", "x-amz-content-sha256",
    "x-amz-invocation-type", "x-amz-client-context", "x-amz-log-type",
};

static bool refuse(struct check *c, enum xcy_signature_verdict verdict, const char *fmt, ...)
    XCY_PRINTF(3, 4);

static bool refuse(struct check *c, enum xcy_signature_verdict verdict, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(c->result->message, sizeof c->result->message, fmt, args);
    va_end(args);
    c->result->verdict = verdict;
    return false;
}

static const char *header(const struct check *c, const char *name)
{
    return c->request->header(c->request->ctx, name);
}

static bool check_single(struct check *c)
{
    for (size_t i = 0; i < sizeof single_headers / sizeof *single_headers; i++) {
        if (c->request->header_count(c->request->ctx, single_headers[i]) > 1) {
            return refuse(c, XCY_SIGNATURE_INCOMPLETE, "The header '%s' must not come twice.",
                          single_headers[i]);
        }
    }
    return true;
}

static bool read_authorization(struct check *c)
{
    const char *text = header(c, "authorization");
    if (!text || !text[0]) {
        return refuse(c, XCY_SIGNATURE_MISSING, "Request is missing Authentication Token");
    }
    if (!xcy_authorization_parse(text, &c->authorization, c->result->message,
                                 sizeof c->result->message)) {
        c->result->verdict = XCY_SIGNATURE_INCOMPLETE;
        return false;
    }
    snprintf(c->result->region, sizeof c->result->region, "%s", c->authorization.region);
    snprintf(c->result->service, sizeof c->result->service, "%s", c->authorization.service);
    return true;
}

static bool read_date(struct check *c)
{
    const char *text = header(c, "x-amz-date");
    const char *name = text ? "x-amz-date" : "date";
    text = text ? text : header(c, name);
    if (!text) {
        return refuse(c, XCY_SIGNATURE_INCOMPLETE,
                      "Authorization header requires existence of either a 'X-Amz-Date' or a "
                      "'Date' header.");
    }
    bool is_date = strcmp(name, "date") == 0;
    if (!xcy_signed_at_parse_iso(text, &c->at) &&
        !(is_date && xcy_signed_at_parse_http(text, &c->at))) {
        return refuse(c, XCY_SIGNATURE_INCOMPLETE,
                      "Date must be in ISO-8601 'basic format'. Got '%.40s'.", text);
    }
    if (!xcy_authorization_has_header(&c->authorization, name)) {
        return refuse(c, XCY_SIGNATURE_MISMATCH,
                      "'%s' must be a 'SignedHeader' in the AWS Authorization.", name);
    }
    return true;
}

static bool check_scope(struct check *c)
{
    const struct xcy_authorization *a = &c->authorization;
    if (strcmp(a->terminator, "aws4_request") != 0) {
        return refuse(c, XCY_SIGNATURE_MISMATCH,
                      "Credential should be scoped with a valid terminator: 'aws4_request'.");
    }
    if (strncmp(a->date, c->at.iso, 8) != 0) {
        return refuse(c, XCY_SIGNATURE_MISMATCH,
                      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of "
                      "date from HTTP: '%s' != '%.8s', from '%s'.",
                      a->date, c->at.iso, c->at.iso);
    }
    return true;
}

static bool check_signed_headers(struct check *c)
{
    if (!header(c, "host") || !xcy_authorization_has_header(&c->authorization, "host")) {
        return refuse(c, XCY_SIGNATURE_MISMATCH,
                      "'Host' must be a 'SignedHeader' in the AWS Authorization.");
    }
    for (size_t i = 0; i < sizeof covered_headers / sizeof *covered_headers; i++) {
        if (header(c, covered_headers[i]) &&
            !xcy_authorization_has_header(&c->authorization, covered_headers[i])) {
            return refuse(c, XCY_SIGNATURE_MISMATCH,
                          "There were headers present in the request which were not signed: %s",
                          covered_headers[i]);
        }
    }
    for (const char *at = c->authorization.signed_headers; *at;) {
        char name[256];
        size_t len = strcspn(at, ";");
        snprintf(name, sizeof name, "%.*s", (int)len, at);
        size_t n = c->request->header_count(c->request->ctx, name);
        if (n != 1) {
            return refuse(c, n == 0 ? XCY_SIGNATURE_MISMATCH : XCY_SIGNATURE_INCOMPLETE,
                          "The signed header '%s' must come exactly once, it came %zu times.", name,
                          n);
        }
        at += at[len] ? len + 1 : len;
    }
    return true;
}

static bool is_same_secret(const char *a, const char *b)
{
    return xcy_equal_secret(xcy_bytes_of(a), xcy_bytes_of(b));
}

static bool check_key(struct check *c)
{
    const char *token = header(c, "x-amz-security-token");
    bool is_known = c->key != NULL;
    if (is_known && c->key->session_token) {
        is_known = token && is_same_secret(token, c->key->session_token);
    } else if (token) {
        is_known = false;
    }
    if (!is_known) {
        return refuse(c, XCY_SIGNATURE_UNKNOWN_KEY,
                      "The security token included in the request is invalid.");
    }
    return c->key->expires.ns == 0 || c->now.ns < c->key->expires.ns ||
           refuse(c, XCY_SIGNATURE_TOKEN_EXPIRED,
                  "The security token included in the request is expired");
}

static bool check_clock(struct check *c)
{
    int64_t now_s = xcy_wall_us(c->now) / 1000000;
    char now_iso[XCY_SIGNED_AT_BYTES];
    char limit_iso[XCY_SIGNED_AT_BYTES];
    xcy_signed_at_format(now_s, now_iso);
    if (c->at.s < now_s - XCY_SIGNATURE_MAX_SKEW_S) {
        xcy_signed_at_format(now_s - XCY_SIGNATURE_MAX_SKEW_S, limit_iso);
        return refuse(c, XCY_SIGNATURE_EXPIRED,
                      "Signature expired: %s is now earlier than %s (%s - 15 min.)", c->at.iso,
                      limit_iso, now_iso);
    }
    if (c->at.s > now_s + XCY_SIGNATURE_MAX_SKEW_S) {
        xcy_signed_at_format(now_s + XCY_SIGNATURE_MAX_SKEW_S, limit_iso);
        return refuse(c, XCY_SIGNATURE_EXPIRED,
                      "Signature not yet current: %s is still later than %s (%s + 15 min.)",
                      c->at.iso, limit_iso, now_iso);
    }
    return true;
}

/* The digest that belongs into the canonical request: always our own of the body, except that S3
 * signs what the request claims. */
static void payload_hash(const struct check *c, bool is_s3, char hex[XCY_SHA256_HEX])
{
    if (is_s3) {
        snprintf(hex, XCY_SHA256_HEX, "%s", header(c, "x-amz-content-sha256"));
        return;
    }
    xcy_sha256_hex(c->request->body, hex);
}

/* What S3 may be told of the body. */
static bool check_s3_claim(struct check *c)
{
    const char *claimed = header(c, "x-amz-content-sha256");
    if (strcmp(c->authorization.service, "s3") != 0) {
        return true;
    }
    if (!claimed) {
        return refuse(c, XCY_SIGNATURE_INCOMPLETE,
                      "Missing required header for this request: x-amz-content-sha256");
    }
    if (strncmp(claimed, "STREAMING-", 10) == 0) {
        return refuse(c, XCY_SIGNATURE_STREAMING,
                      "The sandbox does not know %.40s: sign the whole payload, or "
                      "UNSIGNED-PAYLOAD.",
                      claimed);
    }
    return true;
}

static bool check_s3_body(struct check *c)
{
    const char *claimed = header(c, "x-amz-content-sha256");
    char hex[XCY_SHA256_HEX];
    if (strcmp(c->authorization.service, "s3") != 0 || strcmp(claimed, "UNSIGNED-PAYLOAD") == 0) {
        return true;
    }
    xcy_sha256_hex(c->request->body, hex);
    return strcmp(claimed, hex) == 0 ||
           refuse(c, XCY_SIGNATURE_BODY,
                  "The provided 'x-amz-content-sha256' header does not match what was computed.");
}

static struct xcy_bytes digest_bytes(const unsigned char digest[XCY_SHA256_BYTES])
{
    return xcy_bytes((const char *)digest, XCY_SHA256_BYTES);
}

/* HMAC chain of date, region, service, "aws4_request", then of the string to sign. */
static void sign(const struct check *c, struct xcy_bytes string_to_sign,
                 char signature[XCY_SHA256_HEX])
{
    const struct xcy_authorization *a = &c->authorization;
    const char *const parts[] = {a->date, a->region, a->service, "aws4_request"};
    struct xcy_buf seed;
    xcy_buf_init(&seed, 1024);
    xcy_buf_addf(&seed, "AWS4%s", c->key->secret_key);
    unsigned char digest[XCY_SHA256_BYTES];
    xcy_hmac_sha256(xcy_buf_bytes(&seed), xcy_bytes_of(parts[0]), digest);
    explicit_bzero(seed.ptr, seed.len);
    xcy_buf_clear(&seed);
    for (size_t i = 1; i < sizeof parts / sizeof *parts; i++) {
        unsigned char next[XCY_SHA256_BYTES];
        xcy_hmac_sha256(digest_bytes(digest), xcy_bytes_of(parts[i]), next);
        memcpy(digest, next, sizeof digest);
    }
    unsigned char last[XCY_SHA256_BYTES];
    xcy_hmac_sha256(digest_bytes(digest), string_to_sign, last);
    xcy_hex(last, sizeof last, signature);
}

static bool check_signature(struct check *c)
{
    const struct xcy_authorization *a = &c->authorization;
    bool is_s3 = strcmp(a->service, "s3") == 0;
    char hash[XCY_SHA256_HEX];
    payload_hash(c, is_s3, hash);
    struct xcy_buf canonical;
    xcy_buf_init(&canonical, MAX_CANONICAL_BYTES);
    xcy_canonical_add_request(&canonical, c->request, a->signed_headers, hash, is_s3);
    char canonical_hash[XCY_SHA256_HEX];
    xcy_sha256_hex(xcy_buf_bytes(&canonical), canonical_hash);
    bool is_whole = !canonical.overflowed;
    xcy_buf_clear(&canonical);

    struct xcy_buf to_sign;
    xcy_buf_init(&to_sign, 1024);
    xcy_buf_addf(&to_sign, "AWS4-HMAC-SHA256\n%s\n%s/%s/%s/aws4_request\n%s", c->at.iso, a->date,
                 a->region, a->service, canonical_hash);
    char expected[XCY_SHA256_HEX];
    sign(c, xcy_buf_bytes(&to_sign), expected);
    xcy_buf_clear(&to_sign);
    return (is_whole && is_same_secret(expected, a->signature)) ||
           refuse(c, XCY_SIGNATURE_MISMATCH,
                  "The request signature we calculated does not match the signature you provided. "
                  "Check your AWS Secret Access Key and signing method. Consult the service "
                  "documentation for details.");
}

void xcy_signature_check(const struct xcy_signed_request *request, xcy_key_find_fn *find_key,
                         const void *keys, struct xcy_wall now, struct xcy_signature *signature)
{
    memset(signature, 0, sizeof *signature);
    struct check c = {.request = request, .now = now, .result = signature};
    if (!read_authorization(&c) || !check_single(&c) || !read_date(&c)) {
        return;
    }
    c.key = find_key(keys, c.authorization.access_key);
    if (check_key(&c) && check_scope(&c) && check_signed_headers(&c) && check_s3_claim(&c) &&
        check_clock(&c) && check_signature(&c) && check_s3_body(&c)) {
        signature->verdict = XCY_SIGNATURE_OK;
    }
}
