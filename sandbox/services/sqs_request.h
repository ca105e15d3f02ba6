#ifndef XCY_SANDBOX_SERVICES_SQS_REQUEST_H
#define XCY_SANDBOX_SERVICES_SQS_REQUEST_H

/*
 * sqs_request.h - one SQS request while it is worked on: its input, the queue it means, and
 * what came out. The table of operations stands in sqs_operations.h.
 *
 * Threads:  under the service's lock.
 */

#include "common/time/timers.h"
#include "sandbox/services/sqs_queue.h"

struct xcy_sqs_fault {
    int status; /* 0: none */
    const char *code;
    char message[400];
};

/* What operations may use of the service. */
struct xcy_sqs_world {
    struct xcy_timers *timers;
    char *account;
    char *endpoint; /* NULL: as the request's Host says */
    struct xcy_sqs_faults faults;
    struct xcy_sqs_queue *queues;
    xcy_timer_fn *park_ends; /* for a struct xcy_sqs_waiter */
    xcy_timer_fn *park_drops;
    void *service;
};

struct xcy_sqs_request {
    struct xcy_sqs_world *world;
    struct xcy_call *call;
    struct xcy_json *input;
    struct xcy_sqs_queue *queue; /* NULL for operations without one */
    struct xcy_mono now;
    struct xcy_wall wall;
    struct xcy_json *output;        /* owned; NULL: the operation has none */
    bool is_parked;                 /* the call is a waiter's now */
    struct xcy_sqs_answer *answers; /* to others */
    struct xcy_sqs_fault fault;
};

/* False, so that a failing branch is one line. */
bool xcy_sqs_fail(struct xcy_sqs_request *r, int status, const char *code, const char *fmt, ...)
    XCY_PRINTF(4, 5);

/* Whether a fault on demand strikes the request's queue, or what of it is named so: "message", "entry". */
bool xcy_sqs_request_strikes(const struct xcy_sqs_request *r, enum xcy_fault fault,
                             const char *what, const char *id);

/* A member of the input or of a batch entry: a number, or its text as the Query protocol has it.
 * Out of range is a fault; a missing one leaves *value as it is. */
bool xcy_sqs_request_int(struct xcy_sqs_request *r, const struct xcy_json *from, const char *name,
                         int64_t min, int64_t max, int64_t *value);
/* A text that must be there and not empty. */
bool xcy_sqs_request_text(struct xcy_sqs_request *r, const struct xcy_json *from, const char *name,
                          const char **text);

/* The queue of this name in the region, or NULL. */
struct xcy_sqs_queue *xcy_sqs_world_find(const struct xcy_sqs_world *world, const char *region,
                                         const char *name);
/* Sets the queue from QueueUrl; a fault if there is none such. */
bool xcy_sqs_request_find_queue(struct xcy_sqs_request *r);
/* The URL by which clients know the queue. Free with free(). */
char *xcy_sqs_request_url(const struct xcy_sqs_request *r, const struct xcy_sqs_queue *queue);

#endif
