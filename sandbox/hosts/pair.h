#ifndef XCY_SANDBOX_HOSTS_PAIR_H
#define XCY_SANDBOX_HOSTS_PAIR_H

/*
 * pair.h - two servers that a sandbox hosts: one in the writer's region, one in the reader's,
 * joined by a link that delays. What they are, their kind says (redis_pair.h, …).
 *
 * The link delays once the pair is ready: servers meet with many round trips, which would cost
 * their seconds at each start and tell nothing. Passwords are new each time; nothing is
 * written to disk but in the given folder.
 *
 * Memory:   a started pair is owned by the caller; release with xcy_pair_stop.
 * Threads:  start and stop by one thread each; died comes on the supervisor's thread; ends and
 *           link_counts from any.
 * Failure:  XCY_EFAIL with the end of the server's own words; XCY_ESTOPPED on a stop asked.
 */

#include "sandbox/hosts/link.h"
#include "sandbox/hosts/server_process.h"

struct xcy_pair;
struct xcy_pair_kind; /* pair_kind.h */

struct xcy_pair_options {
    struct xcy_supervisor *supervisor; /* borrowed, outlives the pair's servers */
    const char *folder;                /* <name>/<role> is made in it for each server */
    xcy_relay_lag_fn *lag;             /* of the link, each way, each chunk; NULL: none */
    void *lag_ctx;
    double rate_mbit_per_s;   /* of the link; 0: no cap */
    bool is_wan;              /* see link.h */
    struct xcy_stall *stall;  /* of the link; NULL: none */
    xcy_server_died_fn *died; /* of either server, once the pair was ready */
    void *died_ctx;
};

/* Returns once both are really ready: a query was answered, and a probe came through. */
enum xcy_status xcy_pair_start(const struct xcy_pair_kind *kind,
                               const struct xcy_pair_options *options, struct xcy_pair **pair,
                               struct xcy_error *err) XCY_MUST_USE;
/* Ends both servers and the link, and waits for their end. NULL is allowed. */
void xcy_pair_stop(struct xcy_pair *pair);

/* How clients reach the two. Borrowed from the pair. */
struct xcy_pair_ends {
    const char *writer; /* "127.0.0.1:port" */
    const char *reader;
    const char *user;        /* NULL: none */
    const char *password;    /* NULL: none */
    const char *client_file; /* options for the kind's client program; NULL: none */
};
struct xcy_pair_ends xcy_pair_ends(const struct xcy_pair *pair);

/* Target: the writer's server; client: the reader's, whichever of them opens the connections. */
struct xcy_relay_counts xcy_pair_link_counts(const struct xcy_pair *pair);

#endif
