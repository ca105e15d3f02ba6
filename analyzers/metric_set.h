#ifndef XCY_ANALYZERS_METRIC_SET_H
#define XCY_ANALYZERS_METRIC_SET_H

/*
 * metric_set.h - the metrics that an analysis computes: ours, then the rows of the user's config.
 *
 *     metrics:
 *       - name: publish_latency
 *         from: noted
 *         to: ended
 *         meaning: writer began to publish to published
 *
 * Memory:   zeroes are an empty set; xcy_metric_set_clear. Metrics are borrowed from the set.
 * Threads:  read-only once made.
 */

#include "analyzers/metric.h"

struct xcy_metric_set {
    struct xcy_metric *items;
    size_t n;
    struct xcy_metric_row *rows; /* the user's texts; private */
    size_t n_rows;
};

/* path: the user's config, NULL for none. What is wrong in it is XCY_EUSAGE with file and line. */
enum xcy_status xcy_metric_set_read(const char *path, struct xcy_metric_set *set,
                                    struct xcy_error *err) XCY_MUST_USE;
void xcy_metric_set_clear(struct xcy_metric_set *set);

/* The metric of this name, or NULL. */
const struct xcy_metric *xcy_metric_set_find(const struct xcy_metric_set *set, const char *name);

#endif
