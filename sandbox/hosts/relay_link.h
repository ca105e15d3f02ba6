#ifndef XCY_SANDBOX_HOSTS_RELAY_LINK_H
#define XCY_SANDBOX_HOSTS_RELAY_LINK_H

/*
 * relay_link.h - one connection through a relay: two ways, each with a delay line of its own.
 *
 * Use inside relay.c, whose thread moves all its links whenever something changed.
 *
 * Threads:  one owner; the counters from any thread.
 */

#include "sandbox/hosts/delay_line.h"
#include "sandbox/hosts/relay.h"

#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { XCY_RELAY_CHUNK_BYTES = 65536 };

/* Of a relay, over all its links. */
struct xcy_relay_passed {
    atomic_uint_least64_t to_target_bytes;
    atomic_uint_least64_t to_client_bytes;
};

/* One way of a connection: read from `from`, delayed, written to `to`. */
struct xcy_relay_way {
    int from;
    int to;
    struct xcy_delay_line *line;
    bool at_end;  /* `from` will give no more */
    bool is_shut; /* and `to` was told so */
    bool blocked; /* `to` takes no more for now */
    bool full;    /* reading stopped for want of room, with more to read perhaps */
    atomic_uint_least64_t *counter;
};

struct xcy_relay_link {
    struct xcy_relay_link *next;
    int client_fd;
    int target_fd;
    struct xcy_relay_way to_target;
    struct xcy_relay_way to_client;
    bool is_broken;
};

/* A non-blocking socket of the end's network, or -1, and the end's address with a port. */
int xcy_relay_end_socket(const struct xcy_relay_end *end);
struct sockaddr_in xcy_relay_end_address(const struct xcy_relay_end *end, uint16_t port);

/* Connects to the target of the options. client_fd is taken; NULL (and client_fd is closed) when the
 * target refuses. passed: borrowed for the link's life. */
struct xcy_relay_link *xcy_relay_link_open(int client_fd, const struct xcy_relay_options *options,
                                           struct xcy_relay_passed *passed);
/* No longer watched by anyone. */
void xcy_relay_link_close(struct xcy_relay_link *link);

/* Takes in and gives out all that can be, both ways. chunk: XCY_RELAY_CHUNK_BYTES to work in. */
void xcy_relay_link_move(struct xcy_relay_link *link, const struct xcy_relay_options *options,
                         char *chunk);
bool xcy_relay_link_is_finished(const struct xcy_relay_link *link); /* ended both ways, or broken */

/* When bytes that only wait for their time are due; INT64_MAX ns: there are none, or a stall has no end
 * yet. */
struct xcy_mono xcy_relay_link_due(const struct xcy_relay_link *link, struct xcy_stall *stall);

#endif
