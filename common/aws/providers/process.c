/* process.c - a credential_process: run without a shell, bounded in time and output. */

#include "common/aws/command.h"
#include "common/aws/key_reply.h"
#include "common/aws/providers/provider.h"
#include "common/aws/redact.h"
#include "common/base/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum {
    MAX_OUT_BYTES = 64 * 1024,
    MAX_ERR_BYTES = 16 * 1024,
    MAX_WORDS_BYTES = 300,
    TIMEOUT_S = 60
};

struct process {
    pid_t pid;
    int out; /* -1: at its end */
    int err;
    struct xcy_buf output;
    struct xcy_buf words; /* what it said on stderr */
    struct xcy_mono deadline;
    int abandoned_fd; /* readable: nobody waits for it any more */
};

static void close_fd(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
    }
    *fd = -1;
}

/* A group of its own, so that what it starts ends with it; no descriptor but the first three; signals as
 * usual (this program ignores SIGPIPE). */
static int spawn(pid_t *pid, char **words, int out, int err)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t usual;
    sigset_t none;
    sigemptyset(&none);
    sigfillset(&usual);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setsigmask(&attributes, &none);
    int code = posix_spawnp(pid, words[0], &actions, &attributes, words, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

static enum xcy_status start(struct process *p, char **words, struct xcy_error *err)
{
    int out[2] = {-1, -1};
    int errors[2] = {-1, -1};
    if (pipe2(out, O_CLOEXEC) != 0 || pipe2(errors, O_CLOEXEC) != 0) {
        int reason = errno;
        close_fd(&out[0]);
        close_fd(&out[1]);
        return xcy_fail_errno(err, reason, "no pipe");
    }
    int code = spawn(&p->pid, words, out[1], errors[1]);
    close_fd(&out[1]);
    close_fd(&errors[1]);
    p->out = out[0];
    p->err = errors[0];
    return code == 0 ? XCY_OK : xcy_fail_errno(err, code, "cannot start '%.100s'", words[0]);
}

/* Of stdout more than fits is a failure; of stderr the beginning is enough. */
static void read_some(int *fd, struct xcy_buf *to, size_t most)
{
    char chunk[4096];
    ssize_t n = read(*fd, chunk, sizeof chunk);
    if (n > 0 && to->len < most) {
        xcy_buf_add(to, xcy_bytes(chunk, (size_t)n));
    } else if (n == 0 || (n < 0 && errno != EINTR)) {
        close_fd(fd);
    }
    explicit_bzero(chunk, sizeof chunk);
}

/* Until one of the two is ready, or a signal came; a failure: it may not run any longer. */
static enum xcy_status await(const struct process *p, struct pollfd fds[2], struct xcy_error *err)
{
    struct pollfd all[] = {fds[0],
                           fds[1],
                           {.fd = xcy_stop_fd(), .events = POLLIN},
                           {.fd = p->abandoned_fd, .events = POLLIN}};
    int64_t left_ns = xcy_mono_diff_ns(p->deadline, xcy_mono_now());
    if (left_ns <= 0) {
        return xcy_fail(err, XCY_ETIMEOUT, "it was still running after %d s", TIMEOUT_S);
    }
    bool is_told = poll(all, 4, (int)(left_ns / XCY_NS_PER_MS) + 1) > 0;
    if (xcy_stop_asked() || (is_told && all[3].revents)) {
        return xcy_fail(err, XCY_ESTOPPED, "interrupted");
    }
    for (size_t i = 0; is_told && i < 2; i++) {
        fds[i].revents = all[i].revents;
    }
    return XCY_OK;
}

static enum xcy_status read_all(struct process *p, struct xcy_error *err)
{
    while (p->out >= 0 || p->err >= 0) {
        struct pollfd fds[2] = {{.fd = p->out, .events = POLLIN}, {.fd = p->err, .events = POLLIN}};
        enum xcy_status status = await(p, fds, err);
        if (status != XCY_OK) {
            return status;
        }
        if (fds[0].revents) {
            read_some(&p->out, &p->output, MAX_OUT_BYTES + 1);
        }
        if (fds[1].revents) {
            read_some(&p->err, &p->words, MAX_ERR_BYTES);
        }
        if (p->output.len > MAX_OUT_BYTES) {
            return xcy_fail(err, XCY_EFULL, "it printed more than %d bytes", MAX_OUT_BYTES);
        }
    }
    return XCY_OK;
}

/* It may have closed what was read, and run on. Its end is not collected here: what is known of its group
 * stays true until then. */
static enum xcy_status await_end(const struct process *p, struct xcy_error *err)
{
    int fd = pidfd_open(p->pid, 0);
    enum xcy_status status =
        fd >= 0 ? XCY_OK : xcy_fail_errno(err, errno, "its end cannot be waited for");
    struct pollfd fds[2] = {{.fd = fd, .events = POLLIN}, {.fd = -1}};
    while (status == XCY_OK && !fds[0].revents) {
        status = await(p, fds, err);
    }
    close_fd(&fd);
    return status;
}

/* All of its group, if it has not ended by itself. */
static int end(struct process *p, bool has_ended)
{
    int how = 0;
    if (!has_ended) {
        kill(-p->pid, SIGKILL);
    }
    close_fd(&p->out);
    close_fd(&p->err);
    while (waitpid(p->pid, &how, 0) < 0 && errno == EINTR) {
    }
    return how;
}

static enum xcy_status judge(const struct process *p, int how, struct xcy_error *err)
{
    char words[MAX_WORDS_BYTES];
    xcy_redact(xcy_buf_bytes(&p->words), words, sizeof words);
    const char *colon = words[0] ? ": " : "";
    if (WIFSIGNALED(how)) {
        return xcy_fail(err, XCY_EAUTH, "it was ended by signal %d%s%s", WTERMSIG(how), colon,
                        words);
    }
    if (WEXITSTATUS(how) != 0) {
        return xcy_fail(err, XCY_EAUTH, "it ended with exit code %d%s%s", WEXITSTATUS(how), colon,
                        words);
    }
    return XCY_OK;
}

static enum xcy_status run(struct process *p, char **words, struct xcy_credentials *found,
                           struct xcy_error *err)
{
    enum xcy_status status = start(p, words, err);
    if (status != XCY_OK) {
        return status;
    }
    status = read_all(p, err);
    if (status == XCY_OK) {
        status = await_end(p, err);
    }
    int how = end(p, status == XCY_OK);
    if (status == XCY_OK) {
        status = judge(p, how, err);
    }
    if (status == XCY_OK) {
        status = xcy_key_reply_parse(XCY_KEYS_OF_PROCESS, xcy_buf_bytes(&p->output), found, err);
    }
    return status;
}

enum xcy_status xcy_process_run(const char *command, const char *name, int abandoned_fd,
                                struct xcy_credentials *found, struct xcy_error *err)
{
    struct process p = {.out = -1,
                        .err = -1,
                        .deadline = xcy_mono_add(xcy_mono_now(), TIMEOUT_S * XCY_NS_PER_S),
                        .abandoned_fd = abandoned_fd};
    char **words = NULL;
    xcy_buf_init(&p.output, (size_t)2 * MAX_OUT_BYTES);
    xcy_buf_init(&p.words, (size_t)2 * MAX_ERR_BYTES);
    enum xcy_status status = xcy_command_split(command, &words, err);
    if (status == XCY_OK) {
        status = run(&p, words, found, err);
    }
    close_fd(&p.out); /* of one that could not be started */
    close_fd(&p.err);
    xcy_command_free(words);
    xcy_buf_clear_secret(&p.output);
    xcy_buf_clear_secret(&p.words);
    if (status == XCY_OK) {
        return XCY_OK;
    }
    err->status = status == XCY_EUSAGE || status == XCY_ESTOPPED ? status : XCY_EAUTH;
    return xcy_error_context(err, "%s", name);
}
