#ifndef XCY_COLLECTORS_LIVE_H
#define XCY_COLLECTORS_LIVE_H

/*
 * live.h - the line that tells how a gather stands: got of expected, missing, duplicate, foreign,
 * malformed, how many a second, and when it may be over.
 *
 * Rate:     of the last five to ten seconds, or since the beginning, if that is shorter.
 * Threads:  plain data.
 */

#include "common/time/clock.h"

#include <stdbool.h>
#include <stddef.h>

enum { XCY_LIVE_BYTES = 160 };

/* How many had come by then. */
struct xcy_live_mark {
    struct xcy_mono at;
    int64_t n;
};

struct xcy_live {
    struct xcy_live_mark older;
    struct xcy_live_mark newer;
};

struct xcy_live_facts {
    int64_t got; /* requests with an evaluation */
    int64_t expected;
    bool is_load_over; /* else expected still grows */
    int64_t duplicate;
    int64_t foreign;
    int64_t malformed;
};

struct xcy_live xcy_live_begin(struct xcy_mono now, int64_t got);
/* The line, without an end; at 80 columns all of it is seen. */
void xcy_live_format(struct xcy_live *live, struct xcy_mono now, const struct xcy_live_facts *facts,
                     char line[XCY_LIVE_BYTES]);

#endif
