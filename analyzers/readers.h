#ifndef XCY_ANALYZERS_READERS_H
#define XCY_ANALYZERS_READERS_H

/*
 * readers.h - whether the readers had room left. Over a stream or a queue few of them run at a
 * time; where they were busy nearly all the time, notifications waited for them, and what was
 * measured is that waiting.
 *
 * An invocation lasts from its `seen` to the last `reported` of its records (of one process with
 * the same `seen`). All on the reader's own clocks. Each invocation is kept.
 *
 * Units:    microseconds.
 * Memory:   the caller owns the struct; zeroes have none; xcy_readers_clear.
 * Threads:  one owner; each thread keeps its own and they are added.
 */

#include "analyzers/clock.h"

struct xcy_reader_stay {
    size_t instance; /* its number in the clocks */
    int64_t seen_us;
    int64_t reported_us;
};

struct xcy_readers {
    struct xcy_reader_stay *stays;
    size_t n;
    size_t capacity;
};

void xcy_readers_clear(struct xcy_readers *readers);
void xcy_readers_take(struct xcy_readers *readers, const struct xcy_clocks_view *view);
void xcy_readers_add(struct xcy_readers *to, const struct xcy_readers *from);

/* Mean number of invocations at a time between the first `seen` and the last `reported`; 0 if there
 * are none. Sorts what is kept. */
double xcy_readers_at_a_time(struct xcy_readers *readers);

#endif
