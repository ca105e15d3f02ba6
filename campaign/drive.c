#include "campaign/drive.h"

#include "campaign/left.h"
#include "campaign/lock.h"
#include "campaign/plots.h"
#include "campaign/resume.h"
#include "campaign/trial.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/stop.h"
#include "common/cli/progress.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct drive {
    const struct xcy_campaign_settings *settings;
    struct xcy_campaign_state *state;
    struct xcy_campaign_journal *journal;
    char *programs;
    char *root; /* of the run folders */
    int lock_fd;
    size_t run; /* that is done now */
    struct xcy_progress *progress;
};

static void tick(void *ctx, const char *doing)
{
    const struct drive *d = ctx;
    if (!xcy_progress_is_due(d->progress)) {
        return;
    }
    const struct xcy_campaign_plan *plan = &d->state->plan;
    char label[XCY_CELL_LABEL_BYTES];
    char left[XCY_LEFT_BYTES];
    xcy_cell_label(&plan->cells[plan->runs[d->run].cell], label);
    xcy_campaign_left_format(xcy_campaign_left_s(d->state, d->run, d->settings->retries_failed),
                             left);
    xcy_progress_show(d->progress, "run %zu of %zu, round %lld, %s: %s%s%s", d->run + 1,
                      plan->n_runs, (long long)plan->runs[d->run].round, label, doing,
                      left[0] ? "; " : "", left);
}

/* Journal and plots name what is in the campaign's folder from there. */
static const char *within(const struct drive *d, const char *path)
{
    size_t n = strlen(d->settings->folder);
    return path && strncmp(path, d->settings->folder, n) == 0 && path[n] == '/' ? path + n + 1
                                                                                : path;
}

static enum xcy_status note_loading(void *ctx, const char *folder, struct xcy_error *err)
{
    struct drive *d = ctx;
    struct xcy_json *event = xcy_campaign_event("loading", d->run);
    xcy_json_put_string(event, "folder", within(d, folder));
    return xcy_campaign_journal_add(d->journal, event, err);
}

static enum xcy_status note_started(struct drive *d, const char *log_path, struct xcy_error *err)
{
    struct xcy_json *event = xcy_campaign_event("started", d->run);
    xcy_json_put_string(event, "log", within(d, log_path));
    return xcy_campaign_journal_add(d->journal, event, err);
}

static enum xcy_status note_ended(struct drive *d, const struct xcy_trial *trial, double took_s,
                                  struct xcy_error *err)
{
    struct xcy_json *event = xcy_campaign_event("ended", d->run);
    xcy_json_put_bool(event, "ok", trial->ok);
    xcy_json_put_bool(event, "valid", trial->is_valid);
    xcy_json_put_string(event, "reason", trial->reason);
    xcy_json_put_string(event, "folder", within(d, trial->folder));
    xcy_json_put_number(event, "took_s", took_s);
    xcy_json_put_number(event, "throughput_per_s", trial->throughput_per_s);
    if (trial->ok) {
        xcy_json_put(event, "summary", xcy_json_copy(trial->summary));
    }
    return xcy_campaign_journal_add(d->journal, event, err);
}

static void tell(const struct drive *d, const struct xcy_trial *trial, double took_s)
{
    const struct xcy_campaign_plan *plan = &d->state->plan;
    char label[XCY_CELL_LABEL_BYTES];
    xcy_cell_label(&plan->cells[plan->runs[d->run].cell], label);
    if (!trial->ok) {
        xcy_log(XCY_LOG_WARNING, "run %zu of %zu, %s: FAILED: %s", d->run + 1, plan->n_runs, label,
                trial->reason);
        return;
    }
    const struct xcy_json *share = xcy_json_get(trial->summary, "inconsistent");
    xcy_log(trial->is_valid ? XCY_LOG_INFO : XCY_LOG_WARNING,
            "run %zu of %zu, %s: %lld of %lld inconsistent, %.1f s%s%s", d->run + 1, plan->n_runs,
            label, (long long)xcy_json_get_int64(share, "events", 0),
            (long long)xcy_json_get_int64(share, "n", 0), took_s,
            trial->is_valid ? "" : "; NOT VALID: ", trial->is_valid ? "" : trial->reason);
}

static char *log_path_of(const struct drive *d)
{
    const struct xcy_campaign_run *run = &d->state->plan.runs[d->run];
    const struct xcy_cell *cell = &d->state->plan.cells[run->cell];
    return xcy_format("%s/logs/%03zu-%s-%s-%s-%lldms.log", d->settings->folder, d->run + 1,
                      xcy_post_storage_names[cell->post_storage],
                      xcy_notification_storage_names[cell->notification_storage],
                      xcy_consistency_names[cell->consistency], (long long)cell->delay_ms);
}

static enum xcy_status do_run(struct drive *d, struct xcy_error *err)
{
    const struct xcy_campaign_plan *plan = &d->state->plan;
    char *log_path = log_path_of(d);
    struct xcy_trial trial = {0};
    const struct xcy_trial_order order = {
        .programs = d->programs,
        .deployment = d->settings->config->deployment,
        .root = d->root,
        .log_path = log_path,
        .cell = &plan->cells[plan->runs[d->run].cell],
        .seed = xcy_campaign_run_seed(plan, d->run),
        .lock_fd = d->lock_fd,
        .tick = tick,
        .loading = note_loading,
        .ctx = d,
    };
    struct xcy_mono begin = xcy_mono_now();
    d->progress = xcy_progress_start(d->settings->shows_progress);
    enum xcy_status status = note_started(d, log_path, err);
    if (status == XCY_OK) {
        status = xcy_trial_run(&order, &trial, err);
    }
    double took_s = (double)xcy_mono_diff_ns(xcy_mono_now(), begin) / 1e9;
    if (status == XCY_OK) {
        status = note_ended(d, &trial, took_s, err);
    }
    xcy_progress_end(d->progress);
    if (status == XCY_OK) {
        tell(d, &trial, took_s);
    }
    xcy_trial_clear(&trial);
    free(log_path);
    return status;
}

static enum xcy_status do_runs(struct drive *d, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < d->state->plan.n_runs; i++) {
        enum xcy_run_progress progress = d->state->runs[i].progress;
        if (progress == XCY_RUN_TO_DO ||
            (progress == XCY_RUN_FAILED && d->settings->retries_failed)) {
            d->run = i;
            status = xcy_stop_asked() ? xcy_fail(err, XCY_ESTOPPED, "interrupted") : do_run(d, err);
        }
    }
    if (status == XCY_ESTOPPED) {
        status = xcy_fail(err, XCY_ESTOPPED,
                          "interrupted: %zu of %zu runs are done, everything is saved in %s; go on "
                          "with: campaign %s",
                          xcy_campaign_count(d->state, XCY_RUN_DONE), d->state->plan.n_runs,
                          d->settings->folder, d->settings->config_path);
    }
    return status;
}

static enum xcy_status make_folders(const struct drive *d, struct xcy_error *err)
{
    char *logs = xcy_format("%s/logs", d->settings->folder);
    enum xcy_status status = xcy_dir_make(logs, 0755, err);
    if (status == XCY_OK) {
        status = xcy_dir_make(d->root, 0755, err);
    }
    free(logs);
    return status;
}

enum xcy_status xcy_campaign_drive(const struct xcy_campaign_settings *settings,
                                   struct xcy_campaign_state *state, struct xcy_error *err)
{
    struct drive d = {.settings = settings, .state = state, .lock_fd = -1};
    *state = (struct xcy_campaign_state){0};
    d.root = xcy_format("%s/runs", settings->folder);
    enum xcy_status status = xcy_program_folder(&d.programs, err);
    if (status == XCY_OK) {
        status = make_folders(&d, err);
    }
    if (status == XCY_OK) {
        status = xcy_campaign_lock(settings->folder, &d.lock_fd, err);
    }
    if (status == XCY_OK) {
        status = xcy_campaign_open_journal(settings, d.state, &d.journal, err);
    }
    if (status == XCY_OK) {
        status = do_runs(&d, err);
    }
    struct xcy_error plots_err;
    bool has_runs = state->runs != NULL;
    if (has_runs && xcy_campaign_write_plots(settings->folder, state, &plots_err) != XCY_OK &&
        status == XCY_OK) {
        *err = plots_err;
        status = plots_err.status;
    }
    xcy_campaign_journal_close(d.journal);
    if (d.lock_fd >= 0) {
        close(d.lock_fd);
    }
    free(d.programs);
    free(d.root);
    return status;
}
