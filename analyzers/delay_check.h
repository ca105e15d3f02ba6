#ifndef XCY_ANALYZERS_DELAY_CHECK_H
#define XCY_ANALYZERS_DELAY_CHECK_H

/*
 * delay_check.h - does a real sweep over delays say what the curve derived from one run says?
 *
 * Curve and points share the error: the band of the curve holds everywhere with half of it, the exact
 * intervals of all m points with the other half (each with one m-th of that). Where an interval does not
 * meet the band, chance is no excuse at the confidence: the delay moved more than the read.
 *
 * Units:    microseconds, shares as fractions.
 * Source:   Bonferroni's inequality over dkw.h and proportion.h (Clopper-Pearson).
 * Threads:  safe.
 */

#include "analyzers/delay_curve.h"

struct xcy_delay_check {
    struct xcy_delay_reads reads; /* of the real run */
    struct xcy_interval exact;    /* of their share */
    struct xcy_interval derived;  /* the curve's band at its delay */
    bool agrees;
};

/* One of n_points runs, at a delay beyond that of the curve's run. */
struct xcy_delay_check xcy_delay_check(const struct xcy_delay_curve *curve, int64_t delay_us,
                                       struct xcy_delay_reads reads, size_t n_points);

/* One sentence: whether sweep and curve agree, of whose n_points (> 0) so many do not. what: of which a
 * point is, "run". */
void xcy_delay_check_describe(size_t n_points, size_t n_disagreeing, double confidence,
                              const char *what, struct xcy_buf *out);
/* Its members, as docs/delay.md names them. */
void xcy_delay_check_put(const struct xcy_delay_check *check, struct xcy_json *row);

#endif
