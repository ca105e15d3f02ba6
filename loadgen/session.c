#include "loadgen/session.h"

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/stop.h"
#include "loadgen/drive/load.h"
#include "loadgen/judge/verdict.h"
#include "loadgen/plan/descriptors.h"
#include "loadgen/record/account.h"
#include "loadgen/record/rundir.h"
#include "loadgen/report/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Between writing run.yml and slot 0: threads are started meanwhile. */
#define START_LEAD_NS  (100 * XCY_NS_PER_MS)
#define START_SPARE_NS (20 * XCY_NS_PER_MS)

enum { START_TRIES = 5 };

struct session {
    const struct xcy_session_options *options;
    const struct xcy_engine *engine;
    struct xcy_target target;
    struct xcy_plan plan;
    struct xcy_rundir rundir;
    struct xcy_manifest manifest;
    struct xcy_anchor anchor;
    struct xcy_recorder total;
    struct xcy_load *load;
    bool has_begun;          /* the run directory is to stay */
    bool is_beyond_capacity; /* forced, though the readers cannot keep up */
};

static enum xcy_status check_capacity(struct session *s, struct xcy_error *err)
{
    if (!s->engine->has_target) {
        return XCY_OK;
    }
    enum xcy_status status =
        xcy_plan_check_capacity(&s->plan, s->target.deployment, &s->target.combination, err);
    if (status != XCY_OK && s->options->is_forced) {
        xcy_log(XCY_LOG_WARNING, "forced: %s", err->text);
        s->is_beyond_capacity = true;
        return XCY_OK;
    }
    return status;
}

/* Everything that can be known to be wrong before there is a run directory. */
static enum xcy_status prepare(struct session *s, struct xcy_error *err)
{
    const struct xcy_session_options *o = s->options;
    enum xcy_status status = xcy_target_load(o->deployment_path, &s->target, err);
    if (status == XCY_OK) {
        status = xcy_plan_resolve(&o->plan, s->target.deployment, xcy_descriptors_raise(), &s->plan,
                                  err);
    }
    if (status == XCY_OK && s->engine->has_target) {
        status = xcy_target_sign_in(&s->target, err);
    }
    if (status == XCY_OK && s->engine->has_target && o->is_checked) {
        status = xcy_target_check(&s->target, &s->plan, err);
    }
    if (status == XCY_OK) {
        status = check_capacity(s, err);
    }
    if (xcy_stop_asked()) {
        status = xcy_fail(err, XCY_ESTOPPED, "interrupted before anything was sent");
    }
    return status;
}

static char *tag_of(const struct session *s)
{
    if (s->options->tag) {
        return xcy_strdup(s->options->tag);
    }
    char *tag = xcy_run_default_tag(&s->target.combination, s->plan.schedule.n_slots);
    if (s->engine->has_target) {
        return tag;
    }
    char *marked = xcy_format("%s__%s", s->engine->name, tag);
    free(tag);
    return marked;
}

/* run.yml names the instant of slot 0 and is on the disk before it; a slow disk moves the instant. */
static enum xcy_status announce(struct session *s, struct xcy_mono *start, struct xcy_error *err)
{
    int64_t lead_ns = START_LEAD_NS;
    for (int i = 0; i < START_TRIES; i++) {
        *start = xcy_mono_add(xcy_mono_now(), lead_ns);
        s->manifest.started_us = xcy_wall_us(xcy_wall_at(s->anchor, *start));
        enum xcy_status status = xcy_manifest_write(&s->manifest, s->rundir.path, err);
        if (status != XCY_OK) {
            return status;
        }
        if (xcy_mono_diff_ns(*start, xcy_mono_now()) > START_SPARE_NS) {
            break;
        }
        lead_ns *= 4;
    }
    return XCY_OK;
}

static enum xcy_status begin(struct session *s, struct xcy_mono *start, struct xcy_error *err)
{
    char *tag = tag_of(s);
    s->anchor = xcy_anchor_now();
    enum xcy_status status =
        xcy_rundir_create(s->options->root, &s->target.combination, tag, s->anchor.wall,
                          s->plan.schedule.n_slots, &s->rundir, err);
    if (status == XCY_OK) {
        xcy_account_begin(&s->manifest, &s->plan, s->engine, &s->target, tag);
        xcy_recorder_init(&s->total, s->anchor, NULL);
        struct xcy_load_setting setting = {.plan = &s->plan,
                                           .engine = s->engine,
                                           .target = &s->target,
                                           .anchor = s->anchor,
                                           .sent = s->rundir.sent,
                                           .journal = s->rundir.journal};
        s->load = xcy_load_open(&setting);
        status = announce(s, start, err);
    }
    free(tag);
    return status;
}

static enum xcy_status fire(struct session *s, struct xcy_mono start, struct xcy_error *err)
{
    struct xcy_progress *progress = xcy_progress_start(s->options->shows_progress);
    enum xcy_status status = xcy_load_run(s->load, start, progress, &s->total, err);
    xcy_progress_end(progress);
    s->has_begun = status == XCY_OK || s->total.counts.sent > 0;
    return status;
}

/* Rows that a full disk refused: for as long as the grace time room may still be made. */
static enum xcy_status save_rows(const struct session *s, struct xcy_error *err)
{
    struct xcy_journal *journal = s->rundir.journal;
    struct xcy_mono deadline = xcy_mono_add(xcy_mono_now(), s->plan.grace_ns);
    int wake_fd = xcy_stop_asked() ? -1 : xcy_stop_fd();
    struct xcy_journal_state state;
    enum xcy_status status = xcy_journal_finish(journal, err);
    if (status != XCY_OK && s->plan.grace_ns > 0) {
        xcy_log(XCY_LOG_WARNING, "%s; waiting up to %g s for room", err->text,
                (double)s->plan.grace_ns / 1e9);
    }
    while (status != XCY_OK && xcy_mono_before(xcy_mono_now(), deadline)) {
        xcy_journal_look(journal, &state);
        struct xcy_mono next = xcy_mono_add(xcy_mono_now(), XCY_NS_PER_S / 2);
        if (state.waiting_bytes == 0 || !xcy_sleep_until(next, wake_fd)) {
            break;
        }
        status = xcy_journal_finish(journal, err);
    }
    return status;
}

static int64_t count_missing_rows(const struct session *s)
{
    struct xcy_journal_state state;
    xcy_journal_look(s->rundir.journal, &state);
    return state.waiting_lines + state.dropped_lines;
}

static void judge(struct session *s, int64_t rows_missing)
{
    struct xcy_manifest *m = &s->manifest;
    char reason[XCY_VERDICT_REASON_BYTES];
    xcy_account_end(m, &s->total);
    m->ended_us = xcy_wall_us(xcy_wall_at(s->anchor, xcy_mono_now()));
    m->state = xcy_stop_asked() || rows_missing > 0 ? XCY_RUN_INTERRUPTED : XCY_RUN_COMPLETE;
    m->verdict = xcy_verdict_of(&s->plan, &s->total, reason);
    if (m->verdict == XCY_VERDICT_VALID && s->is_beyond_capacity) {
        m->verdict = XCY_VERDICT_TARGET_LIMITED;
        snprintf(reason, sizeof reason,
                 "the plan asks more of the readers than their concurrency limit (forced)");
    }
    free(m->verdict_reason);
    m->verdict_reason =
        rows_missing > 0
            ? xcy_format("%" PRId64 " rows of requests.csv could not be written", rows_missing)
            : xcy_strdup(reason);
    if (rows_missing > 0) {
        m->verdict = XCY_VERDICT_NONE;
    }
}

/* What to type next: short where the other programs look anyway. */
static char *next_command(const struct session *s)
{
    const char *root = s->options->root;
    if (!s->engine->has_target || s->total.counts.sent == 0) {
        return NULL;
    }
    bool is_usual = strcmp(root, "runs") == 0 || strcmp(root, "./runs") == 0;
    return is_usual ? xcy_strdup("gather") : xcy_format("gather %s", s->rundir.path);
}

static void report(const struct session *s, int64_t rows_missing, struct xcy_buf *out)
{
    char *next = next_command(s);
    struct xcy_report made = {.manifest = &s->manifest,
                              .total = &s->total,
                              .path = s->rundir.path,
                              .next = next,
                              .rows_missing = rows_missing};
    if (s->options->is_json) {
        xcy_report_json(&made, out);
    } else {
        xcy_report_text(&made, out);
    }
    free(next);
}

static enum xcy_status conclude_status(const struct session *s, struct xcy_error *err)
{
    const struct xcy_manifest *m = &s->manifest;
    if (xcy_stop_asked()) {
        return xcy_fail(err, XCY_ESTOPPED,
                        "interrupted: %" PRId64 " of %" PRId64 " requests were sent, and all that "
                        "is known of them is saved in %s",
                        m->sent, m->planned, s->rundir.path);
    }
    if (m->verdict == XCY_VERDICT_NONE) {
        return xcy_fail(err, XCY_EFAIL, "%s", m->verdict_reason);
    }
    if (m->verdict != XCY_VERDICT_VALID) {
        return xcy_fail(err, XCY_EINVALID, "the result is not valid: %s: %s",
                        xcy_verdict_names[m->verdict], m->verdict_reason);
    }
    return XCY_OK;
}

static enum xcy_status conclude(struct session *s, struct xcy_buf *out, struct xcy_error *err)
{
    enum xcy_status saved = save_rows(s, err);
    int64_t rows_missing = count_missing_rows(s);
    judge(s, rows_missing);
    struct xcy_error manifest_err;
    xcy_rundir_free_room(&s->rundir);
    enum xcy_status written = xcy_manifest_write(&s->manifest, s->rundir.path, &manifest_err);
    report(s, rows_missing, out);
    if (saved != XCY_OK) {
        return saved;
    }
    if (written != XCY_OK) {
        *err = manifest_err;
        return written;
    }
    return conclude_status(s, err);
}

static void clear(struct session *s)
{
    xcy_load_close(s->load);
    if (s->rundir.path && !s->has_begun) {
        xcy_rundir_abandon(&s->rundir);
    }
    xcy_rundir_close(&s->rundir);
    xcy_recorder_clear(&s->total);
    xcy_manifest_clear(&s->manifest);
    xcy_target_clear(&s->target);
}

enum xcy_status xcy_session_run(const struct xcy_session_options *options, struct xcy_buf *report,
                                struct xcy_error *err)
{
    struct session s = {.options = options, .engine = xcy_engines[options->engine]};
    struct xcy_mono start = {0};
    enum xcy_status status = prepare(&s, err);
    if (status == XCY_OK) {
        status = begin(&s, &start, err);
    }
    if (status == XCY_OK) {
        status = fire(&s, start, err);
    }
    if (status == XCY_OK) {
        status = conclude(&s, report, err);
    }
    clear(&s);
    return status;
}
