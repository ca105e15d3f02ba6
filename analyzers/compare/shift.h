#ifndef XCY_ANALYZERS_COMPARE_SHIFT_H
#define XCY_ANALYZERS_COMPARE_SHIFT_H

/*
 * shift.h - by how much one sample lies above another, where values are known as intervals: a time of
 * visibility lies between two polls, a censored one has an infinite end.
 *
 * Nothing is assumed of where in its interval a value lies: the low end of a result sets the upper ends
 * of `a` against the lower ends of `b`, the high end the other way round. A p value is the largest of
 * the two; 1 where they point in different directions, as then the open ends alone could make the
 * difference.
 *
 * Two methods:
 * - ranks, of requests: the shift of Hodges and Lehmann, the test of Mann and Whitney. Both follow the
 *   order of values alone, so that the two ends bound every value between. Of many equal values the
 *   shift may be 0 where the test finds a difference: the direction is the test's.
 * - means, of rounds, one value each, and of bytes: the difference of means and Student's test by Welch.
 *   With values that are intervals it is told of the ends as they are.
 *
 * Units:    those of the values; of logarithms, the log of the ratio b / a.
 * Sources:  common/stats/hodges_lehmann.h, mann_whitney.h, welch.h.
 * Threads:  safe.
 */

#include "analyzers/compare/ends.h"
#include "common/stats/interval.h"

#include <stdint.h>

struct xcy_shift {
    struct xcy_interval estimate; /* b - a; two ends, equal where nothing is open */
    struct xcy_interval interval; /* -inf..inf where it does not exist */
    bool exists;                  /* false: too few values for this confidence */
};

struct xcy_method; /* opaque */
extern const struct xcy_method xcy_method_ranks;
extern const struct xcy_method xcy_method_means;

const char *xcy_method_name(const struct xcy_method *method); /* "mann_whitney", "welch" */

/* 0 < confidence < 1. An empty side gives -inf..inf, which does not exist. */
struct xcy_shift xcy_shift_of(const struct xcy_method *method, struct xcy_ends a, struct xcy_ends b,
                              double confidence);
struct xcy_shift_test {
    double p; /* NaN where no test can be made: too few rounds, or one without a finite value */
    double direction; /* > 0: b tends to be larger; 0 where the ends allow both */
};
struct xcy_shift_test xcy_shift_test_of(const struct xcy_method *method, struct xcy_ends a,
                                        struct xcy_ends b);

/* As xcy_shift_of, of logarithms. False where a value is negative, so that there is no ratio. A zero
 * counts as "less than all that was seen". */
bool xcy_shift_of_logs(const struct xcy_method *method, struct xcy_ends a, struct xcy_ends b,
                       double confidence, struct xcy_shift *shift);

/* Of rounds: how many a side for the interval of the shift (is_log: of logarithms) to lie within
 * -limit..limit, as needed.h guesses it. 0: never, or not known of so few, or of values that are
 * intervals. limit > 0. */
int64_t xcy_shift_needs_rounds(struct xcy_ends a, struct xcy_ends b, bool is_log, double limit,
                               double confidence);

#endif
