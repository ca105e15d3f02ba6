#include "sandbox/services/sqs.h"

#include "common/base/mem.h"
#include "sandbox/services/sqs_operations.h"
#include "sandbox/services/sqs_query.h"

#include <pthread.h>
#include <stdlib.h>

static const char xml_namespace[] = "http://queue.amazonaws.com/doc/2012-11-05/";

struct xcy_sqs_service {
    pthread_mutex_t lock;
    struct xcy_sqs_world world;
    bool is_stopping;
};

/* A timer that looks at a queue when one of its messages becomes ready. */
struct wake {
    struct xcy_sqs_service *service;
    struct xcy_sqs_queue *queue; /* held */
};

static void reply(struct xcy_call *call, const struct xcy_json *output)
{
    if (call->protocol == XCY_PROTOCOL_QUERY) {
        char *inner = output ? xcy_sqs_query_output(call->operation, output) : NULL;
        xcy_call_reply_xml(call, inner, xml_namespace);
        free(inner);
        return;
    }
    struct xcy_json *nothing = output ? NULL : xcy_json_new_object();
    xcy_call_reply_json(call, 200, output ? output : nothing);
    xcy_json_free(nothing);
}

/* Without the lock. */
static void send_answers(struct xcy_sqs_answer *answers)
{
    while (answers) {
        struct xcy_sqs_answer *next = answers->next;
        if (answers->output) {
            reply(answers->call, answers->output);
        } else {
            xcy_call_fail(answers->call, 400, "QueueDoesNotExist",
                          "The specified queue does not exist.");
        }
        xcy_json_free(answers->output);
        free(answers);
        answers = next;
    }
}

static void waiter_free(void *ctx)
{
    struct xcy_sqs_waiter *waiter = ctx;
    xcy_sqs_receive_clear(&waiter->receive);
    free(waiter);
}

static void park_ends(void *ctx)
{
    struct xcy_sqs_waiter *waiter = ctx;
    struct xcy_sqs_service *s = waiter->service;
    struct xcy_sqs_answer *answers = NULL;
    pthread_mutex_lock(&s->lock);
    if (waiter->queue) {
        xcy_sqs_queue_unpark(waiter, xcy_json_new_object(), &answers);
    }
    pthread_mutex_unlock(&s->lock);
    send_answers(answers);
    waiter_free(waiter);
}

struct xcy_sqs_service *xcy_sqs_service_new(const struct xcy_sqs_service_options *options)
{
    struct xcy_sqs_service *s = xcy_alloc(sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    s->world = (struct xcy_sqs_world){
        .timers = options->timers,
        .account = xcy_strdup(options->account),
        .endpoint = xcy_strdup(options->endpoint),
        .faults = {.faults = options->faults,
                   .truth = options->truth,
                   .evaluation_region = xcy_strdup(options->evaluation_region),
                   .evaluation_queue = xcy_strdup(options->evaluation_queue)},
        .park_ends = park_ends,
        .park_drops = waiter_free,
        .service = s,
    };
    return s;
}

void xcy_sqs_service_stop(struct xcy_sqs_service *s)
{
    struct xcy_sqs_answer *answers = NULL;
    pthread_mutex_lock(&s->lock);
    s->is_stopping = true;
    for (struct xcy_sqs_queue *queue = s->world.queues; queue; queue = queue->next) {
        while (queue->first_waiter) {
            xcy_sqs_queue_unpark(queue->first_waiter, xcy_json_new_object(), &answers);
        }
    }
    pthread_mutex_unlock(&s->lock);
    send_answers(answers);
}

void xcy_sqs_service_free(struct xcy_sqs_service *s)
{
    if (!s) {
        return;
    }
    while (s->world.queues) {
        struct xcy_sqs_queue *next = s->world.queues->next;
        xcy_sqs_queue_release(s->world.queues);
        s->world.queues = next;
    }
    pthread_mutex_destroy(&s->lock);
    free(s->world.account);
    free(s->world.endpoint);
    free(s->world.faults.evaluation_region);
    free(s->world.faults.evaluation_queue);
    free(s);
}

void xcy_sqs_service_add_queue(struct xcy_sqs_service *s, const char *region, const char *name)
{
    pthread_mutex_lock(&s->lock);
    if (!xcy_sqs_world_find(&s->world, region, name)) {
        struct xcy_sqs_queue *queue =
            xcy_sqs_queue_new(region, name, xcy_wall_now(), &s->world.faults);
        queue->next = s->world.queues;
        s->world.queues = queue;
    }
    pthread_mutex_unlock(&s->lock);
}

static void wake_free(struct wake *wake)
{
    xcy_sqs_queue_release(wake->queue);
    free(wake);
}

static void wake_drops(void *ctx)
{
    wake_free(ctx);
}

static void settle(struct xcy_sqs_service *s, struct xcy_sqs_queue *queue, struct xcy_mono now,
                   struct xcy_wall wall, struct xcy_sqs_answer **answers);

static void wake_fires(void *ctx)
{
    struct wake *wake = ctx;
    struct xcy_sqs_service *s = wake->service;
    struct xcy_sqs_answer *answers = NULL;
    pthread_mutex_lock(&s->lock);
    struct xcy_mono now = xcy_mono_now();
    if (!xcy_mono_before(now, wake->queue->wake)) {
        wake->queue->has_wake = false;
    }
    settle(s, wake->queue, now, xcy_wall_now(), &answers);
    wake_free(wake);
    pthread_mutex_unlock(&s->lock);
    send_answers(answers);
}

/* Serves the queue's waiters, and sees to it that the next message to become ready will find those
 * that still wait. With the lock. */
static void settle(struct xcy_sqs_service *s, struct xcy_sqs_queue *queue, struct xcy_mono now,
                   struct xcy_wall wall, struct xcy_sqs_answer **answers)
{
    xcy_sqs_queue_serve(queue, now, wall, answers);
    struct xcy_mono when;
    if (!s->is_stopping && xcy_sqs_queue_needs_wake(queue, &when)) {
        struct wake *wake = xcy_alloc(sizeof *wake);
        *wake = (struct wake){s, queue};
        xcy_sqs_queue_hold(queue);
        xcy_timers_add(s->world.timers, when, wake_fires, wake_drops, wake);
    }
}

/* NULL: the call is answered with what is wrong. */
static struct xcy_json *read_input(struct xcy_call *call)
{
    struct xcy_form form;
    struct xcy_json *input = NULL;
    struct xcy_error err;
    if (call->protocol == XCY_PROTOCOL_QUERY) {
        if (xcy_form_read(call, &form)) {
            input = xcy_sqs_query_input(&form);
            xcy_form_clear(&form);
        }
    } else if (xcy_json_parse(call->body, &input, &err) != XCY_OK) {
        input = NULL;
    }
    if (input && xcy_json_kind(input) == XCY_JSON_OBJECT) {
        return input;
    }
    xcy_json_free(input);
    xcy_call_fail(call, 400, "SerializationException", "The request's body cannot be read.");
    return NULL;
}

/* With the lock. True: r says what to answer, unless the call is parked. False: the sandbox is
 * ending. */
static bool run(struct xcy_sqs_service *s, const struct xcy_sqs_operation *operation,
                struct xcy_sqs_request *r)
{
    if (s->is_stopping) {
        return false;
    }
    r->now = xcy_mono_now();
    r->wall = xcy_wall_now();
    if (operation->has_queue) {
        if (!xcy_sqs_request_find_queue(r)) {
            return true;
        }
        xcy_sqs_store_advance(r->queue->store, r->now);
    }
    if (!operation->run(r)) {
        xcy_json_free(r->output);
        r->output = NULL;
    }
    if (r->queue) {
        settle(s, r->queue, r->now, r->wall, &r->answers);
    }
    return true;
}

void xcy_sqs_service_handle(void *service, struct xcy_call *call)
{
    struct xcy_sqs_service *s = service;
    const struct xcy_sqs_operation *operation = xcy_sqs_operation_find(call->operation);
    if (!operation) {
        xcy_call_fail_operation(call);
        return;
    }
    struct xcy_sqs_request r = {.world = &s->world, .call = call, .input = read_input(call)};
    if (!r.input) {
        return;
    }
    pthread_mutex_lock(&s->lock);
    bool is_open = run(s, operation, &r);
    pthread_mutex_unlock(&s->lock);
    if (!is_open) {
        xcy_call_fail_stopping(call);
    } else if (r.fault.status != 0) {
        xcy_call_fail(call, r.fault.status, r.fault.code, "%s", r.fault.message);
    } else if (!r.is_parked) {
        reply(call, r.output);
    }
    send_answers(r.answers);
    xcy_json_free(r.output);
    xcy_json_free(r.input);
}
