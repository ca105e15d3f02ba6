#ifndef XCY_LOADGEN_DRIVE_SECONDS_H
#define XCY_LOADGEN_DRIVE_SECONDS_H

/*
 * seconds.h - gathers what the workers counted in intervals into the seconds of a run, and hands each
 * second out once all workers have passed it.
 *
 * A worker that was stopped by the system for long holds the seconds up, but no more than MAX_BEHIND
 * (seconds.c) of them: what it then brings for one that was handed out counts in the next that was not,
 * so that the seconds add up to the run in any case.
 *
 * Threads:  one owner, the watcher.
 */

#include "loadgen/record/tally.h"

struct xcy_seconds;

struct xcy_seconds *xcy_seconds_new(int64_t n_workers, int64_t intervals_a_second);
void xcy_seconds_free(struct xcy_seconds *seconds); /* NULL is allowed */

/* What a worker counted in the interval and those before it that it has not brought. */
void xcy_seconds_add(struct xcy_seconds *seconds, int64_t worker, int64_t interval,
                     const struct xcy_tally *tally);
/* It brings nothing more. */
void xcy_seconds_end(struct xcy_seconds *seconds, int64_t worker);

struct xcy_gathered {
    int64_t number;
    const struct xcy_tally *tally; /* borrowed until the next is handed out */
    int64_t in_flight;             /* of all workers, at its end */
};

/* The next second that is complete; false when there is none. After the end of all workers also the
 * last, unfinished one, unless nothing was counted in it. */
bool xcy_seconds_take(struct xcy_seconds *seconds, struct xcy_gathered *gathered);

#endif
