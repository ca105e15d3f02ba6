#include "common/cli/bound.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>

void xcy_bound_format_end(double value, bool is_upper, int decimals, char to[XCY_BOUND_END_BYTES])
{
    static const double scales[] = {1, 10, 100, 1000};
    static const double noise = 1e-6; /* 5.1 has no binary form: it is not rounded to 5.2 */
    bool is_positive = value > 0 || (value == 0 && is_upper);
    double digits = fabs(value) * scales[decimals];
    digits = is_positive == is_upper ? fabs(ceil(digits - noise)) : floor(digits + noise);
    snprintf(to, XCY_BOUND_END_BYTES, "%c%.*f", is_positive ? '+' : '-', decimals,
             digits / scales[decimals]);
}

void xcy_bound_join(const char *high, const char *low, char to[XCY_BOUND_BYTES])
{
    if (!high && !low) {
        snprintf(to, XCY_BOUND_BYTES, "unbounded");
    } else {
        snprintf(to, XCY_BOUND_BYTES, "%s/%s", high ? high : "unbounded above",
                 low ? low : "unbounded below");
    }
}

void xcy_bound_format(double low, double high, char to[XCY_BOUND_BYTES])
{
    char low_text[XCY_BOUND_END_BYTES];
    char high_text[XCY_BOUND_END_BYTES];
    xcy_bound_format_end(isfinite(low) ? low : 0, false, 1, low_text);
    xcy_bound_format_end(isfinite(high) ? high : 0, true, 1, high_text);
    xcy_bound_join(isfinite(high) ? high_text : NULL, isfinite(low) ? low_text : NULL, to);
}
