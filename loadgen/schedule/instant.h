#ifndef XCY_LOADGEN_SCHEDULE_INSTANT_H
#define XCY_LOADGEN_SCHEDULE_INSTANT_H

/*
 * instant.h - an instant as people write it: 2026-11-21T10:00:00.250Z, or 1795255200.25, seconds.
 *
 * Accuracy: the nearest nanosecond, of as many decimals as there are.
 * Threads:  safe.
 */

#include "common/base/bytes.h"
#include "common/time/clock.h"

/* False where the text is neither, lies before 1970 or after 2262; *instant is untouched then. */
bool xcy_instant_parse(struct xcy_bytes text, struct xcy_wall *instant);

#endif
