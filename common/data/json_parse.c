#include "common/data/json_parse.h"

#include "common/data/json_tree.h"
#include "common/data/number.h"
#include "common/data/utf8.h"

#include <stdint.h>

enum { MAX_NUMBER_BYTES = 60, NODE_EVERY_BYTES = 12 };

struct scan {
    struct xcy_bytes text;
    size_t at;
    int depth;
    struct xcy_json_arena arena;
    struct xcy_error *err;
};

/* Fills a node whose type is not known yet. */
static enum xcy_status scan_value(struct scan *s, cJSON *node);

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

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The usual number, -d.d with a mantissa below 2^53 and few decimals, is the quotient of two exact doubles:
 * rounded once, and so as right as any reading. False for all others. */
static bool read_short(struct xcy_bytes number, double *value)
{
    static const double powers[] = {1e0, 1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7, 1e8,
                                    1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16};
    static const uint64_t most = UINT64_C(1) << 53;
    size_t at = number.ptr[0] == '-' ? 1 : 0;
    uint64_t mantissa = 0;
    size_t point = number.len;
    if (number.len > 18) {
        return false;
    }
    for (; at < number.len; at++) {
        if (is_digit(number.ptr[at])) {
            mantissa = mantissa * 10 + (uint64_t)(number.ptr[at] - '0');
        } else if (number.ptr[at] == '.') {
            point = at;
        } else {
            return false;
        }
    }
    size_t n_decimals = point < number.len ? number.len - point - 1 : 0;
    if (mantissa > most || n_decimals >= sizeof powers / sizeof *powers) {
        return false;
    }
    double size = (double)mantissa / powers[n_decimals];
    *value = number.ptr[0] == '-' ? -size : size;
    return true;
}

static enum xcy_status skip_number(struct scan *s)
{
    (void)take(s, '-');
    if (!take(s, '0') && !take_digits(s)) {
        return broken(s, "a digit is missing");
    }
    if (take(s, '.') && !take_digits(s)) {
        return broken(s, "a digit is missing");
    }
    if (take(s, 'e') || take(s, 'E')) {
        if (!take(s, '-')) {
            (void)take(s, '+');
        }
        if (!take_digits(s)) {
            return broken(s, "a digit is missing");
        }
    }
    return XCY_OK;
}

static enum xcy_status scan_number(struct scan *s, cJSON *node)
{
    size_t first = s->at;
    enum xcy_status status = skip_number(s);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_bytes number = xcy_bytes(s->text.ptr + first, s->at - first);
    if (number.len > MAX_NUMBER_BYTES) {
        return broken(s, "a number of more than 60 characters");
    }
    node->type |= cJSON_Number;
    if (!read_short(number, &node->valuedouble) && !xcy_double_parse(number, &node->valuedouble)) {
        return broken(s, "a number that is too large");
    }
    return XCY_OK;
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

/* What a backslash and a letter mean; 0: nothing. */
static const char unescaped[UINT8_MAX + 1] = {
    ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
    ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

static enum xcy_status scan_escape(struct scan *s)
{
    if (take(s, 'u')) {
        return scan_unicode_escape(s);
    }
    int c = peek(s);
    if (c < 0 || unescaped[c] == '\0') {
        return broken(s, "an unknown escape");
    }
    s->at++;
    return XCY_OK;
}

/* Past characters that stand for themselves. */
static void skip_plain(struct scan *s)
{
    const char *p = s->text.ptr + s->at;
    const char *end = s->text.ptr + s->text.len;
    while (p < end && *p >= ' ' && *p != '"' && *p != '\\') { /* bytes from 0x80 are negative */
        p++;
    }
    s->at = (size_t)(p - s->text.ptr);
}

/* Up to the quote that ends it; *n_escapes: how many backslashes there are. */
static enum xcy_status skip_string(struct scan *s, size_t *n_escapes)
{
    *n_escapes = 0;
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
            ++*n_escapes;
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
static char *text_of(struct scan *s, struct xcy_bytes raw, size_t n_escapes)
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

static enum xcy_status scan_string(struct scan *s, char **text)
{
    size_t n_escapes = 0;
    if (!take(s, '"')) {
        return broken(s, "a string is missing");
    }
    size_t first = s->at;
    enum xcy_status status = skip_string(s, &n_escapes);
    if (status == XCY_OK) {
        size_t n = s->at - 1 - first;
        *text = text_of(s, xcy_bytes(s->text.ptr + first, n), n_escapes);
    }
    return status;
}

static enum xcy_status scan_word(struct scan *s, cJSON *node)
{
    static const struct {
        const char *text;
        int type;
    } words[] = {{"true", cJSON_True}, {"false", cJSON_False}, {"null", cJSON_NULL}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t n = strlen(words[i].text);
        if (s->text.len - s->at >= n && memcmp(s->text.ptr + s->at, words[i].text, n) == 0) {
            s->at += n;
            node->type |= words[i].type;
            return XCY_OK;
        }
    }
    return broken(s, peek(s) < 0 ? "the text ends too early" : "an unexpected character");
}

static enum xcy_status scan_member(struct scan *s, bool is_object, cJSON *node)
{
    if (is_object) {
        skip_blanks(s);
        enum xcy_status status = scan_string(s, &node->string);
        if (status != XCY_OK) {
            return status;
        }
        skip_blanks(s);
        if (!take(s, ':')) {
            return broken(s, "':' is missing");
        }
    }
    return scan_value(s, node);
}

/* cJSON's lists: the first knows the last as its previous one. */
static void hang(cJSON *parent, cJSON *child)
{
    cJSON *first = parent->child;
    if (first) {
        child->prev = first->prev;
        first->prev->next = child;
        first->prev = child;
    } else {
        child->prev = child;
        parent->child = child;
    }
}

static enum xcy_status scan_container(struct scan *s, char end, cJSON *node)
{
    if (++s->depth > XCY_JSON_MAX_DEPTH) {
        return broken(s, "more than 128 levels");
    }
    node->type |= end == '}' ? cJSON_Object : cJSON_Array;
    skip_blanks(s);
    bool done = take(s, end);
    while (!done) {
        cJSON *child = xcy_json_arena_node(&s->arena, 0);
        hang(node, child);
        enum xcy_status status = scan_member(s, end == '}', child);
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

static enum xcy_status scan_value(struct scan *s, cJSON *node)
{
    skip_blanks(s);
    int c = peek(s);
    if (c == '"') {
        node->type |= cJSON_String;
        return scan_string(s, &node->valuestring);
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
        return scan_number(s, node);
    }
    if (take(s, '{')) {
        return scan_container(s, '}', node);
    }
    if (take(s, '[')) {
        return scan_container(s, ']', node);
    }
    return scan_word(s, node);
}

enum xcy_status xcy_json_read(struct xcy_bytes text, cJSON **root, struct xcy_error *err)
{
    struct scan s = {.text = text, .err = err};
    if (text.len > XCY_JSON_MAX_BYTES) {
        return xcy_fail(err, XCY_EFULL, "JSON text of %zu bytes, at most %d are read", text.len,
                        XCY_JSON_MAX_BYTES);
    }
    s.arena = xcy_json_arena_new(text.len + text.len / NODE_EVERY_BYTES * sizeof(cJSON));
    cJSON *node = xcy_json_arena_node(&s.arena, 0);
    enum xcy_status status = scan_value(&s, node);
    if (status == XCY_OK) {
        skip_blanks(&s);
        status = s.at == text.len ? XCY_OK : broken(&s, "more text after the value");
    }
    if (status == XCY_OK) {
        *root = node;
    } else {
        xcy_json_arena_drop(&s.arena);
    }
    return status;
}
