#ifndef XCY_PLOTCONF_DERIVED_H
#define XCY_PLOTCONF_DERIVED_H

/*
 * derived.h - the delay curve that one run of ours gives (analyzers/delay_curve.h), as it is drawn under
 * the points of a real sweep, and what each point says of it.
 *
 * Units:    milliseconds of delay, the run's own included; shares are fractions.
 * Memory:   xcy_derived_free.
 */

#include "analyzers/delay_check.h"
#include "common/data/json.h"

struct xcy_derived_row {
    double delay_ms;
    struct xcy_delay_point at;
};

/* The runs of one delay of the sweep, together. */
struct xcy_derived_check {
    int64_t delay_ms;
    struct xcy_delay_check check;
};

struct xcy_derived {
    char *path;
    int64_t delay_ms; /* its own */
    struct xcy_metric_set metrics;
    struct xcy_evidence evidence;
    struct xcy_delay_curve curve;
    struct xcy_derived_row *rows; /* what is drawn */
    size_t n_rows;
    struct xcy_derived_check *checks;
    size_t n_checks;
};

/* XCY_EUSAGE: the run gives no curve (a barrier, visibility off, no stamps), and why; or what
 * xcy_evidence_read fails with. */
enum xcy_status xcy_derived_new(const char *run_path, double drift_ppm,
                                struct xcy_derived **derived, struct xcy_error *err) XCY_MUST_USE;
void xcy_derived_free(struct xcy_derived *derived); /* NULL is allowed */

/* The reads of another run of ours that can be held against the curve. Fails as xcy_evidence_read. */
enum xcy_status xcy_derived_read(const struct xcy_derived *derived, const char *run_path,
                                 struct xcy_delay_reads *reads, struct xcy_error *err) XCY_MUST_USE;

/* Holds one of n_points delays, each beyond the run's own, against the curve. */
void xcy_derived_check(struct xcy_derived *derived, int64_t delay_ms, struct xcy_delay_reads reads,
                       size_t n_points);
size_t xcy_derived_disagreeing(const struct xcy_derived *derived);

/* Makes the rows: the run's own delay, then some between both, evenly on a log axis; 0 < low < high */
void xcy_derived_draw(struct xcy_derived *derived, double low_ms, double high_ms);

/* One sentence: whether sweep and curve agree. Nothing where nothing was checked. */
void xcy_derived_describe(const struct xcy_derived *derived, struct xcy_buf *out);
void xcy_derived_put(const struct xcy_derived *derived, struct xcy_json *row);

#endif
