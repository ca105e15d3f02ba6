#ifndef XCY_STATS_RANK_SUMS_H
#define XCY_STATS_RANK_SUMS_H

/*
 * rank_sums.h - the ranks of groups of values among all of them, equal ones sharing their mean
 * rank.
 *
 * Use inside this folder, for the rank tests.
 *
 * Threads:  safe.
 */

#include <stddef.h>

struct xcy_ranked {
    double value; /* may be infinite, not NaN */
    double times; /* how often it came, a whole number */
    size_t group;
};

/* Sorts the items, adds each one's rank (from 1) to its group's sum, and returns the sum of t^3 - t
 * over runs of t equal values: 0 without ties. */
double xcy_rank_sums(struct xcy_ranked *items, size_t n, double *sums);

#endif
