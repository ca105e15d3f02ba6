#ifndef XCY_LOADGEN_REPORT_LIVE_H
#define XCY_LOADGEN_REPORT_LIVE_H

/*
 * live.h - the line that shows a run while it goes on: what is left, rate asked and sent, in flight,
 * failures, p50 and p99 of the response in the last second.
 *
 *   18s left  998 of 1000/s  34 in flight  3 throttled  p50 12.3ms p99 45.6ms
 *
 * What matters most stands first, since a narrow terminal cuts the end.
 *
 * Threads:  the watcher's.
 */

#include "common/cli/progress.h"
#include "loadgen/record/view.h"

/* Shows the view, if a line is due. */
void xcy_live_show(struct xcy_progress *progress, const struct xcy_view *view);
/* The line itself, without a line end. */
void xcy_live_format(const struct xcy_view *view, struct xcy_buf *out);

#endif
