#include "common/data/json_parse.h"

#include "common/data/json_scan.h"
#include "common/data/number.h"

#include <stdint.h>

enum { MAX_NUMBER_BYTES = 60, NODE_EVERY_BYTES = 12, MAX_NODES_BYTES = 256 << 10 };

/* Fills a node whose type is not known yet. */
static enum xcy_status scan_value(struct xcy_json_scan *s, cJSON *node);

static void skip_blanks(struct xcy_json_scan *s)
{
    for (int c = xcy_json_peek(s); c == ' ' || c == '\t' || c == '\n' || c == '\r';
         c = xcy_json_peek(s)) {
        s->at++;
    }
}

static bool take_digits(struct xcy_json_scan *s)
{
    size_t first = s->at;
    while (xcy_json_peek(s) >= '0' && xcy_json_peek(s) <= '9') {
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

static enum xcy_status skip_number(struct xcy_json_scan *s)
{
    (void)xcy_json_take(s, '-');
    if (!xcy_json_take(s, '0') && !take_digits(s)) {
        return xcy_json_broken(s, "a digit is missing");
    }
    if (xcy_json_take(s, '.') && !take_digits(s)) {
        return xcy_json_broken(s, "a digit is missing");
    }
    if (xcy_json_take(s, 'e') || xcy_json_take(s, 'E')) {
        if (!xcy_json_take(s, '-')) {
            (void)xcy_json_take(s, '+');
        }
        if (!take_digits(s)) {
            return xcy_json_broken(s, "a digit is missing");
        }
    }
    return XCY_OK;
}

static enum xcy_status scan_number(struct xcy_json_scan *s, cJSON *node)
{
    size_t first = s->at;
    enum xcy_status status = skip_number(s);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_bytes number = xcy_bytes(s->text.ptr + first, s->at - first);
    if (number.len > MAX_NUMBER_BYTES) {
        return xcy_json_broken(s, "a number of more than 60 characters");
    }
    node->type |= cJSON_Number;
    if (!read_short(number, &node->valuedouble) && !xcy_double_parse(number, &node->valuedouble)) {
        return xcy_json_broken(s, "a number that is too large");
    }
    return XCY_OK;
}

static enum xcy_status scan_word(struct xcy_json_scan *s, cJSON *node)
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
    return xcy_json_broken(s, xcy_json_peek(s) < 0 ? "the text ends too early"
                                                   : "an unexpected character");
}

static enum xcy_status scan_member(struct xcy_json_scan *s, bool is_object, cJSON *node)
{
    if (is_object) {
        skip_blanks(s);
        enum xcy_status status = xcy_json_scan_string(s, &node->string);
        if (status != XCY_OK) {
            return status;
        }
        skip_blanks(s);
        if (!xcy_json_take(s, ':')) {
            return xcy_json_broken(s, "':' is missing");
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

static enum xcy_status scan_container(struct xcy_json_scan *s, char end, cJSON *node)
{
    if (++s->depth > XCY_JSON_MAX_DEPTH) {
        return xcy_json_broken(s, "more than 128 levels");
    }
    node->type |= end == '}' ? cJSON_Object : cJSON_Array;
    skip_blanks(s);
    bool done = xcy_json_take(s, end);
    while (!done) {
        cJSON *child = xcy_json_arena_node(&s->arena, 0);
        hang(node, child);
        enum xcy_status status = scan_member(s, end == '}', child);
        if (status != XCY_OK) {
            return status;
        }
        skip_blanks(s);
        done = xcy_json_take(s, end);
        if (!done && !xcy_json_take(s, ',')) {
            return xcy_json_broken(s,
                                   end == '}' ? "',' or '}' is missing" : "',' or ']' is missing");
        }
    }
    s->depth--;
    return XCY_OK;
}

static enum xcy_status scan_value(struct xcy_json_scan *s, cJSON *node)
{
    skip_blanks(s);
    int c = xcy_json_peek(s);
    if (c == '"') {
        node->type |= cJSON_String;
        return xcy_json_scan_string(s, &node->valuestring);
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
        return scan_number(s, node);
    }
    if (xcy_json_take(s, '{')) {
        return scan_container(s, '}', node);
    }
    if (xcy_json_take(s, '[')) {
        return scan_container(s, ']', node);
    }
    return scan_word(s, node);
}

enum xcy_status xcy_json_read(struct xcy_bytes text, cJSON **root, struct xcy_error *err)
{
    struct xcy_json_scan s = {.text = text, .err = err};
    if (text.len > XCY_JSON_MAX_BYTES) {
        return xcy_fail(err, XCY_EFULL, "JSON text of %zu bytes, at most %d are read", text.len,
                        XCY_JSON_MAX_BYTES);
    }
    size_t nodes_bytes = text.len / NODE_EVERY_BYTES * sizeof(cJSON);
    s.arena = xcy_json_arena_new(text.len +
                                 (nodes_bytes < MAX_NODES_BYTES ? nodes_bytes : MAX_NODES_BYTES));
    cJSON *node = xcy_json_arena_node(&s.arena, 0);
    enum xcy_status status = scan_value(&s, node);
    if (status == XCY_OK) {
        skip_blanks(&s);
        status = s.at == text.len ? XCY_OK : xcy_json_broken(&s, "more text after the value");
    }
    if (status == XCY_OK) {
        *root = node;
    } else {
        xcy_json_arena_drop(&s.arena);
    }
    return status;
}
