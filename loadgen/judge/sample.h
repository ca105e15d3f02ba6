#ifndef XCY_LOADGEN_JUDGE_SAMPLE_H
#define XCY_LOADGEN_JUDGE_SAMPLE_H

/*
 * sample.h - the values of a histogram as a sorted sample: percentiles, how many values they need,
 * and their exact intervals.
 *
 * Use inside this folder; objective.h is for the others.
 *
 * Units:    nanoseconds; percentiles 0 < p < 100. A value beyond the histogram's range is infinite.
 * Threads:  safe.
 */

#include "common/stats/hist.h"
#include "common/stats/proportion.h"

struct xcy_sample {
    const struct xcy_hist *hist; /* NULL: no value; borrowed */
    int64_t n;                   /* those beyond the range included */
};

struct xcy_sample xcy_sample_of(const struct xcy_hist *hist); /* NULL is allowed */

/* Whether it has a value beyond the percentile's rank on either side (objective.h). */
bool xcy_sample_has_percentile(const struct xcy_sample *s, double percentile);
/* The value of the smallest rank with at least so many percent of the sample at or below; n > 0. */
double xcy_sample_percentile(const struct xcy_sample *s, double percentile);

/* The exact 95 % interval, whatever the distribution: an end that does not exist is 0, or infinite.
 * n > 0. (xcy_quantile_ranks gives both ends or none.) */
struct xcy_interval xcy_sample_interval(const struct xcy_sample *s, double percentile);

/* Exact; infinite when a value beyond the range makes them so. n > 0. */
double xcy_sample_min(const struct xcy_sample *s);
double xcy_sample_mean(const struct xcy_sample *s);
double xcy_sample_max(const struct xcy_sample *s);

#endif
