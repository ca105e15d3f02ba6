#include "common/cli/option.h"

#include "common/base/mem.h"
#include "common/base/nearest.h"
#include "common/time/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

enum { EXPECTED_MAX_BYTES = 4096 };

const struct xcy_option xcy_standard_options[XCY_N_STANDARD_OPTIONS] = {
    [XCY_STANDARD_HELP] = {XCY_OPTION_BOOL, 'h', "help", .help = "Print this help and end."},
    [XCY_STANDARD_VERSION] = {XCY_OPTION_BOOL, 0, "version", .help = "Print the version and end."},
    [XCY_STANDARD_MAN] = {XCY_OPTION_BOOL, 0, "man", .help = "Print the manual page and end."},
};

static enum xcy_status fail_must_be(const struct xcy_option *option, const char *expected,
                                    const char *got, struct xcy_error *err)
{
    return xcy_fail(err, XCY_EUSAGE, "--%s must be %s, got '%.200s'", option->name, expected, got);
}

static enum xcy_status check_range(const struct xcy_option *option, double value, const char *got,
                                   struct xcy_error *err)
{
    if (!xcy_option_is_bounded(option) || (value >= option->min && value <= option->max)) {
        return XCY_OK;
    }
    struct xcy_buf range;
    xcy_buf_init(&range, EXPECTED_MAX_BYTES);
    xcy_option_add_range(option, &range);
    enum xcy_status status =
        xcy_fail(err, XCY_EUSAGE, "--%s must be %s, got %.200s", option->name, range.ptr, got);
    xcy_buf_clear(&range);
    return status;
}

/* A decimal number at the head of text, whatever the locale; what follows is *rest. */
static bool parse_number(const char *text, double *value, const char **rest)
{
    size_t n = strspn(text, "+-.0123456789eE");
    char *end = NULL;
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    *value = strtod_l(text, &end, c);
    freelocale(c);
    *rest = end;
    return end > text && (size_t)(end - text) <= n && isfinite(*value);
}

static enum xcy_status store_bool(const struct xcy_option *option, const char *text,
                                  struct xcy_error *err)
{
    (void)err;
    *(bool *)option->to = strcmp(text, "true") == 0;
    return XCY_OK;
}

static enum xcy_status store_int(const struct xcy_option *option, const char *text,
                                 struct xcy_error *err)
{
    char *end = NULL;
    errno = 0;
    intmax_t value = strtoimax(text, &end, 10);
    bool is_clean = end > text && *end == '\0' && strspn(text, "+-0123456789") == strlen(text);
    if (!is_clean) {
        return fail_must_be(option, "a whole number", text, err);
    }
    if (errno == ERANGE) {
        return fail_must_be(option, "a whole number of at most 18 digits", text, err);
    }
    enum xcy_status status = check_range(option, (double)value, text, err);
    if (status == XCY_OK) {
        *(int64_t *)option->to = value;
    }
    return status;
}

static enum xcy_status store_double(const struct xcy_option *option, const char *text,
                                    struct xcy_error *err)
{
    double value = 0;
    const char *rest = NULL;
    if (!parse_number(text, &value, &rest) || *rest) {
        return fail_must_be(option, "a number", text, err);
    }
    enum xcy_status status = check_range(option, value, text, err);
    if (status == XCY_OK) {
        *(double *)option->to = value;
    }
    return status;
}

static enum xcy_status store_string(const struct xcy_option *option, const char *text,
                                    struct xcy_error *err)
{
    (void)err;
    *(const char **)option->to = text;
    return XCY_OK;
}

static enum xcy_status fail_choice(const struct xcy_option *option, const char *text, size_t n,
                                   struct xcy_error *err)
{
    const char *nearest = xcy_nearest(text, option->choices, n);
    if (nearest) {
        return xcy_fail(err, XCY_EUSAGE, "--%s has no choice '%.200s' (did you mean '%s'?)",
                        option->name, text, nearest);
    }
    struct xcy_buf expected;
    xcy_buf_init(&expected, EXPECTED_MAX_BYTES);
    xcy_buf_add_text(&expected, "one of ");
    xcy_option_add_choices(option, &expected);
    enum xcy_status status = fail_must_be(option, expected.ptr, text, err);
    xcy_buf_clear(&expected);
    return status;
}

static enum xcy_status store_choice(const struct xcy_option *option, const char *text,
                                    struct xcy_error *err)
{
    size_t n = 0;
    for (; option->choices[n]; n++) {
        if (strcmp(option->choices[n], text) == 0) {
            *(int *)option->to = (int)n;
            return XCY_OK;
        }
    }
    return fail_choice(option, text, n, err);
}

static enum xcy_status store_duration(const struct xcy_option *option, const char *text,
                                      struct xcy_error *err)
{
    static const double longest_s = 9e9; /* fits int64_t nanoseconds: 285 years */
    double value = 0;
    const char *unit = NULL;
    bool is_number = parse_number(text, &value, &unit);
    for (size_t i = 0; is_number && i < XCY_N_DURATION_UNITS; i++) {
        if (strcmp(unit, xcy_duration_units[i].name) != 0) {
            continue;
        }
        double seconds = value * xcy_duration_units[i].seconds;
        enum xcy_status status = check_range(option, seconds, text, err);
        if (status == XCY_OK && fabs(seconds) > longest_s) {
            return fail_must_be(option, "at most 285 years", text, err);
        }
        if (status == XCY_OK) {
            *(int64_t *)option->to = (int64_t)llround(seconds * (double)XCY_NS_PER_S);
        }
        return status;
    }
    return fail_must_be(option, "a time such as 30, 30s, 500ms, 2m or 1h", text, err);
}

static enum xcy_status store_list(const struct xcy_option *option, const char *text,
                                  struct xcy_error *err)
{
    (void)err;
    struct xcy_string_list *list = option->to;
    list->items = xcy_realloc_array(list->items, list->n + 1, sizeof *list->items);
    list->items[list->n++] = text;
    return XCY_OK;
}

enum xcy_status xcy_option_store(const struct xcy_option *option, const char *text,
                                 struct xcy_error *err)
{
    typedef enum xcy_status store_fn(const struct xcy_option *, const char *, struct xcy_error *);
    static store_fn *const stores[] = {
        [XCY_OPTION_BOOL] = store_bool,     [XCY_OPTION_INT] = store_int,
        [XCY_OPTION_DOUBLE] = store_double, [XCY_OPTION_STRING] = store_string,
        [XCY_OPTION_CHOICE] = store_choice, [XCY_OPTION_DURATION] = store_duration,
        [XCY_OPTION_LIST] = store_list,
    };
    enum xcy_status status = stores[option->type](option, text, err);
    if (status == XCY_OK && option->given) {
        *option->given = true;
    }
    return status;
}
