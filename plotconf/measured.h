#ifndef XCY_PLOTCONF_MEASURED_H
#define XCY_PLOTCONF_MEASURED_H

/*
 * measured.h - what a run of ours knows better than its traces.csv: its records.csv, with the bounds of
 * its clocks. A directory of the reference's tools has none.
 *
 * Units:    milliseconds.
 * Memory:   xcy_measured_free.
 */

#include "common/run/records.h"
#include "plotconf/traces.h"

struct xcy_measured;

/* The true value is within [low, high], on clocks that agree; and within [least, most] as far as the
 * clocks tell. high and most may be infinite: not visible when the reader gave up. */
struct xcy_span {
    double low_ms;
    double high_ms;
    double least_ms;
    double most_ms;
};

struct xcy_spans {
    struct xcy_span *items;
    size_t n;
};

/* False: a folder of the reference's tools. */
bool xcy_measured_is_there(const char *run_path);

/* NULL: there is no records.csv, or it cannot be read, which is told as a warning. */
struct xcy_measured *xcy_measured_open(const char *run_path, double drift_ppm);
void xcy_measured_free(struct xcy_measured *m); /* NULL is allowed */

/* What it ran, by its run.yml. */
const struct xcy_combination *xcy_measured_combination(const struct xcy_measured *m);

/* Those that have a decided first read and are no warm-up; the next after index, from 0. NULL: none. */
const struct xcy_record *xcy_measured_next(const struct xcy_measured *m, size_t *index);

/* Fills uncut_ms, least_ms and most_ms of the rows, which are `to - from`. A row is found by when its
 * reader was told; one of which nothing is known there (another reader of the same request decided)
 * keeps what it has. */
void xcy_measured_bound(const struct xcy_measured *m, enum xcy_point from, enum xcy_point to,
                        struct xcy_traces *traces);

/* Makes the rows that the reference would have written of `to - from`. */
void xcy_measured_rows(const struct xcy_measured *m, enum xcy_point from, enum xcy_point to,
                       struct xcy_traces *traces);

/* Adds the windows from acknowledged write to visible: the metric `window` (analyzers/metric.h) of each.
 * items is owned by the caller. */
void xcy_measured_windows(const struct xcy_measured *m, struct xcy_spans *spans);

#endif
