#include "loadgen/drive/watcher.h"

#include "common/base/log.h"
#include "common/base/mem.h"
#include "loadgen/record/series.h"

#include <math.h>
#include <stdlib.h>

/* After an interval's end: its tallies have been given by then. */
#define LOOK_AFTER_NS (20 * XCY_NS_PER_MS)

enum { INTERVALS_A_SECOND = XCY_NS_PER_S / XCY_INTERVAL_NS, MAX_LINE_BYTES = 4096 };

void xcy_watcher_init(struct xcy_watcher *watcher, const struct xcy_load_setting *setting,
                      struct xcy_worker *const *workers, struct xcy_mono start,
                      struct xcy_tally *total)
{
    int64_t n = setting->plan->threads;
    *watcher = (struct xcy_watcher){.setting = setting,
                                    .workers = workers,
                                    .start = start,
                                    .total = total,
                                    .view = {.plan = setting->plan, .total = total}};
    watcher->seconds = xcy_seconds_new(n, INTERVALS_A_SECOND);
    watcher->in_flight = xcy_alloc_array((size_t)n, sizeof *watcher->in_flight);
    watcher->cpu_share = xcy_alloc_array((size_t)n, sizeof *watcher->cpu_share);
}

void xcy_watcher_clear(struct xcy_watcher *watcher)
{
    xcy_seconds_free(watcher->seconds);
    free(watcher->in_flight);
    free(watcher->cpu_share);
    *watcher = (struct xcy_watcher){0};
}

/* A worker tells its share since the start each time: only the last one counts. */
static void note_cpu(struct xcy_watcher *watcher, int64_t worker, double share)
{
    double busiest = 0;
    watcher->cpu_share[worker] = share;
    for (int64_t w = 0; w < watcher->setting->plan->threads; w++) {
        busiest = fmax(busiest, watcher->cpu_share[w]);
    }
    watcher->total->busiest_cpu_share = busiest;
}

static void take(struct xcy_watcher *watcher, int64_t worker, int64_t interval,
                 const struct xcy_tally *tally)
{
    if (tally->rows.len > 0) {
        xcy_journal_append(watcher->setting->journal, xcy_buf_bytes(&tally->rows));
    }
    watcher->in_flight[worker] = tally->in_flight;
    xcy_seconds_add(watcher->seconds, worker, interval, tally);
    xcy_tally_merge(watcher->total, tally);
    note_cpu(watcher, worker, tally->busiest_cpu_share);
}

static void gather_from(struct xcy_watcher *watcher, int64_t index)
{
    struct xcy_worker *worker = watcher->workers[index];
    struct xcy_handover *handover = xcy_worker_handover(worker);
    bool is_all = xcy_worker_has_ended(worker); /* asked before: then what is there is the rest */
    int64_t interval = 0;
    for (struct xcy_tally *tally = xcy_handover_take(handover, &interval); tally;
         tally = xcy_handover_take(handover, &interval)) {
        take(watcher, index, interval, tally);
        xcy_handover_return(handover, tally);
    }
    if (is_all) {
        watcher->in_flight[index] = 0;
        xcy_seconds_end(watcher->seconds, index);
    }
}

static void warn_if_disk_is_full(struct xcy_watcher *watcher)
{
    struct xcy_journal *journals[] = {watcher->setting->journal, watcher->setting->series};
    for (size_t i = 0; i < sizeof journals / sizeof journals[0] && !watcher->has_warned; i++) {
        struct xcy_journal_state state = {.waiting_bytes = 0};
        if (journals[i]) {
            xcy_journal_look(journals[i], &state);
        }
        if (state.waiting_bytes > 0) {
            watcher->has_warned = true;
            xcy_log(XCY_LOG_WARNING, "%s; the run goes on, rows wait in memory: make room",
                    state.refusal);
        }
    }
}

void xcy_watcher_gather(struct xcy_watcher *watcher)
{
    for (int64_t w = 0; w < watcher->setting->plan->threads; w++) {
        gather_from(watcher, w);
    }
    warn_if_disk_is_full(watcher);
}

static void write_second(const struct xcy_watcher *watcher, const struct xcy_gathered *gathered)
{
    const struct xcy_load_setting *setting = watcher->setting;
    const struct xcy_schedule *schedule = setting->plan->schedule;
    int64_t at_ns = gathered->number * XCY_NS_PER_S;
    struct xcy_wall begun = xcy_wall_at(setting->anchor, xcy_mono_add(watcher->start, at_ns));
    struct xcy_second second = {.number = gathered->number,
                                .started_us = xcy_wall_us(begun),
                                .asked_per_s =
                                    xcy_schedule_rate_in_second(schedule, gathered->number),
                                .is_warmup = at_ns < xcy_schedule_warmup_length_ns(schedule),
                                .tally = gathered->tally,
                                .in_flight = gathered->in_flight};
    struct xcy_buf line;
    xcy_buf_init(&line, MAX_LINE_BYTES);
    xcy_second_format(&second, &line);
    xcy_journal_append(setting->series, xcy_buf_bytes(&line));
    xcy_buf_clear(&line);
}

static void show(struct xcy_watcher *watcher, bool is_new_second)
{
    const struct xcy_load_setting *setting = watcher->setting;
    struct xcy_view *view = &watcher->view;
    view->is_new_second = is_new_second;
    view->elapsed_ns = xcy_mono_diff_ns(xcy_mono_now(), watcher->start);
    view->in_flight = 0;
    for (int64_t w = 0; w < setting->plan->threads; w++) {
        view->in_flight += watcher->in_flight[w];
    }
    if (setting->look && setting->look(setting->ctx, view) == XCY_LOOK_STOP) {
        view->is_stopping = true;
    }
}

/* How many there were. */
static int64_t show_seconds(struct xcy_watcher *watcher)
{
    struct xcy_gathered gathered;
    int64_t n = 0;
    for (; xcy_seconds_take(watcher->seconds, &gathered); n++) {
        if (watcher->setting->series) {
            write_second(watcher, &gathered);
        }
        watcher->view.second = gathered.tally;
        watcher->view.second_number = gathered.number;
        show(watcher, true);
    }
    return n;
}

enum xcy_look xcy_watcher_look(struct xcy_watcher *watcher, bool is_stopping)
{
    watcher->view.is_stopping = is_stopping;
    if (show_seconds(watcher) == 0) {
        show(watcher, false);
    }
    return watcher->view.is_stopping ? XCY_LOOK_STOP : XCY_LOOK_GO_ON;
}

void xcy_watcher_look_last(struct xcy_watcher *watcher, bool is_stopping)
{
    watcher->view.is_stopping = is_stopping;
    watcher->view.is_last = true;
    show_seconds(watcher);
    show(watcher, false);
}

struct xcy_mono xcy_watcher_next(const struct xcy_watcher *watcher)
{
    struct xcy_mono first = xcy_mono_add(watcher->start, LOOK_AFTER_NS);
    int64_t since_ns = xcy_mono_diff_ns(xcy_mono_now(), first);
    int64_t past_ns = since_ns % XCY_INTERVAL_NS;
    int64_t left_ns = past_ns < 0 ? -past_ns : XCY_INTERVAL_NS - past_ns;
    return xcy_mono_add(first, since_ns + left_ns);
}
