#ifndef XCY_LOADGEN_DRIVE_RETRY_H
#define XCY_LOADGEN_DRIVE_RETRY_H

/*
 * retry.h - when a failed attempt is repeated (--retries, --retry-delay); which ones are, outcome.h says.
 *
 * Before attempt k + 1 passes a time drawn evenly from 0 to delay x 2^(k - 1) ("full jitter": those
 * that failed together do not come back together), at most an hour. It depends on the seed, the slot
 * and the attempt alone.
 *
 * Threads:  safe.
 */

#include "common/record/outcome.h"

#include <stdbool.h>
#include <stdint.h>

/* Between the failed attempt (from 1) and the next. slot: of the whole schedule. */
int64_t xcy_retry_wait_ns(int64_t delay_ns, uint64_t seed, int64_t slot, int64_t attempt);

#endif
