#ifndef XCY_TIME_STALL_H
#define XCY_TIME_STALL_H

/*
 * stall.h - a time that can be made to stand still: what happens by it waits for the end of the
 * stall, and then goes on with the rest of its way.
 *
 * It runs as the monotonic clock does, less what was stalled so far. Two instants of it are as far
 * apart as the time between them in which it was not stalled.
 *
 * Units:    a stall begins and ends at whole microseconds.
 * Threads:  safe. NULL is a time that never stands still.
 */

#include "common/time/clock.h"

struct xcy_stall;

struct xcy_stall *xcy_stall_new(void);
void xcy_stall_free(struct xcy_stall *stall); /* NULL is allowed; nobody watches any more */

/* Stops it or lets it run, at *at. False: it is so already. */
bool xcy_stall_set(struct xcy_stall *stall, bool is_on, struct xcy_mono *at);

struct xcy_stall_reading {
    struct xcy_mono mono; /* the monotonic clock, */
    struct xcy_mono time; /* and this time at that instant */
    bool is_on;
};
struct xcy_stall_reading xcy_stall_read(struct xcy_stall *stall);

/* When it reaches that time, unless it is stalled before; INT64_MAX ns: after the end of this stall. */
struct xcy_mono xcy_stall_when(struct xcy_stall *stall, struct xcy_mono time);

/* Calls resumed(ctx) after the end of each stall. It may not watch or unwatch. */
typedef void xcy_stall_resumed_fn(void *ctx);
void xcy_stall_watch(struct xcy_stall *stall, xcy_stall_resumed_fn *resumed, void *ctx);
/* Once it returns, resumed(ctx) neither runs nor comes. */
void xcy_stall_unwatch(struct xcy_stall *stall, const void *ctx);

#endif
