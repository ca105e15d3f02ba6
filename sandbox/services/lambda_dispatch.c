#include "sandbox/services/lambda_dispatch.h"

#include "common/base/mem.h"
#include "common/base/random.h"
#include "sandbox/services/lambda_deadline.h"
#include "sandbox/services/lambda_execution.h"
#include "sandbox/services/lambda_fault.h"
#include "sandbox/services/lambda_instance.h"
#include "sandbox/services/lambda_output.h"

#include <stdio.h>
#include <stdlib.h>

enum { TICK_MS = 500, WAITING_TICK_MS = 20, TRACE_HEX = 24, PARENT_HEX = 16 };

/* Fails what the process had in hand, as Lambda words it. */
static void fail_running(struct xcy_instance *instance, const struct xcy_process_end *end)
{
    while (instance->running) {
        struct xcy_execution *e = instance->running;
        xcy_instance_remove_running(instance, e);
        xcy_lambda_fault_lost(e, instance);
        if (end->exit_code == 0) {
            xcy_execution_fail(e, XCY_EXECUTION_EXITED, "Runtime.ExitError",
                               "Runtime exited without providing a reason");
        } else {
            xcy_execution_fail(e, XCY_EXECUTION_EXITED, "Runtime.ExitError",
                               "Runtime exited with error: %s", end->reason);
        }
    }
}

/* Fails the execution that a process which never came up was started for. */
static void fail_waiting(struct xcy_instance *instance, const struct xcy_process_end *end,
                         struct xcy_execution *e)
{
    if (instance->init_error) {
        xcy_execution_finish(e, XCY_EXECUTION_NOT_STARTED, xcy_bytes_of(instance->init_error));
    } else if (instance->worker.is_overdue) {
        xcy_execution_fail(
            e, XCY_EXECUTION_NOT_STARTED, "Sandbox.Timedout",
            "Init timed out: no request for work within %lld ms",
            (long long)(instance->function->pool.limits.init_timeout_ns / XCY_NS_PER_MS));
    } else if (!end->was_started) {
        xcy_execution_fail(e, XCY_EXECUTION_NOT_STARTED, "Runtime.InvalidEntrypoint", "%s",
                           end->reason);
    } else {
        xcy_execution_fail(e, XCY_EXECUTION_NOT_STARTED, "Runtime.ExitError",
                           "Runtime exited with error: %s", end->reason);
    }
}

static void on_exit_of_process(void *ctx, const struct xcy_process_end *end)
{
    struct xcy_instance *instance = ctx;
    struct xcy_hosted_function *f = instance->function;
    struct xcy_lambda_service *s = f->service;
    pthread_mutex_lock(&s->lock);
    xcy_lambda_tell_end(instance, end);
    instance->process = NULL;
    struct xcy_pool_work *work = xcy_pool_lost(&f->pool, &instance->worker, xcy_mono_now());
    fail_running(instance, end);
    xcy_instance_drop_parked(instance);
    if (work) {
        fail_waiting(instance, end, xcy_execution_of(work));
    }
    xcy_instance_free(instance);
    pthread_mutex_unlock(&s->lock);
}

/* Time is looked after while there are processes, more often while work waits. A flag for each of
 * the two timers says that it is set. */
static void set_timer(struct xcy_hosted_function *f, bool *is_set, int64_t in_ms,
                      xcy_timer_fn *fire)
{
    if (!*is_set) {
        *is_set = true;
        xcy_timers_add(f->service->options.timers,
                       xcy_mono_add(xcy_mono_now(), in_ms * XCY_NS_PER_MS), fire, NULL, f);
    }
}

static void on_tick(void *ctx)
{
    struct xcy_hosted_function *f = ctx;
    pthread_mutex_lock(&f->service->lock);
    f->tick_is_set = false;
    if (!f->service->stopping && f->pool.n_workers > 0) {
        xcy_pool_tick(&f->pool, xcy_mono_now());
        set_timer(f, &f->tick_is_set, TICK_MS, on_tick);
    }
    pthread_mutex_unlock(&f->service->lock);
}

static void on_waiting_tick(void *ctx)
{
    struct xcy_hosted_function *f = ctx;
    pthread_mutex_lock(&f->service->lock);
    f->waiting_tick_is_set = false;
    if (!f->service->stopping && f->pool.n_waiting > 0) {
        xcy_pool_tick(&f->pool, xcy_mono_now());
        set_timer(f, &f->waiting_tick_is_set, WAITING_TICK_MS, on_waiting_tick);
    }
    pthread_mutex_unlock(&f->service->lock);
}

static struct xcy_pool_worker *start_action(void *ctx)
{
    struct xcy_hosted_function *f = ctx;
    set_timer(f, &f->tick_is_set, TICK_MS, on_tick);
    return &xcy_instance_start(f, xcy_lambda_tell_line, on_exit_of_process)->worker;
}

static void end_action(void *ctx, struct xcy_pool_worker *worker, bool at_once)
{
    const struct xcy_hosted_function *f = ctx;
    const struct xcy_instance *instance = xcy_instance_of(worker);
    if (instance->process) {
        xcy_supervisor_end(f->service->options.supervisor, instance->process,
                           at_once ? 0 : XCY_LAMBDA_END_GRACE_MS * XCY_NS_PER_MS);
    }
}

/* "Root=1-<seconds>-<random>;Parent=<random>;Sampled=0" */
static void format_trace(char *to, size_t size)
{
    char root[TRACE_HEX + 1];
    char parent[PARENT_HEX + 1];
    xcy_random_hex(root, TRACE_HEX);
    xcy_random_hex(parent, PARENT_HEX);
    snprintf(to, size, "Root=1-%08llx-%s;Parent=%s;Sampled=0",
             (unsigned long long)(xcy_wall_now().ns / XCY_NS_PER_S), root, parent);
}

static void reply_with_work(struct xcy_exchange *exchange, const struct xcy_execution *e)
{
    char deadline_ms[24];
    char trace[96];
    int64_t ends_ms = xcy_wall_now().ns / XCY_NS_PER_MS + e->function->timeout_ms;
    snprintf(deadline_ms, sizeof deadline_ms, "%lld", (long long)ends_ms);
    format_trace(trace, sizeof trace);
    const struct xcy_reply_header headers[] = {
        {"Content-Type", "application/json"},
        {"Lambda-Runtime-Aws-Request-Id", e->id},
        {"Lambda-Runtime-Deadline-Ms", deadline_ms},
        {"Lambda-Runtime-Invoked-Function-Arn", e->function->arn},
        {"Lambda-Runtime-Trace-Id", trace}};
    xcy_exchange_reply(exchange, 200, headers, sizeof headers / sizeof *headers, e->payload);
}

static void give_action(void *ctx, struct xcy_pool_worker *worker, struct xcy_pool_work *work)
{
    struct xcy_instance *instance = xcy_instance_of(worker);
    struct xcy_execution *e = xcy_execution_of(work);
    (void)ctx;
    e->n_tries++;
    xcy_instance_add_running(instance, e);
    xcy_lambda_deadline_set(e);
    reply_with_work(xcy_instance_unpark(instance), e);
    xcy_lambda_fault_given(e);
}

const struct xcy_pool_actions xcy_lambda_pool_actions = {
    .start = start_action, .give = give_action, .end = end_action};

bool xcy_lambda_dispatch(struct xcy_execution *e)
{
    struct xcy_hosted_function *f = e->function;
    bool is_admitted = xcy_pool_admit(&f->pool, &e->work, xcy_mono_now());
    if (f->pool.n_waiting > 0) {
        set_timer(f, &f->waiting_tick_is_set, WAITING_TICK_MS, on_waiting_tick);
    }
    return is_admitted;
}

void xcy_lambda_take_back(struct xcy_execution *e)
{
    struct xcy_instance *instance = e->instance;
    xcy_instance_remove_running(instance, e);
    xcy_pool_done(&instance->function->pool, &instance->worker, xcy_mono_now());
}

static void refuse_ask(struct xcy_exchange *exchange)
{
    static const char body[] = "{\"errorMessage\":\"more requests for work than slots\","
                               "\"errorType\":\"InvalidStateTransition\"}";
    const struct xcy_reply_header header = {"Content-Type", "application/json"};
    xcy_exchange_reply(exchange, 403, &header, 1, xcy_bytes_of(body));
}

/* One more request than slots while others are parked: the oldest of those was given up by its
 * client, who came again over another connection. */
void xcy_lambda_ask(struct xcy_instance *instance, struct xcy_exchange *exchange)
{
    struct xcy_pool *pool = &instance->function->pool;
    struct xcy_pool_worker *worker = &instance->worker;
    if (worker->n_parked + worker->n_busy >= pool->limits.slots) {
        if (instance->n_parked == 0) {
            refuse_ask(exchange);
            return;
        }
        xcy_exchange_drop(xcy_instance_unpark_oldest(instance));
        xcy_pool_unpark(pool, worker);
    }
    xcy_instance_park(instance, exchange);
    bool is_taken = xcy_pool_ask(pool, worker, xcy_mono_now());
    xcy_assert(is_taken);
}

void xcy_lambda_stop_function(struct xcy_hosted_function *f)
{
    struct xcy_pool_work *work;
    struct xcy_lambda_service *s = f->service;
    while ((work = xcy_pool_take_waiting(&f->pool))) {
        xcy_execution_finish(xcy_execution_of(work), XCY_EXECUTION_STOPPED, xcy_bytes_of(""));
    }
    for (size_t i = 0; i < s->n_instances; i++) {
        struct xcy_instance *instance = s->instances[i];
        if (!instance || instance->function != f) {
            continue;
        }
        while (instance->running) {
            struct xcy_execution *e = instance->running;
            xcy_lambda_take_back(e);
            xcy_execution_finish(e, XCY_EXECUTION_STOPPED, xcy_bytes_of(""));
        }
    }
    xcy_pool_retire_all(&f->pool, xcy_mono_now());
}
