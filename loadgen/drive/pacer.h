#ifndef XCY_LOADGEN_DRIVE_PACER_H
#define XCY_LOADGEN_DRIVE_PACER_H

/*
 * pacer.h - a worker's part of an open loop's schedule, as absolute instants to wait for.
 *
 * Worker w of n has the slots w, w + n, w + 2n, …: each slot belongs to exactly one worker. A slot's
 * instant is never moved: a late slot is handed out at once, the next one keeps its own instant.
 *
 * Memory:   release with xcy_pacer_clear; the schedule is borrowed.
 * Threads:  one owner.
 */

#include "common/time/clock.h"
#include "loadgen/schedule/cursor.h"

struct xcy_pacer {
    struct xcy_cursor *cursor;
    struct xcy_mono start; /* instant 0 of the schedule */
    int64_t n_workers;
    bool is_done;
    int64_t slot; /* the next, unless it is done */
    struct xcy_mono due;
};

void xcy_pacer_init(struct xcy_pacer *pacer, const struct xcy_schedule *schedule,
                    struct xcy_mono start, int64_t worker_index, int64_t n_workers);
void xcy_pacer_clear(struct xcy_pacer *pacer); /* a zeroed one is allowed */

bool xcy_pacer_is_done(const struct xcy_pacer *pacer);

/* When the next slot is due; not for a pacer that is done. */
struct xcy_mono xcy_pacer_next_due(const struct xcy_pacer *pacer);

/* Takes the next slot if it is due at `now`: true, with its number and instant. */
bool xcy_pacer_take(struct xcy_pacer *pacer, struct xcy_mono now, int64_t *slot,
                    struct xcy_mono *due);

/* Takes it whether due or not. */
bool xcy_pacer_take_any(struct xcy_pacer *pacer, int64_t *slot);

/* How many of those that were not taken are below `end`; counted without walking them, since replies
 * wait while somebody counts. */
int64_t xcy_pacer_left(const struct xcy_pacer *pacer, int64_t end);

#endif
