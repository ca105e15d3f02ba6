#ifndef XCY_LOADGEN_DRIVE_PRIORITY_H
#define XCY_LOADGEN_DRIVE_PRIORITY_H

/*
 * priority.h - asks that a worker runs the moment its slot is due, also on a machine that is busy
 * with what it drives, as two cores full of starting functions are.
 *
 * Threads:  for the thread that calls.
 */

#include <stdbool.h>

/* Real-time priority (lowest, round robin; not inherited). False where it is not allowed: it takes
 * root, CAP_SYS_NICE or RLIMIT_RTPRIO; nothing has changed then. */
bool xcy_priority_raise(void);

#endif
