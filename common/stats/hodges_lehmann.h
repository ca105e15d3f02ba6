#ifndef XCY_STATS_HODGES_LEHMANN_H
#define XCY_STATS_HODGES_LEHMANN_H

/*
 * hodges_lehmann.h - by how much are the values of one sample larger than those of another?
 *
 * The estimate is the median of all differences to - from (for an even number of them the middle of
 * the two in the middle), the interval the k-th smallest .. k-th largest of them: Moses' interval,
 * all shifts that the Mann-Whitney test does not reject. k is exact where both samples have fewer
 * than 50 values, else from the normal approximation. Where the two distributions differ by a shift
 * alone, the interval covers it with at least the confidence if k is exact, else nearly; with equal
 * values, more often.
 *
 * Values may be infinite: +inf is "more than all that was watched". For the low ends it counts as
 * the largest finite value of its own sample, for the high ends as +inf, whichever makes the
 * difference smaller or larger; -inf likewise. So an end is never claimed beyond what was seen; an
 * infinite end says that there is no bound on that side. The estimate has two ends for the same
 * reason: equal unless censored values reach the middle.
 * Values known as intervals: call it twice. (high ends, low ends) gives the low ends of the result,
 * (low ends, high ends) the high ends.
 *
 * Cost:     O(n + m) memory, at most some 4 * 64 walks: 10^6 x 10^6 values in some seconds.
 * Sources:  Hodges & Lehmann (1963) Annals of Mathematical Statistics 34:598; the interval:
 *           Hollander & Wolfe (1999) Nonparametric Statistical Methods, 2nd ed., 4.2 and 4.3.
 * Threads:  safe. NaN, and values that are not sorted, are bugs of the caller.
 */

#include "common/stats/interval.h"
#include "common/stats/values.h"

#include <stdbool.h>

struct xcy_hodges_lehmann {
    struct xcy_interval estimate; /* -inf..inf where a sample is empty */
    struct xcy_interval interval; /* -inf..inf where it does not exist */
    bool exists; /* false: too few values for this confidence; say so, never invent */
};

/* Both sorted ascending; n * m < 2^53. 0 < confidence < 1. */
struct xcy_hodges_lehmann xcy_hodges_lehmann(struct xcy_values from, struct xcy_values to,
                                             double confidence);

#endif
