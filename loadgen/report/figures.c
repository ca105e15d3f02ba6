#include "loadgen/report/figures.h"

#include "common/base/error.h"
#include "loadgen/judge/objective.h"

#include <stdio.h>

const char *const xcy_figure_names[XCY_N_FIGURES + 1] = {"min", "mean",  "p50", "p90",
                                                         "p99", "p99.9", "max", NULL};

static double min_of(const struct xcy_hist *hist)
{
    return (double)xcy_hist_min(hist);
}

static double max_of(const struct xcy_hist *hist)
{
    return (double)xcy_hist_max(hist);
}

/* In the order of the names: a function of its own, or a percentile. */
static const struct {
    double (*value_of)(const struct xcy_hist *hist);
    double percentile;
} figures[XCY_N_FIGURES] = {
    {.value_of = min_of}, {.value_of = xcy_hist_mean}, {.percentile = 50},   {.percentile = 90},
    {.percentile = 99},   {.percentile = 99.9},        {.value_of = max_of},
};

bool xcy_figure_get(const struct xcy_hist *hist, size_t figure, double *value_ns)
{
    xcy_assert(figure < XCY_N_FIGURES);
    int64_t n = hist ? xcy_hist_count(hist) : 0;
    if (n == 0) {
        return false;
    }
    if (figures[figure].value_of) {
        *value_ns = figures[figure].value_of(hist);
        return true;
    }
    double percentile = figures[figure].percentile;
    if (n < xcy_percentile_needs(percentile)) {
        return false;
    }
    *value_ns = (double)xcy_hist_percentile(hist, percentile);
    return true;
}

/* Three digits; of values below 1 the thousandths. The bounds are where rounding would add a digit. */
static void format_digits(double value, const char *unit, char to[XCY_DURATION_BYTES])
{
    int decimals = value < 0.9995 ? 3 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    int n = snprintf(to, XCY_DURATION_BYTES, "%.*f%s", decimals, value, unit);
    xcy_assert(n > 0 && n < XCY_DURATION_BYTES);
}

void xcy_duration_format_ms(double value_ns, char to[XCY_DURATION_BYTES])
{
    format_digits(value_ns / 1e6, "", to);
}

void xcy_duration_format(double value_ns, char to[XCY_DURATION_BYTES])
{
    if (value_ns < 999500) {
        format_digits(value_ns / 1e3, "us", to);
    } else if (value_ns < 999.5e6) {
        format_digits(value_ns / 1e6, "ms", to);
    } else {
        format_digits(value_ns / 1e9, "s", to);
    }
}
