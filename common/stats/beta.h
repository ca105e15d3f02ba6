#ifndef XCY_STATS_BETA_H
#define XCY_STATS_BETA_H

/*
 * beta.h - the beta and binomial distributions, for exact intervals.
 *
 * Use inside this folder. GSL 2.7 has them too, but its gsl_cdf_beta_Pinv fails for ordinary
 * arguments (p = 0.025, a = 5000, b = 5001: no convergence, which aborts) and does not return for
 * others (half of 10 million), where its distribution function is NaN.
 *
 * Accuracy: relative 1e-9 up to n = 10^6, 1e-7 up to 10^7, against SciPy (beta_test.c).
 * Threads:  safe. Arguments out of range are bugs.
 */

#include <stdint.h>

/* P(X <= x) and P(X > x) of Beta(a, b); a, b > 0. */
double xcy_beta_below(double x, double a, double b);
double xcy_beta_above(double x, double a, double b);

/* The x with p below, or p above it; 0 < p < 1. */
double xcy_beta_quantile_below(double p, double a, double b);
double xcy_beta_quantile_above(double p, double a, double b);

/* P(K <= k) and P(K >= k) of n trials with share q; 0 < q < 1, any k. */
double xcy_binomial_at_most(int64_t k, int64_t n, double q);
double xcy_binomial_at_least(int64_t k, int64_t n, double q);

#endif
