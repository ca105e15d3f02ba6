#include "analyzers/duration.h"

#include "common/cli/bound.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

/* A length in the unit that people would choose. */
struct shown {
    double value;
    int decimals; /* for three significant digits */
    const char *unit;
};

static struct shown shown_of(double size_us)
{
    bool in_seconds = size_us >= 999500.0;
    double value = size_us / (in_seconds ? 1e6 : 1e3);
    return (struct shown){
        .value = value,
        .decimals = value >= 99.95    ? 0
                    : value >= 9.995  ? 1
                    : value >= 0.9995 ? 2
                                      : 3,
        .unit = in_seconds ? "s" : "ms",
    };
}

void xcy_duration_format(double us, char to[XCY_DURATION_TEXT_BYTES])
{
    const char *sign = us < 0 ? "-" : "";
    if (isinf(us)) {
        snprintf(to, XCY_DURATION_TEXT_BYTES, "%sinf", sign);
        return;
    }
    struct shown shown = shown_of(fabs(us));
    snprintf(to, XCY_DURATION_TEXT_BYTES, "%s%.*f %s", sign, shown.decimals, shown.value,
             shown.unit);
}

void xcy_duration_format_end(double us, bool is_upper, char to[XCY_DURATION_TEXT_BYTES])
{
    char number[XCY_BOUND_END_BYTES];
    struct shown shown = shown_of(fabs(us));
    xcy_bound_format_end(copysign(shown.value, us), is_upper, shown.decimals, number);
    snprintf(to, XCY_DURATION_TEXT_BYTES, "%s %s", number, shown.unit);
}
