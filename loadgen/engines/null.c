/*
 * null.c - the engine that asks nobody: every call is sent and answered at once. What a run with it
 * shows is the generator itself: how late it is, and how much it can do.
 */

#include "common/base/mem.h"
#include "loadgen/engines/engine.h"

#include <stdlib.h>

struct null {
    struct xcy_engine_setting setting;
    struct xcy_call *started; /* in order */
    struct xcy_call **tail;
};

static void *null_open(const struct xcy_engine_setting *setting)
{
    struct null *state = xcy_alloc(sizeof *state);
    state->setting = *setting;
    state->tail = &state->started;
    return state;
}

static void null_close(void *state)
{
    free(state);
}

static enum xcy_status null_start(void *state, struct xcy_call *call, struct xcy_error *err)
{
    (void)err;
    struct null *null = state;
    call->next = NULL;
    *null->tail = call;
    null->tail = &call->next;
    return XCY_OK;
}

static struct xcy_call *take(struct null *null)
{
    struct xcy_call *call = null->started;
    if (call) {
        null->started = call->next;
        if (!null->started) {
            null->tail = &null->started;
        }
    }
    return call;
}

/* True when something ended. */
static bool answer_all(struct null *null, enum xcy_outcome outcome)
{
    bool any = false;
    for (struct xcy_call *call = take(null); call; call = take(null)) {
        struct xcy_answer answer = {.outcome = outcome};
        if (outcome == XCY_OUTCOME_OK) {
            answer.was_sent = true;
            answer.sent = xcy_mono_now();
            null->setting.sent(null->setting.ctx, call, answer.sent);
        }
        answer.acked = xcy_mono_now();
        null->setting.done(null->setting.ctx, call, &answer);
        any = true;
    }
    return any;
}

static void null_run(void *state, struct xcy_mono until, int wake_fd, bool once)
{
    answer_all(state, XCY_OUTCOME_OK);
    if (!once) {
        xcy_sleep_until(until, wake_fd);
    }
}

static void null_cancel(void *state)
{
    answer_all(state, XCY_OUTCOME_GENERATOR);
}

const struct xcy_engine xcy_engine_null = {
    .name = "null",
    .help = "answers at once without sending anything: measures the generator itself",
    .has_target = false,
    .open = null_open,
    .close = null_close,
    .start = null_start,
    .run = null_run,
    .cancel = null_cancel,
};
