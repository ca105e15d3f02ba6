#include "campaign/child.h"

#include "common/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_CHILDREN = 4, CANNOT_START = 127 };

/* The campaign's handlers would swallow a signal that comes before exec. */
static bool take_signals_as_usual(const sigset_t *mask)
{
    struct sigaction usual = {.sa_handler = SIG_DFL};
    return sigaction(SIGTERM, &usual, NULL) == 0 && sigaction(SIGINT, &usual, NULL) == 0 &&
           pthread_sigmask(SIG_SETMASK, mask, NULL) == 0;
}

/* In the child, between fork and exec: only what is safe there. */
static _Noreturn void become(const char *path, const struct xcy_child_order *order, int out,
                             pid_t parent, const sigset_t *mask)
{
    int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    bool ok = setpgid(0, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent &&
              dup2(null_fd, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
              dup2(order->log_fd, STDERR_FILENO) >= 0 &&
              (order->lock_fd < 0 || fcntl(order->lock_fd, F_SETFD, 0) == 0) &&
              take_signals_as_usual(mask);
    if (ok) {
        execv(path, order->argv);
    }
    _exit(CANNOT_START);
}

static pid_t fork_into(const char *path, const struct xcy_child_order *order, int out)
{
    sigset_t all;
    sigset_t before;
    pid_t parent = getpid();
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pid_t pid = fork();
    int failure = errno;
    if (pid == 0) {
        become(path, order, out, parent, &before);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = failure;
    return pid;
}

enum xcy_status xcy_child_start(const struct xcy_child_order *order, struct xcy_child *child,
                                struct xcy_error *err)
{
    *child = (struct xcy_child){0};
    char *path = xcy_format("%s/%s", order->folder, order->argv[0]);
    enum xcy_status status = XCY_OK;
    if (access(path, X_OK) != 0) {
        status = xcy_fail_errno(err, errno, "cannot start %s", path);
    }
    int out = status == XCY_OK ? memfd_create(order->argv[0], MFD_CLOEXEC) : -1;
    if (status == XCY_OK && out < 0) {
        status = xcy_fail_errno(err, errno, "no memory for the output of %s", order->argv[0]);
    }
    pid_t pid = status == XCY_OK ? fork_into(path, order, out) : -1;
    free(path);
    if (status == XCY_OK && pid < 0) {
        status = xcy_fail_errno(err, errno, "cannot start %s", order->argv[0]);
    }
    if (status != XCY_OK) {
        if (out >= 0) {
            close(out);
        }
        return status;
    }
    child->name = xcy_strdup(order->argv[0]);
    child->pid = pid;
    child->pidfd = pidfd_open(pid, 0);
    child->out = out;
    return XCY_OK;
}

static void look(struct xcy_child *child)
{
    int how = 0;
    pid_t got;
    do {
        got = waitpid(child->pid, &how, WNOHANG);
    } while (got < 0 && errno == EINTR);
    if (got == child->pid) {
        child->is_ended = true;
        child->exit_code = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
    }
}

static bool is_running(const struct xcy_child *child)
{
    return child->pid > 0 && !child->is_ended;
}

bool xcy_children_wait(struct xcy_child *const children[], size_t n, int timeout_ms, int wake_fd)
{
    struct pollfd fds[MAX_CHILDREN + 1];
    nfds_t n_fds = 0;
    xcy_assert(n <= MAX_CHILDREN);
    for (size_t i = 0; i < n; i++) {
        if (is_running(children[i])) {
            fds[n_fds++] = (struct pollfd){.fd = children[i]->pidfd, .events = POLLIN};
        }
    }
    if (n_fds == 0) {
        return true;
    }
    fds[n_fds++] = (struct pollfd){.fd = wake_fd, .events = POLLIN};
    (void)poll(fds, n_fds, timeout_ms); /* a signal ends it early: it is looked all the same */
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (is_running(children[i])) {
            look(children[i]);
            any = any || is_running(children[i]);
        }
    }
    return !any;
}

void xcy_child_stop(struct xcy_child *child)
{
    if (is_running(child) && !child->is_told_to_stop) {
        child->is_told_to_stop = true;
        kill(child->pid, SIGTERM);
    }
}

enum xcy_status xcy_child_output(const struct xcy_child *child, struct xcy_buf *out,
                                 struct xcy_error *err)
{
    char part[8192];
    off_t at = 0;
    ssize_t n;
    while ((n = pread(child->out, part, sizeof part, at)) > 0) {
        xcy_buf_add(out, xcy_bytes(part, (size_t)n));
        at += n;
    }
    if (n < 0) {
        return xcy_fail_errno(err, errno, "the output of %s", child->name);
    }
    return xcy_buf_check(out, "its output", err);
}

void xcy_child_clear(struct xcy_child *child)
{
    xcy_assert(!is_running(child));
    if (child->pid > 0) {
        if (child->pidfd >= 0) {
            close(child->pidfd);
        }
        close(child->out);
    }
    free(child->name);
    *child = (struct xcy_child){0};
}
