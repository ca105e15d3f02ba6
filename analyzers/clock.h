#ifndef XCY_ANALYZERS_CLOCK_H
#define XCY_ANALYZERS_CLOCK_H

/*
 * clock.h - bounds of each instance's clock against the load generator's, from causality alone.
 *
 * With theta(t) = the instance's clock - the generator's clock:
 *   writer  theta <= start - sent      theta >= ended - acked    (sync, single attempt)
 *   reader  theta <= seen - sent       theta >= reported - got   (gathered while the load ran)
 * A constraint is widened by its age times the drift allowed; all of one instance are
 * intersected over the run. An empty intersection is a clock step, or drift beyond the
 * allowance: the run is invalid. Nothing is assumed about symmetry.
 *
 * Units:    microseconds, parts per million.
 * Threads:  a clock set is read-only once made.
 */

#include "common/run/records.h"

struct xcy_clocks;

struct xcy_clock_bound {
    double low_us;  /* may be -INFINITY */
    double high_us; /* may be INFINITY */
};

/* is_async: the writer's reply is no reply, so only upper bounds come of it. */
struct xcy_clocks *xcy_clocks_new(const struct xcy_record *records, size_t n, bool is_async,
                                  double drift_ppm);
void xcy_clocks_free(struct xcy_clocks *clocks);

size_t xcy_clocks_count(const struct xcy_clocks *clocks); /* instances */
/* Instances whose constraints contradict each other; *example (may be NULL) names one, borrowed. */
size_t xcy_clocks_steps(const struct xcy_clocks *clocks, const char **example);

/* theta of the instance that stamped this point of the record, at that instant. */
struct xcy_clock_bound xcy_clocks_at(const struct xcy_clocks *clocks,
                                     const struct xcy_record *record, enum xcy_point point);

/* How far a measured `to - from` may lie from the true one: true in [measured + low, measured +
 * high]. 0..0 within one domain. */
struct xcy_clock_bound xcy_clocks_correction(const struct xcy_clocks *clocks,
                                             const struct xcy_record *record, enum xcy_point from,
                                             enum xcy_point to);

#endif
