#include "common/time/stall.h"

#include "common/base/mem.h"

#include <pthread.h>
#include <stdlib.h>

struct watcher {
    struct watcher *next;
    xcy_stall_resumed_fn *resumed;
    void *ctx;
};

struct xcy_stall {
    pthread_mutex_t lock; /* of the time */
    bool is_on;
    struct xcy_mono since; /* while it is on */
    int64_t stalled_ns;    /* by stalls that are over */
    pthread_mutex_t watching;
    struct watcher *watchers;
};

struct xcy_stall *xcy_stall_new(void)
{
    struct xcy_stall *stall = xcy_alloc(sizeof *stall);
    pthread_mutex_init(&stall->lock, NULL);
    pthread_mutex_init(&stall->watching, NULL);
    return stall;
}

void xcy_stall_free(struct xcy_stall *stall)
{
    if (stall) {
        xcy_assert(!stall->watchers);
        pthread_mutex_destroy(&stall->lock);
        pthread_mutex_destroy(&stall->watching);
        free(stall);
    }
}

static void tell_watchers(struct xcy_stall *stall)
{
    pthread_mutex_lock(&stall->watching);
    for (struct watcher *w = stall->watchers; w; w = w->next) {
        w->resumed(w->ctx);
    }
    pthread_mutex_unlock(&stall->watching);
}

bool xcy_stall_set(struct xcy_stall *stall, bool is_on, struct xcy_mono *at)
{
    pthread_mutex_lock(&stall->lock);
    bool is_news = stall->is_on != is_on;
    if (is_news) {
        *at = (struct xcy_mono){xcy_mono_now().ns / XCY_NS_PER_US * XCY_NS_PER_US};
        if (is_on) {
            stall->since = *at;
        } else {
            stall->stalled_ns += xcy_mono_diff_ns(*at, stall->since);
        }
        stall->is_on = is_on;
    }
    pthread_mutex_unlock(&stall->lock);
    if (is_news && !is_on) {
        tell_watchers(stall);
    }
    return is_news;
}

struct xcy_stall_reading xcy_stall_read(struct xcy_stall *stall)
{
    if (!stall) {
        struct xcy_mono now = xcy_mono_now();
        return (struct xcy_stall_reading){now, now, false};
    }
    pthread_mutex_lock(&stall->lock);
    struct xcy_mono now = xcy_mono_now();
    struct xcy_mono runs_until = stall->is_on ? stall->since : now;
    struct xcy_stall_reading reading = {now, xcy_mono_add(runs_until, -stall->stalled_ns),
                                        stall->is_on};
    pthread_mutex_unlock(&stall->lock);
    return reading;
}

struct xcy_mono xcy_stall_when(struct xcy_stall *stall, struct xcy_mono time)
{
    if (!stall) {
        return time;
    }
    pthread_mutex_lock(&stall->lock);
    struct xcy_mono when = xcy_mono_add(time, stall->stalled_ns);
    if (stall->is_on && xcy_mono_before(stall->since, when)) {
        when.ns = INT64_MAX;
    }
    pthread_mutex_unlock(&stall->lock);
    return when;
}

void xcy_stall_watch(struct xcy_stall *stall, xcy_stall_resumed_fn *resumed, void *ctx)
{
    if (!stall) {
        return;
    }
    struct watcher *w = xcy_alloc(sizeof *w);
    pthread_mutex_lock(&stall->watching);
    *w = (struct watcher){.next = stall->watchers, .resumed = resumed, .ctx = ctx};
    stall->watchers = w;
    pthread_mutex_unlock(&stall->watching);
}

void xcy_stall_unwatch(struct xcy_stall *stall, const void *ctx)
{
    if (!stall) {
        return;
    }
    pthread_mutex_lock(&stall->watching);
    struct watcher **at = &stall->watchers;
    while (*at && (*at)->ctx != ctx) {
        at = &(*at)->next;
    }
    struct watcher *found = *at;
    if (found) {
        *at = found->next;
        free(found);
    }
    pthread_mutex_unlock(&stall->watching);
}
