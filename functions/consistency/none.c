#include "functions/consistency/none.h"

static void begin(struct xcy_event *event)
{
    event->context_id[0] = '\0';
}

static void wrote(struct xcy_event *event)
{
    event->context_bytes = 0;
}

static enum xcy_status wait(const struct xcy_event *event, const struct xcy_post_backend *post,
                            void *post_state, const struct xcy_environment *environment,
                            struct xcy_mono deadline, struct xcy_barrier *barrier,
                            struct xcy_error *err)
{
    (void)event;
    (void)post;
    (void)post_state;
    (void)environment;
    (void)deadline;
    (void)err;
    *barrier = (struct xcy_barrier){0};
    return XCY_OK;
}

const struct xcy_consistency_protocol xcy_none_consistency = {
    .name = "none",
    .begin = begin,
    .wrote = wrote,
    .wait = wait,
};
