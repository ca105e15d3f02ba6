#ifndef XCY_SANDBOX_HOSTS_REDIS_SERVER_H
#define XCY_SANDBOX_HOSTS_REDIS_SERVER_H

/*
 * redis_server.h - one Redis server as a process of ours: on a free port of loopback, with
 * a folder of its own.
 *
 * Use through redis_pair.h, which joins two of them.
 *
 * Memory:   ended and waited for before it is freed.
 * Threads:  one owner; died comes on the supervisor's thread.
 * Failure:  XCY_EFAIL with the end of the server's own words.
 */

#include "sandbox/hosts/supervisor.h"

#include <stdint.h>

struct xcy_redis_server;

/* A watched server ended by itself; what: one line for people. */
typedef void xcy_redis_died_fn(void *ctx, const char *what);

struct xcy_redis_server_options {
    struct xcy_supervisor *supervisor; /* borrowed, outlives the server's process */
    const char *role;                  /* "primary" or "replica"; borrowed for its life */
    const char *folder;                /* redis-<role> is made in it, if missing */
    xcy_redis_died_fn *died;
    void *died_ctx;
};

struct xcy_redis_server *xcy_redis_server_new(const struct xcy_redis_server_options *options);
void xcy_redis_server_free(struct xcy_redis_server *server); /* NULL is allowed */

/* Starts the process on a port chosen now; more: further arguments, NULL-terminated. */
enum xcy_status xcy_redis_server_start(struct xcy_redis_server *server, const char *const *more,
                                       struct xcy_error *err) XCY_MUST_USE;
/* XCY_EFAIL when the process is gone, XCY_EFULL when because its port was taken meanwhile. */
enum xcy_status xcy_redis_server_check(struct xcy_redis_server *server,
                                       struct xcy_error *err) XCY_MUST_USE;
/* From now on its end is news; one that ended just before is a failed start. */
enum xcy_status xcy_redis_server_watch(struct xcy_redis_server *server,
                                       struct xcy_error *err) XCY_MUST_USE;

const char *xcy_redis_server_address(const struct xcy_redis_server *server); /* borrowed */
uint16_t xcy_redis_server_port(const struct xcy_redis_server *server);

/* Asks the process to end, which is no news then; join waits until it has. */
void xcy_redis_server_end(struct xcy_redis_server *server);
void xcy_redis_server_join(struct xcy_redis_server *server);

#endif
