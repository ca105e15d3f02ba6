#ifndef XCY_PLOTCONF_TRACES_H
#define XCY_PLOTCONF_TRACES_H

/*
 * traces.h - one column of a run's traces.csv, in the reference implementation's format, and what our
 * own records.csv (measured.h) knows besides of each row.
 *
 * Units:    milliseconds.
 * Memory:   xcy_traces_clear.
 */

#include "common/base/error.h"

#include <stddef.h>

struct xcy_traces {
    size_t n;
    double *values_ms;  /* as published: whole milliseconds, cut */
    double *received_s; /* reader_received_at; NaN: it is not told */
    double *uncut_ms;   /* as measured; NaN: not known */
    double *least_ms;   /* as far as the clocks tell, the true value is not below */
    double *most_ms;    /* nor above this; infinite: no bound */
};

/* XCY_ENOTFOUND names the file, or the column, that is not there; XCY_EPARSE file, line and what is
 * wrong. */
enum xcy_status xcy_traces_read(const char *run_path, const char *column, struct xcy_traces *traces,
                                struct xcy_error *err) XCY_MUST_USE;
/* Adds a row of which nothing more is known. */
void xcy_traces_add(struct xcy_traces *traces, double value_ms, double received_s);
/* Adds all rows of from. */
void xcy_traces_append(struct xcy_traces *traces, const struct xcy_traces *from);
void xcy_traces_clear(struct xcy_traces *traces);

#endif
