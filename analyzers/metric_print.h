#ifndef XCY_ANALYZERS_METRIC_PRINT_H
#define XCY_ANALYZERS_METRIC_PRINT_H

/*
 * metric_print.h - the table of metrics itself, for people, programs and docs/metrics.md.
 *
 * Threads:  safe.
 */

#include "analyzers/metric_set.h"
#include "common/data/json.h"

void xcy_metric_set_print(const struct xcy_metric_set *set, struct xcy_buf *out);
void xcy_metric_set_print_markdown(const struct xcy_metric_set *set, struct xcy_buf *out);
struct xcy_json *xcy_metric_set_to_json(const struct xcy_metric_set *set); /* owned by the caller */

#endif
