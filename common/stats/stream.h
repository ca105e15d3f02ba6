#ifndef XCY_STATS_STREAM_H
#define XCY_STATS_STREAM_H

/*
 * stream.h - seeded random streams, one per purpose: drawing more from one never
 * changes another. GSL's mt19937 and ran_* functions.
 *
 * Memory:   free with xcy_stream_free.
 * Threads:  one owner; share only under a lock.
 */

#include <stdint.h>

struct xcy_stream;

/* The stream for a purpose ("lag:eu-us", "delivery") derived from the run's seed. */
struct xcy_stream *xcy_stream_new(uint64_t seed, const char *purpose);
void xcy_stream_free(struct xcy_stream *stream);

double xcy_stream_uniform(struct xcy_stream *stream); /* in (0, 1) */
double xcy_stream_exponential(struct xcy_stream *stream, double mean);
double xcy_stream_lognormal(struct xcy_stream *stream, double p50, double p99);

#endif
