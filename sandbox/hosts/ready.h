#ifndef XCY_SANDBOX_HOSTS_READY_H
#define XCY_SANDBOX_HOSTS_READY_H

/*
 * ready.h - waits until something about servers that start is so, looking again and again.
 *
 * Threads:  the caller's.
 * Failure:  XCY_EFAIL or XCY_EFULL when one of the servers is gone (server_process.h),
 *           XCY_ETIMEOUT after a minute with what was in the way, XCY_ESTOPPED on a stop asked.
 */

#include "sandbox/hosts/server_process.h"

/* One look; *is_so is false before. A failure may pass: it is looked again. */
typedef enum xcy_status xcy_ready_fn(void *ctx, bool *is_so, struct xcy_error *err);

struct xcy_ready_wait {
    struct xcy_server_process *const *servers; /* that have to live meanwhile */
    size_t n_servers;
    const char *name; /* of what starts, for people: "Redis" */
    void *ctx;        /* of the looks */
};

/* what: "the first replicated write". */
enum xcy_status xcy_ready_await(const struct xcy_ready_wait *wait, xcy_ready_fn *look,
                                const char *what, struct xcy_error *err) XCY_MUST_USE;

#endif
