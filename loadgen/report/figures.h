#ifndef XCY_LOADGEN_REPORT_FIGURES_H
#define XCY_LOADGEN_REPORT_FIGURES_H

/*
 * figures.h - what is said of a distribution of durations: min, mean, percentiles, max; and how a
 * duration is written for people.
 *
 * A percentile is known from as many values on as objectives ask for (xcy_percentile_needs); where
 * there are fewer, nothing is said rather than the maximum under another name.
 *
 * Threads:  safe.
 */

#include "common/stats/hist.h"

#include <stddef.h>

enum { XCY_N_FIGURES = 7, XCY_DURATION_BYTES = 32 };

extern const char *const xcy_figure_names[XCY_N_FIGURES + 1]; /* "min", "mean", "p50", … "max" */

/* False when it is not known: there are no values (hist may be NULL), or too few. */
bool xcy_figure_get(const struct xcy_hist *hist, size_t figure, double *value_ns);

/* With as many digits as the histogram's buckets are exact to: "0.045", "1.23", "45.6", "1234". */
void xcy_duration_format_ms(double value_ns, char to[XCY_DURATION_BYTES]);
/* The same with the unit that suits it: "45us", "1.23ms", "45.6s". */
void xcy_duration_format(double value_ns, char to[XCY_DURATION_BYTES]);

#endif
