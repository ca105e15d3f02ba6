#include "loadgen/judge/unit.h"

#include "common/data/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const struct unit {
    enum xcy_metric_kind kind;
    const char *name;
    double factor;
    bool is_share;
} units[] = {
    {XCY_METRIC_DURATION, "ns", 1, false},   {XCY_METRIC_DURATION, "us", 1e3, false},
    {XCY_METRIC_DURATION, "ms", 1e6, false}, {XCY_METRIC_DURATION, "s", 1e9, false},
    {XCY_METRIC_COUNT, "", 1, false},        {XCY_METRIC_COUNT, "%", 0.01, true},
    {XCY_METRIC_RATE, "", 1, false},         {XCY_METRIC_RATE, "/s", 1, false},
};

static const struct unit *find_unit(enum xcy_metric_kind kind, struct xcy_bytes name)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (units[i].kind == kind && xcy_bytes_equal(name, xcy_bytes_of(units[i].name))) {
            return &units[i];
        }
    }
    return NULL;
}

/* A share of retries may pass 100 %, since a slot may have several. */
static bool is_in_range(const struct unit *unit, size_t metric, double value)
{
    static const double most_count = 9007199254740992.0; /* 2^53: whole numbers are exact */
    if (!isfinite(value) || value < 0) {
        return false;
    }
    if (unit->is_share) {
        return value <= 100 || strcmp(xcy_metric_name(metric), "retries") == 0;
    }
    return unit->kind != XCY_METRIC_COUNT || (value <= most_count && value == floor(value));
}

/* As if the unit's power of ten stood in the text: 43.1ms are whole nanoseconds, and 7% is the share
 * that 7 of 100 are. */
static double in_units(const struct unit *unit, double value)
{
    double exact = value * unit->factor;
    if (unit->is_share) {
        char text[XCY_DOUBLE_TEXT_BYTES];
        snprintf(text, sizeof text, "%.15g", value / 100);
        exact = strtod(text, NULL);
    }
    bool is_whole = fabs(exact - nearbyint(exact)) < exact * 1e-12;
    return is_whole ? nearbyint(exact) : exact;
}

bool xcy_unit_parse(size_t metric, struct xcy_bytes text, struct xcy_quantity *quantity)
{
    size_t n = 0;
    while (n < text.len && text.ptr[n] != '\0' && strchr("+-.0123456789eE", text.ptr[n])) {
        n++;
    }
    double value = 0;
    const struct unit *unit =
        find_unit(xcy_metric_kind(metric), xcy_unit_trim(xcy_bytes(text.ptr + n, text.len - n)));
    if (n == 0 || !unit || !xcy_double_parse(xcy_bytes(text.ptr, n), &value) ||
        !is_in_range(unit, metric, value)) {
        return false;
    }
    *quantity = (struct xcy_quantity){.value = in_units(unit, value), .is_share = unit->is_share};
    return true;
}

const char *xcy_unit_wanted(size_t metric)
{
    static const char *const wanted[] = {
        [XCY_METRIC_DURATION] = "a time with its unit, such as 50ms (ns, us, ms or s)",
        [XCY_METRIC_COUNT] = "a whole number, or a share such as 0.1%",
        [XCY_METRIC_RATE] = "a number a second, such as 990/s",
    };
    return wanted[xcy_metric_kind(metric)];
}

bool xcy_unit_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct xcy_bytes xcy_unit_trim(struct xcy_bytes text)
{
    while (text.len > 0 && xcy_unit_is_blank(text.ptr[0])) {
        text = xcy_bytes(text.ptr + 1, text.len - 1);
    }
    while (text.len > 0 && xcy_unit_is_blank(text.ptr[text.len - 1])) {
        text.len--;
    }
    return text;
}
