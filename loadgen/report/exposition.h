#ifndef XCY_LOADGEN_REPORT_EXPOSITION_H
#define XCY_LOADGEN_REPORT_EXPOSITION_H

/*
 * exposition.h - labels and histograms as Prometheus text (exposition format 0.0.4).
 *
 * Format:   prometheus.io/docs/instrumenting/exposition_formats
 * Threads:  safe.
 */

#include "common/base/buf.h"
#include "common/stats/hist.h"

/* name="value", and a comma unless it is the last; what a value may not hold is escaped, and bytes
 * that are not UTF-8 are replaced. NULL: "". */
void xcy_exposition_label(const char *name, const char *value, bool is_last, struct xcy_buf *out);

/* The samples of a histogram in seconds. labels: "", or ones that end in a comma. hist may be NULL:
 * no values. A bucket of hist.h counts to a bound when all of it lies at or below. */
void xcy_exposition_histogram(const char *name, const char *labels, const struct xcy_hist *hist,
                              struct xcy_buf *out);

#endif
