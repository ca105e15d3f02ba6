#ifndef XCY_TESTS_SUPPORT_ENUMERATED_H
#define XCY_TESTS_SUPPORT_ENUMERATED_H

/*
 * enumerated.h - how often an interval of a share holds the true one: all outcomes with their
 * probabilities, nothing simulated.
 */

#include "common/stats/interval.h"

#include <stdint.h>

/* P(x of n), each for itself from logarithms of factorials: another way than beta.c's. */
double enumerated_probability(int64_t x, int64_t n, double p);

typedef struct xcy_interval interval_function(int64_t events, int64_t n, double confidence);

/* intervals: of x = 0 .. n events. */
void enumerated_intervals(interval_function *interval, int64_t n, double confidence,
                          struct xcy_interval *intervals);
double enumerated_coverage(const struct xcy_interval *intervals, int64_t n, double p);

#endif
