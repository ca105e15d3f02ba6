#include "collectors/receive.h"

#include "common/base/mem.h"
#include "common/base/stop.h"

#include <pthread.h>
#include <stdlib.h>

enum { LIVE_WAIT_S = 1 };

struct receiver {
    const struct xcy_receive_task *task;
    struct xcy_intake *intake;
    struct xcy_slots *slots; /* NULL while the load runs */
    struct xcy_mono started;
    int64_t n_at_start; /* requests that had reported before */
};

static struct xcy_mono now(const struct receiver *r)
{
    const struct xcy_receive_world *world = &r->task->parts.world;
    return world->now(world->ctx);
}

static void show_progress(const struct receiver *r)
{
    if (!xcy_progress_is_due(r->task->progress)) {
        return;
    }
    struct xcy_intake_count count = xcy_intake_look(r->intake);
    const int64_t *counts = count.tally.counts;
    int64_t n_sent = !r->slots && r->task->sent ? xcy_sent_count(r->task->sent) : 0;
    int64_t expected = r->slots ? count.n_reported + count.n_waiting : n_sent;
    int64_t missing = expected > count.n_reported ? expected - count.n_reported : 0;
    double seconds = (double)xcy_mono_diff_ns(now(r), r->started) / 1e9;
    xcy_progress_show(r->task->progress,
                      "%lld of %lld%s, %lld missing, %lld duplicate, %lld foreign, "
                      "%lld malformed, %.0f/s",
                      (long long)count.n_reported, (long long)expected, r->slots ? "" : " sent",
                      (long long)missing, (long long)counts[XCY_MESSAGE_DUPLICATE],
                      (long long)counts[XCY_MESSAGE_FOREIGN],
                      (long long)counts[XCY_MESSAGE_MALFORMED],
                      seconds > 0 ? (double)(count.n_reported - r->n_at_start) / seconds : 0.0);
}

struct drainer {
    const struct receiver *r;
    void *state;
    bool shows_progress; /* the main thread */
    pthread_t thread;
    enum xcy_status status;
    struct xcy_error err;
};

static void *drain_with(void *ctx)
{
    struct drainer *d = ctx;
    size_t n_messages = 0;
    size_t n_ours = 1;
    while (d->status == XCY_OK && n_ours > 0 && !xcy_stop_asked()) {
        d->status = xcy_intake_receive(d->r->intake, d->state, 0, &n_messages, &n_ours, &d->err);
        if (d->shows_progress) {
            show_progress(d->r);
        }
    }
    return NULL;
}

/* All sources at once until each finds nothing of ours. A thread that cannot be started is not
 * missed: the others do its work. */
static enum xcy_status drain(const struct receiver *r, struct xcy_error *err)
{
    size_t n = r->task->n_states;
    struct drainer *drainers = xcy_alloc_array(n, sizeof *drainers);
    bool *is_started = xcy_alloc_array(n, sizeof *is_started);
    for (size_t d = 0; d < n; d++) {
        drainers[d] =
            (struct drainer){.r = r, .state = r->task->states[d], .shows_progress = d == 0};
        is_started[d] =
            d > 0 && pthread_create(&drainers[d].thread, NULL, drain_with, &drainers[d]) == 0;
    }
    drain_with(&drainers[0]);
    enum xcy_status status = XCY_OK;
    for (size_t d = 0; d < n; d++) {
        if (is_started[d]) {
            pthread_join(drainers[d].thread, NULL);
        }
        if (status == XCY_OK && drainers[d].status != XCY_OK) {
            *err = drainers[d].err;
            status = drainers[d].status;
        }
    }
    free(is_started);
    free(drainers);
    return status;
}

/* Once the load has ended it is known who may still report. */
static enum xcy_status look_at_load(struct receiver *r, struct xcy_error *err)
{
    const struct xcy_receive_world *world = &r->task->parts.world;
    if (r->slots || world->is_live(world->ctx)) {
        return XCY_OK;
    }
    enum xcy_status status = xcy_slots_read(r->task->run_path, r->task->manifest, &r->slots, err);
    if (status == XCY_OK) {
        xcy_intake_load_ended(r->intake, r->slots);
    }
    return status;
}

/* What the next step is: to end, or to poll once more for up to wait_s. */
struct step {
    bool is_end;
    enum xcy_receive_end end;
    int wait_s;
};

static struct step end_with(enum xcy_receive_end end)
{
    return (struct step){.is_end = true, .end = end};
}

/* How long what an earlier gather took may still be hidden, if the queue holds anything at all. */
static int64_t hidden_ns(const struct receiver *r, struct xcy_mono t)
{
    const struct xcy_receive_task *task = r->task;
    struct xcy_error ignored;
    int64_t left_ns = task->least_ns - xcy_mono_diff_ns(t, r->started);
    int64_t n = 0;
    if (left_ns <= 0) {
        return 0;
    }
    bool is_empty = task->parts.source->count(task->states[0], &n, &ignored) == XCY_OK && n == 0;
    return is_empty ? 0 : left_ns;
}

static struct step next_step(const struct receiver *r, bool found_nothing)
{
    struct xcy_mono t = now(r);
    struct xcy_intake_count count = xcy_intake_look(r->intake);
    bool is_complete = r->slots && count.n_waiting == 0;
    int64_t left_ns = LIVE_WAIT_S * XCY_NS_PER_S;
    if (r->slots) {
        int64_t quiet_ns = r->task->quiet_ns - xcy_mono_diff_ns(t, count.last_new);
        left_ns = is_complete ? 0 : quiet_ns;
    }
    if (found_nothing && left_ns < r->task->least_ns) {
        int64_t to_least_ns = hidden_ns(r, t);
        left_ns = to_least_ns > left_ns ? to_least_ns : left_ns;
    }
    if (found_nothing && is_complete && left_ns <= 0) {
        return end_with(XCY_RECEIVE_COMPLETE);
    }
    if (found_nothing && left_ns <= 0) {
        return end_with(XCY_RECEIVE_QUIET);
    }
    if (r->task->deadline_ns > 0) {
        int64_t to_deadline_ns = r->task->deadline_ns - xcy_mono_diff_ns(t, r->started);
        if (to_deadline_ns <= 0) {
            return end_with(XCY_RECEIVE_DEADLINE);
        }
        left_ns = to_deadline_ns < left_ns ? to_deadline_ns : left_ns;
    }
    if (left_ns <= 0) {
        return (struct step){.wait_s = 0};
    }
    int64_t wait_s = (left_ns + XCY_NS_PER_S - 1) / XCY_NS_PER_S;
    return (struct step){
        .wait_s = (int)(wait_s < XCY_SOURCE_MAX_WAIT_S ? wait_s : XCY_SOURCE_MAX_WAIT_S)};
}

static enum xcy_status receive_until_over(struct receiver *r, enum xcy_receive_end *end,
                                          struct xcy_error *err)
{
    bool found_nothing = false;
    while (!xcy_stop_asked()) {
        bool had_ended = r->slots != NULL;
        enum xcy_status status = look_at_load(r, err);
        if (status != XCY_OK) {
            return status;
        }
        struct step step = next_step(r, found_nothing && had_ended);
        if (step.is_end) {
            *end = step.end;
            return XCY_OK;
        }
        size_t n_messages = 0;
        size_t n_ours = 0;
        status = xcy_intake_receive(r->intake, r->task->states[0], step.wait_s, &n_messages,
                                    &n_ours, err);
        if (status == XCY_OK && n_messages == XCY_SOURCE_BATCH && n_ours > 0) {
            status = drain(r, err);
        }
        if (status != XCY_OK) {
            return status;
        }
        found_nothing = n_ours == 0;
        show_progress(r);
    }
    return xcy_fail(err, XCY_ESTOPPED, "interrupted");
}

enum xcy_status xcy_receive(const struct xcy_receive_task *task, struct xcy_receive_result *result,
                            struct xcy_error *err)
{
    struct receiver r = {.task = task};
    enum xcy_receive_end end = XCY_RECEIVE_COMPLETE;
    xcy_assert(task->n_states > 0);
    r.started = now(&r);
    r.intake = xcy_intake_new(&task->parts);
    r.n_at_start = task->parts.collection->n_reported;
    enum xcy_status status = receive_until_over(&r, &end, err);
    xcy_intake_release(r.intake, task->states[0]);
    if (status == XCY_OK) {
        struct xcy_intake_count count = xcy_intake_look(r.intake);
        *result = (struct xcy_receive_result){.end = end, .n_undeleted = count.n_undeleted};
    }
    xcy_intake_free(r.intake);
    xcy_slots_free(r.slots);
    return status;
}
