#include "common/cli/option.h"

#include "common/time/clock.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { NUMBER_BYTES = 32, FACTS_MAX_BYTES = 4096 };

const struct xcy_duration_unit xcy_duration_units[XCY_N_DURATION_UNITS] = {
    {"h", 3600}, {"m", 60}, {"s", 1}, {"ms", 1e-3}, {"", 1},
};

/* People read 2000000000, but not 2e+09. */
static void format_number(double value, char to[NUMBER_BYTES])
{
    snprintf(to, NUMBER_BYTES, value == floor(value) && fabs(value) < 1e16 ? "%.0f" : "%.15g",
             value);
}

bool xcy_option_is_bounded(const struct xcy_option *option)
{
    return option->min != option->max;
}

/* In the largest unit that leaves a whole number. */
static void add_duration(int64_t ns, struct xcy_buf *out)
{
    for (size_t i = 0; i < XCY_N_DURATION_UNITS - 1; i++) {
        int64_t unit_ns = (int64_t)llround(xcy_duration_units[i].seconds * (double)XCY_NS_PER_S);
        if (ns != 0 && ns % unit_ns == 0) {
            xcy_buf_addf(out, "%" PRId64 "%s", ns / unit_ns, xcy_duration_units[i].name);
            return;
        }
    }
    char number[NUMBER_BYTES];
    format_number((double)ns / (double)XCY_NS_PER_S, number);
    xcy_buf_addf(out, "%ss", number);
}

static void add_bound(const struct xcy_option *option, double bound, struct xcy_buf *out)
{
    char number[NUMBER_BYTES];
    if (option->type == XCY_OPTION_DURATION) {
        add_duration((int64_t)llround(bound * (double)XCY_NS_PER_S), out);
        return;
    }
    format_number(bound, number);
    xcy_buf_add_text(out, number);
}

void xcy_option_add_range(const struct xcy_option *option, struct xcy_buf *out)
{
    bool has_low = !isinf(option->min);
    bool has_high = !isinf(option->max);
    if (!has_low || !has_high) {
        xcy_buf_add_text(out, has_low ? "at least " : "at most ");
    }
    if (has_low) {
        add_bound(option, option->min, out);
    }
    xcy_buf_add_text(out, has_low && has_high ? ".." : "");
    if (has_high) {
        add_bound(option, option->max, out);
    }
}

void xcy_option_add_choices(const struct xcy_option *option, struct xcy_buf *out)
{
    for (size_t i = 0; option->choices[i]; i++) {
        xcy_buf_addf(out, "%s%s", i ? ", " : "", option->choices[i]);
    }
}

static void add_value(const struct xcy_option *option, struct xcy_buf *out)
{
    char number[NUMBER_BYTES];
    const char *text = NULL;
    switch (option->type) {
    case XCY_OPTION_INT:
        xcy_buf_addf(out, "%" PRId64, *(const int64_t *)option->to);
        break;
    case XCY_OPTION_DOUBLE:
        format_number(*(const double *)option->to, number);
        xcy_buf_add_text(out, number);
        break;
    case XCY_OPTION_STRING:
        text = *(const char *const *)option->to;
        xcy_buf_add_text(out, text);
        break;
    case XCY_OPTION_CHOICE:
        xcy_buf_add_text(out, option->choices[*(const int *)option->to]);
        break;
    case XCY_OPTION_DURATION:
        add_duration(*(const int64_t *)option->to, out);
        break;
    default:
        break;
    }
}

static void add_default(const struct xcy_option *option, struct xcy_buf *facts)
{
    if (option->no_default || !option->to) {
        return;
    }
    if (option->type == XCY_OPTION_BOOL) {
        if (*(const bool *)option->to) {
            xcy_buf_addf(facts, "default on; --no-%s turns it off", option->name);
        }
        return;
    }
    struct xcy_buf value;
    xcy_buf_init(&value, FACTS_MAX_BYTES);
    add_value(option, &value);
    if (value.len > 0) {
        xcy_buf_addf(facts, "%sdefault %s", facts->len ? "; " : "", value.ptr);
    }
    xcy_buf_clear(&value);
}

void xcy_option_add_facts(const struct xcy_option *option, struct xcy_buf *out)
{
    struct xcy_buf facts;
    xcy_buf_init(&facts, FACTS_MAX_BYTES);
    if (option->type == XCY_OPTION_CHOICE) {
        xcy_option_add_choices(option, &facts);
    } else if (option->type != XCY_OPTION_BOOL && xcy_option_is_bounded(option)) {
        xcy_option_add_range(option, &facts);
    }
    add_default(option, &facts);
    if (facts.len > 0) {
        xcy_buf_addf(out, "(%s)", facts.ptr);
    }
    xcy_buf_clear(&facts);
}
