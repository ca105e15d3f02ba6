#include "loadgen/drive/load.h"

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/stop.h"
#include "common/run/sent.h"
#include "loadgen/drive/watcher.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Of a closed loop sent.bin is kept so far ahead of its slots: more than begin between two looks. */
enum { SLOTS_AHEAD = 1 << 19 };

struct xcy_load {
    struct xcy_load_setting setting;
    struct xcy_worker_setting shared;
    struct xcy_worker **workers;
    struct xcy_numbers numbers; /* of a closed loop's slots */
    atomic_llong n_running;
    atomic_bool is_stopped;     /* by the look, or a failure; not by Ctrl-C */
    int ended_fd;               /* readable once no worker runs */
    int own_stop_fd;            /* readable once is_stopped */
    int any_stop_fd;            /* either stop; an epoll set, itself to be polled */
    struct xcy_watcher watcher; /* while it runs */
    bool has_said_stop;
};

static void signal_fd(int fd)
{
    uint64_t one = 1;
    ssize_t n = write(fd, &one, sizeof one);
    xcy_assert(n == sizeof one);
}

static void on_ended(void *ctx)
{
    struct xcy_load *load = ctx;
    if (atomic_fetch_sub(&load->n_running, 1) == 1) {
        signal_fd(load->ended_fd);
    }
}

static void stop(void *ctx)
{
    struct xcy_load *load = ctx;
    if (!atomic_exchange(&load->is_stopped, true)) {
        signal_fd(load->own_stop_fd);
    }
}

static bool is_stopped(void *ctx)
{
    const struct xcy_load *load = ctx;
    return atomic_load(&load->is_stopped) || xcy_stop_asked();
}

static int open_event(void)
{
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    xcy_assert(fd >= 0);
    return fd;
}

static int open_either(int a, int b)
{
    int fds[] = {a, b};
    int set = epoll_create1(EPOLL_CLOEXEC);
    xcy_assert(set >= 0);
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++) {
        struct epoll_event event = {.events = EPOLLIN};
        int failed = fds[i] >= 0 && epoll_ctl(set, EPOLL_CTL_ADD, fds[i], &event) != 0;
        xcy_assert(!failed);
    }
    return set;
}

static void prepare_workers(struct xcy_load *load)
{
    const struct xcy_load_setting *setting = &load->setting;
    const struct xcy_schedule *schedule = setting->plan->schedule;
    bool is_closed = xcy_schedule_closed_in_flight(schedule) > 0;
    xcy_numbers_init(&load->numbers, xcy_schedule_closed_requests(schedule),
                     xcy_schedule_warmup_length_ns(schedule) > 0);
    load->shared = (struct xcy_worker_setting){.plan = setting->plan,
                                               .engine = setting->engine,
                                               .engine_setting = setting->engine_setting,
                                               .anchor = setting->anchor,
                                               .sent = setting->sent,
                                               .numbers = is_closed ? &load->numbers : NULL,
                                               .stop_fd = load->any_stop_fd,
                                               .is_stopped = is_stopped,
                                               .failed = stop,
                                               .ended = on_ended,
                                               .ctx = load};
}

struct xcy_load *xcy_load_open(const struct xcy_load_setting *setting)
{
    struct xcy_load *load = xcy_alloc(sizeof *load);
    int64_t n = setting->plan->threads;
    load->setting = *setting;
    load->ended_fd = open_event();
    load->own_stop_fd = open_event();
    load->any_stop_fd = open_either(load->own_stop_fd, xcy_stop_fd());
    prepare_workers(load);
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
    close(load->any_stop_fd);
    close(load->own_stop_fd);
    close(load->ended_fd);
    free(load);
}

static void say_stop(struct xcy_load *load)
{
    if (load->has_said_stop || !is_stopped(load)) {
        return;
    }
    load->has_said_stop = true;
    xcy_log(XCY_LOG_WARNING,
            "stopping: nothing more is sent; waiting up to %g s for what is in flight%s",
            (double)load->setting.plan->grace_ns / 1e9,
            xcy_stop_asked() ? " (again: give up at once)" : "");
}

/* So that no worker has to wait for the disk. When it is full the worker that meets the end says so. */
static void make_room(struct xcy_load *load)
{
    struct xcy_error ignored;
    bool is_growing = xcy_schedule_slots(load->setting.plan->schedule) == 0;
    if (load->setting.sent && load->shared.numbers && is_growing) {
        int64_t n_slots = xcy_numbers_taken(&load->numbers) + SLOTS_AHEAD;
        (void)!xcy_sent_reserve(load->setting.sent, n_slots, &ignored);
    }
}

static void watch(struct xcy_load *load)
{
    while (xcy_sleep_until(xcy_watcher_next(&load->watcher), load->ended_fd)) {
        make_room(load);
        xcy_watcher_gather(&load->watcher);
        if (xcy_watcher_look(&load->watcher, is_stopped(load)) == XCY_LOOK_STOP) {
            stop(load);
        }
        say_stop(load);
    }
}

static enum xcy_status start_workers(struct xcy_load *load, int64_t *n_started,
                                     struct xcy_error *err)
{
    int64_t n = load->setting.plan->threads;
    enum xcy_status status = XCY_OK;
    *n_started = 0;
    atomic_store(&load->n_running, n);
    while (*n_started < n && status == XCY_OK) {
        status = xcy_worker_start(load->workers[*n_started], err);
        *n_started += status == XCY_OK;
    }
    return status;
}

static enum xcy_status join_workers(struct xcy_load *load, int64_t n_started, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (int64_t w = 0; w < n_started; w++) {
        xcy_worker_join(load->workers[w]);
        if (status == XCY_OK) {
            status = xcy_worker_result(load->workers[w], err);
        }
    }
    return status;
}

/* The slots of the workers from this one on, which could not be started; of a closed loop those that
 * were started have skipped them. */
static void skip_slots(const struct xcy_load *load, int64_t first_worker, struct xcy_tally *total)
{
    const struct xcy_plan *plan = load->setting.plan;
    int64_t n_slots = load->shared.numbers ? 0 : xcy_schedule_slots(plan->schedule);
    int64_t n_warmup = xcy_schedule_warmup_slots(plan->schedule);
    for (int64_t w = first_worker; w < plan->threads; w++) {
        for (int64_t slot = w; slot < n_slots; slot += plan->threads) {
            xcy_tally_skip(total, XCY_SKIP_STOPPED, slot < n_warmup);
        }
    }
}

static void assert_sum(const struct xcy_load *load, const struct xcy_tally *total)
{
    int64_t n = xcy_counts_slots(&total->measured) + xcy_counts_slots(&total->warmup);
    xcy_assert(n == xcy_load_slots(load));
}

enum xcy_status xcy_load_run(struct xcy_load *load, struct xcy_mono start, struct xcy_tally *total,
                             struct xcy_error *err)
{
    int64_t n_started = 0;
    load->shared.start = start;
    xcy_watcher_init(&load->watcher, &load->setting, load->workers, start, total);
    make_room(load);
    enum xcy_status status = start_workers(load, &n_started, err);
    if (status == XCY_OK) {
        watch(load);
        status = join_workers(load, n_started, err);
    } else {
        struct xcy_error ignored;
        stop(load); /* those that run already send slots: end them in order */
        (void)!join_workers(load, n_started, &ignored);
    }
    xcy_watcher_gather(&load->watcher);
    skip_slots(load, n_started, total);
    assert_sum(load, total);
    xcy_watcher_look_last(&load->watcher, is_stopped(load));
    xcy_watcher_clear(&load->watcher);
    return status;
}

int64_t xcy_load_slots(const struct xcy_load *load)
{
    return load->shared.numbers ? xcy_numbers_taken(load->shared.numbers)
                                : xcy_schedule_slots(load->setting.plan->schedule);
}
