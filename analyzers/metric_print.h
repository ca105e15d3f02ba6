#ifndef XCY_ANALYZERS_METRIC_PRINT_H
#define XCY_ANALYZERS_METRIC_PRINT_H

/*
 * metric_print.h - the table of metrics itself, for people, programs and docs/metrics.md.
 *
 * Threads:  safe.
 */

#include "analyzers/metric_set.h"
#include "common/data/json.h"

/* A metric's row: name, from, to, unit, clocks, meaning; "-" where it has none. */
enum { XCY_N_METRIC_TEXTS = 6, XCY_METRIC_CLOCKS_BYTES = 32 };
struct xcy_metric_texts {
    const char *of[XCY_N_METRIC_TEXTS]; /* borrowed from the metric and from clocks */
    char clocks[XCY_METRIC_CLOCKS_BYTES];
};
extern const char *const xcy_metric_titles[XCY_N_METRIC_TEXTS];
void xcy_metric_texts_make(const struct xcy_metric *metric, struct xcy_metric_texts *texts);

void xcy_metric_set_print(const struct xcy_metric_set *set, struct xcy_buf *out);
void xcy_metric_set_print_markdown(const struct xcy_metric_set *set, struct xcy_buf *out);
struct xcy_json *xcy_metric_set_to_json(const struct xcy_metric_set *set); /* owned by the caller */

#endif
