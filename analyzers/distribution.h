#ifndef XCY_ANALYZERS_DISTRIBUTION_H
#define XCY_ANALYZERS_DISTRIBUTION_H

/*
 * distribution.h - all values of one metric, exact: the lower and the upper end of each apart, and each
 * end moved as far as the clocks of its own record allow, so that one loosely bound instance does not
 * widen what the others say.
 *
 * Left- and right-censored values are counted, and infinite where nothing is known.
 *
 * Units:    microseconds, or bytes; ends that the clocks moved are rounded outwards.
 * Memory:   the caller owns the struct; xcy_distribution_clear.
 * Threads:  one owner; each thread fills its own and they are merged; read-only once settled.
 */

#include "analyzers/clock.h"
#include "analyzers/metric.h"
#include "common/stats/sample.h"

enum xcy_end {
    XCY_END_LOW,   /* lower ends as measured */
    XCY_END_HIGH,  /* upper ends as measured */
    XCY_END_LEAST, /* lower ends, as far down as the clocks allow */
    XCY_END_MOST,  /* upper ends, as far up */
    XCY_N_ENDS
};

struct xcy_distribution {
    const struct xcy_metric *metric;    /* borrowed */
    int64_t n_left;                     /* known only as "at most" */
    int64_t n_right;                    /* known only as "more than" */
    struct xcy_sample ends[XCY_N_ENDS]; /* those that can differ; see xcy_distribution_end */
    enum xcy_end kept[XCY_N_ENDS];      /* which of them has this end */
    enum xcy_consistency consistency;   /* of the run */
};

void xcy_distribution_init(struct xcy_distribution *distribution, const struct xcy_metric *metric,
                           enum xcy_consistency consistency);
void xcy_distribution_clear(struct xcy_distribution *distribution);

/* Takes the record's value, if it has one. */
void xcy_distribution_take(struct xcy_distribution *distribution, struct xcy_clocks_view *view);
/* Moves all of `from`, which is empty after it. */
void xcy_distribution_merge(struct xcy_distribution *to, struct xcy_distribution *from);
/* Adds a copy of a settled one of the same metric and consistency. */
void xcy_distribution_include(struct xcy_distribution *to, const struct xcy_distribution *from);
void xcy_distribution_settle(struct xcy_distribution *distribution);

/* Of a settled one; values that are no interval have one end only, which stands for all. */
const struct xcy_sample *xcy_distribution_end(const struct xcy_distribution *distribution,
                                              enum xcy_end end);
int64_t xcy_distribution_size(const struct xcy_distribution *distribution);

#endif
