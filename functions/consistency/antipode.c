#include "functions/consistency/antipode.h"

#include "common/base/random.h"
#include "common/record/context.h"
#include "functions/backoff.h"

#include <stdlib.h>

static void begin(struct xcy_event *event)
{
    xcy_random_hex(event->context_id, 32);
}

static void wrote(struct xcy_event *event)
{
    char *context = xcy_event_context(event);
    event->context_bytes = xcy_context_bytes(context);
    free(context);
}

static enum xcy_status wait(const struct xcy_event *event, const struct xcy_post_backend *post,
                            void *post_state, const struct xcy_environment *environment,
                            struct xcy_mono deadline, struct xcy_barrier *barrier,
                            struct xcy_error *err)
{
    if (event->context_id[0] == '\0') {
        return xcy_fail(err, XCY_EPARSE, "the notification carries no context to wait for");
    }
    struct xcy_barrier b = {0};
    struct xcy_backoff backoff;
    xcy_backoff_init(&backoff, environment, deadline);
    for (;;) {
        bool found = false;
        enum xcy_status status = post->visible(post_state, event->id.key, event->version,
                                               event->context_id, true, &found, NULL, err);
        b.probes++;
        if (status == XCY_OK && found) {
            break;
        }
        /* A probe that got no answer is neither a hit nor a miss: the next one may tell. */
        if (status != XCY_OK && !xcy_is_passing_failure(status)) {
            return xcy_error_context(err, "barrier");
        }
        b.waited = true;
        if (!xcy_backoff_wait(&backoff)) {
            if (status != XCY_OK) {
                return xcy_error_context(err, "barrier");
            }
            b.timed_out = true;
            break;
        }
    }
    *barrier = b;
    return XCY_OK;
}

const struct xcy_consistency_protocol xcy_antipode_consistency = {
    .name = "antipode",
    .begin = begin,
    .wrote = wrote,
    .wait = wait,
};
