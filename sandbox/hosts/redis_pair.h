#ifndef XCY_SANDBOX_HOSTS_REDIS_PAIR_H
#define XCY_SANDBOX_HOSTS_REDIS_PAIR_H

/*
 * redis_pair.h - a Redis primary and a replica on loopback, joined by a link that delays.
 *
 * The replica replicates through a relay, so that a write is there a lag later. Nothing
 * is written to disk but in the given folder.
 *
 * Threads:  start and stop by one thread; died comes on the supervisor's thread.
 * Failure:  XCY_EFAIL with the end of the server's own words.
 */

#include "sandbox/hosts/pair.h"

struct xcy_redis_pair;

/* Returns once the replica is online and a write came through (then removed again), or on a stop
 * asked (stop.h) with XCY_ESTOPPED. */
enum xcy_status xcy_redis_pair_start(const struct xcy_pair_options *options,
                                     struct xcy_redis_pair **pair,
                                     struct xcy_error *err) XCY_MUST_USE;

/* "127.0.0.1:port", borrowed. */
const char *xcy_redis_pair_primary(const struct xcy_redis_pair *pair);
const char *xcy_redis_pair_replica(const struct xcy_redis_pair *pair);
struct xcy_relay_counts xcy_redis_pair_link_counts(const struct xcy_redis_pair *pair);

/* Ends both servers and the link. Waits for their end. NULL is allowed. */
void xcy_redis_pair_stop(struct xcy_redis_pair *pair);

extern const struct xcy_pair_kind xcy_redis_pairs;

#endif
