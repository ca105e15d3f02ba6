#ifndef XCY_STATS_NEEDED_H
#define XCY_STATS_NEEDED_H

/*
 * needed.h - how large a sample must be for a claim: what stands behind "needs n >= ...".
 *
 * Each is the least n at which the function that makes the claim makes it.
 *
 * Sources:  those of proportion.h, quantile.h, dkw.h and welch.h.
 * Threads:  safe. Arguments out of range are bugs.
 */

#include "common/stats/moments.h"

#include <stdint.h>

/* At which xcy_quantile_ranks has an interval of the q-quantile: 36 887 for 0.9999 at 95 %.
 * 0 < q < 1, 0 < confidence < 1. */
int64_t xcy_needed_for_quantile(double q, double confidence);

/* At which `events` of n are at most the share by xcy_clopper_pearson: 0 events and 0.01 at 95 %:
 * 368. events >= 0, 0 < share < 1, events / share < 10^12. */
int64_t xcy_needed_for_share(int64_t events, double share, double confidence);

/* At which xcy_dkw_epsilon is at most epsilon; 10^-6 < epsilon < 1. */
int64_t xcy_needed_for_dkw(double epsilon, double confidence);

/* Rounds a side at which the interval of xcy_welch lies within -limit..limit, if means and variances
 * stay what they were found to be; a guess from few rounds, no promise. 0: never, as the means differ
 * by as much. Two values a side at least; limit > 0. */
int64_t xcy_needed_rounds(struct xcy_moments from, struct xcy_moments to, double limit,
                          double confidence);

#endif
