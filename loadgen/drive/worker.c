#include "loadgen/drive/worker.h"

#include "common/base/mem.h"
#include "loadgen/drive/loop.h"
#include "loadgen/drive/priority.h"

#include <pthread.h>
#include <stdlib.h>

struct xcy_worker {
    const struct xcy_worker_setting *setting;
    int64_t index;
    pthread_t thread;
    bool is_started;
    atomic_bool has_ended;
    struct xcy_handover *handover;
    struct xcy_loop loop;
};

static void *run(void *arg)
{
    struct xcy_worker *w = arg;
    const struct xcy_worker_setting *s = w->setting;
    xcy_clock_sharpen();
    xcy_loop_begin(&w->loop);
    if (s->plan->is_realtime) {
        w->loop.sender.tally->realtime_threads = xcy_priority_raise();
    }
    if (s->numbers) {
        xcy_loop_send_closed(&w->loop);
    } else {
        xcy_loop_send_open(&w->loop);
    }
    xcy_loop_drain(&w->loop);
    xcy_loop_end(&w->loop);
    atomic_store(&w->has_ended, true);
    if (s->ended) {
        s->ended(s->ctx);
    }
    return NULL;
}

/* The bound of all workers, shared out: the first ones get one more when it does not go evenly. */
static int64_t share_of(const struct xcy_plan *plan, int64_t index)
{
    return plan->max_in_flight / plan->threads + (index < plan->max_in_flight % plan->threads);
}

struct xcy_worker *xcy_worker_new(const struct xcy_worker_setting *setting, int64_t index)
{
    struct xcy_worker *w = xcy_alloc(sizeof *w);
    w->setting = setting;
    w->index = index;
    w->handover = xcy_handover_new();
    w->loop = (struct xcy_loop){.setting = setting, .handover = w->handover};
    w->loop.error.status = XCY_OK;
    atomic_init(&w->has_ended, false);
    xcy_sender_open(&w->loop.sender, setting, share_of(setting->plan, index));
    return w;
}

enum xcy_status xcy_worker_start(struct xcy_worker *worker, struct xcy_error *err)
{
    const struct xcy_worker_setting *s = worker->setting;
    if (!s->numbers) {
        xcy_pacer_init(&worker->loop.pacer, s->plan->schedule, s->start, worker->index,
                       s->plan->threads);
    }
    int code = pthread_create(&worker->thread, NULL, run, worker);
    if (code != 0) {
        return xcy_fail_errno(err, code, "worker thread %lld", (long long)worker->index);
    }
    worker->is_started = true;
    return XCY_OK;
}

void xcy_worker_join(struct xcy_worker *worker)
{
    if (worker->is_started) {
        pthread_join(worker->thread, NULL);
        worker->is_started = false;
    }
}

struct xcy_handover *xcy_worker_handover(struct xcy_worker *worker)
{
    return worker->handover;
}

bool xcy_worker_has_ended(const struct xcy_worker *worker)
{
    return atomic_load(&worker->has_ended);
}

enum xcy_status xcy_worker_result(const struct xcy_worker *worker, struct xcy_error *err)
{
    if (worker->loop.error.status != XCY_OK) {
        *err = worker->loop.error;
    }
    return worker->loop.error.status;
}

void xcy_worker_free(struct xcy_worker *worker)
{
    if (!worker) {
        return;
    }
    xcy_sender_close(&worker->loop.sender);
    xcy_handover_free(worker->handover);
    xcy_pacer_clear(&worker->loop.pacer);
    free(worker);
}
