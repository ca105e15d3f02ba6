#ifndef XCY_ANALYZERS_EVIDENCE_H
#define XCY_ANALYZERS_EVIDENCE_H

/*
 * evidence.h - what the records of one run say, before any statistics: counts, clocks, and the
 * distribution of each metric.
 *
 * records.csv is read twice, on several threads, and no record is kept: clocks are bounded by all
 * records before the first value is corrected by them.
 *
 * Units:    microseconds, bytes.
 * Memory:   the caller owns the struct; xcy_evidence_clear. Follows the number of different values
 *           and of processes; of a stream or a queue also that of the readers' invocations.
 * Threads:  read-only once read.
 */

#include "analyzers/counts.h"
#include "analyzers/disorders.h"
#include "analyzers/distribution.h"
#include "analyzers/metric_set.h"
#include "analyzers/timeline.h"
#include "common/run/manifest.h"

/* An empty set of metrics is for who wants counts and clocks alone: polled and timeline stay empty,
 * too, and memory does not follow values. */
struct xcy_evidence_settings {
    const struct xcy_metric_set *metrics; /* borrowed for as long as the evidence */
    double drift_ppm;                     /* allowed of the clocks */
    size_t n_threads; /* 0: as many as there are cpus, or as the file is worth */
};

struct xcy_evidence {
    char *path;
    struct xcy_manifest manifest;
    const struct xcy_metric_set *metrics;
    double drift_ppm;
    struct xcy_counts counts;
    struct xcy_clocks *clocks;
    struct xcy_disorders disorders;
    double readers_at_a_time;               /* 0 where it does not matter: over a topic */
    struct xcy_distribution *distributions; /* metrics->n, without the warm-up */
    struct xcy_timeline timeline;           /* without the warm-up, as well */
    struct xcy_distribution polled; /* race margins of those inconsistent reads that were polled */
};

/* XCY_ENOTFOUND if the run was not gathered; XCY_EINVALID if records are missing. A broken sum is a
 * bug of ours and aborts. */
enum xcy_status xcy_evidence_read(const char *run_path,
                                  const struct xcy_evidence_settings *settings,
                                  struct xcy_evidence *evidence,
                                  struct xcy_error *err) XCY_MUST_USE;
void xcy_evidence_clear(struct xcy_evidence *evidence);

/* Of one of our own metrics. */
const struct xcy_distribution *xcy_evidence_find(const struct xcy_evidence *evidence,
                                                 const char *metric);

#endif
