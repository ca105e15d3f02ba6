#include "sandbox/services/lambda_pool.h"

#include "common/base/error.h"

/* The other slots of a process ask soon after its first one, or they do not exist. */
static const int64_t other_slots_ns = 1 * XCY_NS_PER_S;
/* A slot that answered asks again at once: worth more than a new process, for so long. */
static const int64_t asks_again_ns = 20 * XCY_NS_PER_MS;

void xcy_pool_init(struct xcy_pool *pool, const struct xcy_pool_limits *limits,
                   const struct xcy_pool_actions *actions, void *ctx)
{
    *pool = (struct xcy_pool){.limits = *limits, .actions = actions, .ctx = ctx};
}

static void push_ready(struct xcy_pool *pool, struct xcy_pool_worker *worker)
{
    if (!worker->is_ready) {
        worker->is_ready = true;
        worker->next_ready = pool->ready;
        pool->ready = worker;
    }
}

static void remove_ready(struct xcy_pool *pool, struct xcy_pool_worker *worker)
{
    if (!worker->is_ready) {
        return;
    }
    struct xcy_pool_worker **at = &pool->ready;
    while (*at != worker) {
        at = &(*at)->next_ready;
    }
    *at = worker->next_ready;
    worker->is_ready = false;
}

struct xcy_pool_work *xcy_pool_take_waiting(struct xcy_pool *pool)
{
    struct xcy_pool_work *work = pool->first_waiting;
    if (!work) {
        return NULL;
    }
    pool->first_waiting = work->next;
    if (!pool->first_waiting) {
        pool->last_waiting = NULL;
    }
    work->next = NULL;
    pool->n_waiting--;
    pool->n_in_flight--;
    return work;
}

static void append_waiting(struct xcy_pool *pool, struct xcy_pool_work *work)
{
    work->next = NULL;
    if (pool->last_waiting) {
        pool->last_waiting->next = work;
    } else {
        pool->first_waiting = work;
    }
    pool->last_waiting = work;
    pool->n_waiting++;
    pool->n_in_flight++;
}

/* Gives waiting work to parked slots while there are both. */
static void match(struct xcy_pool *pool, struct xcy_mono now)
{
    while (pool->ready && pool->first_waiting) {
        struct xcy_pool_worker *worker = pool->ready;
        struct xcy_pool_work *work = xcy_pool_take_waiting(pool);
        pool->n_in_flight++;
        worker->n_parked--;
        worker->n_busy++;
        worker->used = now;
        if (worker->n_parked == 0) {
            remove_ready(pool, worker);
        }
        pool->actions->give(pool->ctx, worker, work);
    }
}

static int64_t expected_slots(const struct xcy_pool *pool, const struct xcy_pool_worker *worker,
                              struct xcy_mono now)
{
    if (worker->is_retired || worker->is_ending || !xcy_mono_before(now, worker->expected_until)) {
        return 0;
    }
    return pool->limits.slots - worker->n_parked - worker->n_busy;
}

/* Starts processes for the waiting work that nothing else will take. */
static void scale_up(struct xcy_pool *pool, struct xcy_mono now)
{
    int64_t expected = 0;
    int64_t n_starting = 0;
    int64_t n_current = 0;
    for (const struct xcy_pool_worker *w = pool->workers; w; w = w->next) {
        expected += expected_slots(pool, w, now);
        n_starting += !w->has_asked && !w->is_ending;
        n_current += !w->is_retired;
    }
    int64_t most = (pool->limits.concurrency + pool->limits.slots - 1) / pool->limits.slots;
    while (pool->n_waiting > expected && n_starting < pool->limits.max_starting &&
           n_current < most) {
        struct xcy_pool_worker *worker = pool->actions->start(pool->ctx);
        *worker = (struct xcy_pool_worker){.next = pool->workers,
                                           .used = now,
                                           .expected_until =
                                               xcy_mono_add(now, pool->limits.init_timeout_ns)};
        pool->workers = worker;
        pool->n_workers++;
        expected += pool->limits.slots;
        n_starting++;
        n_current++;
    }
}

bool xcy_pool_admit(struct xcy_pool *pool, struct xcy_pool_work *work, struct xcy_mono now)
{
    if (pool->n_in_flight >= pool->limits.concurrency) {
        return false;
    }
    append_waiting(pool, work);
    match(pool, now);
    if (pool->first_waiting) {
        scale_up(pool, now);
    }
    return true;
}

/* Calls the end action, once a worker. */
static void end_worker(struct xcy_pool *pool, struct xcy_pool_worker *worker, bool at_once)
{
    remove_ready(pool, worker);
    worker->is_retired = true;
    if (!worker->is_ending) {
        worker->is_ending = true;
        pool->actions->end(pool->ctx, worker, at_once);
    }
}

bool xcy_pool_ask(struct xcy_pool *pool, struct xcy_pool_worker *worker, struct xcy_mono now)
{
    if (worker->n_parked + worker->n_busy >= pool->limits.slots) {
        return false;
    }
    if (!worker->has_asked) {
        worker->has_asked = true;
        worker->expected_until = xcy_mono_add(now, pool->limits.slots > 1 ? other_slots_ns : 0);
    }
    worker->n_parked++;
    worker->used = now;
    if (!worker->is_retired) {
        push_ready(pool, worker);
        match(pool, now);
        if (pool->first_waiting) {
            scale_up(pool, now); /* a start is over: another one may begin */
        }
    }
    return true;
}

void xcy_pool_unpark(struct xcy_pool *pool, struct xcy_pool_worker *worker)
{
    xcy_assert(worker->n_parked > 0);
    worker->n_parked--;
    if (worker->n_parked == 0) {
        remove_ready(pool, worker);
    }
}

void xcy_pool_done(struct xcy_pool *pool, struct xcy_pool_worker *worker, struct xcy_mono now)
{
    xcy_assert(worker->n_busy > 0 && pool->n_in_flight > 0);
    worker->n_busy--;
    pool->n_in_flight--;
    worker->used = now;
    struct xcy_mono expected = xcy_mono_add(now, asks_again_ns);
    if (xcy_mono_before(worker->expected_until, expected)) {
        worker->expected_until = expected;
    }
    if (worker->is_retired && worker->n_busy == 0) {
        end_worker(pool, worker, worker->is_overdue);
    }
}

void xcy_pool_retire(struct xcy_pool *pool, struct xcy_pool_worker *worker, bool overdue,
                     struct xcy_mono now)
{
    worker->is_retired = true;
    worker->is_overdue = worker->is_overdue || overdue;
    remove_ready(pool, worker);
    if (worker->n_busy == 0) {
        end_worker(pool, worker, worker->is_overdue);
    }
    if (pool->first_waiting) {
        scale_up(pool, now);
    }
}

void xcy_pool_retire_all(struct xcy_pool *pool, struct xcy_mono now)
{
    for (struct xcy_pool_worker *w = pool->workers; w; w = w->next) {
        w->is_retired = true;
        if (w->n_busy == 0) {
            end_worker(pool, w, w->is_overdue);
        }
        remove_ready(pool, w);
    }
    if (pool->first_waiting) {
        scale_up(pool, now);
    }
}

struct xcy_pool_work *xcy_pool_lost(struct xcy_pool *pool, struct xcy_pool_worker *worker,
                                    struct xcy_mono now)
{
    remove_ready(pool, worker);
    pool->n_in_flight -= worker->n_busy;
    struct xcy_pool_worker **at = &pool->workers;
    while (*at != worker) {
        at = &(*at)->next;
    }
    *at = worker->next;
    pool->n_workers--;
    bool could_not_start = !worker->has_asked && (!worker->is_retired || worker->is_overdue);
    struct xcy_pool_work *failed = could_not_start ? xcy_pool_take_waiting(pool) : NULL;
    if (pool->first_waiting) {
        scale_up(pool, now);
    }
    return failed;
}

static void tick_worker(struct xcy_pool *pool, struct xcy_pool_worker *w, struct xcy_mono now)
{
    int64_t unused_ns = xcy_mono_diff_ns(now, w->used);
    if (w->is_ending || w->n_busy > 0) {
        return;
    }
    if (w->n_parked == 0 && unused_ns >= pool->limits.init_timeout_ns) {
        w->is_overdue = true; /* stuck in its start, or behind an answer */
        end_worker(pool, w, true);
    } else if (w->n_parked > 0 && unused_ns >= pool->limits.idle_ns) {
        end_worker(pool, w, false);
    }
}

void xcy_pool_tick(struct xcy_pool *pool, struct xcy_mono now)
{
    for (struct xcy_pool_worker *w = pool->workers; w; w = w->next) {
        tick_worker(pool, w, now);
    }
    if (pool->first_waiting) {
        scale_up(pool, now);
    }
}
