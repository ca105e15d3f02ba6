#ifndef XCY_SANDBOX_WORLD_HOSTS_H
#define XCY_SANDBOX_WORLD_HOSTS_H

/*
 * world_hosts.h - the servers that a world hosts: those that `backends:` lists without
 * addresses, and nothing else. They start side by side. Where the legs to them have a
 * delay, functions reach them through relays.
 *
 * Threads:  start and stop by the main thread; the rest from any.
 * Failure:  as hosts/pair.h.
 */

#include "common/data/json.h"
#include "sandbox/hosts/pair.h"
#include "sandbox/regions/lag.h"
#include "sandbox/services/lambda.h"
#include "sandbox/world.h"

struct xcy_world_hosts;

/* What hosts need of the world. Borrowed. */
struct xcy_world_hosts_options {
    const struct xcy_deployment *deployment;
    struct xcy_supervisor *supervisor;
    const char *folder;
    struct xcy_lag *const *lags; /* by enum xcy_world_lag */
    struct xcy_stall *stall;     /* of all links */
    xcy_server_died_fn *died;
    void *died_ctx;
};

enum xcy_status xcy_world_hosts_start(const struct xcy_world_hosts_options *options,
                                      struct xcy_world_hosts **hosts,
                                      struct xcy_error *err) XCY_MUST_USE;
void xcy_world_hosts_stop(struct xcy_world_hosts *hosts); /* NULL is allowed */

/* The variables by which functions find them (XCY_CACHE_WRITER, …), borrowed. */
const struct xcy_lambda_variable *xcy_world_hosts_variables(const struct xcy_world_hosts *hosts,
                                                            size_t *n);
/* How the server itself is reached, without legs; false: it is not hosted here. */
bool xcy_world_hosts_ends(const struct xcy_world_hosts *hosts, const char *name,
                          struct xcy_pair_ends *ends);

/* {"cache": {"writer", "reader": as functions reach them, "primary", "replica": without legs}} */
void xcy_world_hosts_list(const struct xcy_world_hosts *hosts, struct xcy_json *stores);
/* {"cache": {"connections", "bytes_to_replica", "bytes_to_primary"}}: of the links */
void xcy_world_hosts_links(const struct xcy_world_hosts *hosts, struct xcy_json *links);
void xcy_world_hosts_describe(const struct xcy_world_hosts *hosts); /* on stderr */

#endif
