#ifndef XCY_SANDBOX_WORLD_H
#define XCY_SANDBOX_WORLD_H

/*
 * world.h - everything a sandbox hosts, started in order and ended in reverse: both
 * regions' services, the real stores, the functions, the door.
 *
 * Threads:  start, wait and stop by the main thread.
 */

#include "common/deployment/deployment.h"

struct xcy_world;

/* Borrowed for the world's life. */
struct xcy_world_options {
    const struct xcy_deployment *deployment;
    const char *truth_log;    /* NULL: none */
    const char *function_log; /* NULL: our own log */
    const char *ready_file;   /* NULL: none */
};

/* Returns once everything is really ready, having said on stderr what is hosted; on a failure, or a
 * stop asked meanwhile (XCY_ESTOPPED), all that was started is ended again. */
enum xcy_status xcy_world_start(const struct xcy_world_options *options, struct xcy_world **world,
                                struct xcy_error *err) XCY_MUST_USE;

/* Waits for a stop asked (XCY_OK) or for a part that died (XCY_EFAIL says which). */
enum xcy_status xcy_world_wait(struct xcy_world *world, struct xcy_error *err) XCY_MUST_USE;

/* Ends all of it, leaving neither process nor file. NULL is allowed. */
void xcy_world_stop(struct xcy_world *world);

#endif
