#ifndef XCY_SANDBOX_HOSTS_RELAY_H
#define XCY_SANDBOX_HOSTS_RELAY_H

/*
 * relay.h - a long-distance link on loopback: a TCP relay that delays what passes through
 * it, each way, and caps its rate. It needs no privilege.
 *
 * Each chunk (what one read gave) gets a lag of its own; order is kept. There is no
 * slow start and no loss. Bytes that do not fit into the bound are left in the
 * sender's socket, so that a sender feels the back-pressure of the link.
 *
 * While it is stalled nothing leaves it, the end of a connection neither; what was under way goes on
 * afterwards with the rest of its lag.
 *
 * Accuracy: bytes leave within about a millisecond after they are due.
 * Threads:  a thread of its own; counters from any thread.
 * Failure:  XCY_ENET when no port can be listened on.
 */

#include "common/base/error.h"
#include "common/time/stall.h"

#include <stddef.h>
#include <stdint.h>

struct xcy_relay;

/* A lag in ns for the next chunk; called on the relay's thread. */
typedef int64_t xcy_relay_lag_fn(void *ctx);

/* Where one side of a relay stands; zeros: on our own loopback. */
struct xcy_relay_end {
    int (*make_socket)(void *ctx); /* a TCP socket of another network, or -1; NULL: of ours */
    void *ctx;
    uint32_t address; /* IPv4, host byte order; 0: 127.0.0.1 */
};

struct xcy_relay_options {
    uint16_t target_port;
    struct xcy_relay_end target;
    struct xcy_relay_end listen;
    xcy_relay_lag_fn *lag; /* NULL: none */
    void *lag_ctx;
    double rate_mbit_per_s;  /* each way; 0: no cap */
    struct xcy_stall *stall; /* NULL: none; outlives the relay */
    size_t max_bytes;        /* under way, each way of each connection; 0: 64 MiB */
};

enum xcy_status xcy_relay_start(const struct xcy_relay_options *options, struct xcy_relay **relay,
                                struct xcy_error *err) XCY_MUST_USE;
uint16_t xcy_relay_port(const struct xcy_relay *relay); /* where it listens */

struct xcy_relay_counts {
    uint64_t connections;     /* accepted since the start */
    uint64_t bytes_to_target; /* passed on */
    uint64_t bytes_to_client;
};
struct xcy_relay_counts xcy_relay_counts(const struct xcy_relay *relay);

/* Closes every connection, joins, frees. NULL is allowed. */
void xcy_relay_stop(struct xcy_relay *relay);

#endif
