#ifndef XCY_SANDBOX_HOSTS_ACTIVEMQ_PAIR_H
#define XCY_SANDBOX_HOSTS_ACTIVEMQ_PAIR_H

/*
 * activemq_pair.h - two ActiveMQ brokers on loopback in a network of brokers: what is published at the
 * writer's goes on to the reader's, over a link that delays.
 *
 * The writer's broker keeps nothing for consumers of its own: consume at the reader's. Nothing is
 * written to disk but in the given folder.
 *
 * Threads, Failure:  as pair.h.
 */

#include "sandbox/hosts/pair.h"

extern const struct xcy_pair_kind xcy_activemq_pairs;

#endif
