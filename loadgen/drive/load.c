#include "loadgen/drive/load.h"

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/stop.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define LOOK_NS (200 * XCY_NS_PER_MS)

struct xcy_load {
    struct xcy_load_setting setting;
    struct xcy_worker_setting shared;
    struct xcy_worker **workers;
    atomic_llong n_running;
    int ended_fd; /* readable once no worker runs */
    bool has_warned;
};

static void on_ended(void *ctx)
{
    struct xcy_load *load = ctx;
    if (atomic_fetch_sub(&load->n_running, 1) == 1) {
        uint64_t one = 1;
        ssize_t n = write(load->ended_fd, &one, sizeof one);
        xcy_assert(n == sizeof one);
    }
}

struct xcy_load *xcy_load_open(const struct xcy_load_setting *setting)
{
    struct xcy_load *load = xcy_alloc(sizeof *load);
    int64_t n = setting->plan->threads;
    load->setting = *setting;
    load->ended_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    xcy_assert(load->ended_fd >= 0);
    load->shared = (struct xcy_worker_setting){.plan = setting->plan,
                                               .engine = setting->engine,
                                               .target = setting->target,
                                               .anchor = setting->anchor,
                                               .sent = setting->sent,
                                               .journal = setting->journal,
                                               .board = xcy_board_new(n),
                                               .stop_fd = xcy_stop_fd(),
                                               .is_stopped = xcy_stop_asked,
                                               .ended = on_ended,
                                               .ended_ctx = load};
    load->workers = xcy_alloc_array((size_t)n, sizeof(struct xcy_worker *));
    for (int64_t w = 0; w < n; w++) {
        load->workers[w] = xcy_worker_new(&load->shared, w);
    }
    return load;
}

void xcy_load_close(struct xcy_load *load)
{
    if (!load) {
        return;
    }
    for (int64_t w = 0; w < load->setting.plan->threads; w++) {
        xcy_worker_free(load->workers[w]);
    }
    free(load->workers);
    xcy_board_free(load->shared.board);
    close(load->ended_fd);
    free(load);
}

static void format_percentiles(const struct xcy_board_view *view, char *to, size_t size)
{
    if (view->has_response) {
        snprintf(to, size, "response p50 %.1f p99 %.1f ms", (double)view->response_p50_ns / 1e6,
                 (double)view->response_p99_ns / 1e6);
    } else {
        snprintf(to, size, "no response yet");
    }
}

static void show_progress(struct xcy_load *load, struct xcy_progress *progress,
                          struct xcy_mono start)
{
    if (!xcy_progress_is_due(progress)) {
        return;
    }
    const struct xcy_schedule *schedule = &load->setting.plan->schedule;
    struct xcy_mono last =
        xcy_mono_add(start, xcy_schedule_due_ns(schedule, schedule->n_slots - 1));
    int64_t left_ns = xcy_mono_diff_ns(last, xcy_mono_now());
    struct xcy_board_view view;
    xcy_board_look(load->shared.board, &view);
    char percentiles[80];
    format_percentiles(&view, percentiles, sizeof percentiles);
    xcy_progress_show(progress,
                      "%g/s asked, %" PRId64 " of %" PRId64 " sent, %" PRId64 " in flight, %" PRId64
                      " ok, %" PRId64 " failed, %" PRId64 " skipped, %s, %s%.0f s left",
                      schedule->rate_per_s, view.sent, schedule->n_slots, view.in_flight, view.ok,
                      view.failed, view.skipped, percentiles, xcy_stop_asked() ? "stopping, " : "",
                      left_ns > 0 && !xcy_stop_asked() ? (double)left_ns / 1e9 : 0.0);
}

static void warn_if_disk_is_full(struct xcy_load *load)
{
    struct xcy_journal_state state;
    if (load->has_warned) {
        return;
    }
    xcy_journal_look(load->setting.journal, &state);
    if (state.waiting_bytes > 0) {
        load->has_warned = true;
        xcy_log(XCY_LOG_WARNING, "%s; the run goes on, rows wait in memory: make room",
                state.refusal);
    }
}

static void watch(struct xcy_load *load, struct xcy_mono start, struct xcy_progress *progress)
{
    bool has_said_stop = false;
    while (xcy_sleep_until(xcy_mono_add(xcy_mono_now(), LOOK_NS), load->ended_fd)) {
        show_progress(load, progress, start);
        warn_if_disk_is_full(load);
        if (xcy_stop_asked() && !has_said_stop) {
            has_said_stop = true;
            xcy_log(XCY_LOG_WARNING,
                    "stopping: nothing more is sent; waiting up to %g s for what is in flight "
                    "(again: give up at once)",
                    (double)load->setting.plan->grace_ns / 1e9);
        }
    }
}

enum xcy_status xcy_load_run(struct xcy_load *load, struct xcy_mono start,
                             struct xcy_progress *progress, struct xcy_recorder *total,
                             struct xcy_error *err)
{
    const struct xcy_plan *plan = load->setting.plan;
    enum xcy_status status = XCY_OK;
    int64_t n_started = 0;
    load->shared.start = start;
    atomic_store(&load->n_running, plan->threads);
    while (n_started < plan->threads && status == XCY_OK) {
        status = xcy_worker_start(load->workers[n_started], err);
        n_started += status == XCY_OK;
    }
    if (status == XCY_OK) {
        watch(load, start, progress);
    } else if (n_started > 0 && !xcy_stop_asked()) {
        xcy_stop_ask(); /* those that run already send slots: end them in order */
    }
    for (int64_t w = 0; w < n_started; w++) {
        xcy_worker_join(load->workers[w]);
        xcy_recorder_merge(total, xcy_worker_recorder(load->workers[w]));
    }
    xcy_assert(status != XCY_OK || xcy_counts_slots(&total->counts) == plan->schedule.n_slots);
    return status;
}
