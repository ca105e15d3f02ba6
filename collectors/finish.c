#include "collectors/finish.h"

#include "collectors/calling.h"
#include "collectors/threads.h"

#include "common/base/mem.h"

#include <stdlib.h>

struct xcy_finish {
    struct xcy_finish_parts parts;
    pthread_mutex_t lock; /* all that follows */
    pthread_cond_t has_work;
    pthread_cond_t is_idle;
    struct xcy_errands drops;
    struct xcy_errands others; /* they go first: somebody waits for these messages */
    void *first_state;         /* for the first thread */
    struct xcy_pace pace;
    size_t n_busy;    /* errands that a thread has taken */
    size_t n_waiting; /* threads that wait for work */
    pthread_t *threads;
    int n_threads;
    bool is_ending;
    struct xcy_mono looked;
    struct xcy_settled settled;
    enum xcy_status fault;
    struct xcy_error err;
};

/* Whether further tries are in vain: another thread found that nothing goes. */
static bool is_hopeless(void *ctx)
{
    struct xcy_finish *f = ctx;
    pthread_mutex_lock(&f->lock);
    bool hopeless = f->fault != XCY_OK;
    pthread_mutex_unlock(&f->lock);
    return hopeless;
}

/* The calls for some errands of one kind; after a fault nothing more is deleted. With the lock held. */
static void run_errands(struct xcy_finish *f, void *state, struct xcy_errand errands[], size_t n)
{
    const struct xcy_calling calling = {
        .source = f->parts.source,
        .state = state,
        .retry = &f->parts.retry,
        .pace = &f->pace,
        .is_hopeless = is_hopeless,
        .ctx = f,
    };
    bool done[XCY_SOURCE_BATCH] = {false};
    bool is_drop = errands[0].kind == XCY_ERRAND_DROP;
    if (!is_drop || f->fault == XCY_OK) {
        struct xcy_error err;
        pthread_mutex_unlock(&f->lock);
        enum xcy_status status = xcy_calling_run(&calling, errands, n, done, &err);
        pthread_mutex_lock(&f->lock);
        if (status != XCY_OK && is_drop && f->fault == XCY_OK) {
            f->fault = status;
            f->err = err;
        }
    }
    for (size_t e = 0; e < n; e++) {
        xcy_settled_note(&f->settled, &errands[e], done[e]);
    }
}

static void wait_for_work(struct xcy_finish *f)
{
    f->n_waiting++;
    (void)xcy_condition_wait(&f->has_work, &f->lock,
                             xcy_mono_add(xcy_mono_now(), f->parts.look_every_ns));
    f->n_waiting--;
}

static void *work(void *ctx);

/* With the lock held. A thread that cannot be started is not missed: the others do its work. */
static void start_thread(struct xcy_finish *f)
{
    f->n_threads += xcy_thread_start(&f->threads[f->n_threads], work, f) ? 1 : 0;
}

/* With the lock held. */
static size_t n_ahead(const struct xcy_finish *f)
{
    return f->drops.n + f->others.n;
}

/* With the lock held: more hands for more than one call's worth. */
static void get_help(struct xcy_finish *f)
{
    if (n_ahead(f) == 0) {
        return;
    }
    if (f->n_waiting > 0) {
        pthread_cond_signal(&f->has_work);
    } else if (n_ahead(f) >= XCY_SOURCE_BATCH && f->n_threads > 0 &&
               f->n_threads < xcy_pace_limit(&f->pace)) {
        start_thread(f);
    }
}

/* Once in a while, whoever comes by; without the lock. */
static void look_around(struct xcy_finish *f)
{
    pthread_mutex_lock(&f->lock);
    struct xcy_mono t = xcy_mono_now();
    bool is_due = xcy_mono_diff_ns(t, f->looked) >= f->parts.look_every_ns;
    f->looked = is_due ? t : f->looked;
    pthread_mutex_unlock(&f->lock);
    if (is_due && f->parts.look) {
        f->parts.look(f->parts.ctx);
    }
}

/* With the lock held, which is given up meanwhile. */
static void do_next(struct xcy_finish *f, void *state)
{
    struct xcy_errand errands[XCY_SOURCE_BATCH];
    size_t n =
        xcy_errands_take(f->others.n > 0 ? &f->others : &f->drops, errands, XCY_SOURCE_BATCH);
    f->n_busy += n;
    get_help(f);
    run_errands(f, state, errands, n);
    f->n_busy -= n;
    if (n_ahead(f) + f->n_busy == 0) {
        pthread_cond_broadcast(&f->is_idle);
    }
    pthread_mutex_unlock(&f->lock);
    for (size_t e = 0; e < n; e++) {
        free(errands[e].handle);
        free(errands[e].id);
    }
    look_around(f);
    pthread_mutex_lock(&f->lock);
}

static void *work(void *ctx)
{
    struct xcy_finish *f = ctx;
    struct xcy_error ignored;
    pthread_mutex_lock(&f->lock);
    void *state = f->first_state;
    f->first_state = NULL;
    pthread_mutex_unlock(&f->lock);
    if (!state && f->parts.source->another(f->parts.state, &state, &ignored) != XCY_OK) {
        return NULL; /* the others do its work */
    }
    pthread_mutex_lock(&f->lock);
    while (!f->is_ending || n_ahead(f) > 0) {
        if (n_ahead(f) > 0) {
            do_next(f, state);
            continue;
        }
        wait_for_work(f);
        pthread_mutex_unlock(&f->lock);
        look_around(f);
        pthread_mutex_lock(&f->lock);
    }
    pthread_mutex_unlock(&f->lock);
    f->parts.source->close(state);
    return NULL;
}

enum xcy_status xcy_finish_new(const struct xcy_finish_parts *parts, struct xcy_finish **finish,
                               struct xcy_error *err)
{
    void *state = NULL;
    enum xcy_status status = parts->source->another(parts->state, &state, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_finish *f = xcy_alloc(sizeof *f);
    f->parts = *parts;
    f->first_state = state;
    f->looked = xcy_mono_now();
    f->settled = xcy_settled_new();
    f->pace = xcy_pace_of(parts->most_threads);
    f->threads = xcy_alloc_array((size_t)parts->most_threads, sizeof *f->threads);
    pthread_mutex_init(&f->lock, NULL);
    xcy_condition_init(&f->has_work);
    xcy_condition_init(&f->is_idle);
    *finish = f;
    return XCY_OK;
}

enum xcy_status xcy_finish_begin(struct xcy_finish *finish, struct xcy_error *err)
{
    pthread_mutex_lock(&finish->lock);
    start_thread(finish);
    int n = finish->n_threads;
    pthread_mutex_unlock(&finish->lock);
    return n > 0 ? XCY_OK : xcy_fail(err, XCY_EFAIL, "cannot start a thread");
}

void xcy_finish_end(struct xcy_finish *finish)
{
    pthread_mutex_lock(&finish->lock);
    finish->is_ending = true;
    pthread_cond_broadcast(&finish->has_work);
    int n = finish->n_threads;
    pthread_mutex_unlock(&finish->lock);
    /* Threads start threads as long as there is work. */
    for (int t = 0; t < n; t++) {
        pthread_join(finish->threads[t], NULL);
        pthread_mutex_lock(&finish->lock);
        n = finish->n_threads;
        pthread_mutex_unlock(&finish->lock);
    }
    finish->n_threads = 0;
}

void xcy_finish_free(struct xcy_finish *finish)
{
    if (!finish) {
        return;
    }
    xcy_assert(finish->n_threads == 0);
    finish->parts.source->close(finish->first_state);
    xcy_errands_clear(&finish->drops);
    xcy_errands_clear(&finish->others);
    xcy_settled_clear(&finish->settled);
    pthread_cond_destroy(&finish->has_work);
    pthread_cond_destroy(&finish->is_idle);
    pthread_mutex_destroy(&finish->lock);
    free(finish->threads);
    free(finish);
}

void xcy_finish_add(struct xcy_finish *finish, const struct xcy_errand errands[], size_t n)
{
    pthread_mutex_lock(&finish->lock);
    for (size_t e = 0; e < n; e++) {
        bool is_drop = errands[e].kind == XCY_ERRAND_DROP;
        xcy_errands_put(is_drop ? &finish->drops : &finish->others, &errands[e]);
    }
    get_help(finish);
    pthread_mutex_unlock(&finish->lock);
}

size_t xcy_finish_backlog(struct xcy_finish *finish)
{
    pthread_mutex_lock(&finish->lock);
    size_t n = n_ahead(finish) + finish->n_busy;
    pthread_mutex_unlock(&finish->lock);
    return n;
}

bool xcy_finish_await_idle(struct xcy_finish *finish, int64_t max_ns)
{
    struct xcy_mono until = xcy_mono_add(xcy_mono_now(), max_ns);
    bool has_time = true;
    pthread_mutex_lock(&finish->lock);
    while (has_time && n_ahead(finish) + finish->n_busy > 0) {
        has_time = xcy_condition_wait(&finish->is_idle, &finish->lock, until);
    }
    bool is_idle = n_ahead(finish) + finish->n_busy == 0;
    pthread_mutex_unlock(&finish->lock);
    return is_idle;
}

struct xcy_finish_count xcy_finish_count(struct xcy_finish *finish)
{
    pthread_mutex_lock(&finish->lock);
    struct xcy_finish_count count = finish->settled.count;
    pthread_mutex_unlock(&finish->lock);
    return count;
}

enum xcy_status xcy_finish_fault(struct xcy_finish *finish, struct xcy_error *err)
{
    pthread_mutex_lock(&finish->lock);
    enum xcy_status status = finish->fault;
    if (status != XCY_OK) {
        *err = finish->err;
    }
    pthread_mutex_unlock(&finish->lock);
    return status;
}
