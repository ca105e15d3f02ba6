#include "sandbox/services/lambda_state.h"

static const char *const ended_names[XCY_N_EXECUTION_OUTCOMES] = {
    [XCY_EXECUTION_OK] = "ok",
    [XCY_EXECUTION_FUNCTION_ERROR] = "function_error",
    [XCY_EXECUTION_TIMED_OUT] = "timed_out",
    [XCY_EXECUTION_EXITED] = "exited",
    [XCY_EXECUTION_NOT_STARTED] = "not_started",
    [XCY_EXECUTION_STOPPED] = "stopped"};

struct slots {
    int64_t n_idle;
    int64_t n_busy; /* with an invocation in hand */
};

static struct slots count_slots(const struct xcy_pool *pool)
{
    struct slots slots = {0};
    for (const struct xcy_pool_worker *w = pool->workers; w; w = w->next) {
        slots.n_idle += w->n_parked;
        slots.n_busy += w->n_busy;
    }
    return slots;
}

static struct xcy_json *function_status(const struct xcy_hosted_function *f)
{
    const struct xcy_lambda_counts *c = &f->counts;
    const struct slots slots = count_slots(&f->pool);
    struct xcy_json *status = xcy_json_new_object();
    xcy_json_put_string(status, "region", f->region);
    xcy_json_put_string(status, "function", f->name);
    xcy_json_put_int64(status, "instances", f->pool.n_workers);
    xcy_json_put_int64(status, "instances_started", (int64_t)c->started);
    xcy_json_put_int64(status, "idle_slots", slots.n_idle);
    xcy_json_put_int64(status, "busy_slots", slots.n_busy);
    xcy_json_put_int64(status, "in_flight", f->pool.n_in_flight);
    xcy_json_put_int64(status, "concurrency_limit", f->pool.limits.concurrency);
    xcy_json_put_int64(status, "slots", f->pool.limits.slots);
    xcy_json_put_int64(status, "events_waiting", f->n_events);
    xcy_json_put_int64(status, "throttled", (int64_t)c->throttled);
    xcy_json_put_int64(status, "events_retried", (int64_t)c->retries);
    xcy_json_put_int64(status, "events_dropped", (int64_t)c->dropped);
    struct xcy_json *accepted = xcy_json_put_object(status, "accepted");
    xcy_json_put_int64(accepted, "sync", (int64_t)c->sync);
    xcy_json_put_int64(accepted, "event", (int64_t)c->events);
    xcy_json_put_int64(accepted, "source", (int64_t)c->sources);
    xcy_json_put_int64(accepted, "dryrun", (int64_t)c->dry_runs);
    struct xcy_json *ended = xcy_json_put_object(status, "ended");
    for (size_t i = 0; i < XCY_N_EXECUTION_OUTCOMES; i++) {
        xcy_json_put_int64(ended, ended_names[i], (int64_t)c->ended[i]);
    }
    return status;
}

struct xcy_json *xcy_lambda_service_status(struct xcy_lambda_service *s)
{
    struct xcy_json *status = xcy_json_new_array();
    pthread_mutex_lock(&s->lock);
    for (const struct xcy_hosted_function *f = s->functions; f; f = f->next) {
        xcy_json_append(status, function_status(f));
    }
    pthread_mutex_unlock(&s->lock);
    return status;
}
