#ifndef XCY_CLI_PROGRESS_H
#define XCY_CLI_PROGRESS_H

/*
 * progress.h - one live line on stderr: redrawn in place on a terminal, or a line
 * each time with --progress; otherwise nothing. At most once a second
 * (terminal: five times).
 *
 * Threads:  one owner.
 */

#include "common/base/error.h"

#include <stdbool.h>

struct xcy_progress;

/* forced: --progress was given. Owned by the caller; xcy_progress_end also clears the line. */
struct xcy_progress *xcy_progress_start(bool forced);
bool xcy_progress_is_due(const struct xcy_progress *progress); /* cheap; false when not shown */
void xcy_progress_show(struct xcy_progress *progress, const char *fmt, ...) XCY_PRINTF(2, 3);
void xcy_progress_end(struct xcy_progress *progress);

#endif
