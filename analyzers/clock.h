#ifndef XCY_ANALYZERS_CLOCK_H
#define XCY_ANALYZERS_CLOCK_H

/*
 * clock.h - bounds of each instance's clock against the load generator's, from causality alone.
 *
 * With theta(t) = the instance's clock - the generator's clock:
 *   writer  theta <= start - sent     theta >= ended - acked   (sync, single attempt)
 *                                     theta >= noted - got     (gathered beside the load)
 *   reader  theta <= seen - sent      theta >= reported - got  (gathered beside the load)
 * A constraint is widened by its age times the drift allowed; all of one instance are
 * intersected over the run. An empty intersection is a clock step, or drift beyond the
 * allowance: the run is invalid. Nothing is assumed about symmetry. docs/clocks.md has the
 * formulas, what they rest on and the proof.
 *
 * Units:    microseconds, parts per million.
 * Threads:  one owner; a settled set is read-only.
 */

#include "common/run/records.h"

/* What the stamps of one constraint or of one difference may be off by, together: each is floored to
 * a whole microsecond, and that of an instance has its anchor's error besides (well below one). */
#define XCY_CLOCK_STAMPS_US 3.0

#define XCY_DEFAULT_DRIFT_PPM 200.0

struct xcy_clocks;

struct xcy_clock_bound {
    double low_us;  /* may be -INFINITY */
    double high_us; /* may be INFINITY */
};

/* Two requests whose constraints no clock within the allowance can meet. */
struct xcy_clock_contradiction {
    char instance[XCY_ID_BYTES];
    int64_t high_i; /* the request that bounds it from above */
    int64_t low_i;  /* and the one that does from below */
    double by_us;
};

struct xcy_clocks_found {
    size_t instances;    /* that stamped anything: writer and reader processes */
    size_t stepped;      /* whose constraints contradict each other; they have no bounds */
    size_t without_low;  /* not bounded from below, or from above: nothing bounds them there */
    size_t without_high; /* (those that stepped are in neither) */
    struct xcy_clock_contradiction worst; /* if any stepped */
};

/* is_async: the writer's reply is no reply. drift_ppm: below a million. Records are taken one by one,
 * in any order, and not kept; several sets, one a thread, are merged; a settled one answers. */
struct xcy_clocks *xcy_clocks_begin(bool is_async, double drift_ppm);
void xcy_clocks_take(struct xcy_clocks *clocks, const struct xcy_record *record);
void xcy_clocks_merge(struct xcy_clocks *to, const struct xcy_clocks *from);
void xcy_clocks_settle(struct xcy_clocks *clocks);
void xcy_clocks_free(struct xcy_clocks *clocks);

/* All of these at once, settled. */
struct xcy_clocks *xcy_clocks_new(const struct xcy_record *records, size_t n, bool is_async,
                                  double drift_ppm);

const struct xcy_clocks_found *xcy_clocks_found(const struct xcy_clocks *clocks);

/* What is known of one instance, where it is narrowest. */
struct xcy_clock_interval {
    const char *name; /* borrowed from the clocks */
    size_t n;         /* constraints */
    bool stepped;     /* they contradict each other: there are no bounds */
    double at_us;     /* on the instance's own clock */
    struct xcy_clock_bound theta;
};
/* index < found.instances; in the order of their names */
struct xcy_clock_interval xcy_clocks_interval(const struct xcy_clocks *clocks, size_t index);

/* What the clocks say of one record: its instances are looked up once, each bound is made once.
 * Both are borrowed. */
struct xcy_clocks_view {
    const struct xcy_clocks *clocks;
    const struct xcy_record *record;
    size_t instance[XCY_N_DOMAINS]; /* their numbers */
    size_t after[XCY_N_DOMAINS];    /* private */
    unsigned known;                 /* of the points: bit p has its theta below */
    struct xcy_clock_bound theta[XCY_N_POINTS];
};
void xcy_clocks_look(const struct xcy_clocks *clocks, const struct xcy_record *record,
                     struct xcy_clocks_view *view);

/* theta of the instance that stamped this point of the record, at that instant. */
struct xcy_clock_bound xcy_clocks_view_at(struct xcy_clocks_view *view, enum xcy_point point);

/* How far a measured `to - from` may lie from the true one: true in [measured + low, measured +
 * high]. 0..0 within one domain. */
struct xcy_clock_bound xcy_clocks_view_correction(struct xcy_clocks_view *view, enum xcy_point from,
                                                  enum xcy_point to);

/* The same of a record that is asked once. */
struct xcy_clock_bound xcy_clocks_at(const struct xcy_clocks *clocks,
                                     const struct xcy_record *record, enum xcy_point point);
struct xcy_clock_bound xcy_clocks_correction(const struct xcy_clocks *clocks,
                                             const struct xcy_record *record, enum xcy_point from,
                                             enum xcy_point to);

#endif
