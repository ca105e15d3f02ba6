#include "fake_queue.h"

#include "common/base/mem.h"
#include "common/base/stop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PATIENCE_MS = 1000 };

void fake_queue_init(struct fake_queue *q)
{
    *q = (struct fake_queue){.now_ns = 1000 * XCY_NS_PER_S};
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->is_less_in_hand, NULL);
}

void fake_queue_clear(struct fake_queue *q)
{
    for (size_t m = 0; m < q->n; m++) {
        free(q->messages[m].id);
        free(q->messages[m].body);
    }
    pthread_cond_destroy(&q->is_less_in_hand);
    pthread_mutex_destroy(&q->lock);
}

void fake_queue_put(struct fake_queue *q, const char *id, const char *body)
{
    xcy_assert(q->n < FAKE_MAX_MESSAGES);
    q->messages[q->n++] = (struct fake_message){.id = xcy_strdup(id), .body = xcy_strdup(body)};
}

size_t fake_queue_left(const struct fake_queue *q)
{
    size_t n = 0;
    for (size_t m = 0; m < q->n; m++) {
        n += q->messages[m].is_dropped ? 0 : 1;
    }
    return n;
}

static void take_visible(struct fake_queue *q, struct xcy_message_batch *batch)
{
    for (size_t m = 0; m < q->n && batch->n < XCY_SOURCE_BATCH; m++) {
        struct fake_message *from = &q->messages[m];
        if (from->is_dropped || from->visible_at_ns > q->now_ns) {
            continue;
        }
        from->visible_at_ns = q->now_ns + XCY_SOURCE_HIDDEN_S * XCY_NS_PER_S;
        from->is_in_hand = true;
        from->receives++;
        batch->messages[batch->n++] = (struct xcy_message){
            .id = xcy_strdup(from->id),
            .handle = xcy_format("%zu", m),
            .body = xcy_strdup(from->body),
            .receive_count = from->receives,
            .is_whole = !from->is_spoilt,
        };
    }
}

/* The next instant at which a message becomes visible, or the end of the wait. */
static int64_t next_event_ns(const struct fake_queue *q, int64_t until_ns)
{
    for (size_t m = 0; m < q->n; m++) {
        int64_t at_ns = q->messages[m].visible_at_ns;
        if (!q->messages[m].is_dropped && at_ns > q->now_ns && at_ns < until_ns) {
            until_ns = at_ns;
        }
    }
    return until_ns;
}

static bool has_in_hand(const struct fake_queue *q)
{
    for (size_t m = 0; m < q->n; m++) {
        if (q->messages[m].is_in_hand) {
            return true;
        }
    }
    return false;
}

/* A drop that fails leaves a message in hand for good: so not for ever. */
static void await_others(struct fake_queue *q)
{
    struct timespec until;
    int code = 0;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += PATIENCE_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    while (code == 0 && has_in_hand(q)) {
        code = pthread_cond_timedwait(&q->is_less_in_hand, &q->lock, &until);
    }
}

static enum xcy_status receive(void *state, int wait_s, struct xcy_message_batch *batch,
                               struct xcy_error *err)
{
    struct fake_queue *q = state;
    enum xcy_status status = XCY_OK;
    pthread_mutex_lock(&q->lock);
    *batch = (struct xcy_message_batch){.n = 0};
    if (q->on_receive) {
        q->on_receive(q);
    }
    if (++q->n_receives == q->stop_after) {
        xcy_stop_ask();
    }
    if (q->fail_receives > 0) {
        q->fail_receives--;
        status = xcy_fail(err, XCY_ENET, "the fake network is down");
    } else if (wait_s > 0 || !q->is_blind) {
        take_visible(q, batch);
        if (batch->n == 0 && wait_s > 0) {
            await_others(q);
            q->now_ns = next_event_ns(q, q->now_ns + wait_s * XCY_NS_PER_S);
            take_visible(q, batch);
        }
        q->now_ns += XCY_NS_PER_MS;
    }
    pthread_mutex_unlock(&q->lock);
    return status;
}

static size_t index_of(const char *handle)
{
    return (size_t)strtoul(handle, NULL, 10);
}

static enum xcy_status drop(void *state, const char *const handles[], size_t n, bool failed[],
                            struct xcy_error *err)
{
    struct fake_queue *q = state;
    enum xcy_status status = XCY_OK;
    pthread_mutex_lock(&q->lock);
    q->n_drops++;
    if (q->fail_drops > 0) {
        q->fail_drops--;
        status = xcy_fail(err, XCY_ENET, "the fake network is down");
    }
    for (size_t h = 0; h < n && status == XCY_OK; h++) {
        failed[h] = q->fail_entries > 0;
        q->fail_entries -= failed[h] ? 1 : 0;
        if (!failed[h]) {
            q->messages[index_of(handles[h])].is_dropped = true;
            q->messages[index_of(handles[h])].is_in_hand = false;
        }
    }
    if (q->on_drop) {
        q->on_drop(q);
    }
    pthread_cond_broadcast(&q->is_less_in_hand);
    pthread_mutex_unlock(&q->lock);
    return status;
}

static enum xcy_status hide(void *state, const char *const handles[], size_t n, int hidden_s,
                            bool failed[], struct xcy_error *err)
{
    struct fake_queue *q = state;
    (void)err;
    pthread_mutex_lock(&q->lock);
    q->n_hides += (int)n;
    for (size_t h = 0; h < n; h++) {
        failed[h] = false;
        struct fake_message *m = &q->messages[index_of(handles[h])];
        m->visible_at_ns = q->now_ns + hidden_s * XCY_NS_PER_S;
        m->is_in_hand = m->is_in_hand && hidden_s == XCY_SOURCE_HIDDEN_S;
    }
    pthread_cond_broadcast(&q->is_less_in_hand);
    pthread_mutex_unlock(&q->lock);
    return XCY_OK;
}

static enum xcy_status count(void *state, int64_t *n, struct xcy_error *err)
{
    struct fake_queue *q = state;
    (void)err;
    pthread_mutex_lock(&q->lock);
    *n = (int64_t)fake_queue_left(q);
    pthread_mutex_unlock(&q->lock);
    return XCY_OK;
}

static enum xcy_status another(const void *state, void **other, struct xcy_error *err)
{
    (void)err;
    memcpy(other, &state, sizeof state); /* there is only one, with a lock */
    return XCY_OK;
}

static void close_queue(void *state)
{
    (void)state;
}

const struct xcy_source fake_source = {
    .name = "fake",
    .another = another,
    .close = close_queue,
    .receive = receive,
    .drop = drop,
    .hide = hide,
    .count = count,
};

static struct xcy_mono world_now(void *ctx)
{
    struct fake_queue *q = ctx;
    pthread_mutex_lock(&q->lock);
    struct xcy_mono now = {q->now_ns};
    pthread_mutex_unlock(&q->lock);
    return now;
}

static int64_t world_wall_us(void *ctx)
{
    return world_now(ctx).ns / XCY_NS_PER_US;
}

static bool world_is_live(void *ctx)
{
    struct fake_queue *q = ctx;
    return world_now(ctx).ns < q->live_until_ns;
}

struct xcy_receive_world fake_queue_world(struct fake_queue *q)
{
    return (struct xcy_receive_world){world_now, world_wall_us, world_is_live, q};
}
