#ifndef XCY_SANDBOX_HOSTS_ACTIVEMQ_PAIR_H
#define XCY_SANDBOX_HOSTS_ACTIVEMQ_PAIR_H

/*
 * activemq_pair.h - a kind of pair: two ActiveMQ brokers in a network of brokers: what is published at
 * the writer's goes on to the reader's, over the link.
 *
 * The writer's broker keeps nothing for consumers of its own: consume at the reader's.
 *
 * Threads, Failure:  as pair.h.
 */

#include "sandbox/hosts/pair.h"

extern const struct xcy_pair_kind xcy_activemq_pairs;

#endif
