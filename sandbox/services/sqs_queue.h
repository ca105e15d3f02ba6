#ifndef XCY_SANDBOX_SERVICES_SQS_QUEUE_H
#define XCY_SANDBOX_SERVICES_SQS_QUEUE_H

/*
 * sqs_queue.h - one queue: its messages, its settings, and the receives that wait for a
 * message, first come, first served.
 *
 * Nothing here answers a call: what can be answered goes to a list of answers, which the
 * service sends when it has released its lock.
 *
 * Time:     an argument.
 * Threads:  under the service's lock.
 */

#include "sandbox/front/call.h"
#include "sandbox/services/sqs_faults.h"
#include "sandbox/services/sqs_settings.h"
#include "sandbox/services/sqs_store.h"

enum { XCY_SQS_MAX_IN_FLIGHT = 120000, XCY_SQS_MAX_RECEIVE = 10 };

/* What a receive asks for. */
struct xcy_sqs_receive {
    size_t max;
    int64_t visibility_ns;
    struct xcy_json *system_names; /* arrays of names, owned; NULL: none */
    struct xcy_json *attribute_names;
    const struct xcy_call *call; /* whose it is, for the truth log; may be NULL */
};
void xcy_sqs_receive_clear(struct xcy_sqs_receive *receive);

/* A parked receive. Out of its queue's list (queue NULL) it is answered, and only its timer still
 * holds it. */
struct xcy_sqs_waiter {
    struct xcy_call *call;
    struct xcy_sqs_receive receive;
    struct xcy_sqs_queue *queue;
    void *service;
    struct xcy_sqs_waiter *previous;
    struct xcy_sqs_waiter *next;
};

/* A call that can be answered once the lock is released. */
struct xcy_sqs_answer {
    struct xcy_call *call;
    struct xcy_json *output; /* NULL: the queue is gone */
    struct xcy_sqs_answer *next;
};

struct xcy_sqs_queue {
    char *name;
    char region[32];
    struct xcy_sqs_settings settings;
    struct xcy_sqs_store *store;
    struct xcy_sqs_faults *faults; /* borrowed; NULL: none */
    struct xcy_sqs_waiter *first_waiter;
    struct xcy_sqs_waiter *last_waiter;
    struct xcy_wall created;
    struct xcy_wall modified;
    struct xcy_mono purged;
    bool was_purged;
    struct xcy_mono wake; /* the earliest timer that will look at the queue */
    bool has_wake;
    size_t n_holders; /* the service's list, timers */
    struct xcy_sqs_queue *next;
};

/* Held once, by the caller. */
struct xcy_sqs_queue *xcy_sqs_queue_new(const char *region, const char *name,
                                        struct xcy_wall created, struct xcy_sqs_faults *faults);
void xcy_sqs_queue_hold(struct xcy_sqs_queue *queue);
void xcy_sqs_queue_release(struct xcy_sqs_queue *queue); /* the last one frees it */

/* The messages for a receive, as the JSON protocol's output ({} for none). False: too many are in
 * flight. */
bool xcy_sqs_queue_receive(struct xcy_sqs_queue *queue, const struct xcy_sqs_receive *receive,
                           struct xcy_mono now, struct xcy_wall wall, struct xcy_json **output);

void xcy_sqs_queue_park(struct xcy_sqs_queue *queue, struct xcy_sqs_waiter *waiter);
/* Takes a waiter out of the line; its call goes to the answers with the output (taken). */
void xcy_sqs_queue_unpark(struct xcy_sqs_waiter *waiter, struct xcy_json *output,
                          struct xcy_sqs_answer **answers);

/* Gives what is ready to those who wait. */
void xcy_sqs_queue_serve(struct xcy_sqs_queue *queue, struct xcy_mono now, struct xcy_wall wall,
                         struct xcy_sqs_answer **answers);
/* Whether someone waits for a message that will be ready at *when, which no timer covers yet; then
 * the caller must set one. */
bool xcy_sqs_queue_needs_wake(struct xcy_sqs_queue *queue, struct xcy_mono *when);

#endif
