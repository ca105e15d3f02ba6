#ifndef XCY_SANDBOX_HOSTS_SERVER_PROCESS_H
#define XCY_SANDBOX_HOSTS_SERVER_PROCESS_H

/*
 * server_process.h - a server (database, broker) as a process of ours: on a free port of
 * loopback, with a folder of its own. What it is, its starter says (redis_server.h, …).
 *
 * Memory:   ended and waited for before it is freed.
 * Threads:  one owner; died comes on the supervisor's thread.
 * Failure:  XCY_EFAIL with the end of the server's own words.
 */

#include "sandbox/hosts/supervisor.h"

#include <stdint.h>

struct xcy_server_process;

/* A watched server ended by itself; what: one line for people. */
typedef void xcy_server_died_fn(void *ctx, const char *what);

struct xcy_server_process_options {
    struct xcy_supervisor *supervisor; /* borrowed, outlives the server's process */
    const char *name;                  /* "redis primary"; copied */
    const char *folder;                /* where it runs; made if missing; copied */
    int64_t grace_ms;                  /* between being asked to end and being killed */
    xcy_server_died_fn *died;
    void *died_ctx;
};

struct xcy_server_process *xcy_server_process_new(const struct xcy_server_process_options *options);
void xcy_server_process_free(struct xcy_server_process *server); /* NULL is allowed */

/* Chooses a free port, and makes the folder. */
enum xcy_status xcy_server_process_prepare(struct xcy_server_process *server,
                                           struct xcy_error *err) XCY_MUST_USE;
/* Starts the program, in the folder. */
void xcy_server_process_start(struct xcy_server_process *server, const char *program,
                              const char *const *arguments, const char *const *environment);
/* XCY_EFAIL when the process it started is gone, XCY_EFULL when because its port was taken
 * meanwhile. */
enum xcy_status xcy_server_process_check(struct xcy_server_process *server,
                                         struct xcy_error *err) XCY_MUST_USE;
/* From now on its end is news; one that ended just before is a failed start. */
enum xcy_status xcy_server_process_watch(struct xcy_server_process *server,
                                         struct xcy_error *err) XCY_MUST_USE;

const char *xcy_server_process_name(const struct xcy_server_process *server);    /* borrowed */
const char *xcy_server_process_folder(const struct xcy_server_process *server);  /* borrowed */
const char *xcy_server_process_address(const struct xcy_server_process *server); /* borrowed */
uint16_t xcy_server_process_port(const struct xcy_server_process *server);

/* Asks the process to end, which is no news then; join waits until it has. */
void xcy_server_process_end(struct xcy_server_process *server);
void xcy_server_process_join(struct xcy_server_process *server);

/* A port of 127.0.0.1 that nobody holds now. */
enum xcy_status xcy_free_port(uint16_t *port, struct xcy_error *err) XCY_MUST_USE;

#endif
