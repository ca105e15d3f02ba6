#ifndef XCY_STATS_RANK_SUM_LAW_H
#define XCY_STATS_RANK_SUM_LAW_H

/*
 * rank_sum_law.h - the exact distribution of Mann and Whitney's U where both samples come from one
 * continuous distribution: of all n * m pairs, the number in which the first sample's value is
 * larger.
 *
 * Use inside this folder. It is symmetric about n * m / 2.
 *
 * Accuracy: only sums of positive terms: relative 1e-13.
 * Cost:     n * m * u additions; meant for n, m < 50.
 * Source:   Mann & Whitney (1947) Annals of Mathematical Statistics 18:50, their recurrence.
 * Threads:  safe. Arguments out of range are bugs.
 */

#include <stddef.h>

/* P(U <= u); n, m >= 1. */
double xcy_rank_sum_at_most(size_t u, size_t n, size_t m);

/* The number of ranks k >= 0 with P(U <= k - 1) <= tail: the k-th smallest and the k-th largest
 * difference leave at most the tail beyond themselves; 0: none does. 0 < tail < 0.5. */
size_t xcy_rank_sum_ranks(double tail, size_t n, size_t m);

#endif
