#ifndef XCY_SANDBOX_HOSTS_SUPERVISOR_PROCESS_H
#define XCY_SANDBOX_HOSTS_SUPERVISOR_PROCESS_H

/*
 * supervisor_process.h - one process of a supervisor: what it was asked to be, its
 * descriptors, what it printed last, how far it is.
 *
 * Use inside supervisor.c, which decides when; others hold it as a handle only.
 *
 * Threads:  made by any thread, then the supervisor's; members that say so are under its
 *           lock.
 */

#include "common/time/clock.h"
#include "sandbox/hosts/supervisor.h"

enum xcy_process_state { XCY_PROCESS_WANTED, XCY_PROCESS_RUNNING, XCY_PROCESS_REAPED };

/* What an epoll event of the supervisor is about. */
struct xcy_watch {
    enum xcy_watch_kind { XCY_WATCH_WAKE, XCY_WATCH_OUTPUT, XCY_WATCH_END } kind;
    struct xcy_process *process;
};

struct xcy_process {
    struct xcy_process *next;
    enum xcy_process_state state; /* under the supervisor's lock, as pid, ending and kill_at */
    pid_t pid;
    bool ending;
    struct xcy_mono kill_at; /* 0: no kill is due */

    char *path;
    char *folder;
    char **arguments;
    char **environment;
    xcy_output_line_fn *on_line;
    xcy_process_exit_fn *on_exit;
    void *ctx;
    struct xcy_output output;
    int pid_fd; /* -1: closed, as output_fd */
    int output_fd;
    struct xcy_watch output_watch;
    struct xcy_watch end_watch;
};

struct xcy_process *xcy_process_new(const struct xcy_process_spec *spec); /* copied */
void xcy_process_free(struct xcy_process *p);

/* Starts the program: sets pid_fd and output_fd; the pid is given, to be set under the lock. */
enum xcy_status xcy_process_launch(struct xcy_process *p, pid_t *pid,
                                   struct xcy_error *err) XCY_MUST_USE;
/* To its whole group. With the lock held. */
void xcy_process_signal(const struct xcy_process *p, int number);
/* SIGTERM and a deadline, or SIGKILL: without grace, or when it is asked again. With the lock held. */
void xcy_process_end(struct xcy_process *p, int64_t grace_ns);

/* Reads what is there of its output, within bounds (others want to be read too). False: there will
 * be no more. */
bool xcy_process_read(struct xcy_process *p);

/* wait_status as from waitpid; the output is left to the caller. */
void xcy_process_describe_end(const struct xcy_process *p, int wait_status,
                              struct xcy_process_end *end);

#endif
