#ifndef XCY_REPORT_RUN_PART_H
#define XCY_REPORT_RUN_PART_H

/*
 * run_part.h - what a page says of one run: whether it is valid, what was run, classes, shares, metrics,
 * the run over time, what a delay would hide, clocks.
 *
 * Threads:  safe.
 */

#include "analyzers/summary.h"
#include "report/branch.h"

struct xcy_run_part {
    const char *anchor; /* that links lead to: "run-1" */
    const struct xcy_summary *summary;
    struct xcy_branch json;    /* summary.json of it */
    struct xcy_branch delay;   /* `analyze delay --json` of it; without a node: there is no curve */
    const char *no_delay;      /* why not */
    struct xcy_branch windows; /* `analyze windows --json` of it, likewise */
    const char *no_windows;
};

void xcy_run_part_add(struct xcy_buf *out, const struct xcy_run_part *run);

/* Its sections, in their order on the page. */
typedef void xcy_run_section_fn(struct xcy_buf *out, const struct xcy_run_part *run);
xcy_run_section_fn xcy_run_add_verdict; /* run_head.c */
xcy_run_section_fn xcy_run_add_asked;
xcy_run_section_fn xcy_run_add_classes; /* run_classes.c */
xcy_run_section_fn xcy_run_add_share;
xcy_run_section_fn xcy_run_add_metrics;  /* run_metrics.c */
xcy_run_section_fn xcy_run_add_windows;  /* run_windows.c */
xcy_run_section_fn xcy_run_add_timeline; /* run_timeline.c */
xcy_run_section_fn xcy_run_add_delay;    /* run_delay.c */
xcy_run_section_fn xcy_run_add_clocks;   /* run_clocks.c */

#endif
