#ifndef XCY_SANDBOX_HOSTS_REDIS_PAIR_H
#define XCY_SANDBOX_HOSTS_REDIS_PAIR_H

/*
 * redis_pair.h - a kind of pair: a Redis primary and a replica that replicates over the link.
 * Nothing is kept on the disk.
 *
 * Threads, Failure:  as pair.h.
 */

#include "sandbox/hosts/pair.h"

extern const struct xcy_pair_kind xcy_redis_pairs;

#endif
