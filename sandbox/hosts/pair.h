#ifndef XCY_SANDBOX_HOSTS_PAIR_H
#define XCY_SANDBOX_HOSTS_PAIR_H

/*
 * pair.h - what is common to the servers that a sandbox hosts in pairs: one in the writer's
 * region, one in the reader's, joined by a link that delays. Each kind is a row of a table.
 *
 * Memory:   a started pair is owned by the caller; release with stop.
 * Threads:  start and stop by one thread each; died comes on the supervisor's thread; ends and
 *           link_counts from any.
 * Failure:  XCY_EFAIL with the end of the server's own words; XCY_ESTOPPED on a stop asked.
 */

#include "sandbox/hosts/link.h"
#include "sandbox/hosts/server_process.h"

struct xcy_pair_options {
    struct xcy_supervisor *supervisor; /* borrowed, outlives the pair's servers */
    const char *folder;                /* for data; made if missing */
    xcy_relay_lag_fn *lag;             /* of the link between them, each way, each chunk */
    void *lag_ctx;
    double rate_mbit_per_s;   /* of that link; 0: no cap */
    bool is_wan;              /* see link.h */
    xcy_server_died_fn *died; /* of either server, once the pair was ready */
    void *died_ctx;
};

/* How clients reach the two. Borrowed from the pair. */
struct xcy_pair_ends {
    const char *writer; /* "127.0.0.1:port" */
    const char *reader;
    const char *user;        /* NULL: none */
    const char *password;    /* NULL: none */
    const char *client_file; /* options for the kind's client program; NULL: none */
};

struct xcy_pair_kind {
    const char *name; /* as under `backends:` */
    /* Returns once both are really ready: a query was answered, and a probe came through. */
    enum xcy_status (*start)(const struct xcy_pair_options *options, void **pair,
                             struct xcy_error *err);
    struct xcy_pair_ends (*ends)(const void *pair);
    struct xcy_relay_counts (*link_counts)(const void *pair);
    /* Ends both servers and the link, and waits for their end. NULL is allowed. */
    void (*stop)(void *pair);
};

#endif
