#ifndef XCY_STATS_QUANTILE_H
#define XCY_STATS_QUANTILE_H

/*
 * quantile.h - quantiles of samples that are all at hand, and their exact intervals.
 *
 * Sources:  order-statistic interval: David & Nagaraja, Order Statistics, 3rd ed., 7.1;
 *           linear interpolation: Hyndman & Fan (1996) type 7 (what pandas does).
 * Threads:  safe.
 */

#include <stdbool.h>
#include <stddef.h>

/* Ascending; values may be infinite (censored), not NaN. */
void xcy_sort(double *values, size_t n);

/* Where the q-quantile of n sorted values stands, from 0: the smallest value with at least q of the
 * sample at or below it. n > 0, 0 < q < 1 */
size_t xcy_quantile_index(size_t n, double q);

/* The q-quantile as an order statistic: what stands there; sorted ascending. */
double xcy_quantile(const double *sorted, size_t n, double q);

/* Hyndman & Fan type 7; n > 0, 0 <= q <= 1. */
double xcy_quantile_linear(const double *sorted, size_t n, double q);

struct xcy_quantile_interval {
    bool exists; /* false: n is too small for this quantile and confidence; say so, never invent */
    size_t low_index; /* into the sorted sample, from 0 */
    size_t high_index;
};

/* Ranks l <= u so that [x(l), x(u)] covers the q-quantile with at least the confidence, whatever
 * the (continuous) distribution: the narrowest tail-symmetric pair, each tail <= (1-confidence)/2. */
struct xcy_quantile_interval xcy_quantile_ranks(size_t n, double q, double confidence);

#endif
