#ifndef XCY_REPORT_OVERVIEW_H
#define XCY_REPORT_OVERVIEW_H

/*
 * overview.h - all runs of a page in one table, a row each, with a link to the run's own part.
 *
 * Threads:  safe.
 */

#include "report/run_part.h"

void xcy_overview_begin(struct xcy_buf *out);
void xcy_overview_add(struct xcy_buf *out, const struct xcy_run_part *run);
void xcy_overview_end(struct xcy_buf *out);

#endif
