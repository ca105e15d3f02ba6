#ifndef XCY_TIME_TIMERS_H
#define XCY_TIME_TIMERS_H

/*
 * timers.h - one thread that calls functions at instants.
 *
 * Callbacks run on the timer thread, in order of their instants (ties: order of
 * adding), one at a time; they must be short and may add timers. A timer that is
 * no longer wanted is not removed: let its callback look whether it still matters,
 * and keep what it points to alive until it ran (xcy_timers_stop runs none of the
 * rest, but gives each to `drop`).
 *
 * Threads:  xcy_timers_add from any thread.
 */

#include "common/base/error.h"
#include "common/time/clock.h"

#include <stddef.h>

struct xcy_timers;

typedef void xcy_timer_fn(void *ctx);

struct xcy_timers *xcy_timers_start(void); /* owned by the caller; end with xcy_timers_stop */

/* Calls fire(ctx) at the instant, or drop(ctx) (NULL: nothing) if stopped before. */
void xcy_timers_add(struct xcy_timers *timers, struct xcy_mono when, xcy_timer_fn *fire,
                    xcy_timer_fn *drop, void *ctx);

/* Joins the thread, drops what is left, frees. NULL is allowed. */
void xcy_timers_stop(struct xcy_timers *timers);

#endif
