#ifndef XCY_LOADGEN_SCHEDULE_CURSOR_H
#define XCY_LOADGEN_SCHEDULE_CURSOR_H

/*
 * cursor.h - a walk over a schedule's slots in order: every step-th from the first.
 *
 * Only for open loops. Any two walks over one schedule agree on every instant, also those of random
 * arrivals: these draw every gap (some 50 ns), also of the slots that lie between the cursor's.
 *
 * Threads:  one owner each; the schedule is borrowed.
 */

#include "loadgen/schedule/schedule.h"

struct xcy_cursor;

struct xcy_cursor *xcy_cursor_new(const struct xcy_schedule *schedule, int64_t first, int64_t step);
void xcy_cursor_free(struct xcy_cursor *cursor); /* NULL is allowed */

/* The slot the cursor stands at and its instant, nanoseconds after the start; false behind the last. */
bool xcy_cursor_look(const struct xcy_cursor *cursor, int64_t *slot, int64_t *due_ns);
void xcy_cursor_advance(struct xcy_cursor *cursor);

#endif
