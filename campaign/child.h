#ifndef XCY_CAMPAIGN_CHILD_H
#define XCY_CAMPAIGN_CHILD_H

/*
 * child.h - another program as a child: its words for people go to a log file, its result is kept.
 *
 * A child has a process group of its own, so that Ctrl-C at the terminal reaches the campaign alone
 * and the campaign decides who ends when. Should the campaign be killed, the kernel sends the child
 * SIGTERM; it holds the campaign's lock until it has ended, so that no second campaign begins while
 * a load of the first still runs.
 *
 * Threads:  one, and no other may run: it forks.
 */

#include "common/base/buf.h"

#include <sys/types.h>

struct xcy_child {
    char *name; /* owned, "loadgen" */
    pid_t pid;  /* 0: none */
    int pidfd;
    int out;       /* what it prints, a file in memory */
    bool is_ended; /* and waited for */
    bool is_told_to_stop;
    int exit_code; /* 128 + number of the signal that ended it */
};

struct xcy_child_order {
    const char *folder; /* of the programs */
    char *const *argv;  /* NULL-terminated; argv[0] is the program's name */
    int log_fd;
    int lock_fd; /* held by the child; -1: none */
};

enum xcy_status xcy_child_start(const struct xcy_child_order *order, struct xcy_child *child,
                                struct xcy_error *err) XCY_MUST_USE;

/* Waits until one more of them has ended, at most so long, or until wake_fd (-1: none) is readable.
 * Those that were not started are passed over. True when none runs any more. */
bool xcy_children_wait(struct xcy_child *const children[], size_t n, int timeout_ms, int wake_fd);

void xcy_child_stop(struct xcy_child *child); /* SIGTERM, once; xcy_children_wait tells the end */
/* What it printed on stdout. */
enum xcy_status xcy_child_output(const struct xcy_child *child, struct xcy_buf *out,
                                 struct xcy_error *err) XCY_MUST_USE;
void xcy_child_clear(struct xcy_child *child); /* it has ended, or was never started */

#endif
