#ifndef XCY_SANDBOX_HOSTS_REDIS_SERVER_H
#define XCY_SANDBOX_HOSTS_REDIS_SERVER_H

/*
 * redis_server.h - how a Redis server of ours is started.
 *
 * Use through redis_pair.h, which joins two of them.
 *
 * Failure:  XCY_EFAIL: it is not installed.
 */

#include "sandbox/hosts/server_process.h"

/* Starts a prepared server; more: further arguments, NULL-terminated. */
enum xcy_status xcy_redis_server_start(struct xcy_server_process *server, const char *const *more,
                                       struct xcy_error *err) XCY_MUST_USE;

#endif
