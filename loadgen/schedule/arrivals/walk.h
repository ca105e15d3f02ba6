#ifndef XCY_LOADGEN_SCHEDULE_ARRIVALS_WALK_H
#define XCY_LOADGEN_SCHEDULE_ARRIVALS_WALK_H

/*
 * walk.h - the instants of Poisson arrivals, one after the other, from a seeded stream.
 *
 * Two walks with the same seed, purpose and rate agree on every instant. The first arrival is a gap
 * after the start, so that the number within a time is Poisson distributed.
 *
 * Accuracy: the sum of the gaps drawn, to the nearest nanosecond, after any number of them.
 * Memory:   owned by the caller; release with xcy_walk_clear.
 * Threads:  one owner.
 */

#include "common/stats/stream.h"

#include <stdint.h>

struct xcy_walk {
    struct xcy_stream *stream;
    double mean_gap_ns;
    int64_t whole_ns;
    double part_ns; /* 0 <= part < 1 */
};

void xcy_walk_init(struct xcy_walk *walk, int64_t seed, const char *purpose, double rate_per_s);
void xcy_walk_clear(struct xcy_walk *walk); /* a zeroed one is allowed */

/* The next arrival, nanoseconds after the start. */
int64_t xcy_walk_next_ns(struct xcy_walk *walk);

#endif
