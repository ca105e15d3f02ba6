#ifndef XCY_SANDBOX_REGIONS_INSTANT_H
#define XCY_SANDBOX_REGIONS_INSTANT_H

/*
 * instant.h - the instants at which a store decides, in whole microseconds: compared on the
 * monotonic clock, named in wall time. Since both are whole and their difference is kept,
 * what the truth log says of two instants (which was first) is what was decided.
 *
 * With a stall the instants are of its time: while replication is stalled nothing comes nearer to its
 * arrival. They are then named in wall time as if it ran on from the last xcy_instants_now.
 *
 * The difference is taken anew only when the wall clock was stepped by more than a millisecond.
 * Threads:  one owner.
 */

#include "common/time/stall.h"

struct xcy_instants {
    struct xcy_stall *stall; /* borrowed; NULL: none */
    int64_t wall_minus_mono_us;
    int64_t stalled_us; /* up to the last xcy_instants_now, */
    bool is_stalled;    /* and whether it was then */
    bool is_set;
};

struct xcy_mono xcy_instants_now(struct xcy_instants *instants);
/* Microseconds since 1970; after the first xcy_instants_now. */
int64_t xcy_instants_wall_us(const struct xcy_instants *instants, struct xcy_mono at);

/* A lag that was drawn as the stores use it: whole microseconds, and not 0 if replication was stalled at the
 * last xcy_instants_now, since that would be over before the stall is. */
int64_t xcy_instants_lag_ns(const struct xcy_instants *instants, int64_t drawn_ns);

#endif
