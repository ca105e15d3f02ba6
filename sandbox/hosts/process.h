#ifndef XCY_SANDBOX_HOSTS_PROCESS_H
#define XCY_SANDBOX_HOSTS_PROCESS_H

/*
 * process.h - starts a program as a child that cannot outlive the thread that started
 * it: own process group, killed by the kernel when that thread or process ends
 * (kill -9 included), no descriptor of ours but the three standard ones.
 *
 * Threads:  safe; remember that the child dies with the calling thread.
 * Failure:  XCY_EIO naming the program and the reason.
 */

#include "common/base/error.h"

#include <sys/types.h>

/* What to run. All borrowed during the call. */
struct xcy_program_image {
    const char *path;               /* the file */
    const char *const *arguments;   /* NULL-terminated; [0] need not be the path */
    const char *const *environment; /* NULL-terminated "NAME=value" */
    const char *folder;             /* working directory; NULL: ours */
};

/* output_fd: what the child prints on stdout and stderr, non-blocking. pid_fd: readable once it
 * ended. Both owned by the caller, who also has to wait for the pid. stdin is /dev/null. */
enum xcy_status xcy_process_start(const struct xcy_program_image *image, pid_t *pid, int *pid_fd,
                                  int *output_fd, struct xcy_error *err) XCY_MUST_USE;

/* The file that `name` means in $PATH; free with free(); NULL if there is none. */
char *xcy_program_find(const char *name);

#endif
