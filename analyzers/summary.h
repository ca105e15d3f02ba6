#ifndef XCY_ANALYZERS_SUMMARY_H
#define XCY_ANALYZERS_SUMMARY_H

/*
 * summary.h - what one run showed: classes and their sum, the share of inconsistent reads with its
 * interval, and each metric's quantiles with sampling, polling and clock error kept apart.
 *
 * Units:    microseconds and bytes in the struct; milliseconds, named so, in summary.json.
 * Sources:  shares: Wilson (display), Clopper-Pearson (bound); quantiles: order statistics
 *           (common/stats).
 * Memory:   xcy_summary_clear.
 * Threads:  plain data.
 */

#include "analyzers/estimate.h"
#include "analyzers/evidence.h"
#include "common/stats/proportion.h"

enum { XCY_N_QUANTILES = 3 };
extern const double xcy_quantiles[XCY_N_QUANTILES]; /* 0.5 0.9 0.99 */

struct xcy_metric_summary {
    const struct xcy_metric *metric;
    int64_t n;       /* values; 0: nothing to say */
    int64_t n_left;  /* known only as "at most" */
    int64_t n_right; /* known only as "more than" */
    struct xcy_estimate quantiles[XCY_N_QUANTILES];
    double mean;  /* of bytes only; NaN of durations, in which a tail is hidden by it */
    double least; /* of bytes only, as the mean */
    double most;
};

struct xcy_summary {
    struct xcy_evidence evidence;
    int64_t decided;                        /* consistent + inconsistent */
    struct xcy_interval inconsistent_share; /* Wilson; of decided */
    double inconsistent_upper;             /* of the exact (Clopper-Pearson) interval; for 0 of n */
    struct xcy_interval share_range;       /* whatever lost, failed and conflicting ones were */
    char problem[256];                     /* "" or why the run is not valid */
    struct xcy_phase phases[XCY_N_PHASES]; /* whether the run was one, or several in turn */
    struct xcy_metric_summary *metrics;    /* as many as evidence.metrics has */
};

/* Reads a gathered run and computes; fails as xcy_evidence_read does. A run that is not valid is told
 * in `problem`. */
enum xcy_status xcy_summary_make(const char *run_path, const struct xcy_evidence_settings *settings,
                                 struct xcy_summary *s, struct xcy_error *err) XCY_MUST_USE;
void xcy_summary_clear(struct xcy_summary *s);

/* XCY_EINVALID with the problem where the run is not valid. */
enum xcy_status xcy_summary_check(const struct xcy_summary *s, struct xcy_error *err) XCY_MUST_USE;

/* What it says of the metric of this name; NULL if it has no value, or there is none of the name. */
const struct xcy_metric_summary *xcy_summary_find(const struct xcy_summary *s, const char *metric);

struct xcy_json *xcy_summary_to_json(const struct xcy_summary *s); /* owned by the caller */

/* One run in full, or several in one table a row each; for people. */
void xcy_summary_print_one(const struct xcy_summary *s, struct xcy_buf *out);
/* "5 requests/s asked"; of other than constant arrivals "5 requests/s asked (poisson)"; of a closed
 * loop, which asks for none, "closed:64". */
void xcy_load_print(const struct xcy_manifest *manifest, struct xcy_buf *out);
/* "a phase: …", where the run was several in turn; nothing else. */
bool xcy_summary_has_phase(const struct xcy_summary *s);
void xcy_summary_print_phases(const struct xcy_summary *s, struct xcy_buf *out);
void xcy_summary_print_table(const struct xcy_summary *runs, size_t n, struct xcy_buf *out);

#endif
