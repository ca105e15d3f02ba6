#ifndef XCY_LOADGEN_JUDGE_METRIC_H
#define XCY_LOADGEN_JUDGE_METRIC_H

/*
 * metric.h - what an objective may ask about, and where in a tally it stands.
 *
 * Use inside this folder; objective.h is for the others.
 *
 * Threads:  safe.
 */

#include "loadgen/record/tally.h"

enum xcy_metric_kind {
    XCY_METRIC_DURATION, /* a histogram; needs a statistic: response.p99 */
    XCY_METRIC_COUNT,    /* of slots; also as a share of those that ended */
    XCY_METRIC_RATE      /* a second */
};

/* What is taken of a duration. */
enum xcy_statistic {
    XCY_STATISTIC_PERCENTILE,
    XCY_STATISTIC_MIN,
    XCY_STATISTIC_MEAN,
    XCY_STATISTIC_MAX,
    XCY_N_STATISTICS
};
extern const char *const xcy_statistic_names[XCY_N_STATISTICS + 1]; /* "pXX", "min", … */

/* The rows before those of the outcomes. */
enum { XCY_N_OWN_METRICS = 9, XCY_N_METRICS = XCY_N_OWN_METRICS + XCY_N_OUTCOMES };

const char *xcy_metric_name(size_t metric);
enum xcy_metric_kind xcy_metric_kind(size_t metric);
/* XCY_N_METRICS: there is none of this name. */
size_t xcy_metric_find(const char *name);

/* The values of a duration; NULL: none was measured. */
const struct xcy_hist *xcy_metric_hist(size_t metric, const struct xcy_tally *total);
int64_t xcy_metric_count(size_t metric, const struct xcy_counts *counts);
/* False: too few requests to tell. */
bool xcy_metric_rate(size_t metric, const struct xcy_tally *total, double *rate_per_s);

#endif
