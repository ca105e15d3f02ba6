#include "loadgen/drive/worker.h"

#include "common/base/mem.h"
#include "loadgen/drive/post_key.h"
#include "loadgen/drive/priority.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* The longest a worker waits in one go: rows reach the file and the board at least this often. */
#define TICK_NS (200 * XCY_NS_PER_MS)

/* After so many late slots in a row the engine runs once, so that replies are not left to wait. */
enum { MAX_BURST = 32 };

struct xcy_worker {
    const struct xcy_worker_setting *setting;
    int64_t index;
    pthread_t thread;
    bool is_started;
    void *engine_state;
    struct xcy_pacer pacer;
    struct xcy_recorder recorder;
    struct xcy_call *calls; /* as many as may be in flight */
    struct xcy_call *free_calls;
    int64_t in_flight;
};

static void on_sent(void *ctx, struct xcy_call *call, struct xcy_mono sent)
{
    struct xcy_worker *w = ctx;
    call->sent = sent;
    xcy_recorder_sent(&w->recorder, call);
}

static void end_call(struct xcy_worker *w, struct xcy_call *call, const struct xcy_answer *answer)
{
    xcy_recorder_done(&w->recorder, call, answer);
    call->next = w->free_calls;
    w->free_calls = call;
    w->in_flight--;
}

static void on_done(void *ctx, struct xcy_call *call, const struct xcy_answer *answer)
{
    end_call(ctx, call, answer);
}

static struct xcy_call *take_call(struct xcy_worker *w, int64_t slot, struct xcy_mono due)
{
    struct xcy_call *call = w->free_calls;
    w->free_calls = call->next;
    w->in_flight++;
    *call = (struct xcy_call){.id = {.i = slot}, .due = due, .started = xcy_mono_now()};
    const struct xcy_plan *plan = w->setting->plan;
    memcpy(call->id.run, plan->run, sizeof call->id.run);
    struct xcy_wall started = xcy_wall_at(w->setting->anchor, call->started);
    call->id.client_sent_at_s = (double)xcy_wall_us(started) / 1e6;
    xcy_post_key_format((uint64_t)plan->seed, slot, call->id.key);
    return call;
}

static void begin_slot(struct xcy_worker *w, int64_t slot, struct xcy_mono due)
{
    if (!w->free_calls) {
        xcy_recorder_skip(&w->recorder, XCY_SKIP_IN_FLIGHT);
        return;
    }
    struct xcy_call *call = take_call(w, slot, due);
    xcy_recorder_started(&w->recorder, call);
    struct xcy_error err;
    if (w->setting->engine->start(w->engine_state, call, &err) != XCY_OK) {
        struct xcy_answer answer = {.outcome = XCY_OUTCOME_SEND, .acked = xcy_mono_now()};
        memcpy(answer.reason, err.text, sizeof answer.reason - 1);
        end_call(w, call, &answer);
    }
}

/* False when there are more that are due already. */
static bool begin_due_slots(struct xcy_worker *w)
{
    int64_t slot;
    struct xcy_mono due;
    for (int n = 0; n < MAX_BURST; n++) {
        if (!xcy_pacer_take(&w->pacer, xcy_mono_now(), &slot, &due)) {
            return true;
        }
        begin_slot(w, slot, due);
    }
    return false;
}

static void show(struct xcy_worker *w)
{
    xcy_recorder_flush(&w->recorder, w->setting->journal);
    if (w->setting->board) {
        xcy_board_post(w->setting->board, w->index, &w->recorder, w->in_flight);
    }
}

static struct xcy_mono earlier(struct xcy_mono a, struct xcy_mono b)
{
    return xcy_mono_before(a, b) ? a : b;
}

static void send_slots(struct xcy_worker *w)
{
    const struct xcy_worker_setting *s = w->setting;
    while (!xcy_pacer_is_done(&w->pacer) && !s->is_stopped()) {
        bool may_wait = begin_due_slots(w);
        struct xcy_mono now = xcy_mono_now();
        struct xcy_mono until = now;
        if (may_wait && !xcy_pacer_is_done(&w->pacer)) {
            until = earlier(xcy_pacer_next_due(&w->pacer), xcy_mono_add(now, TICK_NS));
        }
        s->engine->run(w->engine_state, until, s->stop_fd, false);
        show(w);
    }
    for (int64_t slot; xcy_pacer_take_any(&w->pacer, &slot);) {
        xcy_recorder_skip(&w->recorder, XCY_SKIP_STOPPED);
    }
}

static void drain(struct xcy_worker *w)
{
    const struct xcy_engine *engine = w->setting->engine;
    struct xcy_mono deadline = xcy_mono_add(xcy_mono_now(), w->setting->plan->grace_ns);
    while (w->in_flight > 0 && xcy_mono_before(xcy_mono_now(), deadline)) {
        struct xcy_mono tick = xcy_mono_add(xcy_mono_now(), TICK_NS);
        engine->run(w->engine_state, earlier(deadline, tick), -1, true);
        show(w);
    }
    if (w->in_flight > 0) {
        engine->cancel(w->engine_state);
    }
    xcy_assert(w->in_flight == 0);
    show(w);
}

static void *run(void *arg)
{
    struct xcy_worker *w = arg;
    xcy_clock_sharpen();
    if (w->setting->plan->is_realtime) {
        w->recorder.counts.realtime_threads = xcy_priority_raise();
    }
    send_slots(w);
    drain(w);
    if (w->setting->ended) {
        w->setting->ended(w->setting->ended_ctx);
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
    const struct xcy_plan *plan = setting->plan;
    struct xcy_worker *w = xcy_alloc(sizeof *w);
    w->setting = setting;
    w->index = index;
    struct xcy_engine_setting engine_setting = {
        .plan = plan, .target = setting->target, .sent = on_sent, .done = on_done, .ctx = w};
    w->engine_state = setting->engine->open(&engine_setting);
    xcy_recorder_init(&w->recorder, setting->anchor, setting->sent);
    int64_t n_calls = share_of(plan, index);
    w->calls = xcy_alloc_array((size_t)n_calls, sizeof *w->calls);
    for (int64_t i = n_calls - 1; i >= 0; i--) {
        w->calls[i].next = w->free_calls;
        w->free_calls = &w->calls[i];
    }
    return w;
}

enum xcy_status xcy_worker_start(struct xcy_worker *worker, struct xcy_error *err)
{
    const struct xcy_worker_setting *s = worker->setting;
    xcy_pacer_init(&worker->pacer, &s->plan->schedule, s->start, worker->index, s->plan->threads);
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

const struct xcy_recorder *xcy_worker_recorder(const struct xcy_worker *worker)
{
    return &worker->recorder;
}

void xcy_worker_free(struct xcy_worker *worker)
{
    if (!worker) {
        return;
    }
    worker->setting->engine->close(worker->engine_state);
    xcy_recorder_clear(&worker->recorder);
    free(worker->calls);
    free(worker);
}
