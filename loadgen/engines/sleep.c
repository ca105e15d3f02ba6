/*
 * sleep.c - the engines that ask nobody. sleep ends each call a set time after it was started, null
 * at once: what a run with them shows is the generator itself, how late it is and how much it can do.
 *
 * All calls last equally long, so that they end in the order in which they began: a plain queue. A
 * call counts as sent when it is started; that is told, as of every engine, by the next run.
 */

#include "common/base/mem.h"
#include "loadgen/engines/engine.h"

#include <poll.h>
#include <stdlib.h>

struct sleeper {
    struct xcy_engine_setting setting;
    int64_t length_ns;
    struct xcy_call *first; /* in order; call->sent is set, told or not */
    struct xcy_call *last;
    struct xcy_call *untold;  /* the first whose `sent` was not told; NULL: none */
    struct xcy_answer answer; /* of the call that is being ended: too large to clear for each */
};

static struct sleeper *sleeper_new(const struct xcy_engine_setting *setting, int64_t length_ns)
{
    struct sleeper *s = xcy_alloc(sizeof *s);
    s->setting = *setting;
    s->length_ns = length_ns;
    s->answer.was_sent = true;
    return s;
}

static void *null_open(const struct xcy_engine_setting *setting)
{
    return sleeper_new(setting, 0);
}

static void *sleep_open(const struct xcy_engine_setting *setting)
{
    return sleeper_new(setting, setting->sleep_ns);
}

static void sleeper_close(void *state)
{
    free(state);
}

static enum xcy_status sleeper_start(void *state, struct xcy_call *call, struct xcy_error *err)
{
    (void)err;
    struct sleeper *s = state;
    call->sent = xcy_mono_now();
    call->next = NULL;
    if (s->first) {
        s->last->next = call;
    } else {
        s->first = call;
    }
    s->last = call;
    s->untold = s->untold ? s->untold : call;
    return XCY_OK;
}

static void tell_sent(struct sleeper *s)
{
    while (s->untold) {
        struct xcy_call *call = s->untold;
        s->untold = call->next;
        s->setting.sent(s->setting.ctx, call, call->sent);
    }
}

static struct xcy_mono end_of(const struct sleeper *s, const struct xcy_call *call)
{
    return xcy_mono_add(call->sent, s->length_ns);
}

static void end_first(struct sleeper *s, struct xcy_mono now, enum xcy_outcome outcome)
{
    struct xcy_call *call = s->first;
    s->first = call->next;
    s->answer.outcome = outcome;
    s->answer.sent = call->sent;
    s->answer.acked = now;
    s->setting.done(s->setting.ctx, call, &s->answer);
}

/* Of those that were there when it was called: one that is started by `done` has its turn after the
 * wake-up was looked for. True when something ended. */
static bool end_due(struct sleeper *s)
{
    const struct xcy_call *last = s->first ? s->last : NULL;
    bool is_last = !last;
    bool any = false;
    while (!is_last) {
        struct xcy_mono now = xcy_mono_now();
        if (xcy_mono_before(now, end_of(s, s->first))) {
            break;
        }
        is_last = s->first == last;
        end_first(s, now, XCY_OUTCOME_OK);
        any = true;
    }
    return any;
}

/* False when woken; looks at wake_fd also when the instant has passed. */
static bool wait_until(struct xcy_mono when, int wake_fd)
{
    if (wake_fd >= 0 && !xcy_mono_before(xcy_mono_now(), when)) {
        struct pollfd waited = {.fd = wake_fd, .events = POLLIN};
        return poll(&waited, 1, 0) <= 0;
    }
    return xcy_sleep_until(when, wake_fd);
}

static void sleeper_run(void *state, struct xcy_mono until, int wake_fd, bool once)
{
    struct sleeper *s = state;
    bool is_over = false;
    while (!is_over) {
        tell_sent(s);
        bool any = end_due(s);
        struct xcy_mono next = until;
        if (s->first && xcy_mono_before(end_of(s, s->first), until)) {
            next = end_of(s, s->first);
        }
        is_over = (once && (any || !s->first)) || !xcy_mono_before(xcy_mono_now(), until) ||
                  !wait_until(next, wake_fd);
    }
}

static void sleeper_cancel(void *state)
{
    struct sleeper *s = state;
    while (s->first) {
        tell_sent(s);
        end_first(s, xcy_mono_now(), XCY_OUTCOME_GENERATOR);
    }
}

const struct xcy_engine xcy_engine_null = {
    .name = "null",
    .help = "answers at once without sending anything: measures the generator itself",
    .open = null_open,
    .close = sleeper_close,
    .start = sleeper_start,
    .run = sleeper_run,
    .cancel = sleeper_cancel,
};

const struct xcy_engine xcy_engine_sleep = {
    .name = "sleep",
    .help = "sleep:MS answers so many milliseconds later, without sending anything",
    .takes_length = true,
    .open = sleep_open,
    .close = sleeper_close,
    .start = sleeper_start,
    .run = sleeper_run,
    .cancel = sleeper_cancel,
};
