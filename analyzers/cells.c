#include "analyzers/cells.h"

#include "analyzers/duration.h"
#include "common/cli/bound.h"

#include <math.h>
#include <stdio.h>

const struct xcy_short xcy_shorts[XCY_N_SHORTS] = {
    {"published", "window_as_published", 0},
    {"window", "window", 0},
    {"window p99", "window", 2},
    {"notify", "notification_latency", 0},
    {"barrier", "barrier_cost", 0},
};

void xcy_cell_value(const struct xcy_estimate *e, char to[XCY_CELL_BYTES])
{
    char text[XCY_DURATION_TEXT_BYTES];
    bool is_right = isinf(e->high_us);
    xcy_duration_format(is_right ? e->low_us : e->high_us, text);
    snprintf(to, XCY_CELL_BYTES, "%s%s", is_right ? "> " : e->is_left ? "<= " : "", text);
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
    bool is_left = e->ci_low_us == -INFINITY; /* as of the value */
    snprintf(to, XCY_CELL_BYTES, "%s%s%s", is_left ? "" : low, is_left ? "<= " : "..", high);
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
    bool has_low = isfinite(low_us);
    bool has_high = isfinite(high_us);
    xcy_duration_format_end(has_low ? low_us : 0, false, low);
    xcy_duration_format_end(has_high ? high_us : 0, true, high);
    xcy_bound_join(has_high ? high : NULL, has_low ? low : NULL, to);
}

void xcy_cell_clock(const struct xcy_metric *metric, const struct xcy_estimate *e,
                    char to[XCY_CELL_BYTES])
{
    if (xcy_metric_crosses_clocks(metric)) {
        xcy_cell_bound(e->clock_low_us, e->clock_high_us, to);
    } else {
        snprintf(to, XCY_CELL_BYTES, "one clock");
    }
}

void xcy_cell_p(double p, char to[XCY_CELL_BYTES])
{
    if (p > 0) {
        snprintf(to, XCY_CELL_BYTES, "p = %.2g", p);
    } else {
        snprintf(to, XCY_CELL_BYTES, "p < 1e-300");
    }
}

void xcy_cell_shorts_clock(const struct xcy_summary *s, char to[XCY_CELL_BYTES])
{
    double low_us = 0;
    double high_us = 0;
    snprintf(to, XCY_CELL_BYTES, "-");
    for (size_t i = 0; i < XCY_N_SHORTS; i++) {
        const struct xcy_metric_summary *m = xcy_summary_find(s, xcy_shorts[i].metric);
        if (m && xcy_metric_crosses_clocks(m->metric)) {
            low_us = fmin(low_us, m->quantiles[xcy_shorts[i].quantile].clock_low_us);
            high_us = fmax(high_us, m->quantiles[xcy_shorts[i].quantile].clock_high_us);
            xcy_cell_bound(low_us, high_us, to);
        }
    }
}
