#include "tests/unit/loadgen/puppet.h"

#include "common/base/mem.h"

#include <stdio.h>
#include <stdlib.h>

/* How long a worker that waits for a release sleeps before it looks again. */
#define POLL_NS (200 * XCY_NS_PER_US)

static struct puppet *puppet;

struct state {
    struct xcy_engine_setting setting;
    struct xcy_call *first; /* in order */
    struct xcy_call **tail;
    int64_t n;
};

void puppet_begin(struct puppet *p)
{
    puppet = p;
}

static void *puppet_open(const struct xcy_engine_setting *setting)
{
    struct state *s = xcy_alloc(sizeof *s);
    s->setting = *setting;
    s->tail = &s->first;
    return s;
}

static void puppet_close(void *state)
{
    struct state *s = state;
    xcy_assert(s->n == 0);
    free(s);
}

static void note_most(int64_t in_engine)
{
    long long most = atomic_load(&puppet->most_in_engine);
    while (in_engine > most &&
           !atomic_compare_exchange_weak(&puppet->most_in_engine, &most, in_engine)) {
    }
}

static enum xcy_status puppet_start(void *state, struct xcy_call *call, struct xcy_error *err)
{
    struct state *s = state;
    (void)err;
    xcy_assert(call->id.i < PUPPET_MAX);
    int before = atomic_fetch_add(&puppet->attempts[call->id.i], 1);
    xcy_assert(call->attempt == before + 1);
    atomic_fetch_add(&puppet->n_started, 1);
    note_most(atomic_fetch_add(&puppet->in_engine, 1) + 1);
    call->next = NULL;
    *s->tail = call;
    s->tail = &call->next;
    s->n++;
    return XCY_OK;
}

static struct puppet_act act_of(const struct xcy_call *call)
{
    return puppet->decide ? puppet->decide(call->id.i, call->attempt)
                          : (struct puppet_act){.outcome = XCY_OUTCOME_OK};
}

static bool is_released(void)
{
    int64_t n_started = atomic_load(&puppet->n_started);
    return (puppet->release_at > 0 && atomic_load(&puppet->in_engine) >= puppet->release_at) ||
           (puppet->release_all_at > 0 && n_started >= puppet->release_all_at);
}

static struct xcy_call *unlink_call(struct state *s, struct xcy_call **at)
{
    struct xcy_call *call = *at;
    *at = call->next;
    if (s->tail == &call->next) {
        s->tail = at;
    }
    s->n--;
    return call;
}

static void end(struct state *s, struct xcy_call *call, enum xcy_outcome outcome)
{
    struct xcy_answer answer = {.outcome = outcome, .was_sent = call->sent.ns != 0};
    answer.sent = call->sent;
    answer.acked = xcy_mono_now();
    if (outcome != XCY_OUTCOME_OK) {
        snprintf(answer.reason, sizeof answer.reason, "attempt %lld", (long long)call->attempt);
    }
    atomic_fetch_sub(&puppet->in_engine, 1);
    long long n_before = atomic_load(&puppet->n_started);
    s->setting.done(s->setting.ctx, call, &answer);
    if (atomic_load(&puppet->n_started) == n_before) {
        atomic_fetch_add(&puppet->n_unreplaced, 1);
    }
}

static void tell_sent(struct state *s, struct xcy_call *call)
{
    if (call->sent.ns == 0) {
        s->setting.sent(s->setting.ctx, call, xcy_mono_now());
    }
}

/* True when something ended. */
static bool play(struct state *s)
{
    bool any = false;
    for (struct xcy_call **at = &s->first; *at;) {
        struct puppet_act act = act_of(*at);
        if (!act.is_unsent) {
            tell_sent(s, *at);
        }
        bool is_early = xcy_mono_diff_ns(xcy_mono_now(), (*at)->started) < act.after_ns;
        if (is_early || (act.is_held && !is_released())) {
            at = &(*at)->next;
        } else {
            end(s, unlink_call(s, at), act.outcome);
            any = true;
        }
    }
    return any;
}

static void puppet_run(void *state, struct xcy_mono until, int wake_fd, bool once)
{
    struct state *s = state;
    for (;;) {
        bool any = play(s);
        struct xcy_mono now = xcy_mono_now();
        struct xcy_mono next = xcy_mono_add(now, POLL_NS);
        next = s->n == 0 || xcy_mono_before(until, next) ? until : next;
        if ((once && (any || s->n == 0)) || !xcy_mono_before(now, until) ||
            !xcy_sleep_until(next, wake_fd)) {
            return;
        }
    }
}

static void puppet_cancel(void *state)
{
    struct state *s = state;
    while (s->first) {
        end(s, unlink_call(s, &s->first), XCY_OUTCOME_GENERATOR);
    }
}

const struct xcy_engine puppet_engine = {
    .name = "puppet",
    .help = "does what a test tells it",
    .open = puppet_open,
    .close = puppet_close,
    .start = puppet_start,
    .run = puppet_run,
    .cancel = puppet_cancel,
};
