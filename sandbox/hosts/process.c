#include "sandbox/hosts/process.h"

#include "common/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_NOT_STARTED = 127 };

/* The descriptors that the child gets; all close-on-exec here. */
struct ends {
    int null_fd;
    int read_fd;
    int write_fd;
};

static enum xcy_status open_ends(struct ends *ends, struct xcy_error *err)
{
    int pipe_fds[2];
    int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null_fd < 0) {
        return xcy_fail_errno(err, errno, "/dev/null");
    }
    if (pipe2(pipe_fds, O_CLOEXEC) != 0) {
        int reason = errno;
        close(null_fd);
        return xcy_fail_errno(err, reason, "cannot make a pipe");
    }
    *ends = (struct ends){.null_fd = null_fd, .read_fd = pipe_fds[0], .write_fd = pipe_fds[1]};
    return XCY_OK;
}

/* In the child, where only async-signal-safe calls are allowed: signals as at a login, dead when the
 * parent is (which may have happened already), nothing open but the three. Signals come through only
 * once our handlers are gone: those would act on what the child shares with us. */
static bool prepare(const struct xcy_program_image *image, const struct ends *ends, pid_t parent)
{
    sigset_t none;
    struct sigaction by_default;
    memset(&by_default, 0, sizeof by_default);
    by_default.sa_handler = SIG_DFL;
    sigemptyset(&none);
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent && setpgid(0, 0) == 0 &&
           sigaction(SIGPIPE, &by_default, NULL) == 0 &&
           sigaction(SIGINT, &by_default, NULL) == 0 &&
           sigaction(SIGTERM, &by_default, NULL) == 0 &&
           pthread_sigmask(SIG_SETMASK, &none, NULL) == 0 &&
           dup2(ends->null_fd, STDIN_FILENO) >= 0 && dup2(ends->write_fd, STDOUT_FILENO) >= 0 &&
           dup2(ends->write_fd, STDERR_FILENO) >= 0 &&
           (!image->folder || chdir(image->folder) == 0) &&
           close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0;
}

static noreturn void become(const struct xcy_program_image *image, const struct ends *ends,
                            pid_t parent)
{
    static const char failed[] = "cannot be executed\n";
    bool is_ready = prepare(image, ends, parent);
    if (is_ready) {
        /* execve promises not to write to them; its type is older than const */
        union {
            const char *const *given;
            char *const *taken;
        } arguments = {image->arguments}, environment = {image->environment};
        execve(image->path, arguments.taken, environment.taken);
    }
    ssize_t ignored = write(ends->write_fd, failed, sizeof failed - 1);
    (void)ignored;
    _exit(EXIT_NOT_STARTED);
}

static void kill_and_reap(pid_t pid)
{
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
}

static enum xcy_status start_with(const struct xcy_program_image *image, const struct ends *ends,
                                  pid_t *pid, int *pid_fd, struct xcy_error *err)
{
    pid_t parent = getpid();
    sigset_t all;
    sigset_t ours;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &ours);
    pid_t child = fork();
    if (child == 0) {
        become(image, ends, parent);
    }
    int fork_errno = errno;
    pthread_sigmask(SIG_SETMASK, &ours, NULL);
    if (child < 0) {
        return xcy_fail_errno(err, fork_errno, "cannot start %s", image->path);
    }
    setpgid(child, child); /* here too: whoever comes first, the group exists from now on */
    int fd = pidfd_open(child, 0);
    if (fd < 0 || fcntl(ends->read_fd, F_SETFL, O_NONBLOCK) != 0) {
        int reason = errno;
        kill_and_reap(child);
        if (fd >= 0) {
            close(fd);
        }
        return xcy_fail_errno(err, reason, "cannot watch %s", image->path);
    }
    *pid = child;
    *pid_fd = fd;
    return XCY_OK;
}

enum xcy_status xcy_process_start(const struct xcy_program_image *image, pid_t *pid, int *pid_fd,
                                  int *output_fd, struct xcy_error *err)
{
    if (access(image->path, X_OK) != 0) {
        return xcy_fail_errno(err, errno, "cannot start %s", image->path);
    }
    struct ends ends = {-1, -1, -1};
    enum xcy_status status = open_ends(&ends, err);
    if (status != XCY_OK) {
        return xcy_error_context(err, "cannot start %s", image->path);
    }
    status = start_with(image, &ends, pid, pid_fd, err);
    close(ends.null_fd);
    close(ends.write_fd);
    if (status == XCY_OK) {
        *output_fd = ends.read_fd;
    } else {
        close(ends.read_fd);
    }
    return status;
}

char *xcy_program_find(const char *name)
{
    const char *rest = getenv("PATH"); /* NOLINT(concurrency-mt-unsafe): nobody sets it */
    if (!rest || !*rest) {
        rest = "/usr/local/bin:/usr/bin:/bin";
    }
    while (*rest) {
        size_t len = strcspn(rest, ":");
        char *path = xcy_format("%.*s/%s", (int)len, rest, name);
        if (len > 0 && access(path, X_OK) == 0) {
            return path;
        }
        free(path);
        rest += len + (rest[len] == ':');
    }
    return NULL;
}
