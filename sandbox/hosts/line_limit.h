#ifndef XCY_SANDBOX_HOSTS_LINE_LIMIT_H
#define XCY_SANDBOX_HOSTS_LINE_LIMIT_H

/*
 * line_limit.h - lets a burst of log lines through, then a few a second, and counts the
 * rest, so that a function that prints without end cannot drown the log.
 *
 * Threads:  one owner.
 */

#include "common/time/clock.h"

#include <stddef.h>

enum { XCY_LINE_BURST = 50, XCY_LINES_PER_S = 10 };

struct xcy_line_limit {
    double tokens;
    struct xcy_mono last;
    size_t n_withheld;
};

void xcy_line_limit_init(struct xcy_line_limit *limit, struct xcy_mono now);

/* True: print the line, after saying that *n_withheld earlier ones (0: none) were left out. */
bool xcy_line_limit_take(struct xcy_line_limit *limit, struct xcy_mono now, size_t *n_withheld);

#endif
