#include "common/data/json_check.h"

#include "common/data/number.h"
#include "common/data/utf8.h"

enum { MAX_NUMBER_BYTES = 60 }; /* cJSON reads numbers through 64 bytes of room */

struct scan {
    struct xcy_bytes text;
    size_t at;
    int depth;
    struct xcy_error *err;
};

static enum xcy_status scan_value(struct scan *s);

static enum xcy_status broken(struct scan *s, const char *what)
{
    return xcy_fail(s->err, XCY_EPARSE, "not JSON: %s at byte %zu", what, s->at);
}

static int peek(const struct scan *s)
{
    return s->at < s->text.len ? (unsigned char)s->text.ptr[s->at] : -1;
}

static bool take(struct scan *s, char c)
{
    if (peek(s) != c) {
        return false;
    }
    s->at++;
    return true;
}

static void skip_blanks(struct scan *s)
{
    for (int c = peek(s); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = peek(s)) {
        s->at++;
    }
}

static bool take_digits(struct scan *s)
{
    size_t first = s->at;
    while (peek(s) >= '0' && peek(s) <= '9') {
        s->at++;
    }
    return s->at > first;
}

static enum xcy_status scan_number(struct scan *s)
{
    size_t first = s->at;
    (void)take(s, '-');
    if (!take(s, '0') && !take_digits(s)) {
        return broken(s, "a digit is missing");
    }
    if (take(s, '.') && !take_digits(s)) {
        return broken(s, "a digit is missing");
    }
    bool has_exponent = take(s, 'e') || take(s, 'E');
    if (has_exponent) {
        if (!take(s, '-')) {
            (void)take(s, '+');
        }
        if (!take_digits(s)) {
            return broken(s, "a digit is missing");
        }
    }
    double value = 0;
    struct xcy_bytes number = xcy_bytes(s->text.ptr + first, s->at - first);
    if (number.len > MAX_NUMBER_BYTES) {
        return broken(s, "a number of more than 60 characters");
    }
    bool is_finite = !has_exponent || xcy_double_parse(number, &value);
    return is_finite ? XCY_OK : broken(s, "a number that is too large");
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
static int take_hex4(struct scan *s)
{
    int code = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(peek(s));
        if (digit < 0) {
            return -1;
        }
        code = code * 16 + digit;
        s->at++;
    }
    return code;
}

static enum xcy_status scan_unicode_escape(struct scan *s)
{
    int code = take_hex4(s);
    if (code < 0) {
        return broken(s, "a \\u escape without four digits");
    }
    if (code == 0) {
        return broken(s, "a zero character (\\u0000)");
    }
    if (code >= 0xDC00 && code <= 0xDFFF) {
        return broken(s, "half a surrogate pair");
    }
    if (code >= 0xD800 && code <= 0xDBFF) {
        int low = take(s, '\\') && take(s, 'u') ? take_hex4(s) : -1;
        if (low < 0xDC00 || low > 0xDFFF) {
            return broken(s, "half a surrogate pair");
        }
    }
    return XCY_OK;
}

static enum xcy_status scan_escape(struct scan *s)
{
    if (take(s, 'u')) {
        return scan_unicode_escape(s);
    }
    int c = peek(s);
    if (c <= 0 || !strchr("\"\\/bfnrt", c)) {
        return broken(s, "an unknown escape");
    }
    s->at++;
    return XCY_OK;
}

/* Most of most texts. */
static void skip_plain(struct scan *s)
{
    while (s->at < s->text.len && xcy_json_is_plain(s->text.ptr[s->at])) {
        s->at++;
    }
}

static enum xcy_status scan_string(struct scan *s)
{
    if (!take(s, '"')) {
        return broken(s, "a string is missing");
    }
    for (skip_plain(s); !take(s, '"'); skip_plain(s)) {
        int c = peek(s);
        if (c < 0) {
            return broken(s, "an unfinished string");
        }
        if (c < 0x20) {
            return broken(s, "a control character in a string");
        }
        if (take(s, '\\')) {
            enum xcy_status status = scan_escape(s);
            if (status != XCY_OK) {
                return status;
            }
            continue;
        }
        size_t n = xcy_utf8_read(s->text, s->at, NULL);
        if (n == 0) {
            return broken(s, "a byte that is not UTF-8");
        }
        s->at += n;
    }
    return XCY_OK;
}

static enum xcy_status scan_word(struct scan *s)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t n = strlen(words[i]);
        if (s->text.len - s->at >= n && memcmp(s->text.ptr + s->at, words[i], n) == 0) {
            s->at += n;
            return XCY_OK;
        }
    }
    return broken(s, peek(s) < 0 ? "the text ends too early" : "an unexpected character");
}

static enum xcy_status scan_member(struct scan *s, bool is_object)
{
    if (is_object) {
        skip_blanks(s);
        enum xcy_status status = scan_string(s);
        if (status != XCY_OK) {
            return status;
        }
        skip_blanks(s);
        if (!take(s, ':')) {
            return broken(s, "':' is missing");
        }
    }
    return scan_value(s);
}

static enum xcy_status scan_container(struct scan *s, char end)
{
    if (++s->depth > XCY_JSON_MAX_DEPTH) {
        return broken(s, "more than 128 levels");
    }
    skip_blanks(s);
    bool done = take(s, end);
    while (!done) {
        enum xcy_status status = scan_member(s, end == '}');
        if (status != XCY_OK) {
            return status;
        }
        skip_blanks(s);
        done = take(s, end);
        if (!done && !take(s, ',')) {
            return broken(s, end == '}' ? "',' or '}' is missing" : "',' or ']' is missing");
        }
    }
    s->depth--;
    return XCY_OK;
}

static enum xcy_status scan_value(struct scan *s)
{
    skip_blanks(s);
    int c = peek(s);
    if (c == '"') {
        return scan_string(s);
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
        return scan_number(s);
    }
    if (take(s, '{')) {
        return scan_container(s, '}');
    }
    if (take(s, '[')) {
        return scan_container(s, ']');
    }
    return scan_word(s);
}

enum xcy_status xcy_json_check(struct xcy_bytes text, struct xcy_error *err)
{
    struct scan s = {.text = text, .err = err};
    if (text.len > XCY_JSON_MAX_BYTES) {
        return xcy_fail(err, XCY_EFULL, "JSON text of %zu bytes, at most %d are read", text.len,
                        XCY_JSON_MAX_BYTES);
    }
    enum xcy_status status = scan_value(&s);
    if (status != XCY_OK) {
        return status;
    }
    skip_blanks(&s);
    return s.at == text.len ? XCY_OK : broken(&s, "more text after the value");
}
