#ifndef XCY_REPORT_RUN_PAGES_H
#define XCY_REPORT_RUN_PAGES_H

/*
 * run_pages.h - what a page says of its runs, one after the other: of many runs only the text is kept.
 *
 * Memory:   xcy_run_pages_clear.
 * Threads:  one owner.
 */

#include "analyzers/commands/runs.h"

enum { XCY_PAGE_MAX_BYTES = 1 << 29, XCY_ANCHOR_BYTES = 32 };

struct xcy_run_pages {
    const struct xcy_runs_options *options; /* borrowed */
    struct xcy_buf overview;                /* a row a run */
    struct xcy_buf parts;
    size_t n;
    char *path;                 /* of the last run */
    struct xcy_error not_valid; /* the first run that is not; its status is XCY_OK if all are */
};

void xcy_run_pages_init(struct xcy_run_pages *pages, const struct xcy_runs_options *options);
void xcy_run_pages_clear(struct xcy_run_pages *pages);

/* Reads and computes as analyze does; name: as on its command line, NULL for the newest. */
enum xcy_status xcy_run_pages_add(struct xcy_run_pages *pages, const char *name,
                                  struct xcy_error *err) XCY_MUST_USE;

/* Where links to the run that was added as the number-th, from 1, lead: "run-1". */
void xcy_run_pages_anchor(size_t number, char to[XCY_ANCHOR_BYTES]);

#endif
