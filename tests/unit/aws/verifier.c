#include "tests/unit/aws/verifier.h"

#include "common/base/mem.h"
#include "common/net/crypto.h"
#include "common/net/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_TEXT = 1024 * 1024, MAX_PARTS = 64 };

/* All that may change what a request means must be under the signature. */
static const char *const must_be_signed[] = {
    "host",           "x-amz-date",           "content-type",          "x-amz-content-sha256",
    "x-amz-target",   "x-amz-security-token", "x-amz-invocation-type", "content-md5",
    "x-amz-meta-cid",
};

struct authorization {
    char access_key[128];
    char date[16];
    char region[64];
    char service[64];
    char signed_headers[512];
    char signature[80];
};

static bool parse_authorization(const char *text, struct authorization *a)
{
    return sscanf(text,
                  "AWS4-HMAC-SHA256 Credential=%127[^/]/%15[0-9]/%63[^/]/%63[^/]/aws4_request, "
                  "SignedHeaders=%511[^,], Signature=%79[0-9a-f]",
                  a->access_key, a->date, a->region, a->service, a->signed_headers,
                  a->signature) == 6;
}

/* Outside S3 the path is encoded once more than it was for the wire. */
static void add_path(struct xcy_buf *out, const char *path, bool is_s3)
{
    for (const char *p = path; *p; p++) {
        if (*p == '/' || is_s3) {
            xcy_buf_add_char(out, *p);
        } else {
            xcy_url_encode(out, xcy_bytes(p, 1));
        }
    }
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "name=value" decoded and encoded again. */
static char *canonical_pair(const char *pair, size_t len)
{
    struct xcy_buf raw;
    struct xcy_buf out;
    xcy_buf_init(&raw, MAX_TEXT);
    xcy_buf_init(&out, MAX_TEXT);
    const char *equals = memchr(pair, '=', len);
    size_t name_len = equals ? (size_t)(equals - pair) : len;
    bool good = xcy_url_decode(&raw, xcy_bytes(pair, name_len), false);
    xcy_url_encode(&out, xcy_buf_bytes(&raw));
    xcy_buf_add_char(&out, '=');
    xcy_buf_reset(&raw);
    if (equals) {
        good = xcy_url_decode(&raw, xcy_bytes(equals + 1, len - name_len - 1), false) && good;
    }
    xcy_url_encode(&out, xcy_buf_bytes(&raw));
    xcy_assert(good);
    xcy_buf_clear(&raw);
    return out.ptr;
}

static void add_query(struct xcy_buf *out, const char *query)
{
    char *pairs[MAX_PARTS];
    size_t n = 0;
    while (*query) {
        size_t len = strcspn(query, "&");
        xcy_assert(n < MAX_PARTS);
        pairs[n++] = canonical_pair(query, len);
        query += len + (query[len] == '&');
    }
    qsort((void *)pairs, n, sizeof pairs[0], compare_texts);
    for (size_t i = 0; i < n; i++) {
        xcy_buf_add_text(out, i > 0 ? "&" : "");
        xcy_buf_add_text(out, pairs[i]);
        free(pairs[i]);
    }
}

/* Without blanks around, and one blank for many inside. */
static void add_trimmed(struct xcy_buf *out, const char *value)
{
    bool is_first = true;
    while (*value) {
        value += strspn(value, " \t");
        size_t len = strcspn(value, " \t");
        if (len > 0) {
            xcy_buf_add_text(out, is_first ? "" : " ");
            xcy_buf_add(out, xcy_bytes(value, len));
            is_first = false;
        }
        value += len;
    }
}

static bool has_name(const char *list, const char *name)
{
    size_t len = strlen(name);
    for (const char *p = list; (p = strcasestr(p, name)) != NULL; p += len) {
        if ((p == list || p[-1] == ';') && (p[len] == '\0' || p[len] == ';')) {
            return true;
        }
    }
    return false;
}

/* The headers in the order of the list, which must be sorted and complete. */
static bool add_headers(struct xcy_buf *out, const struct xcy_exchange *x, const char *list,
                        char *problem, size_t size)
{
    char last[128] = "";
    for (const char *p = list; *p;) {
        char name[128];
        size_t len = strcspn(p, ";");
        snprintf(name, sizeof name, "%.*s", (int)len, p);
        const char *value = xcy_exchange_header(x, name);
        if (!value || strcmp(last, name) >= 0 || xcy_exchange_header_count(x, name) != 1) {
            snprintf(problem, size, "signed header %s is missing, repeated or out of order", name);
            return false;
        }
        xcy_buf_addf(out, "%s:", name);
        add_trimmed(out, value);
        xcy_buf_add_char(out, '\n');
        snprintf(last, sizeof last, "%s", name);
        p += len + (p[len] == ';');
    }
    for (size_t i = 0; i < sizeof must_be_signed / sizeof must_be_signed[0]; i++) {
        if (xcy_exchange_header(x, must_be_signed[i]) && !has_name(list, must_be_signed[i])) {
            snprintf(problem, size, "header %s came unsigned", must_be_signed[i]);
            return false;
        }
    }
    return true;
}

static bool payload_hash(const struct xcy_exchange *x, char hex[XCY_SHA256_HEX], char *problem,
                         size_t size)
{
    const char *told = xcy_exchange_header(x, "x-amz-content-sha256");
    xcy_sha256_hex(xcy_exchange_body(x), hex);
    if (told && strcmp(told, "UNSIGNED-PAYLOAD") == 0) {
        snprintf(hex, XCY_SHA256_HEX, "%s", told);
    } else if (told && strcmp(told, hex) != 0) {
        snprintf(problem, size, "x-amz-content-sha256 is not that of the body");
        return false;
    }
    return true;
}

static void sign(const struct authorization *a, const char *secret, struct xcy_bytes text,
                 char hex[XCY_SHA256_HEX])
{
    unsigned char key[XCY_SHA256_BYTES];
    char *first = xcy_format("AWS4%s", secret);
    const char *const steps[] = {a->date, a->region, a->service, "aws4_request"};
    struct xcy_bytes last = xcy_bytes_of(first);
    for (size_t i = 0; i < 4; i++) {
        unsigned char next[XCY_SHA256_BYTES];
        xcy_hmac_sha256(last, xcy_bytes_of(steps[i]), next);
        memcpy(key, next, sizeof key);
        last = xcy_bytes((const char *)key, sizeof key);
    }
    unsigned char digest[XCY_SHA256_BYTES];
    xcy_hmac_sha256(last, text, digest);
    xcy_hex(digest, sizeof digest, hex);
    free(first);
}

static void check_signature(const struct xcy_exchange *x, const struct authorization *a,
                            const char *secret, char *problem, size_t size)
{
    struct xcy_buf canonical;
    struct xcy_buf to_sign;
    char payload[XCY_SHA256_HEX];
    char hash[XCY_SHA256_HEX];
    char right[XCY_SHA256_HEX];
    const char *when = xcy_exchange_header(x, "x-amz-date");
    xcy_buf_init(&canonical, MAX_TEXT);
    xcy_buf_init(&to_sign, MAX_TEXT);
    xcy_buf_addf(&canonical, "%s\n", xcy_exchange_method(x));
    add_path(&canonical, xcy_exchange_path(x), strcmp(a->service, "s3") == 0);
    xcy_buf_add_char(&canonical, '\n');
    add_query(&canonical, xcy_exchange_query(x));
    xcy_buf_add_char(&canonical, '\n');
    if (!when || strncmp(when, a->date, 8) != 0) {
        snprintf(problem, size, "X-Amz-Date is missing or of another day than the scope");
    } else if (add_headers(&canonical, x, a->signed_headers, problem, size) &&
               payload_hash(x, payload, problem, size)) {
        xcy_buf_addf(&canonical, "\n%s\n%s", a->signed_headers, payload);
        xcy_sha256_hex(xcy_buf_bytes(&canonical), hash);
        xcy_buf_addf(&to_sign, "AWS4-HMAC-SHA256\n%s\n%s/%s/%s/aws4_request\n%s", when, a->date,
                     a->region, a->service, hash);
        sign(a, secret, xcy_buf_bytes(&to_sign), right);
        if (strcmp(right, a->signature) != 0) {
            snprintf(problem, size, "wrong signature; canonical request:\n%s", canonical.ptr);
        }
    }
    xcy_buf_clear(&canonical);
    xcy_buf_clear(&to_sign);
}

void xcy_verify_signature(const struct xcy_exchange *x, const struct xcy_verifier_key *key,
                          char *problem, size_t size)
{
    struct authorization a;
    const char *text = xcy_exchange_header(x, "Authorization");
    const char *token = xcy_exchange_header(x, "X-Amz-Security-Token");
    problem[0] = '\0';
    if (!text || !parse_authorization(text, &a)) {
        snprintf(problem, size, "no Authorization of the right form: %s", text ? text : "(none)");
    } else if (strcmp(a.access_key, key->access_key) != 0) {
        snprintf(problem, size, "signed by %s", a.access_key);
    } else if (strcmp(token ? token : "", key->session_token ? key->session_token : "") != 0) {
        snprintf(problem, size, "another session token");
    } else {
        check_signature(x, &a, key->secret_key, problem, size);
    }
}
