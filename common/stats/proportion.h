#ifndef XCY_STATS_PROPORTION_H
#define XCY_STATS_PROPORTION_H

/*
 * proportion.h - how sure a share of counted events is.
 *
 * Units:    shares are fractions 0..1; confidence e.g. 0.95.
 * Sources:  Wilson (1927) JASA 22:209; Clopper & Pearson (1934) Biometrika 26:404;
 *           the formulas stand in proportion.c.
 * Threads:  safe. Arguments out of range are bugs.
 */

#include "common/stats/interval.h"

#include <stdint.h>

/* Score interval: for display. n = 0 gives 0..1. */
struct xcy_interval xcy_wilson(int64_t events, int64_t n, double confidence);

/* Exact interval (beta quantiles): when a bound is claimed. n = 0 gives 0..1. */
struct xcy_interval xcy_clopper_pearson(int64_t events, int64_t n, double confidence);

#endif
