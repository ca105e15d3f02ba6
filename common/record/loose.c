#include "common/record/loose.h"

#include "common/data/number.h"

#include <math.h>
#include <string.h>

/* What Python's strip() takes away, as far as it is ASCII. */
static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

enum { NUMBER_MAX_BYTES = 100 };

/* A number's text as it is parsed: without the blanks around it, and without the _ that may stand
 * between two digits. Empty: it is too long for a number. */
struct number_text {
    char ptr[NUMBER_MAX_BYTES];
    size_t len;
};

static struct number_text bare(const char *text)
{
    struct number_text bare = {.len = 0};
    size_t first = 0;
    size_t end = strlen(text);
    while (first < end && is_blank(text[first])) {
        first++;
    }
    while (end > first && is_blank(text[end - 1])) {
        end--;
    }
    if (end - first > NUMBER_MAX_BYTES) {
        return bare;
    }
    for (size_t at = first; at < end; at++) {
        bool is_between = text[at] == '_' && at > first && is_digit(text[at - 1]) && at + 1 < end &&
                          is_digit(text[at + 1]);
        if (!is_between) {
            bare.ptr[bare.len++] = text[at];
        }
    }
    return bare;
}

static bool parse_double(const char *text, double *value)
{
    struct number_text number = bare(text);
    return xcy_double_parse(xcy_bytes(number.ptr, number.len), value);
}

static bool parse_int64(const char *text, int64_t *value)
{
    struct number_text number = bare(text);
    return xcy_int64_parse(xcy_bytes(number.ptr, number.len), value);
}

static enum xcy_status fail_value(struct xcy_error *err, const char *key, const char *expected)
{
    return xcy_fail(err, XCY_EPARSE, "%s: not %s", key, expected);
}

static const double last_second = 253402300799.0;   /* the end of the year 9999 */
static const double max_exact = 9007199254740992.0; /* 2^53 */

bool xcy_is_time_s(double seconds)
{
    return seconds >= 0 && seconds <= last_second;
}

enum xcy_status xcy_loose_seconds(const struct xcy_json *object, const char *key, bool *has,
                                  double *value, struct xcy_error *err)
{
    const struct xcy_json *node = xcy_json_get(object, key);
    double seconds = NAN;
    if (xcy_json_kind(node) == XCY_JSON_NULL) {
        *has = false;
        return XCY_OK;
    }
    const char *text = xcy_json_string(node);
    bool is_number = text ? parse_double(text, &seconds) : xcy_json_number(node, &seconds);
    if (!is_number || !xcy_is_time_s(seconds)) {
        return fail_value(err, key, "a time in seconds since 1970");
    }
    *has = true;
    *value = seconds;
    return XCY_OK;
}

static bool integer_of(const struct xcy_json *node, double *value)
{
    const char *text = xcy_json_string(node);
    bool truth;
    int64_t whole;
    if (text && parse_int64(text, &whole)) {
        *value = (double)whole;
        return true;
    }
    if (xcy_json_bool(node, &truth)) {
        *value = truth ? 1 : 0;
        return true;
    }
    return xcy_json_number(node, value);
}

enum xcy_status xcy_loose_integer(const struct xcy_json *object, const char *key, bool *has,
                                  double *value, struct xcy_error *err)
{
    const struct xcy_json *node = xcy_json_get(object, key);
    double number = NAN;
    if (xcy_json_kind(node) == XCY_JSON_NULL) {
        *has = false;
        return XCY_OK;
    }
    if (!integer_of(node, &number) || !(fabs(number) <= max_exact)) {
        return fail_value(err, key, "a whole number");
    }
    *has = true;
    *value = trunc(number) + 0.0; /* no negative zero */
    return XCY_OK;
}

enum xcy_status xcy_loose_i(const struct xcy_json *object, int64_t *i, struct xcy_error *err)
{
    const struct xcy_json *node = xcy_json_get(object, "i");
    const char *text = xcy_json_string(node);
    int64_t value;
    if (xcy_json_kind(node) == XCY_JSON_NULL) {
        return xcy_fail(err, XCY_EPARSE, "i: missing");
    }
    bool is_whole = text ? parse_int64(text, &value) : xcy_json_int64(node, &value);
    if (!is_whole || value < 0 || value > (int64_t)max_exact) {
        return fail_value(err, "i", "a whole number of 0 or more");
    }
    *i = value;
    return XCY_OK;
}

int64_t xcy_us_of_seconds(double seconds)
{
    return (int64_t)llround(seconds * 1e6);
}

double xcy_seconds_of_us(int64_t us)
{
    return (double)us / 1e6;
}
