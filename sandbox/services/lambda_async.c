#include "sandbox/services/lambda_async.h"

#include "common/base/log.h"
#include "sandbox/services/lambda_dispatch.h"
#include "sandbox/services/lambda_execution.h"
#include "sandbox/services/lambda_fault.h"

/* Lambda's own: a throttled event is taken up again after 1 s, doubling to 5 minutes, for 6 hours. */
enum { FIRST_BACKOFF_S = 1, MAX_BACKOFF_S = 300, MAX_AGE_S = 6 * 3600, MAX_DOUBLINGS = 9 };

static int64_t scaled_ns(const struct xcy_execution *e, int64_t ns)
{
    return (int64_t)((double)ns * e->function->service->options.time_scale);
}

/* The event is let go, for good. */
static void let_go(struct xcy_execution *e)
{
    e->function->n_events--;
    xcy_execution_unref(e);
}

static void drop(struct xcy_execution *e, const char *why)
{
    e->function->counts.dropped++;
    xcy_log(XCY_LOG_WARNING, "%s: event %s is given up: %s", e->function->name, e->id, why);
    let_go(e);
}

static void try_now(struct xcy_execution *e);

static void on_due(void *ctx)
{
    struct xcy_execution *e = ctx;
    struct xcy_lambda_service *s = e->function->service;
    pthread_mutex_lock(&s->lock);
    if (s->stopping) {
        let_go(e);
    } else {
        try_now(e);
    }
    pthread_mutex_unlock(&s->lock);
}

static void on_dropped(void *ctx)
{
    struct xcy_execution *e = ctx;
    struct xcy_lambda_service *s = e->function->service;
    pthread_mutex_lock(&s->lock);
    let_go(e);
    pthread_mutex_unlock(&s->lock);
}

/* The timer holds the event until then. */
static void try_later(struct xcy_execution *e, int64_t delay_ns)
{
    struct xcy_mono when = xcy_mono_add(xcy_mono_now(), scaled_ns(e, delay_ns));
    xcy_timers_add(e->function->service->options.timers, when, on_due, on_dropped, e);
}

static int64_t backoff_ns(const struct xcy_execution *e)
{
    int doublings = e->n_throttles < MAX_DOUBLINGS ? e->n_throttles : MAX_DOUBLINGS;
    int64_t backoff_s = (int64_t)FIRST_BACKOFF_S << doublings;
    return (backoff_s < MAX_BACKOFF_S ? backoff_s : MAX_BACKOFF_S) * XCY_NS_PER_S;
}

static void try_now(struct xcy_execution *e)
{
    if (xcy_lambda_dispatch(e)) {
        return;
    }
    e->function->counts.throttled++;
    int64_t age_ns = xcy_mono_diff_ns(xcy_mono_now(), e->accepted_mono);
    if (age_ns >= scaled_ns(e, MAX_AGE_S * XCY_NS_PER_S)) {
        drop(e, "throttled for six hours");
        return;
    }
    int64_t delay_ns = backoff_ns(e);
    e->n_throttles++;
    try_later(e, delay_ns);
}

/* The same event as another execution, in turn at once and after a second. */
static void deliver_again(const struct xcy_execution *first)
{
    struct xcy_hosted_function *f = first->function;
    struct xcy_execution *e = xcy_execution_new_event(f, first->id, first->payload);
    f->n_events++;
    if (f->n_doubles++ % 2 == 0) {
        try_now(e);
    } else {
        try_later(e, XCY_NS_PER_S);
    }
}

bool xcy_lambda_event_accept(struct xcy_hosted_function *f, const char *id,
                             struct xcy_bytes payload)
{
    if (f->n_events >= XCY_LAMBDA_EVENTS_WAITING) {
        return false;
    }
    struct xcy_execution *e = xcy_execution_new_event(f, id, payload);
    f->n_events++;
    f->counts.events++;
    xcy_lambda_log_invoke(f, "event", id, e->accepted, 202, NULL);
    bool is_double = xcy_lambda_fault_twice(e);
    xcy_execution_ref(e); /* a try may end it */
    try_now(e);
    if (is_double) {
        deliver_again(e);
    }
    xcy_execution_unref(e);
    return true;
}

void xcy_lambda_event_ended(struct xcy_execution *e, enum xcy_execution_outcome outcome)
{
    const struct xcy_lambda_service *s = e->function->service;
    if (outcome == XCY_EXECUTION_OK || outcome == XCY_EXECUTION_STOPPED || s->stopping) {
        let_go(e);
        return;
    }
    /* one that no process came up for was not handed out, but it was tried */
    e->n_tries += outcome == XCY_EXECUTION_NOT_STARTED;
    if (e->n_tries >= XCY_LAMBDA_EVENT_TRIES) {
        drop(e, "its third try failed too");
        return;
    }
    static const int64_t default_ms[] = {1000, 2000};
    int index = e->n_tries - 1;
    int64_t delay_ms =
        s->options.retry_ms[index] > 0 ? s->options.retry_ms[index] : default_ms[index];
    e->function->counts.retries++;
    e->n_throttles = 0;
    try_later(e, delay_ms * XCY_NS_PER_MS);
}
