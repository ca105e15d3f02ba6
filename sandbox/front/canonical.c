#include "sandbox/front/canonical.h"

#include "common/base/mem.h"
#include "common/net/url.h"

#include <stdlib.h>
#include <string.h>

/* How many parts a text has at most, parted by the separator. */
static size_t count_parts(const char *text, char separator)
{
    size_t n = 1;
    for (; *text; text++) {
        n += *text == separator ? 1 : 0;
    }
    return n;
}

/* Resolves ".", ".." and empty segments as RFC 3986, 5.2.4; a slash at the end stays. There is room
 * for every segment of the path. */
static size_t split_path(const char *path, struct xcy_bytes segments[], bool *ends_in_slash)
{
    size_t n = 0;
    *ends_in_slash = true;
    while (*path) {
        path += strspn(path, "/");
        size_t len = strcspn(path, "/");
        struct xcy_bytes segment = xcy_bytes(path, len);
        bool is_dots = xcy_bytes_equal(segment, xcy_bytes_of(".")) ||
                       xcy_bytes_equal(segment, xcy_bytes_of(".."));
        *ends_in_slash = len == 0 || is_dots;
        if (len == 2 && is_dots && n > 0) {
            n--;
        } else if (len > 0 && !is_dots) {
            segments[n++] = segment;
        }
        path += len;
    }
    return n;
}

void xcy_canonical_add_path(struct xcy_buf *out, const char *raw_path, bool is_s3)
{
    if (is_s3) {
        xcy_buf_add_text(out, raw_path[0] ? raw_path : "/");
        return;
    }
    struct xcy_bytes *segments = xcy_alloc_array(count_parts(raw_path, '/'), sizeof *segments);
    bool ends_in_slash;
    size_t n = split_path(raw_path, segments, &ends_in_slash);
    for (size_t i = 0; i < n; i++) {
        xcy_buf_add_char(out, '/');
        xcy_url_encode(out, segments[i]);
    }
    if (ends_in_slash || n == 0) {
        xcy_buf_add_char(out, '/');
    }
    free(segments);
}

/* A broken escape stays as it came: the signature then decides. */
static void add_encoded(struct xcy_buf *out, struct xcy_bytes raw)
{
    struct xcy_buf decoded;
    xcy_buf_init(&decoded, raw.len);
    xcy_url_encode(out, xcy_url_decode(&decoded, raw, false) ? xcy_buf_bytes(&decoded) : raw);
    xcy_buf_clear(&decoded);
}

/* Encoded name and value; a byte below every unreserved one between them makes the order that of
 * names first, then values. */
static char *encoded_pair(struct xcy_bytes pair)
{
    struct xcy_buf out;
    xcy_buf_init(&out, 3 * pair.len + 1); /* each byte three, and the mark between */
    const char *equals = memchr(pair.ptr, '=', pair.len);
    size_t name_len = equals ? (size_t)(equals - pair.ptr) : pair.len;
    add_encoded(&out, xcy_bytes(pair.ptr, name_len));
    xcy_buf_add_char(&out, '\x01');
    if (equals) {
        add_encoded(&out, xcy_bytes(equals + 1, pair.len - name_len - 1));
    }
    return xcy_buf_take(&out);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void xcy_canonical_add_query(struct xcy_buf *out, const char *raw_query)
{
    char **pairs = xcy_alloc_array(count_parts(raw_query, '&'), sizeof *pairs);
    size_t n = 0;
    for (const char *at = raw_query; *at;) {
        size_t len = strcspn(at, "&");
        if (len > 0) {
            pairs[n++] = encoded_pair(xcy_bytes(at, len));
        }
        at += at[len] ? len + 1 : len;
    }
    qsort(pairs, n, sizeof *pairs, compare_texts);
    for (size_t i = 0; i < n; i++) {
        *strchr(pairs[i], '\x01') = '=';
        xcy_buf_addf(out, "%s%s", i > 0 ? "&" : "", pairs[i]);
        free(pairs[i]);
    }
    free(pairs);
}

void xcy_canonical_add_value(struct xcy_buf *out, const char *value)
{
    bool is_first = true;
    while (*(value += strspn(value, " \t"))) {
        size_t len = strcspn(value, " \t");
        if (!is_first) {
            xcy_buf_add_char(out, ' ');
        }
        xcy_buf_add(out, xcy_bytes(value, len));
        is_first = false;
        value += len;
    }
}

static void add_headers(struct xcy_buf *out, const struct xcy_signed_request *request,
                        const char *signed_headers)
{
    for (const char *at = signed_headers; *at;) {
        size_t len = strcspn(at, ";");
        char *name = xcy_strndup(at, len);
        const char *value = request->header(request->ctx, name);
        xcy_buf_addf(out, "%s:", name);
        xcy_canonical_add_value(out, value ? value : "");
        xcy_buf_add_char(out, '\n');
        free(name);
        at += at[len] ? len + 1 : len;
    }
}

void xcy_canonical_add_request(struct xcy_buf *out, const struct xcy_signed_request *request,
                               const char *signed_headers, const char *payload_hash, bool is_s3)
{
    xcy_buf_addf(out, "%s\n", request->method);
    xcy_canonical_add_path(out, request->path, is_s3);
    xcy_buf_add_char(out, '\n');
    xcy_canonical_add_query(out, request->query);
    xcy_buf_add_char(out, '\n');
    add_headers(out, request, signed_headers);
    xcy_buf_addf(out, "\n%s\n%s", signed_headers, payload_hash);
}
