#ifndef XCY_SANDBOX_HOSTS_WAN_H
#define XCY_SANDBOX_HOSTS_WAN_H

/*
 * wan.h - a long-distance link with the kernel's own TCP in it: two network namespaces whose
 * TUN devices are joined by us, each packet delayed, the rate capped, the queue bounded.
 *
 * Unlike a relay's (relay.h), its connections have handshakes, slow start, and congestion
 * control: what finds the queue full is dropped, as a router does, and sent again.
 *
 * Accuracy: packets leave within about a millisecond after they are due.
 * Threads:  a thread of its own carries the packets; counters from any thread.
 * Failure:  XCY_EFAIL: see namespace.h.
 */

#include "sandbox/hosts/relay.h"

struct xcy_wan;

struct xcy_wan_options {
    xcy_relay_lag_fn *lag; /* for the next packet, one way; NULL: none */
    void *lag_ctx;
    double rate_mbit_per_s; /* each way; 0: no cap */
    size_t queue_bytes;     /* packets under way, each way; 0: 16 MiB */
};

enum xcy_status xcy_wan_start(const struct xcy_wan_options *options, struct xcy_wan **wan,
                              struct xcy_error *err) XCY_MUST_USE;
void xcy_wan_stop(struct xcy_wan *wan); /* NULL is allowed; after the relays that end in it */

/* The two places, for relays that listen or connect there. */
struct xcy_relay_end xcy_wan_writer_end(struct xcy_wan *wan);
struct xcy_relay_end xcy_wan_reader_end(struct xcy_wan *wan);

struct xcy_wan_counts {
    uint64_t packets; /* carried, both ways */
    uint64_t bytes;
    uint64_t dropped; /* found the queue full */
};
struct xcy_wan_counts xcy_wan_counts(const struct xcy_wan *wan);

#endif
