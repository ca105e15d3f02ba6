#ifndef XCY_ANALYZERS_METRIC_H
#define XCY_ANALYZERS_METRIC_H

/*
 * metric.h - what is computed of each record, as a table: name = to - from. Summaries, exports,
 * plots and docs/metrics.md come from it; a user's own rows join it (metric_set.h).
 *
 * A value is an interval (low, high]: a stamped difference has low = high; a time of
 * visibility lies between the last failing and the first succeeding poll; low or
 * high may be infinite (censored).
 *
 * Units:    microseconds, or bytes; in reports milliseconds, or bytes.
 * Threads:  safe.
 */

#include "common/run/records.h"

enum xcy_metric_kind {
    XCY_METRIC_POINTS,     /* to - from, both stamped */
    XCY_METRIC_VISIBILITY, /* to is when the post became visible, known as an interval */
    XCY_METRIC_BYTES,      /* what a record measured of its own post or notification */
};

struct xcy_metric {
    const char *name;  /* in summary.json */
    const char *title; /* for people */
    enum xcy_metric_kind kind;
    enum xcy_point from; /* both of no meaning for BYTES */
    enum xcy_point to;
    size_t bytes_at;        /* BYTES: where it stands in a record */
    size_t measured_at;     /* and what is 0 there where it was not measured */
    bool needs_barrier;     /* only for records read behind a consistency barrier */
    bool without_barrier;   /* only for records read without one */
    bool needs_single_exec; /* left out where the writer ran more than once */
    bool needs_one_attempt; /* left out where the request was sent again: `sent` is of the last */
    bool spans_barrier;     /* only known as more than this where the barrier gave up */
    double floor_us;        /* the low end where the first read found the post already */
    const char *meaning;
};

enum { XCY_N_METRICS = 14 };
extern const struct xcy_metric xcy_metrics[XCY_N_METRICS];

/* Which row of ours; NULL if there is none of this name. */
const struct xcy_metric *xcy_metric_find(const char *name);

const char *xcy_metric_unit(const struct xcy_metric *metric); /* in reports: "ms" or "bytes" */

/* Whose clocks stamp it: "writer", "writer -> reader", or "-". */
void xcy_metric_clocks(const struct xcy_metric *metric, char to[32]);

/* Each end is a difference of two stamps, from `from` to this; XCY_N_POINTS where it is none:
 * censored, or the floor. */
struct xcy_value {
    double low_us;
    double high_us;
    enum xcy_point low_to;
    enum xcy_point high_to;
};

/* False where the record does not have this value. */
bool xcy_metric_of(const struct xcy_metric *metric, const struct xcy_record *record,
                   enum xcy_consistency consistency, struct xcy_value *value);

/* By clocks that differ, "at most" may be of a time before the floor: then nothing is known of the low
 * end, and it becomes -INFINITY. */
void xcy_value_order(struct xcy_value *value);

/* Whether the two ends of a value can differ in a run with a barrier, or in one without. */
bool xcy_metric_is_interval(const struct xcy_metric *metric, bool has_barrier);

/* Whether the two points are stamped by clocks of different processes. */
bool xcy_metric_crosses_clocks(const struct xcy_metric *metric);

#endif
