#include "analyzers/duration.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

void xcy_duration_format(double us, char to[XCY_DURATION_TEXT_BYTES])
{
    const char *sign = us < 0 ? "-" : "";
    double size = fabs(us);
    if (isinf(us)) {
        snprintf(to, XCY_DURATION_TEXT_BYTES, "%sinf", sign);
        return;
    }
    bool in_seconds = size >= 999500.0;
    double value = size / (in_seconds ? 1e6 : 1e3);
    int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : value >= 0.9995 ? 2 : 3;
    snprintf(to, XCY_DURATION_TEXT_BYTES, "%s%.*f %s", sign, decimals, value,
             in_seconds ? "s" : "ms");
}
