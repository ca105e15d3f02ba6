#include "campaign/trial.h"

#include "campaign/child.h"
#include "campaign/commands.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_OUTPUT_BYTES = 64 << 20, LOOK_EVERY_MS = 20, TICK_EVERY_MS = 200, EXIT_INVALID = 3 };

/* A trial on its way. */
struct work {
    const struct xcy_trial_order *order;
    struct xcy_trial *trial;
    int log_fd;
};

void xcy_trial_clear(struct xcy_trial *trial)
{
    free(trial->reason);
    free(trial->folder);
    xcy_json_free(trial->summary);
    *trial = (struct xcy_trial){0};
}

/* The log shows what was run. */
static enum xcy_status note_command(const struct work *w, const struct xcy_words *words,
                                    struct xcy_error *err)
{
    struct xcy_buf line;
    xcy_buf_init(&line, 1 << 20);
    xcy_buf_add_text(&line, "$");
    for (size_t i = 0; i < words->n; i++) {
        xcy_buf_addf(&line, " %s", words->items[i]);
    }
    xcy_buf_add_char(&line, '\n');
    enum xcy_status status =
        xcy_write_all(w->log_fd, xcy_buf_bytes(&line), w->order->log_path, err);
    xcy_buf_clear(&line);
    return status;
}

static enum xcy_status start(const struct work *w, struct xcy_words *words, struct xcy_child *child,
                             struct xcy_error *err)
{
    struct xcy_child_order order = {.folder = w->order->programs,
                                    .argv = words->items,
                                    .log_fd = w->log_fd,
                                    .lock_fd = w->order->lock_fd};
    enum xcy_status status = note_command(w, words, err);
    return status == XCY_OK ? xcy_child_start(&order, child, err) : status;
}

/* To the end of all of them; when the user wants to stop, they are told and still waited for. */
static void wait_for(const struct work *w, struct xcy_child *const children[], size_t n,
                     const char *doing)
{
    int wake_fd = xcy_stop_fd();
    while (!xcy_children_wait(children, n, TICK_EVERY_MS, wake_fd)) {
        w->order->tick(w->order->ctx, doing);
        if (xcy_stop_asked()) {
            wake_fd = -1;
            for (size_t i = 0; i < n; i++) {
                xcy_child_stop(children[i]);
            }
        }
    }
}

/* The program's last line in the log, "deploy: …"; of one that said nothing its exit code. */
static char *last_words(const struct work *w, const struct xcy_child *child, off_t from)
{
    struct xcy_buf text;
    char part[4096];
    char *found = NULL;
    ssize_t n;
    size_t n_name = strlen(child->name);
    xcy_buf_init(&text, MAX_OUTPUT_BYTES);
    while ((n = pread(w->log_fd, part, sizeof part, from)) > 0) {
        xcy_buf_add(&text, xcy_bytes(part, (size_t)n));
        from += n;
    }
    for (char *at = text.ptr; at && *at; at = strchr(at, '\n'), at += at ? 1 : 0) {
        if (strncmp(at, child->name, n_name) == 0 && at[n_name] == ':') {
            free(found);
            found = xcy_strndup(at, strcspn(at, "\n"));
        }
    }
    xcy_buf_clear(&text);
    return found ? found : xcy_format("%s: exit code %d", child->name, child->exit_code);
}

static off_t log_end(const struct work *w)
{
    return lseek(w->log_fd, 0, SEEK_END);
}

/* The run failed; the first reason counts. */
static void fail(struct work *w, char *taken_reason)
{
    w->trial->ok = false;
    if (w->trial->reason) {
        free(taken_reason);
    } else {
        w->trial->reason = taken_reason;
    }
}

static void mark_invalid(struct work *w, char *taken_reason)
{
    w->trial->is_valid = false;
    if (w->trial->reason) {
        free(taken_reason);
    } else {
        w->trial->reason = taken_reason;
    }
}

/* What a child that ended came to: its result (NULL: not wanted), or why the run failed. Exit code 3
 * is a result, marked. */
static void conclude(struct work *w, struct xcy_child *child, off_t log_from,
                     struct xcy_json **result)
{
    struct xcy_buf text;
    struct xcy_error err;
    if (child->exit_code != 0 && child->exit_code != EXIT_INVALID) {
        fail(w, last_words(w, child, log_from));
        return;
    }
    if (child->exit_code == EXIT_INVALID) {
        mark_invalid(w, last_words(w, child, log_from));
    }
    if (!result) {
        return;
    }
    xcy_buf_init(&text, MAX_OUTPUT_BYTES);
    enum xcy_status status = xcy_child_output(child, &text, &err);
    if (status == XCY_OK) {
        status = xcy_json_parse(xcy_buf_bytes(&text), result, &err);
    }
    if (status != XCY_OK) {
        fail(w, xcy_format("%s: its result cannot be read: %s", child->name, err.text));
    }
    xcy_buf_clear(&text);
}

static enum xcy_status check_stop(struct xcy_error *err)
{
    return xcy_stop_asked() ? xcy_fail(err, XCY_ESTOPPED, "interrupted") : XCY_OK;
}

/* A program that runs alone, from start to end. */
static enum xcy_status step(struct work *w, struct xcy_words *words, const char *doing,
                            struct xcy_json **result, struct xcy_error *err)
{
    struct xcy_child child = {0};
    struct xcy_child *const children[] = {&child};
    off_t log_from = log_end(w);
    enum xcy_status status = start(w, words, &child, err);
    if (status == XCY_OK) {
        wait_for(w, children, 1, doing);
        status = check_stop(err);
    }
    if (status == XCY_OK) {
        conclude(w, &child, log_from, result);
    }
    xcy_child_clear(&child);
    return status;
}

static enum xcy_status deploy(struct work *w, struct xcy_error *err)
{
    struct xcy_words words = xcy_deploy_words(w->order->deployment, w->order->cell);
    enum xcy_status status = step(w, &words, "deploying", NULL, err);
    xcy_words_clear(&words);
    return status;
}

static enum xcy_status clean(struct work *w, struct xcy_error *err)
{
    struct xcy_words words = xcy_clean_words(w->order->deployment);
    enum xcy_status status = step(w, &words, "cleaning", NULL, err);
    xcy_words_clear(&words);
    return status;
}

/* What <root>/latest points to, or "". */
static void read_latest(const char *root, char to[PATH_MAX])
{
    char *link = xcy_format("%s/latest", root);
    ssize_t n = readlink(link, to, PATH_MAX - 1);
    to[n > 0 ? n : 0] = '\0';
    free(link);
}

/* The folder that loadgen has made: latest points elsewhere than before, and run.yml is there. NULL
 * when it ended, or is to end, without. */
static char *await_folder(const struct work *w, struct xcy_child *load, const char *before)
{
    struct xcy_child *const children[] = {load};
    char now[PATH_MAX];
    for (;;) {
        bool is_over = xcy_children_wait(children, 1, LOOK_EVERY_MS, xcy_stop_fd());
        read_latest(w->order->root, now);
        char *folder = xcy_format("%s/%s", w->order->root, now);
        char *manifest = xcy_format("%s/run.yml", folder);
        bool is_there = now[0] != '\0' && strcmp(now, before) != 0 && xcy_file_exists(manifest);
        free(manifest);
        if (is_there) {
            return folder;
        }
        free(folder);
        if (is_over || xcy_stop_asked()) {
            return NULL;
        }
        w->order->tick(w->order->ctx, "starting the load");
    }
}

static enum xcy_status start_gather(struct work *w, struct xcy_child *gather, struct xcy_error *err)
{
    struct xcy_words words = xcy_gather_words(w->order->root, w->trial->folder);
    enum xcy_status status = start(w, &words, gather, err);
    xcy_words_clear(&words);
    return status;
}

/* The load, and gather beside it: only so are the readers' clocks bounded from below. */
static enum xcy_status measure(struct work *w, struct xcy_error *err)
{
    struct xcy_child load = {0};
    struct xcy_child gather = {0};
    struct xcy_child *const children[] = {&load, &gather};
    char before[PATH_MAX];
    off_t log_from = log_end(w);
    struct xcy_words words =
        xcy_loadgen_words(w->order->deployment, w->order->cell, w->order->root, w->order->seed);
    read_latest(w->order->root, before);
    enum xcy_status status = start(w, &words, &load, err);
    xcy_words_clear(&words);
    if (status != XCY_OK) {
        return status;
    }
    w->trial->folder = await_folder(w, &load, before);
    if (w->trial->folder && !xcy_stop_asked()) {
        status = w->order->loading(w->order->ctx, w->trial->folder, err);
        if (status == XCY_OK) {
            status = start_gather(w, &gather, err);
        }
        if (status != XCY_OK) {
            xcy_child_stop(&load);
        }
    }
    wait_for(w, children, 2, "measuring");
    status = status == XCY_OK ? check_stop(err) : status;
    struct xcy_json *report = NULL;
    if (status == XCY_OK) {
        conclude(w, &load, log_from, &report);
        w->trial->throughput_per_s = xcy_json_get_number(report, "throughput_per_s", NAN);
        if (gather.pid > 0) {
            conclude(w, &gather, log_from, NULL);
        } else if (w->trial->ok) {
            fail(w, xcy_format("loadgen: made no run folder in %s", w->order->root));
        }
    }
    xcy_json_free(report);
    xcy_child_clear(&load);
    xcy_child_clear(&gather);
    return status;
}

static enum xcy_status analyze(struct work *w, struct xcy_error *err)
{
    struct xcy_words words = xcy_analyze_words(w->trial->folder);
    enum xcy_status status = step(w, &words, "analyzing", &w->trial->summary, err);
    xcy_words_clear(&words);
    return status;
}

enum xcy_status xcy_trial_run(const struct xcy_trial_order *order, struct xcy_trial *trial,
                              struct xcy_error *err)
{
    static enum xcy_status (*const steps[])(struct work *, struct xcy_error *) = {deploy, clean,
                                                                                  measure, analyze};
    *trial = (struct xcy_trial){.ok = true, .is_valid = true, .throughput_per_s = NAN};
    struct work w = {.order = order, .trial = trial};
    w.log_fd = open(order->log_path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (w.log_fd < 0) {
        return xcy_fail_errno(err, errno, "%s", order->log_path);
    }
    enum xcy_status status = check_stop(err);
    for (size_t s = 0; status == XCY_OK && trial->ok && s < sizeof steps / sizeof *steps; s++) {
        status = steps[s](&w, err);
    }
    trial->is_valid = trial->ok && trial->is_valid;
    close(w.log_fd);
    if (status != XCY_OK) {
        xcy_trial_clear(trial);
    }
    return status;
}
