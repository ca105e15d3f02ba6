#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/stop.h"
#include "loadgen/record/account.h"
#include "loadgen/session_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Between writing run.yml and slot 0: threads are started meanwhile. */
#define START_LEAD_NS  (100 * XCY_NS_PER_MS)
#define START_SPARE_NS (20 * XCY_NS_PER_MS)

/* Before an instant asked for, so that the clocks are read anew near it. */
#define WAKE_BEFORE_NS XCY_NS_PER_S

enum { START_TRIES = 5 };

/* As the evaluation's own tools call their runs; others by how much of what. */
static char *tag_of(const struct xcy_session *s)
{
    const struct xcy_preparation *p = &s->p;
    const struct xcy_schedule *schedule = p->plan.schedule;
    int64_t in_flight = xcy_schedule_closed_in_flight(schedule);
    int64_t n = xcy_schedule_slots(schedule) - xcy_schedule_warmup_slots(schedule);
    if (p->options->tag) {
        return xcy_strdup(p->options->tag);
    }
    if (in_flight > 0) {
        return xcy_format("closed-%" PRId64, in_flight);
    }
    return p->engine->is_invoking ? xcy_run_default_tag(&p->target.combination, n)
                                  : xcy_format("%" PRId64, n);
}

/* For --start-at: until shortly before. */
static enum xcy_status wait_for_start(const struct xcy_session *s, struct xcy_error *err)
{
    struct xcy_wall at = s->p.plan.start_at;
    if (at.ns == 0) {
        return XCY_OK;
    }
    struct xcy_mono wake = xcy_mono_add(xcy_mono_at(xcy_anchor_now(), at), -WAKE_BEFORE_NS);
    int64_t left_ns = xcy_mono_diff_ns(wake, xcy_mono_now());
    if (left_ns > XCY_NS_PER_S) {
        xcy_log(XCY_LOG_WARNING, "waiting %.0f s for --start-at", (double)left_ns / 1e9);
    }
    return xcy_sleep_until(wake, xcy_stop_fd())
               ? XCY_OK
               : xcy_fail(err, XCY_ESTOPPED, "interrupted before anything was sent");
}

static enum xcy_status fix_start(struct xcy_session *s, struct xcy_mono *start,
                                 struct xcy_error *err)
{
    struct xcy_wall at = s->p.plan.start_at;
    if (at.ns == 0) {
        return XCY_OK;
    }
    *start = xcy_mono_at(s->anchor, at);
    if (xcy_mono_diff_ns(*start, xcy_mono_now()) < START_SPARE_NS) {
        return xcy_fail(err, XCY_EFAIL,
                        "--start-at passed while the run was prepared; give a later instant");
    }
    return XCY_OK;
}

/* run.yml names the instant of slot 0 and is on the disk before it; a slow disk moves the instant,
 * unless it was asked for. */
static enum xcy_status announce(struct xcy_session *s, struct xcy_mono *start,
                                struct xcy_error *err)
{
    int64_t lead_ns = START_LEAD_NS;
    bool is_fixed = s->p.plan.start_at.ns != 0;
    for (int i = 0; i < START_TRIES; i++) {
        *start = xcy_mono_add(xcy_mono_now(), lead_ns);
        enum xcy_status status = fix_start(s, start, err);
        if (status == XCY_OK) {
            s->manifest.started_us = xcy_wall_us(xcy_wall_at(s->anchor, *start));
            status = xcy_manifest_write(&s->manifest, s->rundir.path, err);
        }
        if (status != XCY_OK) {
            return status;
        }
        if (is_fixed || xcy_mono_diff_ns(*start, xcy_mono_now()) > START_SPARE_NS) {
            break;
        }
        lead_ns *= 4;
    }
    return fix_start(s, start, err);
}

static void open_load(struct xcy_session *s)
{
    struct xcy_load_setting setting = {.plan = &s->p.plan,
                                       .engine = s->p.engine,
                                       .engine_setting = xcy_preparation_engine_setting(&s->p),
                                       .anchor = s->anchor,
                                       .sent = s->rundir.sent,
                                       .journal = s->rundir.journal,
                                       .series = s->rundir.series,
                                       .look = xcy_watching_look,
                                       .ctx = s->watching};
    s->load = xcy_load_open(&setting);
}

/* Of the http engine the account knows no more than its name. */
static void name_endpoint(struct xcy_session *s)
{
    if (s->p.engine == &xcy_engine_http) {
        free(s->manifest.endpoint);
        s->manifest.endpoint = xcy_strdup(s->p.web.shown_url);
    }
}

static enum xcy_status begin(struct xcy_session *s, struct xcy_mono *start, struct xcy_error *err)
{
    const struct xcy_preparation *p = &s->p;
    char folder[32];
    char *tag = tag_of(s);
    xcy_combination_folder(&p->target.combination, folder);
    if (!p->engine->is_invoking) {
        snprintf(folder, sizeof folder, "%s", p->engine->name);
    }
    s->anchor = xcy_anchor_now();
    enum xcy_status status =
        xcy_rundir_create(p->options->root, folder, tag, s->anchor.wall,
                          xcy_schedule_slots(p->plan.schedule), &s->rundir, err);
    if (status == XCY_OK) {
        xcy_account_begin(&s->manifest, &p->plan, p->engine, &p->target, tag);
        s->manifest.wall_minus_mono_ns = s->anchor.wall.ns - s->anchor.mono.ns;
        name_endpoint(s);
        xcy_tally_init(&s->total);
        open_load(s);
        status = announce(s, start, err);
    }
    free(tag);
    return status;
}

static enum xcy_status fire(struct xcy_session *s, struct xcy_mono start, struct xcy_error *err)
{
    enum xcy_status status = xcy_load_run(s->load, start, &s->total, err);
    s->has_begun = status == XCY_OK || s->total.measured.sent + s->total.warmup.sent > 0;
    s->aborted_by = xcy_watching_aborted_by(s->watching);
    (void)!xcy_watching_keys(s->watching, &s->lost_keys);
    s->is_broken = status != XCY_OK;
    xcy_watching_end(s->watching);
    s->watching = NULL;
    xcy_load_close(s->load); /* its connections: what is saved now needs descriptors, too */
    s->load = NULL;
    return status;
}

static enum xcy_status run(struct xcy_session *s, const struct xcy_session_options *options,
                           struct xcy_error *err)
{
    struct xcy_mono start = {0};
    enum xcy_status status = xcy_preparation_resolve(options, &s->p, err);
    if (status == XCY_OK) {
        status = xcy_preparation_check(&s->p, err);
    }
    if (status == XCY_OK) {
        status = wait_for_start(s, err);
    }
    if (status == XCY_OK) {
        status = xcy_watching_start(&s->p, &s->watching, err);
    }
    if (status == XCY_OK) {
        status = begin(s, &start, err);
    }
    if (status == XCY_OK) {
        status = fire(s, start, err);
    }
    if (!s->has_begun) {
        return status;
    }
    struct xcy_error save_err;
    enum xcy_status saved = xcy_session_save(s, &save_err);
    if (status != XCY_OK) {
        return status;
    }
    if (saved != XCY_OK) {
        *err = save_err;
        return saved;
    }
    return xcy_session_conclude(s, err);
}

enum xcy_status xcy_session_run(const struct xcy_session_options *options,
                                struct xcy_session **session, struct xcy_error *err)
{
    struct xcy_session *s = xcy_alloc(sizeof *s);
    *session = NULL;
    enum xcy_status status = run(s, options, err);
    if (s->has_begun) {
        *session = s;
    } else {
        xcy_session_free(s);
    }
    return status;
}

void xcy_session_free(struct xcy_session *session)
{
    if (!session) {
        return;
    }
    xcy_load_close(session->load);
    xcy_watching_end(session->watching);
    if (session->rundir.path && !session->has_begun) {
        xcy_rundir_abandon(&session->rundir);
    }
    xcy_rundir_close(&session->rundir);
    xcy_tally_clear(&session->total);
    xcy_manifest_clear(&session->manifest);
    xcy_preparation_clear(&session->p);
    free(session);
}

const struct xcy_plan *xcy_session_plan(const struct xcy_session *session)
{
    return &session->p.plan;
}

const struct xcy_tally *xcy_session_total(const struct xcy_session *session)
{
    return &session->total;
}

const struct xcy_manifest *xcy_session_manifest(const struct xcy_session *session)
{
    return &session->manifest;
}

const char *xcy_session_path(const struct xcy_session *session)
{
    return session->rundir.path;
}
