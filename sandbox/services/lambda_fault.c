#include "sandbox/services/lambda_fault.h"

#include "common/base/mem.h"
#include "sandbox/services/lambda_execution.h"
#include "sandbox/services/lambda_instance.h"

#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = {[XCY_EXECUTION_SYNC] = "sync",
                                         [XCY_EXECUTION_EVENT] = "event",
                                         [XCY_EXECUTION_SOURCE] = "source"};

static enum xcy_fault fault_of(const struct xcy_execution *e, enum xcy_function_fault which)
{
    return (enum xcy_fault)((int)e->function->faults + (int)which);
}

/* The number in  i":123  with the quote escaped any number of times; false: it is something else. */
static bool read_request(const char *at, const char *end, double *number)
{
    int64_t i = 0;
    at += at < end && *at == 'i';
    while (at < end && *at == '\\') {
        at++;
    }
    if (end - at < 3 || at[0] != '"' || at[1] != ':' || at[2] < '0' || at[2] > '9') {
        return false;
    }
    for (at += 2; at < end && *at >= '0' && *at <= '9' && i < INT64_MAX / 100; at++) {
        i = 10 * i + (*at - '0');
    }
    *number = (double)i;
    return true;
}

/* The requests that a payload names; an event carries messages as texts within texts. */
static void put_requests(struct xcy_json *line, struct xcy_bytes payload)
{
    static const char key[] = "\"i";
    struct xcy_json *requests = xcy_json_put_array(line, "requests");
    const char *end = payload.ptr + payload.len;
    for (const char *at = payload.ptr; at + sizeof key < end; at++) {
        double i;
        if (memcmp(at, key, sizeof key - 1) == 0 && read_request(at + 1, end, &i)) {
            xcy_json_append(requests, xcy_json_new_number(i));
        }
    }
}

static void note(const struct xcy_execution *e, enum xcy_function_fault which, const char *how)
{
    const struct xcy_lambda_service *s = e->function->service;
    if (!xcy_truth_is_on(s->options.truth)) {
        return;
    }
    struct xcy_json *line = xcy_fault_line(fault_of(e, which));
    xcy_json_put_string(line, "how", how);
    xcy_json_put_string(line, "function", e->function->name);
    xcy_json_put_string(line, "kind", kind_names[e->kind]);
    xcy_json_put_string(line, "request", e->id);
    xcy_json_put_int64(line, "try", e->n_tries);
    put_requests(line, e->payload);
    xcy_truth_add(s->options.truth, line);
}

static bool strikes(const struct xcy_execution *e, enum xcy_function_fault which)
{
    return xcy_faults_strike(e->function->service->options.faults, fault_of(e, which));
}

/* How a crash comes: a time after the invocation was handed out, or (-1) with the answer. */
static const struct {
    const char *how;
    int64_t after_ms;
} crashes[] = {{"after 1 ms", 1}, {"after 8 ms", 8}, {"with the answer", -1}};

static const struct {
    const char *how;
    const char *body;
} garbage[] = {{"no JSON", "}{"},
               {"a list", "[200,\"{}\"]"},
               {"no statusCode", "{\"body\":\"{}\"}"},
               {"no body", "{\"statusCode\":200}"},
               {"statusCode of another type", "{\"statusCode\":\"200\",\"body\":\"{}\"}"},
               {"body of another type", "{\"statusCode\":200,\"body\":{}}"},
               {"empty", ""}};

enum { N_CRASHES = sizeof crashes / sizeof *crashes, N_GARBAGE = sizeof garbage / sizeof *garbage };

/* It gets no more work; what it has in hand ends with it. */
static void kill_process(struct xcy_instance *instance)
{
    struct xcy_hosted_function *f = instance->function;
    instance->is_crashed = true;
    xcy_pool_retire(&f->pool, &instance->worker, true, xcy_mono_now());
    if (instance->process) {
        xcy_supervisor_end(f->service->options.supervisor, instance->process, 0);
    }
}

/* A crash to come: points at its execution and knows which try of it is meant. */
struct doom {
    struct xcy_execution *execution;
    int n_tries;
};

static void doom_end(struct doom *d, bool strikes_now)
{
    struct xcy_execution *e = d->execution;
    struct xcy_lambda_service *s = e->function->service;
    pthread_mutex_lock(&s->lock);
    if (strikes_now && e->instance && e->n_tries == d->n_tries && !s->stopping) {
        kill_process(e->instance);
    }
    xcy_execution_unref(e);
    pthread_mutex_unlock(&s->lock);
    free(d);
}

static void on_doom(void *ctx)
{
    doom_end(ctx, true);
}

static void on_doom_dropped(void *ctx)
{
    doom_end(ctx, false);
}

static void doom(struct xcy_execution *e, int64_t after_ms)
{
    struct doom *d = xcy_alloc(sizeof *d);
    *d = (struct doom){.execution = e, .n_tries = e->n_tries};
    xcy_execution_ref(e);
    xcy_timers_add(e->function->service->options.timers,
                   xcy_mono_add(xcy_mono_now(), after_ms * XCY_NS_PER_MS), on_doom, on_doom_dropped,
                   d);
}

void xcy_lambda_fault_given(struct xcy_execution *e)
{
    e->is_doomed = strikes(e, XCY_FUNCTION_CRASHED);
    if (!e->is_doomed) {
        return;
    }
    size_t turn = e->function->n_crashes++ % N_CRASHES;
    note(e, XCY_FUNCTION_CRASHED, crashes[turn].how);
    if (crashes[turn].after_ms >= 0) {
        doom(e, crashes[turn].after_ms);
    }
}

bool xcy_lambda_fault_answered(struct xcy_execution *e, struct xcy_exchange *exchange)
{
    struct xcy_instance *instance = e->instance;
    if (e->is_doomed) {
        kill_process(instance);
    } else if (strikes(e, XCY_FUNCTION_TIMED_OUT)) {
        note(e, XCY_FUNCTION_TIMED_OUT, "the answer is withheld");
    } else {
        return false;
    }
    xcy_instance_withhold(instance, exchange);
    return true;
}

struct xcy_bytes xcy_lambda_fault_body(struct xcy_execution *e, struct xcy_bytes body)
{
    if (e->kind != XCY_EXECUTION_SYNC || !strikes(e, XCY_FUNCTION_GARBAGE)) {
        return body;
    }
    size_t turn = e->function->n_garbage++ % N_GARBAGE;
    note(e, XCY_FUNCTION_GARBAGE, garbage[turn].how);
    return xcy_bytes_of(garbage[turn].body);
}

bool xcy_lambda_fault_late(struct xcy_execution *e)
{
    if (e->is_doomed) {
        kill_process(e->instance);
    }
    return e->is_doomed;
}

void xcy_lambda_fault_lost(struct xcy_execution *e, const struct xcy_instance *instance)
{
    if (instance->is_crashed && !e->is_doomed) {
        xcy_faults_note(e->function->service->options.faults, fault_of(e, XCY_FUNCTION_CRASHED));
        note(e, XCY_FUNCTION_CRASHED, "in the same process");
    }
}

bool xcy_lambda_fault_twice(struct xcy_execution *e)
{
    if (!strikes(e, XCY_FUNCTION_DELIVERED_TWICE)) {
        return false;
    }
    note(e, XCY_FUNCTION_DELIVERED_TWICE,
         e->kind == XCY_EXECUTION_SOURCE ? "the batch comes again" : "the same request id");
    return true;
}
