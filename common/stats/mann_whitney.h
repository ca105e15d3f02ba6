#ifndef XCY_STATS_MANN_WHITNEY_H
#define XCY_STATS_MANN_WHITNEY_H

/*
 * mann_whitney.h - do two samples come from one distribution, or tends one to larger values?
 *
 * Exact where both have fewer than 50 values and no two values are equal, else the normal
 * approximation with corrections for ties and continuity: what R's wilcox.test does.
 *
 * Values may be infinite (censored): +inf ranks above all finite ones, and infinite ones tie among
 * themselves. That is right where every finite value lies below every censored one's limit.
 *
 * Accuracy: relative 1e-9 against R.
 * Sources:  Mann & Whitney (1947) Annals of Mathematical Statistics 18:50; ties: Lehmann (1975)
 *           Nonparametrics, 1.4.
 * Threads:  safe. NaN is a bug.
 */

#include "common/stats/values.h"

#include <stdbool.h>

struct xcy_mann_whitney {
    double u; /* pairs in which `to` is larger; an equal pair counts one half */
    double p; /* two-sided; 1 where a sample is empty or all values are equal */
    bool is_exact;
};

/* In any order; sorts a copy. */
struct xcy_mann_whitney xcy_mann_whitney(struct xcy_values from, struct xcy_values to);

#endif
