#include "loadgen/schedule/arrivals/walk.h"

#include <math.h>

void xcy_walk_init(struct xcy_walk *walk, int64_t seed, const char *purpose, double rate_per_s)
{
    *walk = (struct xcy_walk){.stream = xcy_stream_new((uint64_t)seed, purpose),
                              .mean_gap_ns = 1e9 / rate_per_s};
}

void xcy_walk_clear(struct xcy_walk *walk)
{
    xcy_stream_free(walk->stream);
    *walk = (struct xcy_walk){0};
}

/* Whole nanoseconds are added as integers and only parts of one as doubles: the error of 10^10 gaps
 * stays below a thousandth of a nanosecond. */
int64_t xcy_walk_next_ns(struct xcy_walk *walk)
{
    double whole_ns = 0;
    double part_ns = modf(xcy_stream_exponential(walk->stream, walk->mean_gap_ns), &whole_ns);
    walk->whole_ns += (int64_t)whole_ns;
    walk->part_ns += part_ns;
    if (walk->part_ns >= 1) {
        walk->part_ns -= 1;
        walk->whole_ns += 1;
    }
    return walk->whole_ns + (walk->part_ns >= 0.5 ? 1 : 0);
}
