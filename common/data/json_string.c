#include "common/data/json_scan.h"

#include "common/data/utf8.h"

#include <stdint.h>

/* Strings: first skipped, to know that they are right and how long, then copied. */

enum xcy_status xcy_json_broken(struct xcy_json_scan *s, const char *what)
{
    return xcy_fail(s->err, XCY_EPARSE, "not JSON: %s at byte %zu", what, s->at);
}

static int hex_digit(int c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits after \u, or -1. */
static int take_hex4(struct xcy_json_scan *s)
{
    int code = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(xcy_json_peek(s));
        if (digit < 0) {
            return -1;
        }
        code = code * 16 + digit;
        s->at++;
    }
    return code;
}

static enum xcy_status scan_unicode_escape(struct xcy_json_scan *s)
{
    int code = take_hex4(s);
    if (code < 0) {
        return xcy_json_broken(s, "a \\u escape without four digits");
    }
    if (code == 0) {
        return xcy_json_broken(s, "a zero character (\\u0000)");
    }
    if (code >= 0xDC00 && code <= 0xDFFF) {
        return xcy_json_broken(s, "half a surrogate pair");
    }
    if (code >= 0xD800 && code <= 0xDBFF) {
        int low = xcy_json_take(s, '\\') && xcy_json_take(s, 'u') ? take_hex4(s) : -1;
        if (low < 0xDC00 || low > 0xDFFF) {
            return xcy_json_broken(s, "half a surrogate pair");
        }
    }
    return XCY_OK;
}

/* What a backslash and a letter mean; 0: nothing. */
static const char unescaped[UINT8_MAX + 1] = {
    ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
    ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

static enum xcy_status scan_escape(struct xcy_json_scan *s)
{
    if (xcy_json_take(s, 'u')) {
        return scan_unicode_escape(s);
    }
    int c = xcy_json_peek(s);
    if (c < 0 || unescaped[c] == '\0') {
        return xcy_json_broken(s, "an unknown escape");
    }
    s->at++;
    return XCY_OK;
}

/* Past characters that stand for themselves. */
static void skip_plain(struct xcy_json_scan *s)
{
    const char *p = s->text.ptr + s->at;
    const char *end = s->text.ptr + s->text.len;
    while (p < end && (signed char)*p >= ' ' && *p != '"' && *p != '\\') { /* none from 0x80 on */
        p++;
    }
    s->at = (size_t)(p - s->text.ptr);
}

/* Up to the quote that ends it; *n_escapes: how many backslashes there are. */
static enum xcy_status skip_string(struct xcy_json_scan *s, size_t *n_escapes)
{
    *n_escapes = 0;
    for (skip_plain(s); !xcy_json_take(s, '"'); skip_plain(s)) {
        int c = xcy_json_peek(s);
        if (c < 0) {
            return xcy_json_broken(s, "an unfinished string");
        }
        if (c < 0x20) {
            return xcy_json_broken(s, "a control character in a string");
        }
        if (xcy_json_take(s, '\\')) {
            enum xcy_status status = scan_escape(s);
            if (status != XCY_OK) {
                return status;
            }
            ++*n_escapes;
            continue;
        }
        size_t n = xcy_utf8_read(s->text, s->at, NULL);
        if (n == 0) {
            return xcy_json_broken(s, "a byte that is not UTF-8");
        }
        s->at += n;
    }
    return XCY_OK;
}

static unsigned hex4(const char *digits)
{
    unsigned code = 0;
    for (int d = 0; d < 4; d++) {
        code = code * 16 + (unsigned)hex_digit(digits[d]);
    }
    return code;
}

static char *put_utf8(char *to, unsigned code)
{
    if (code < 0x80) {
        *to++ = (char)code;
    } else if (code < 0x800) {
        *to++ = (char)(0xC0 | code >> 6);
        *to++ = (char)(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        *to++ = (char)(0xE0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 0x3F));
        *to++ = (char)(0x80 | (code & 0x3F));
    } else {
        *to++ = (char)(0xF0 | code >> 18);
        *to++ = (char)(0x80 | (code >> 12 & 0x3F));
        *to++ = (char)(0x80 | (code >> 6 & 0x3F));
        *to++ = (char)(0x80 | (code & 0x3F));
    }
    return to;
}

/* What the escape behind a backslash means; it is known to be right. *from: behind it. */
static char *put_escaped(char *to, const char **from)
{
    char c = *(*from)++;
    if (c == 'u') {
        unsigned code = hex4(*from);
        *from += 4;
        if (code >= 0xD800 && code <= 0xDBFF) {
            code = 0x10000 + ((code - 0xD800) << 10) + (hex4(*from + 2) - 0xDC00);
            *from += 6;
        }
        return put_utf8(to, code);
    }
    *to++ = unescaped[(unsigned char)c];
    return to;
}

/* The text of what was skipped. It is never longer than it was written. */
static char *text_of(struct xcy_json_scan *s, struct xcy_bytes raw, size_t n_escapes)
{
    char *text = xcy_json_arena_text(&s->arena, raw.len + 1);
    const char *from = raw.ptr;
    const char *end = raw.ptr + raw.len;
    char *to = text;
    for (; n_escapes > 0; n_escapes--) {
        const char *escape = memchr(from, '\\', (size_t)(end - from));
        size_t n_plain = (size_t)(escape - from);
        memcpy(to, from, n_plain);
        from = escape + 1;
        to = put_escaped(to + n_plain, &from);
    }
    memcpy(to, from, (size_t)(end - from));
    to[end - from] = '\0';
    return text;
}

enum xcy_status xcy_json_scan_string(struct xcy_json_scan *s, char **text)
{
    size_t n_escapes = 0;
    if (!xcy_json_take(s, '"')) {
        return xcy_json_broken(s, "a string is missing");
    }
    size_t first = s->at;
    enum xcy_status status = skip_string(s, &n_escapes);
    if (status == XCY_OK) {
        size_t n = s->at - 1 - first;
        *text = text_of(s, xcy_bytes(s->text.ptr + first, n), n_escapes);
    }
    return status;
}
