#ifndef XCY_STATS_KRUSKAL_WALLIS_H
#define XCY_STATS_KRUSKAL_WALLIS_H

/*
 * kruskal_wallis.h - do several groups of values (blocks of time, rounds) come from one
 * distribution?
 *
 * With two groups it is the Mann-Whitney test without the correction for continuity. Infinite
 * (censored) values rank as there.
 *
 * Accuracy: p is that of chi-square, an approximation from some 5 values a group on; H to relative
 *           1e-9 against R.
 * Source:   Kruskal & Wallis (1952) JASA 47:583.
 * Threads:  safe. NaN is a bug.
 */

#include "common/stats/sample.h"
#include "common/stats/values.h"

struct xcy_kruskal_wallis {
    double h;       /* corrected for ties; 0 where all values are equal */
    double freedom; /* groups with a value - 1 */
    double p;       /* 1 with fewer than two such groups */
};

/* In any order; sorts a copy. Empty groups do not count. */
struct xcy_kruskal_wallis xcy_kruskal_wallis(const struct xcy_values *groups, size_t n_groups);

/* The same of settled samples, without a copy of each value. */
struct xcy_kruskal_wallis xcy_kruskal_wallis_samples(const struct xcy_sample *const *groups,
                                                     size_t n_groups);

#endif
