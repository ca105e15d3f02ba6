#ifndef XCY_COLLECTORS_GENERATOR_CLOCK_H
#define XCY_COLLECTORS_GENERATOR_CLOCK_H

/*
 * generator_clock.h - the clock that stamped a run's requests, read by another process. Where it runs
 * on the same boot, the run's own anchor and the monotonic clock make it, so that a step of the
 * machine's clock since the load began is in none of the two processes' stamps.
 *
 * Units:    microseconds since 1970.
 * Threads:  safe.
 */

#include "common/run/manifest.h"

struct xcy_generator_clock {
    bool is_here;               /* this machine, this boot: its stamps can be compared */
    int64_t wall_minus_mono_ns; /* of the run's anchor; 0: an older run does not say */
};

/* boot_id: of this machine, as xcy_boot_id has it. */
struct xcy_generator_clock xcy_generator_clock_of(const struct xcy_manifest *manifest,
                                                  const char *boot_id);

/* Now; by this machine's own clock where the generator's is not here. */
int64_t xcy_generator_clock_us(const struct xcy_generator_clock *clock);

#endif
