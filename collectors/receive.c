#include "collectors/receive.h"

#include "collectors/live.h"
#include "collectors/receivers.h"

#include "common/base/log.h"
#include "common/base/random.h"
#include "common/base/stop.h"

#include <stdlib.h>

enum { LOOK_AGAIN_MS = 200 };

const char *const xcy_receive_end_names[] = {[XCY_RECEIVE_COMPLETE] = "complete",
                                             [XCY_RECEIVE_QUIET] = "quiet",
                                             [XCY_RECEIVE_DEADLINE] = "deadline"};

void xcy_receive_warn(const struct xcy_receive_result *result)
{
    if (result->finish.left > 0) {
        xcy_log(XCY_LOG_WARNING,
                "%lld messages could not be deleted from the queue; they are on disk, and come "
                "again as duplicates: gather once more",
                (long long)result->finish.left);
    }
}

struct receiver {
    const struct xcy_receive_task *task;
    struct xcy_pace pace;
    struct xcy_finish *finish;
    struct xcy_commit *commit;
    struct xcy_intake *intake;
    struct xcy_receivers *helpers;
    const struct xcy_slots *slots; /* NULL while the load runs */
    struct xcy_slots *read_slots;  /* owned, unless they were given */
    struct xcy_mono started;
    struct xcy_live live;
};

static struct xcy_mono now(const struct receiver *r)
{
    return r->task->world.now(r->task->world.ctx);
}

static void show_progress(struct receiver *r)
{
    if (!xcy_progress_is_due(r->task->progress)) {
        return;
    }
    struct xcy_intake_count count = xcy_intake_look(r->intake);
    int64_t n_sent = !r->slots && r->task->sent ? xcy_sent_count(r->task->sent) : 0;
    struct xcy_live_facts facts = {
        .got = count.n_reported,
        .expected = r->slots ? count.n_reported + count.n_waiting : n_sent,
        .is_load_over = r->slots != NULL,
        .duplicate = count.tally.counts[XCY_MESSAGE_DUPLICATE],
        .foreign = count.tally.counts[XCY_MESSAGE_FOREIGN],
        .malformed = count.tally.counts[XCY_MESSAGE_MALFORMED],
    };
    char line[XCY_LIVE_BYTES];
    xcy_live_format(&r->live, now(r), &facts, line);
    xcy_progress_show(r->task->progress, "%s", line);
}

/* Once the load has ended it is known who may still report. */
static enum xcy_status look_at_load(struct receiver *r, struct xcy_error *err)
{
    const struct xcy_receive_task *task = r->task;
    enum xcy_status status = XCY_OK;
    if (r->slots || task->world.is_live(task->world.ctx)) {
        return XCY_OK;
    }
    if (!task->slots) {
        status = xcy_slots_read(task->run_path, task->manifest, &r->read_slots, err);
    }
    if (status == XCY_OK) {
        r->slots = task->slots ? task->slots : r->read_slots;
        xcy_intake_load_ended(r->intake, r->slots);
    }
    return status;
}

static bool is_empty(const struct receiver *r)
{
    struct xcy_error ignored;
    int64_t n = 0;
    return r->task->source->count(r->task->state, &n, &ignored) == XCY_OK && n == 0;
}

static struct xcy_step next_step(const struct receiver *r, bool found_nothing)
{
    const struct xcy_patience *patience = &r->task->patience;
    struct xcy_intake_count count = xcy_intake_look(r->intake);
    struct xcy_standing standing = {
        .now = now(r),
        .started = r->started,
        .is_load_over = r->slots != NULL,
        .n_waiting = count.n_waiting,
        .last_new = count.last_new,
        .last_foreign = count.last_foreign,
        .found_nothing = found_nothing,
    };
    standing.is_empty = xcy_patience_may_hide(patience, &standing) && is_empty(r);
    return xcy_patience_next(patience, &standing);
}

/* What went wrong in another thread. */
static enum xcy_status fault_of(const struct receiver *r, struct xcy_error *err)
{
    enum xcy_status status = xcy_commit_fault(r->commit, err);
    if (status == XCY_OK) {
        status = xcy_finish_fault(r->finish, err);
    }
    return status == XCY_OK ? xcy_receivers_fault(r->helpers, err) : status;
}

/* Until what was received is on the disk and out of the queue, and nobody receives. */
static void await_calm(struct receiver *r)
{
    const int64_t max_ns = LOOK_AGAIN_MS * XCY_NS_PER_MS;
    struct xcy_error ignored;
    while (!xcy_stop_asked() && fault_of(r, &ignored) == XCY_OK &&
           !(xcy_receivers_await_rest(r->helpers, max_ns) &&
             xcy_commit_await_idle(r->commit, max_ns) &&
             xcy_finish_await_idle(r->finish, max_ns))) {
        show_progress(r);
    }
}

/* Two gathers that wait for what the other has in hand would take it from each other in step for ever:
 * after a draw one of them polls alone. */
static void step_aside(const struct receiver *r)
{
    uint64_t most_ns = (uint64_t)r->task->step_aside_ns;
    if (most_ns > 0) {
        int64_t pause_ns = (int64_t)(xcy_random_seed() % most_ns);
        xcy_sleep_until(xcy_mono_add(xcy_mono_now(), pause_ns), xcy_stop_fd());
    }
}

/* One poll, and whether it is sure that the queue has nothing more of ours now: neither this poll found
 * anything, nor did anybody else meanwhile. */
static enum xcy_status poll_once(struct receiver *r, int wait_s, bool *found_nothing,
                                 struct xcy_error *err)
{
    struct xcy_intake_got got;
    int64_t n_before = xcy_intake_look(r->intake).n_ours;
    enum xcy_status status = xcy_intake_receive(r->intake, r->task->state, wait_s, &got, err);
    if (status != XCY_OK) {
        return status;
    }
    if (got.n == XCY_SOURCE_BATCH && got.n_ours > 0) {
        xcy_receivers_call(r->helpers);
    }
    *found_nothing = false;
    if (got.n_ours == 0) {
        await_calm(r);
        if (got.n > 0) {
            step_aside(r);
        }
        *found_nothing = xcy_intake_look(r->intake).n_ours == n_before;
    }
    show_progress(r);
    return XCY_OK;
}

static enum xcy_status receive_until_over(struct receiver *r, enum xcy_receive_end *end,
                                          struct xcy_error *err)
{
    bool found_nothing = false;
    while (!xcy_stop_asked()) {
        bool had_ended = r->slots != NULL;
        enum xcy_status status = fault_of(r, err);
        if (status == XCY_OK) {
            status = look_at_load(r, err);
        }
        if (status != XCY_OK) {
            return status;
        }
        struct xcy_step step = next_step(r, found_nothing && had_ended);
        if (step.is_end) {
            *end = step.end;
            return XCY_OK;
        }
        /* A long poll would miss that the helpers have found the last one. */
        bool is_alone = xcy_receivers_await_rest(r->helpers, 0);
        status = poll_once(r, is_alone ? step.wait_s : 0, &found_nothing, err);
        if (status != XCY_OK) {
            return status;
        }
    }
    return xcy_fail(err, XCY_ESTOPPED, "interrupted");
}

static void look_for_slow(void *ctx)
{
    struct receiver *r = ctx;
    xcy_commit_extend(r->commit);
}

static enum xcy_status begin(struct receiver *r, struct xcy_error *err)
{
    const struct xcy_receive_task *task = r->task;
    struct xcy_finish_parts finish = {
        .source = task->source,
        .state = task->state,
        .retry = task->retry,
        .most_threads = task->most_receivers,
        .look_every_ns = task->look_every_ns > 0 ? task->look_every_ns : XCY_NS_PER_S,
        .look = look_for_slow,
        .ctx = r,
    };
    enum xcy_status status = xcy_finish_new(&finish, &r->finish, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_commit_parts commit = {
        .ledger = task->ledger,
        .orphans = task->orphans,
        .commit = task->commit,
        .finish = r->finish,
        .now = task->world.now,
        .ctx = task->world.ctx,
    };
    status = xcy_commit_begin(&commit, &r->commit, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_intake_parts intake = {
        .source = task->source,
        .collection = task->collection,
        .world = task->world,
        .retry = task->retry,
        .commit = r->commit,
        .finish = r->finish,
        .pace = &r->pace,
        .same_clock = task->same_clock,
        .take_foreign = task->orphans != NULL,
    };
    r->intake = xcy_intake_new(&intake);
    r->helpers =
        xcy_receivers_new(r->intake, task->source, task->state, &r->pace, task->most_receivers - 1);
    return xcy_finish_begin(r->finish, err);
}

/* In the way of a message: nobody receives, what was received is written, what was written deleted. */
static void end(struct receiver *r)
{
    if (r->helpers) {
        xcy_receivers_end(r->helpers);
        xcy_intake_release(r->intake);
    }
    if (r->commit) {
        xcy_commit_end(r->commit);
    }
    if (r->finish) {
        xcy_finish_end(r->finish);
    }
}

static void clear(struct receiver *r)
{
    xcy_receivers_free(r->helpers);
    xcy_intake_free(r->intake);
    xcy_commit_free(r->commit);
    xcy_finish_free(r->finish);
    xcy_slots_free(r->read_slots);
}

/* What another thread met with explains more than what this one did; but a stop explains all. */
static enum xcy_status explain(const struct receiver *r, enum xcy_status status,
                               struct xcy_error *err)
{
    struct xcy_error fault;
    if (status == XCY_ESTOPPED || fault_of(r, &fault) == XCY_OK) {
        return status;
    }
    if (xcy_stop_asked()) {
        return xcy_fail(err, XCY_ESTOPPED, "interrupted");
    }
    *err = fault;
    return fault.status;
}

enum xcy_status xcy_receive(const struct xcy_receive_task *task, struct xcy_receive_result *result,
                            struct xcy_error *err)
{
    struct receiver r = {.task = task, .pace = xcy_pace_of(task->most_receivers)};
    struct xcy_receive_result received = {.end = XCY_RECEIVE_COMPLETE};
    r.started = now(&r);
    r.live = xcy_live_begin(r.started, task->collection->n_reported);
    enum xcy_status status = begin(&r, err);
    bool has_begun = status == XCY_OK;
    if (has_begun) {
        status = receive_until_over(&r, &received.end, err);
    }
    end(&r);
    if (has_begun) {
        status = explain(&r, status, err);
        received.n_received = xcy_intake_look(r.intake).n_received;
        received.took_ns = xcy_mono_diff_ns(now(&r), r.started);
        received.finish = xcy_finish_count(r.finish);
    }
    if (status == XCY_OK) {
        *result = received;
    }
    clear(&r);
    return status;
}
