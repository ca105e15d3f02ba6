#include "common/data/number.h"
#include "common/record/field.h"

#include <math.h>

/* What Python's strip() takes away, as far as it is ASCII. */
static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct xcy_bytes trim(const char *text)
{
    struct xcy_bytes t = xcy_bytes_of(text);
    while (t.len > 0 && is_blank(t.ptr[0])) {
        t.ptr++;
        t.len--;
    }
    while (t.len > 0 && is_blank(t.ptr[t.len - 1])) {
        t.len--;
    }
    return t;
}

static enum xcy_status fail_value(struct xcy_error *err, const char *key, const char *expected)
{
    return xcy_fail(err, XCY_EPARSE, "%s: not %s", key, expected);
}

/* The end of the year 9999: later "times" are mistakes, and would not fit in microseconds. */
static const double last_second = 253402300799.0;
static const double max_exact = 9007199254740992.0; /* 2^53 */

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
    bool is_number =
        text ? xcy_double_parse(trim(text), &seconds) : xcy_json_number(node, &seconds);
    if (!is_number || !(seconds >= 0 && seconds <= last_second)) {
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
    if (text && xcy_int64_parse(trim(text), &whole)) {
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
    bool is_whole = text ? xcy_int64_parse(trim(text), &value) : xcy_json_int64(node, &value);
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
