#ifndef XCY_ANALYZERS_READERS_H
#define XCY_ANALYZERS_READERS_H

/*
 * readers.h - whether the readers had room left. Over a stream or a queue few of them run at a
 * time; where they were busy nearly all the time, notifications waited for them, and what was
 * measured is that waiting.
 *
 * An invocation lasts from its `seen` to the last `reported` of its records (of one process with
 * the same `seen`). All on the reader's own clocks.
 *
 * Threads:  safe.
 */

#include "common/run/records.h"

/* Mean number of invocations at a time between the first `seen` and the last `reported`; 0 if there
 * are none. */
double xcy_readers_at_a_time(const struct xcy_record *records, size_t n);

#endif
