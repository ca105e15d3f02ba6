#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/stop.h"
#include "loadgen/judge/verdict.h"
#include "loadgen/record/account.h"
#include "loadgen/record/distributions.h"
#include "loadgen/session_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Rows that a full disk refused: for as long as the grace time room may still be made. */
static enum xcy_status save_rows(const struct xcy_session *s, struct xcy_error *err)
{
    struct xcy_journal *journal = s->rundir.journal;
    int64_t grace_ns = s->p.plan.grace_ns;
    struct xcy_mono deadline = xcy_mono_add(xcy_mono_now(), grace_ns);
    int wake_fd = xcy_stop_asked() ? -1 : xcy_stop_fd();
    struct xcy_journal_state state;
    enum xcy_status status = xcy_journal_finish(journal, err);
    if (status != XCY_OK && grace_ns > 0) {
        xcy_log(XCY_LOG_WARNING, "%s; waiting up to %g s for room", err->text,
                (double)grace_ns / 1e9);
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

static int64_t count_missing_rows(const struct xcy_session *s)
{
    struct xcy_journal_state state;
    xcy_journal_look(s->rundir.journal, &state);
    return state.waiting_lines + state.dropped_lines + s->total.rows_lost;
}

static void judge(struct xcy_session *s)
{
    struct xcy_manifest *m = &s->manifest;
    char reason[XCY_VERDICT_REASON_BYTES];
    bool is_cut = xcy_stop_asked() || s->aborted_by || s->is_broken ||
                  s->lost_keys.status != XCY_OK || s->rows_missing > 0;
    xcy_account_end(m, &s->total);
    m->ended_us = xcy_wall_us(xcy_wall_at(s->anchor, xcy_mono_now()));
    m->state = is_cut ? XCY_RUN_INTERRUPTED : XCY_RUN_COMPLETE;
    m->verdict = xcy_verdict_of(&s->p.plan, &s->total, reason);
    if (m->verdict == XCY_VERDICT_VALID && s->p.is_beyond_capacity) {
        m->verdict = XCY_VERDICT_TARGET_LIMITED;
        snprintf(reason, sizeof reason,
                 "the plan asks more of the readers than their concurrency limit (forced)");
    }
    free(m->verdict_reason);
    m->verdict_reason =
        s->rows_missing > 0
            ? xcy_format("%" PRId64 " rows of requests.csv could not be written", s->rows_missing)
            : xcy_strdup(reason);
    if (s->rows_missing > 0) {
        m->verdict = XCY_VERDICT_NONE;
    }
    (void)!xcy_objectives_judge(&s->p.expect, &s->total, &s->missed);
}

/* Keeps the first thing that could not be saved. */
static void note(enum xcy_status status, const struct xcy_error *one, struct xcy_error *first)
{
    if (status != XCY_OK && first->status == XCY_OK) {
        *first = *one;
    }
}

enum xcy_status xcy_session_save(struct xcy_session *s, struct xcy_error *err)
{
    const char *path = s->rundir.path;
    struct xcy_error first = {.status = XCY_OK};
    struct xcy_error one;
    note(save_rows(s, &one), &one, &first);
    s->rows_missing = count_missing_rows(s);
    judge(s);
    xcy_rundir_free_room(&s->rundir);
    note(xcy_sent_trim(s->rundir.sent, s->manifest.planned, &one), &one, &first);
    note(xcy_manifest_write(&s->manifest, path, &one), &one, &first);
    note(xcy_journal_finish(s->rundir.series, &one), &one, &first);
    note(xcy_distributions_write(&s->total, path, &one), &one, &first);
    if (first.status != XCY_OK) {
        *err = first;
    }
    return first.status;
}

static enum xcy_status fail_missed(const struct xcy_session *s, struct xcy_error *err)
{
    struct xcy_buf words;
    xcy_buf_init(&words, sizeof err->text / 2);
    (void)!xcy_objective_judge(s->missed, &s->total, &words);
    (void)xcy_fail(err, XCY_EEXPECT, "an expectation was not met: %.*s", (int)words.len, words.ptr);
    xcy_buf_clear(&words);
    return XCY_EEXPECT;
}

/* A generator that fell behind can tell no expectation; a target that did has missed it. */
enum xcy_status xcy_session_conclude(const struct xcy_session *s, struct xcy_error *err)
{
    const struct xcy_manifest *m = &s->manifest;
    int64_t sent = s->total.measured.sent + s->total.warmup.sent;
    if (xcy_stop_asked()) {
        return xcy_fail(err, XCY_ESTOPPED,
                        "interrupted: %" PRId64 " of %" PRId64 " requests were sent, and all that "
                        "is known of them is saved in %s",
                        sent, m->planned, s->rundir.path);
    }
    if (s->lost_keys.status != XCY_OK) {
        return xcy_fail(err, XCY_EAUTH, "stopped after %" PRId64 " of %" PRId64 " requests: %.700s",
                        sent, m->planned, s->lost_keys.text);
    }
    if (s->aborted_by) {
        int64_t begun = m->planned - s->total.measured.outcomes[XCY_OUTCOME_SKIPPED] -
                        s->total.warmup.outcomes[XCY_OUTCOME_SKIPPED];
        return xcy_fail(err, XCY_EEXPECT,
                        "stopped early by --abort-on %s: %" PRId64 " of %" PRId64
                        " requests were begun; the report is of these, in %s",
                        s->aborted_by->text, begun, m->planned, s->rundir.path);
    }
    if (s->rows_missing > 0) {
        return xcy_fail(err, XCY_EFAIL, "%s", m->verdict_reason);
    }
    if (s->missed && m->verdict != XCY_VERDICT_GENERATOR_LIMITED) {
        return fail_missed(s, err);
    }
    return xcy_verdict_status(m, err);
}
