#ifndef XCY_SANDBOX_HOSTS_SUPERVISOR_H
#define XCY_SANDBOX_HOSTS_SUPERVISOR_H

/*
 * supervisor.h - one thread that starts processes, reads what they print, notices their
 * end and ends them. All children die with it, also on kill -9 of the whole program.
 *
 * Starting never blocks the caller: a program that could not be started is reported
 * like one that ended.
 *
 * Memory:   a process handle is valid until its on_exit has returned.
 * Threads:  spawn and end from any thread; callbacks come on the supervisor's thread,
 *           with no lock of it held.
 */

#include "common/time/clock.h"
#include "sandbox/hosts/output.h"
#include "sandbox/hosts/process.h"

struct xcy_supervisor;
struct xcy_process;

struct xcy_process_end {
    bool was_started;
    pid_t pid;
    int exit_code;      /* -1 when a signal ended it */
    int signal;         /* 0 when it exited */
    char reason[200];   /* "exit status 1", "signal: killed", or why it could not be started */
    const char *output; /* the last lines it printed, borrowed during the call; "" if none */
};

typedef void xcy_process_exit_fn(void *ctx, const struct xcy_process_end *end);

struct xcy_process_spec {
    struct xcy_program_image image; /* copied */
    xcy_output_line_fn *on_line;    /* NULL: what it prints is only kept for the report */
    xcy_process_exit_fn *on_exit;   /* called exactly once */
    void *ctx;
};

struct xcy_supervisor *xcy_supervisor_start(void);

struct xcy_process *xcy_supervisor_spawn(struct xcy_supervisor *supervisor,
                                         const struct xcy_process_spec *spec);

/* SIGTERM to its group, SIGKILL when it still lives after grace_ns (0: SIGKILL at once). Asked a
 * second time it is killed at once. */
void xcy_supervisor_end(struct xcy_supervisor *supervisor, struct xcy_process *process,
                        int64_t grace_ns);

/* Ends every process as above, waits for all of them, joins, frees. NULL is allowed. */
void xcy_supervisor_stop(struct xcy_supervisor *supervisor, int64_t grace_ns);

#endif
