#include "collectors/receivers.h"

#include "collectors/threads.h"

#include "common/base/mem.h"
#include "common/base/stop.h"

#include <stdlib.h>

struct xcy_receivers {
    struct xcy_intake *intake;
    const struct xcy_source *source;
    const void *state;
    const struct xcy_pace *pace;
    int most;
    pthread_mutex_t lock; /* all that follows */
    pthread_cond_t is_called;
    pthread_cond_t rest;
    pthread_t *threads;
    int n_threads;
    int n_resting;
    int n_called; /* and not yet on their way */
    bool is_ending;
    enum xcy_status fault;
    struct xcy_error err;
};

struct xcy_receivers *xcy_receivers_new(struct xcy_intake *intake, const struct xcy_source *source,
                                        const void *state, const struct xcy_pace *pace, int most)
{
    struct xcy_receivers *r = xcy_alloc(sizeof *r);
    r->intake = intake;
    r->source = source;
    r->state = state;
    r->pace = pace;
    r->most = most;
    r->threads = xcy_alloc_array((size_t)most + 1, sizeof *r->threads);
    pthread_mutex_init(&r->lock, NULL);
    xcy_condition_init(&r->is_called);
    xcy_condition_init(&r->rest);
    return r;
}

static void keep_fault(struct xcy_receivers *r, enum xcy_status status, const struct xcy_error *err)
{
    pthread_mutex_lock(&r->lock);
    if (r->fault == XCY_OK) {
        r->fault = status;
        r->err = *err;
    }
    pthread_mutex_unlock(&r->lock);
}

static bool is_over(struct xcy_receivers *r)
{
    pthread_mutex_lock(&r->lock);
    bool over = r->is_ending || r->fault != XCY_OK;
    pthread_mutex_unlock(&r->lock);
    return over || xcy_stop_asked();
}

static void receive_all(struct xcy_receivers *r, void *state)
{
    struct xcy_error err;
    struct xcy_intake_got got = {.n_ours = 1};
    while (got.n_ours > 0 && !is_over(r)) {
        enum xcy_status status = xcy_intake_receive(r->intake, state, 0, &got, &err);
        if (status != XCY_OK) {
            keep_fault(r, status, &err);
        } else if (got.n == XCY_SOURCE_BATCH && got.n_ours > 0) {
            xcy_receivers_call(r);
        }
    }
}

static void *work(void *ctx)
{
    struct xcy_receivers *r = ctx;
    struct xcy_error ignored;
    void *state = NULL;
    bool is_open = r->source->another(r->state, &state, &ignored) == XCY_OK;
    bool is_called = true; /* whoever is started is */
    pthread_mutex_lock(&r->lock);
    while (!r->is_ending) {
        if (is_called || r->n_called > 0) {
            r->n_called -= is_called ? 0 : 1;
            is_called = false;
            pthread_mutex_unlock(&r->lock);
            if (is_open) { /* else the others do its work */
                receive_all(r, state);
            }
            pthread_mutex_lock(&r->lock);
            continue;
        }
        r->n_resting++;
        pthread_cond_broadcast(&r->rest);
        pthread_cond_wait(&r->is_called, &r->lock);
        r->n_resting--;
    }
    pthread_mutex_unlock(&r->lock);
    if (is_open) {
        r->source->close(state);
    }
    return NULL;
}

/* The one who polls counts as one of those that the pace allows. */
void xcy_receivers_call(struct xcy_receivers *receivers)
{
    struct xcy_receivers *r = receivers;
    int limit = xcy_pace_limit(r->pace) - 1;
    limit = limit < r->most ? limit : r->most;
    pthread_mutex_lock(&r->lock);
    int n_busy = r->n_threads - r->n_resting + r->n_called;
    if (r->is_ending || r->fault != XCY_OK || n_busy >= limit) {
        /* enough, or over */
    } else if (r->n_resting > r->n_called) {
        r->n_called++;
        pthread_cond_signal(&r->is_called);
    } else if (r->n_threads < limit) {
        /* One that cannot be started is not missed. */
        r->n_threads += xcy_thread_start(&r->threads[r->n_threads], work, r) ? 1 : 0;
    }
    pthread_mutex_unlock(&r->lock);
}

bool xcy_receivers_await_rest(struct xcy_receivers *receivers, int64_t max_ns)
{
    struct xcy_receivers *r = receivers;
    struct xcy_mono until = xcy_mono_add(xcy_mono_now(), max_ns);
    bool has_time = true;
    pthread_mutex_lock(&r->lock);
    while (has_time && (r->n_resting < r->n_threads || r->n_called > 0)) {
        has_time = xcy_condition_wait(&r->rest, &r->lock, until);
    }
    bool is_rest = r->n_resting == r->n_threads && r->n_called == 0;
    pthread_mutex_unlock(&r->lock);
    return is_rest;
}

enum xcy_status xcy_receivers_fault(struct xcy_receivers *receivers, struct xcy_error *err)
{
    pthread_mutex_lock(&receivers->lock);
    enum xcy_status status = receivers->fault;
    if (status != XCY_OK) {
        *err = receivers->err;
    }
    pthread_mutex_unlock(&receivers->lock);
    return status;
}

void xcy_receivers_end(struct xcy_receivers *receivers)
{
    pthread_mutex_lock(&receivers->lock);
    receivers->is_ending = true;
    pthread_cond_broadcast(&receivers->is_called);
    int n = receivers->n_threads; /* no more are started from now on */
    pthread_mutex_unlock(&receivers->lock);
    for (int t = 0; t < n; t++) {
        pthread_join(receivers->threads[t], NULL);
    }
    receivers->n_threads = 0;
}

void xcy_receivers_free(struct xcy_receivers *receivers)
{
    if (!receivers) {
        return;
    }
    xcy_assert(receivers->n_threads == 0);
    pthread_cond_destroy(&receivers->is_called);
    pthread_cond_destroy(&receivers->rest);
    pthread_mutex_destroy(&receivers->lock);
    free(receivers->threads);
    free(receivers);
}
