#include "analyzers/cells.h"

#include "analyzers/duration.h"

#include <math.h>
#include <stdio.h>

void xcy_cell_value(const struct xcy_estimate *e, double floor_us, char to[XCY_CELL_BYTES])
{
    char text[XCY_DURATION_TEXT_BYTES];
    bool is_left = e->low_us == floor_us && e->high_us > e->low_us;
    bool is_right = isinf(e->high_us);
    xcy_duration_format(is_right ? e->low_us : e->high_us, text);
    snprintf(to, XCY_CELL_BYTES, "%s%s", is_right ? "> " : is_left ? "<= " : "", text);
}

void xcy_cell_ci(const struct xcy_estimate *e, char to[XCY_CELL_BYTES])
{
    if (!e->has_interval) {
        snprintf(to, XCY_CELL_BYTES, "n too small");
        return;
    }
    char low[XCY_DURATION_TEXT_BYTES];
    char high[XCY_DURATION_TEXT_BYTES];
    xcy_duration_format(e->ci_low_us, low);
    xcy_duration_format(e->ci_high_us, high);
    snprintf(to, XCY_CELL_BYTES, "%s..%s", low, high);
}

void xcy_cell_poll(const struct xcy_estimate *e, char to[XCY_CELL_BYTES])
{
    char text[XCY_DURATION_TEXT_BYTES];
    if (isinf(e->low_us) || isinf(e->high_us)) {
        snprintf(to, XCY_CELL_BYTES, "censored");
        return;
    }
    xcy_duration_format(e->high_us - e->low_us, text);
    snprintf(to, XCY_CELL_BYTES, "+0/-%s", text);
}

void xcy_cell_bound(double low_us, double high_us, char to[XCY_CELL_BYTES])
{
    char low[XCY_DURATION_TEXT_BYTES];
    char high[XCY_DURATION_TEXT_BYTES];
    xcy_duration_format(high_us, high);
    xcy_duration_format(-low_us, low);
    if (isinf(low_us) && isinf(high_us)) {
        snprintf(to, XCY_CELL_BYTES, "unbounded");
    } else if (isinf(high_us)) {
        snprintf(to, XCY_CELL_BYTES, "unbounded above/-%s", low);
    } else if (isinf(low_us)) {
        snprintf(to, XCY_CELL_BYTES, "+%s/unbounded below", high);
    } else {
        snprintf(to, XCY_CELL_BYTES, "+%s/-%s", high, low);
    }
}
