#ifndef XCY_REPORT_REPORT_H
#define XCY_REPORT_REPORT_H

/*
 * report.h - report.html: one page of runs, or of a campaign with all its runs.
 *
 * Memory:   xcy_report_clear.
 * Threads:  one owner.
 * Failure:  as analyze's of what it reads; XCY_EIO and XCY_EFULL of what it writes.
 */

#include "analyzers/commands/runs.h"

struct xcy_report {
    struct xcy_buf page;
    char *path;                 /* where it belongs unless somebody says otherwise */
    struct xcy_error not_valid; /* which run is not, if its status is not XCY_OK */
};

void xcy_report_clear(struct xcy_report *report);

/* names: runs as on analyze's command line (none: the newest), or one campaign: its folder, or its name
 * under root/campaigns. */
enum xcy_status xcy_report_make(const struct xcy_runs_options *options, const char *const *names,
                                size_t n_names, struct xcy_report *report,
                                struct xcy_error *err) XCY_MUST_USE;

/* `plot report`: parses its own command line, writes the page and returns the exit code. */
int xcy_command_report(int argc, char *argv[]);

#endif
