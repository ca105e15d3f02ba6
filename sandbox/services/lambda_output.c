#include "sandbox/services/lambda_output.h"

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_EXIT_CODE = 4 }; /* of a program of ours that says itself why it ends */

static void write_line(const struct xcy_hosted_function *f, struct xcy_bytes line)
{
    struct xcy_error ignored;
    char *text = xcy_format("%s: %.*s\n", f->name, (int)line.len, line.ptr);
    (void)!xcy_write_all(f->service->log_fd, xcy_bytes_of(text), "function log", &ignored);
    free(text);
}

static bool is_stopping(struct xcy_lambda_service *s)
{
    pthread_mutex_lock(&s->lock);
    bool stopping = s->stopping;
    pthread_mutex_unlock(&s->lock);
    return stopping;
}

static void log_line(struct xcy_hosted_function *f, struct xcy_bytes line)
{
    size_t n_withheld = 0;
    if (!xcy_line_limit_take(&f->limit, xcy_mono_now(), &n_withheld)) {
        return;
    }
    if (n_withheld > 0) {
        xcy_log(XCY_LOG_WARNING, "%s: %zu lines of its output were left out", f->name, n_withheld);
    }
    xcy_log(XCY_LOG_INFO, "%s: %.*s", f->name, (int)line.len, line.ptr);
}

void xcy_lambda_tell_line(void *ctx, struct xcy_bytes line)
{
    const struct xcy_instance *instance = ctx;
    struct xcy_hosted_function *f = instance->function;
    if (f->service->log_fd >= 0) {
        write_line(f, line);
    } else if (is_stopping(f->service)) {
        xcy_log(XCY_LOG_DEBUG, "%s: %.*s", f->name, (int)line.len, line.ptr);
    } else {
        log_line(f, line);
    }
}

/* Ended by us, in order, or because it could not be started amid the end of all it needs. */
static bool is_as_asked(const struct xcy_instance *instance, const struct xcy_process_end *end)
{
    bool by_us = end->signal == SIGTERM || end->signal == SIGKILL;
    bool in_order = end->exit_code == 0;
    bool in_vain = !instance->worker.has_asked && end->signal == 0 &&
                   end->exit_code <= MAX_EXIT_CODE; /* -1: was not started at all */
    return by_us || in_order || in_vain;
}

static void log_last_lines(const struct xcy_hosted_function *f, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        xcy_log(XCY_LOG_WARNING, "%s: %.*s", f->name, (int)len, text);
        text += text[len] ? len + 1 : len;
    }
}

void xcy_lambda_tell_end(const struct xcy_instance *instance, const struct xcy_process_end *end)
{
    const struct xcy_hosted_function *f = instance->function;
    if (f->service->stopping && !is_as_asked(instance, end)) {
        xcy_log(XCY_LOG_WARNING, "%s: process %d failed while it was being ended (%s)", f->name,
                (int)end->pid, end->reason);
        log_last_lines(f, f->service->log_fd < 0 ? end->output : "");
    } else if (!f->service->stopping && !instance->worker.is_ending) {
        xcy_log(XCY_LOG_WARNING, "%s: process %d ended by itself (%s)", f->name, (int)end->pid,
                end->reason);
    }
}
