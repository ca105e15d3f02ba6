#include "common/net/url.h"

/* Not isalnum: it follows the locale. */
static bool is_unreserved(unsigned char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void xcy_url_encode(struct xcy_buf *out, struct xcy_bytes text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (is_unreserved(c)) {
            xcy_buf_add_char(out, (char)c);
        } else {
            char escape[3] = {'%', digits[c >> 4], digits[c & 15]};
            xcy_buf_add(out, xcy_bytes(escape, sizeof escape));
        }
    }
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool xcy_url_decode(struct xcy_buf *out, struct xcy_bytes text, bool plus_is_blank)
{
    size_t start = out->len;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '%') {
            int high = i + 1 < text.len ? digit_of(text.ptr[i + 1]) : -1;
            int low = i + 2 < text.len ? digit_of(text.ptr[i + 2]) : -1;
            if (high < 0 || low < 0) {
                out->len = start;
                out->ptr[start] = '\0';
                return false;
            }
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_blank) {
            c = ' ';
        }
        xcy_buf_add_char(out, c);
    }
    return true;
}

/* Cuts the first "name=value" off the query. */
static struct xcy_bytes next_pair(struct xcy_bytes *query)
{
    const char *end = memchr(query->ptr, '&', query->len);
    size_t len = end ? (size_t)(end - query->ptr) : query->len;
    struct xcy_bytes pair = xcy_bytes(query->ptr, len);
    size_t used = end ? len + 1 : len;
    *query = xcy_bytes(query->ptr + used, query->len - used);
    return pair;
}

bool xcy_query_get(struct xcy_bytes query, const char *name, struct xcy_buf *out)
{
    struct xcy_buf decoded;
    xcy_buf_init(&decoded, query.len);
    bool found = false;
    while (query.len > 0 && !found) {
        struct xcy_bytes pair = next_pair(&query);
        const char *equals = pair.len > 0 ? memchr(pair.ptr, '=', pair.len) : NULL;
        size_t name_len = equals ? (size_t)(equals - pair.ptr) : pair.len;
        xcy_buf_reset(&decoded);
        if (!xcy_url_decode(&decoded, xcy_bytes(pair.ptr, name_len), true) ||
            !xcy_bytes_equal(xcy_buf_bytes(&decoded), xcy_bytes_of(name))) {
            continue;
        }
        size_t value_at = equals ? name_len + 1 : name_len;
        found = xcy_url_decode(out, xcy_bytes(pair.ptr + value_at, pair.len - value_at), true);
        break;
    }
    xcy_buf_clear(&decoded);
    return found;
}

const char *xcy_url_shown(const char *url)
{
    return strchr(url, '@') ? "..." : url;
}
