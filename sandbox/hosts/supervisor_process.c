#include "sandbox/hosts/supervisor_process.h"

#include "common/base/mem.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READS_AT_ONCE = 32 };

static char **copy_texts(const char *const *texts)
{
    size_t n = 0;
    while (texts[n]) {
        n++;
    }
    char **copy = xcy_alloc_array(n + 1, sizeof *copy);
    for (size_t i = 0; i < n; i++) {
        copy[i] = xcy_strdup(texts[i]);
    }
    return copy;
}

struct xcy_process *xcy_process_new(const struct xcy_process_spec *spec)
{
    struct xcy_process *p = xcy_alloc(sizeof *p);
    p->path = xcy_strdup(spec->image.path);
    p->folder = xcy_strdup(spec->image.folder);
    p->arguments = copy_texts(spec->image.arguments);
    p->environment = copy_texts(spec->image.environment);
    p->on_line = spec->on_line;
    p->on_exit = spec->on_exit;
    p->ctx = spec->ctx;
    p->output_fd = -1;
    p->pid_fd = -1;
    xcy_output_init(&p->output);
    return p;
}

static void free_texts(char **texts)
{
    for (size_t i = 0; texts[i]; i++) {
        free(texts[i]);
    }
    free(texts);
}

void xcy_process_free(struct xcy_process *p)
{
    free(p->path);
    free(p->folder);
    free_texts(p->arguments);
    free_texts(p->environment);
    free(p);
}

enum xcy_status xcy_process_launch(struct xcy_process *p, pid_t *pid, struct xcy_error *err)
{
    union {
        char *const *owned;
        const char *const *borrowed;
    } arguments = {p->arguments}, environment = {p->environment};
    struct xcy_program_image image = {.path = p->path,
                                      .arguments = arguments.borrowed,
                                      .environment = environment.borrowed,
                                      .folder = p->folder};
    return xcy_process_start(&image, pid, &p->pid_fd, &p->output_fd, err);
}

/* Only while the pid is not reaped, so that it cannot be another's. */
void xcy_process_signal(const struct xcy_process *p, int number)
{
    if (p->state == XCY_PROCESS_RUNNING) {
        kill(-p->pid, number);
    }
}

void xcy_process_end(struct xcy_process *p, int64_t grace_ns)
{
    xcy_process_signal(p, grace_ns > 0 && !p->ending ? SIGTERM : SIGKILL);
    p->ending = true;
    p->kill_at = xcy_mono_add(xcy_mono_now(), grace_ns);
}

bool xcy_process_read(struct xcy_process *p)
{
    char chunk[4096];
    for (int i = 0; i < READS_AT_ONCE; i++) {
        ssize_t n = read(p->output_fd, chunk, sizeof chunk);
        if (n > 0) {
            xcy_output_add(&p->output, xcy_bytes(chunk, (size_t)n), p->on_line, p->ctx);
        } else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
            return false;
        } else if (errno == EAGAIN) {
            return true;
        }
    }
    return true;
}

void xcy_process_describe_end(const struct xcy_process *p, int wait_status,
                              struct xcy_process_end *end)
{
    *end = (struct xcy_process_end){.was_started = true, .pid = p->pid, .exit_code = -1};
    if (WIFEXITED(wait_status)) {
        end->exit_code = WEXITSTATUS(wait_status);
        snprintf(end->reason, sizeof end->reason, "exit status %d", end->exit_code);
        return;
    }
    end->signal = WTERMSIG(wait_status);
    const char *name = sigdescr_np(end->signal);
    snprintf(end->reason, sizeof end->reason, "signal: %s", name ? name : "unknown");
}
