#ifndef XCY_SANDBOX_REGIONS_INSTANT_H
#define XCY_SANDBOX_REGIONS_INSTANT_H

/*
 * instant.h - the instants at which a store decides, in whole microseconds: compared on the
 * monotonic clock, named in wall time. Since both are whole and their difference is kept,
 * what the truth log says of two instants (which was first) is what was decided.
 *
 * The difference is taken anew only when the wall clock was stepped by more than a millisecond.
 * Threads:  one owner.
 */

#include "common/time/clock.h"

struct xcy_instants {
    int64_t wall_minus_mono_us;
    bool is_set;
};

struct xcy_mono xcy_instants_now(struct xcy_instants *instants);
/* Microseconds since 1970; after the first xcy_instants_now. */
int64_t xcy_instants_wall_us(const struct xcy_instants *instants, struct xcy_mono at);

#endif
