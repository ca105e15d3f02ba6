#include "sandbox/services/dynamodb_value.h"

#include "common/data/number.h"
#include "common/net/crypto.h"

#include <stdio.h>
#include <string.h>

enum { MAX_DEPTH = 32, MAX_BINARY_BYTES = 1 << 20 };

typedef bool check_fn(const struct xcy_json *content, int depth, size_t *bytes, char reason[200]);

static bool check_at(const struct xcy_json *value, int depth, size_t *bytes, char reason[200]);

static bool wrong(char reason[200], const char *what)
{
    snprintf(reason, 200, "%s", what);
    return false;
}

static bool check_string(const struct xcy_json *content, int depth, size_t *bytes, char reason[200])
{
    (void)depth;
    const char *text = xcy_json_string(content);
    if (!text) {
        return wrong(reason, "Supplied AttributeValue S is not a string");
    }
    *bytes += strlen(text);
    return true;
}

/* Numbers take about a byte for two digits, and one more. */
static bool check_number(const struct xcy_json *content, int depth, size_t *bytes, char reason[200])
{
    (void)depth;
    const char *text = xcy_json_string(content);
    double value;
    if (!text || strspn(text, "+-0123456789.eE") != strlen(text) ||
        !xcy_double_parse(xcy_bytes_of(text), &value)) {
        return wrong(reason, "The parameter cannot be converted to a numeric value");
    }
    *bytes += strlen(text) / 2 + 1;
    return true;
}

static bool check_binary(const struct xcy_json *content, int depth, size_t *bytes, char reason[200])
{
    (void)depth;
    const char *text = xcy_json_string(content);
    struct xcy_buf decoded;
    xcy_buf_init(&decoded, MAX_BINARY_BYTES);
    bool is_base64 = text && xcy_base64_decode(xcy_bytes_of(text), &decoded);
    *bytes += decoded.len;
    xcy_buf_clear(&decoded);
    return is_base64 || wrong(reason, "Supplied AttributeValue B is not base64");
}

static bool check_bool(const struct xcy_json *content, int depth, size_t *bytes, char reason[200])
{
    (void)depth;
    *bytes += 1;
    return xcy_json_kind(content) == XCY_JSON_BOOL ||
           wrong(reason, "Supplied AttributeValue BOOL is not true or false");
}

static bool check_null(const struct xcy_json *content, int depth, size_t *bytes, char reason[200])
{
    (void)depth;
    bool value = false;
    *bytes += 1;
    return (xcy_json_bool(content, &value) && value) ||
           wrong(reason, "Null attribute value types must have the value of true");
}

/* Lists and maps take three bytes, and one more for each element. */
static bool check_list(const struct xcy_json *content, int depth, size_t *bytes, char reason[200])
{
    if (xcy_json_kind(content) != XCY_JSON_ARRAY) {
        return wrong(reason, "Supplied AttributeValue L is not a list");
    }
    *bytes += 3;
    for (const struct xcy_json *one = xcy_json_first(content); one; one = xcy_json_next(one)) {
        *bytes += 1;
        if (!check_at(one, depth + 1, bytes, reason)) {
            return false;
        }
    }
    return true;
}

static bool check_map(const struct xcy_json *content, int depth, size_t *bytes, char reason[200])
{
    if (xcy_json_kind(content) != XCY_JSON_OBJECT) {
        return wrong(reason, "Supplied AttributeValue M is not a map");
    }
    *bytes += 3;
    for (const struct xcy_json *one = xcy_json_first(content); one; one = xcy_json_next(one)) {
        *bytes += 1 + strlen(xcy_json_name(one));
        if (!check_at(one, depth + 1, bytes, reason)) {
            return false;
        }
    }
    return true;
}

static bool check_set(const struct xcy_json *content, check_fn *check, size_t *bytes,
                      char reason[200])
{
    if (xcy_json_kind(content) != XCY_JSON_ARRAY || xcy_json_size(content) == 0) {
        return wrong(reason, "One or more parameter values were invalid: An set may not be empty");
    }
    for (const struct xcy_json *one = xcy_json_first(content); one; one = xcy_json_next(one)) {
        size_t before = *bytes;
        if (!check(one, 0, bytes, reason)) {
            return false;
        }
        if (*bytes == before) {
            return wrong(reason, "One or more parameter values were invalid: A set may not have an "
                                 "empty member");
        }
    }
    return true;
}

static bool check_strings(const struct xcy_json *content, int depth, size_t *bytes,
                          char reason[200])
{
    (void)depth;
    return check_set(content, check_string, bytes, reason);
}

static bool check_numbers(const struct xcy_json *content, int depth, size_t *bytes,
                          char reason[200])
{
    (void)depth;
    return check_set(content, check_number, bytes, reason);
}

static bool check_binaries(const struct xcy_json *content, int depth, size_t *bytes,
                           char reason[200])
{
    (void)depth;
    return check_set(content, check_binary, bytes, reason);
}

static const struct {
    const char *name;
    check_fn *check;
} types[] = {
    {"S", check_string},   {"N", check_number},    {"B", check_binary}, {"BOOL", check_bool},
    {"NULL", check_null},  {"L", check_list},      {"M", check_map},    {"SS", check_strings},
    {"NS", check_numbers}, {"BS", check_binaries},
};

static bool check_at(const struct xcy_json *value, int depth, size_t *bytes, char reason[200])
{
    const struct xcy_json *content = xcy_json_first(value);
    if (xcy_json_kind(value) != XCY_JSON_OBJECT || !content || xcy_json_next(content)) {
        return wrong(reason, "Supplied AttributeValue is empty or has several types, must contain "
                             "exactly one of the supported datatypes");
    }
    if (depth > MAX_DEPTH) {
        return wrong(reason, "Nesting Levels have exceeded supported limits");
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].name, xcy_json_name(content)) == 0) {
            return types[i].check(content, depth, bytes, reason);
        }
    }
    return wrong(reason, "Supplied AttributeValue has an unknown type, must contain exactly one of "
                         "the supported datatypes");
}

bool xcy_dynamodb_value_check(const struct xcy_json *value, size_t *bytes, char reason[200])
{
    return check_at(value, 0, bytes, reason);
}
