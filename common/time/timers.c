#include "common/time/timers.h"

#include "common/base/mem.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

struct timer {
    struct xcy_mono when;
    uint64_t order;
    xcy_timer_fn *fire;
    xcy_timer_fn *drop;
    void *ctx;
};

struct xcy_timers {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct timer *heap; /* heap[0] is the next one */
    size_t n;
    size_t capacity;
    uint64_t next_order;
    bool stopping;
};

static bool earlier(const struct timer *a, const struct timer *b)
{
    return a->when.ns != b->when.ns ? a->when.ns < b->when.ns : a->order < b->order;
}

static void swap(struct timer *a, struct timer *b)
{
    struct timer kept = *a;
    *a = *b;
    *b = kept;
}

static void heap_push(struct xcy_timers *t, struct timer timer)
{
    if (t->n == t->capacity) {
        t->capacity = t->capacity ? t->capacity * 2 : 64;
        t->heap = xcy_realloc_array(t->heap, t->capacity, sizeof *t->heap);
    }
    size_t i = t->n++;
    t->heap[i] = timer;
    while (i > 0 && earlier(&t->heap[i], &t->heap[(i - 1) / 2])) {
        swap(&t->heap[i], &t->heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
}

static struct timer heap_pop(struct xcy_timers *t)
{
    struct timer first = t->heap[0];
    t->heap[0] = t->heap[--t->n];
    for (size_t i = 0;;) {
        size_t least = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < t->n; child++) {
            if (earlier(&t->heap[child], &t->heap[least])) {
                least = child;
            }
        }
        if (least == i) {
            return first;
        }
        swap(&t->heap[i], &t->heap[least]);
        i = least;
    }
}

/* Waits, with the lock held, for a due timer; false when stopping. */
static bool wait_due(struct xcy_timers *t)
{
    while (!t->stopping) {
        if (t->n == 0) {
            pthread_cond_wait(&t->changed, &t->lock);
            continue;
        }
        struct xcy_mono when = t->heap[0].when;
        if (!xcy_mono_before(xcy_mono_now(), when)) {
            return true;
        }
        struct timespec until = {.tv_sec = when.ns / XCY_NS_PER_S,
                                 .tv_nsec = when.ns % XCY_NS_PER_S};
        pthread_cond_timedwait(&t->changed, &t->lock, &until);
    }
    return false;
}

static void *run(void *arg)
{
    struct xcy_timers *t = arg;
    xcy_clock_sharpen();
    pthread_mutex_lock(&t->lock);
    while (wait_due(t)) {
        struct timer due = heap_pop(t);
        pthread_mutex_unlock(&t->lock);
        due.fire(due.ctx);
        pthread_mutex_lock(&t->lock);
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

struct xcy_timers *xcy_timers_start(void)
{
    struct xcy_timers *t = xcy_alloc(sizeof *t);
    pthread_mutex_init(&t->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&t->changed, &attr);
    pthread_condattr_destroy(&attr);
    int code = pthread_create(&t->thread, NULL, run, t);
    xcy_assert(code == 0);
    return t;
}

void xcy_timers_add(struct xcy_timers *timers, struct xcy_mono when, xcy_timer_fn *fire,
                    xcy_timer_fn *drop, void *ctx)
{
    pthread_mutex_lock(&timers->lock);
    heap_push(
        timers,
        (struct timer){
            .when = when, .order = timers->next_order++, .fire = fire, .drop = drop, .ctx = ctx});
    pthread_cond_signal(&timers->changed);
    pthread_mutex_unlock(&timers->lock);
}

void xcy_timers_stop(struct xcy_timers *timers)
{
    if (!timers) {
        return;
    }
    pthread_mutex_lock(&timers->lock);
    timers->stopping = true;
    pthread_cond_signal(&timers->changed);
    pthread_mutex_unlock(&timers->lock);
    pthread_join(timers->thread, NULL);
    for (size_t i = 0; i < timers->n; i++) {
        if (timers->heap[i].drop) {
            timers->heap[i].drop(timers->heap[i].ctx);
        }
    }
    pthread_cond_destroy(&timers->changed);
    pthread_mutex_destroy(&timers->lock);
    free(timers->heap);
    free(timers);
}
