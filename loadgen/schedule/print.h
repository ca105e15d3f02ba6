#ifndef XCY_LOADGEN_SCHEDULE_PRINT_H
#define XCY_LOADGEN_SCHEDULE_PRINT_H

/*
 * print.h - a schedule as text, for --dry-run.
 *
 * What it is in lines that begin with #, then CSV: a header, and a line a slot of this shard with
 * the columns slot, global_slot, due_s (after the start, nine decimals) and warmup (0 or 1). A closed
 * loop has no such lines.
 *
 * Memory:   bounded, however long the schedule.
 * Threads:  safe for different sinks.
 */

#include "common/base/bytes.h"
#include "loadgen/schedule/schedule.h"

/* Takes the next part of the text; false when it cannot. */
typedef bool xcy_print_fn(void *ctx, struct xcy_bytes text);

/* seed: printed when the schedule is random. False as soon as `write` is. */
bool xcy_schedule_print(const struct xcy_schedule *schedule, int64_t seed, xcy_print_fn *write,
                        void *ctx);

#endif
