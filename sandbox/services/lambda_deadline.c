#include "sandbox/services/lambda_deadline.h"

#include "common/base/mem.h"
#include "sandbox/services/lambda_execution.h"
#include "sandbox/services/lambda_fault.h"
#include "sandbox/services/lambda_instance.h"

#include <stdlib.h>

/* A deadline: points at its execution and knows which try of it is meant. */
struct deadline {
    struct xcy_execution *execution;
    int n_tries;
};

static void deadline_free(struct deadline *d)
{
    xcy_execution_unref(d->execution);
    free(d);
}

/* Lambda's words: seconds with two digits. */
static void time_out(struct xcy_execution *e)
{
    struct xcy_instance *instance = e->instance;
    struct xcy_hosted_function *f = e->function;
    struct xcy_mono now = xcy_mono_now();
    xcy_instance_remove_running(instance, e);
    xcy_pool_retire(&f->pool, &instance->worker, true, now);
    xcy_pool_done(&f->pool, &instance->worker, now);
    xcy_execution_fail(e, XCY_EXECUTION_TIMED_OUT, "Sandbox.Timedout",
                       "Task timed out after %.2f seconds", (double)f->timeout_ms / 1000.0);
}

static void on_deadline(void *ctx)
{
    struct deadline *d = ctx;
    struct xcy_execution *e = d->execution;
    struct xcy_lambda_service *s = e->function->service;
    pthread_mutex_lock(&s->lock);
    if (e->instance && e->n_tries == d->n_tries && !s->stopping && !xcy_lambda_fault_late(e)) {
        time_out(e);
    }
    deadline_free(d);
    pthread_mutex_unlock(&s->lock);
}

static void on_deadline_dropped(void *ctx)
{
    struct deadline *d = ctx;
    struct xcy_lambda_service *s = d->execution->function->service;
    pthread_mutex_lock(&s->lock);
    deadline_free(d);
    pthread_mutex_unlock(&s->lock);
}

void xcy_lambda_deadline_set(struct xcy_execution *e)
{
    const struct xcy_hosted_function *f = e->function;
    struct deadline *d = xcy_alloc(sizeof *d);
    *d = (struct deadline){.execution = e, .n_tries = e->n_tries};
    xcy_execution_ref(e);
    xcy_timers_add(f->service->options.timers,
                   xcy_mono_add(xcy_mono_now(), f->timeout_ms * XCY_NS_PER_MS), on_deadline,
                   on_deadline_dropped, d);
}
