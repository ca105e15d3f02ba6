#include "loadgen/judge/metric.h"

#include <string.h>

const char *const xcy_statistic_names[XCY_N_STATISTICS + 1] = {
    [XCY_STATISTIC_PERCENTILE] = "pXX", [XCY_STATISTIC_MIN] = "min", [XCY_STATISTIC_MEAN] = "mean",
    [XCY_STATISTIC_MAX] = "max",        [XCY_N_STATISTICS] = NULL,
};

static const struct xcy_hist *response_of(const struct xcy_tally *total)
{
    return total->latency[XCY_OUTCOME_OK].of[XCY_RESPONSE];
}

static const struct xcy_hist *service_of(const struct xcy_tally *total)
{
    return total->latency[XCY_OUTCOME_OK].of[XCY_SERVICE];
}

static const struct xcy_hist *lag_of(const struct xcy_tally *total)
{
    return total->latency[XCY_OUTCOME_OK].of[XCY_LAG];
}

static const struct xcy_hist *start_lag_of(const struct xcy_tally *total)
{
    return total->start_lag;
}

static int64_t late_of(const struct xcy_counts *counts)
{
    return counts->late;
}

static int64_t retries_of(const struct xcy_counts *counts)
{
    return counts->retries;
}

static bool rate_of(const struct xcy_tally *total, double *rate_per_s)
{
    *rate_per_s = xcy_tally_achieved_rate(total);
    return *rate_per_s > 0;
}

/* That nothing came back is a throughput, too, once something ended. */
static bool throughput_of(const struct xcy_tally *total, double *rate_per_s)
{
    *rate_per_s = xcy_tally_throughput(total);
    bool is_zero = total->measured.outcomes[XCY_OUTCOME_OK] == 0;
    return *rate_per_s > 0 || (is_zero && xcy_counts_slots(&total->measured) > 0);
}

/* One of the three functions, as the kind says. */
static const struct row {
    const char *name;
    enum xcy_metric_kind kind;
    const struct xcy_hist *(*hist)(const struct xcy_tally *total);
    int64_t (*count)(const struct xcy_counts *counts);
    bool (*rate)(const struct xcy_tally *total, double *rate_per_s);
} rows[XCY_N_OWN_METRICS] = {
    {"response", XCY_METRIC_DURATION, .hist = response_of},
    {"service", XCY_METRIC_DURATION, .hist = service_of},
    {"lag", XCY_METRIC_DURATION, .hist = lag_of},
    {"start_lag", XCY_METRIC_DURATION, .hist = start_lag_of},
    {"failed", XCY_METRIC_COUNT, .count = xcy_counts_failed},
    {"late", XCY_METRIC_COUNT, .count = late_of},
    {"retries", XCY_METRIC_COUNT, .count = retries_of},
    {"rate", XCY_METRIC_RATE, .rate = rate_of},
    {"throughput", XCY_METRIC_RATE, .rate = throughput_of},
};

const char *xcy_metric_name(size_t metric)
{
    xcy_assert(metric < XCY_N_METRICS);
    return metric < XCY_N_OWN_METRICS ? rows[metric].name
                                      : xcy_outcome_names[metric - XCY_N_OWN_METRICS];
}

enum xcy_metric_kind xcy_metric_kind(size_t metric)
{
    return metric < XCY_N_OWN_METRICS ? rows[metric].kind : XCY_METRIC_COUNT;
}

size_t xcy_metric_find(const char *name)
{
    size_t metric = 0;
    while (metric < XCY_N_METRICS && strcmp(name, xcy_metric_name(metric)) != 0) {
        metric++;
    }
    return metric;
}

const struct xcy_hist *xcy_metric_hist(size_t metric, const struct xcy_tally *total)
{
    xcy_assert(xcy_metric_kind(metric) == XCY_METRIC_DURATION);
    return rows[metric].hist(total);
}

int64_t xcy_metric_count(size_t metric, const struct xcy_counts *counts)
{
    xcy_assert(xcy_metric_kind(metric) == XCY_METRIC_COUNT);
    return metric < XCY_N_OWN_METRICS ? rows[metric].count(counts)
                                      : counts->outcomes[metric - XCY_N_OWN_METRICS];
}

bool xcy_metric_rate(size_t metric, const struct xcy_tally *total, double *rate_per_s)
{
    xcy_assert(xcy_metric_kind(metric) == XCY_METRIC_RATE);
    return rows[metric].rate(total, rate_per_s);
}
