#ifndef XCY_ANALYZERS_EXPORT_HISTS_H
#define XCY_ANALYZERS_EXPORT_HISTS_H

/*
 * hists.h - the durations of one run as histograms, one a metric, for .hgrm files: of the upper
 * ends, without the warm-up, as measured.
 *
 * HdrHistogram knows neither censored values nor such below zero. What is only known as more than
 * something stands as that, so that percentiles up there are at least what is written; what is
 * below zero (at most 0: a race that the post has won) stands as 0. Both are counted.
 *
 * Memory:   the caller owns the struct; xcy_hists_clear. Does not follow the number of values.
 * Threads:  one owner.
 */

#include "analyzers/metric_set.h"
#include "common/stats/hist.h"

struct xcy_metric_hist {
    const struct xcy_metric *metric; /* borrowed */
    struct xcy_hist *hist;           /* NULL of bytes */
    int64_t n_right;                 /* that are more than what is written */
    int64_t n_below;                 /* that are less */
};

struct xcy_hists {
    struct xcy_metric_hist *items; /* as many as there are metrics */
    size_t n;
    enum xcy_consistency consistency;
};

enum xcy_status xcy_hists_read(const char *run_path, const struct xcy_metric_set *metrics,
                               enum xcy_consistency consistency, struct xcy_hists *hists,
                               struct xcy_error *err) XCY_MUST_USE;
void xcy_hists_clear(struct xcy_hists *hists);

/* DIR/<metric>.hgrm of those that have values, which are *n_files; makes the folder. XCY_EUSAGE:
 * one is there already. */
enum xcy_status xcy_hists_write(const struct xcy_hists *hists, const char *folder, bool may_replace,
                                size_t *n_files, struct xcy_error *err) XCY_MUST_USE;

#endif
