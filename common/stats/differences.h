#ifndef XCY_STATS_DIFFERENCES_H
#define XCY_STATS_DIFFERENCES_H

/*
 * differences.h - the k-th smallest of all n * m differences to[j] - from[i], without making them.
 *
 * Use inside this folder. Both sorted ascending; where one has +inf, the other has none, and
 * likewise -inf, so that each difference is a number.
 *
 * Cost:     at most 64 walks over n + m values; no memory.
 * Accuracy: exact: the result is one of the differences as doubles give them.
 * Threads:  safe.
 */

#include "common/stats/values.h"

#include <stdint.h>

/* 1 <= k <= n * m < 2^63. */
double xcy_difference_select(struct xcy_values from, struct xcy_values to, uint64_t k);

/* The one after it, in two walks: value is the k-th, k < n * m. */
double xcy_difference_next(struct xcy_values from, struct xcy_values to, uint64_t k, double value);

#endif
