#ifndef XCY_SANDBOX_HOSTS_LINK_H
#define XCY_SANDBOX_HOSTS_LINK_H

/*
 * link.h - the link between the two servers of a pair: a port on our loopback behind which the
 * writer's server answers as from far away. Either a relay that delays chunks (relay.h), or a
 * WAN with the kernel's own TCP (wan.h), entered and left through plain relays.
 *
 * Memory:   owned by the caller; release with xcy_link_stop.
 * Threads:  counters from any.
 * Failure:  as relay.h and wan.h.
 */

#include "sandbox/hosts/relay.h"

#include <stdbool.h>

struct xcy_link;

struct xcy_link_options {
    uint16_t target_port;  /* of the writer's server, on 127.0.0.1 */
    bool is_wan;           /* with the kernel's TCP; needs rights */
    xcy_relay_lag_fn *lag; /* one way: of each chunk, or of each packet */
    void *lag_ctx;
    double rate_mbit_per_s;  /* each way; 0: no cap */
    struct xcy_stall *stall; /* NULL: none; of a WAN at both ends. Outlives the link */
};

enum xcy_status xcy_link_start(const struct xcy_link_options *options, struct xcy_link **link,
                               struct xcy_error *err) XCY_MUST_USE;
uint16_t xcy_link_port(const struct xcy_link *link); /* on 127.0.0.1, for the reader's server */
/* Target: the writer's server; client: the reader's. Without what packets add. */
struct xcy_relay_counts xcy_link_counts(const struct xcy_link *link);
void xcy_link_stop(struct xcy_link *link); /* NULL is allowed */

#endif
