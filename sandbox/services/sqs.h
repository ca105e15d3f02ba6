#ifndef XCY_SANDBOX_SERVICES_SQS_H
#define XCY_SANDBOX_SERVICES_SQS_H

/*
 * sqs.h - standard queues as SQS serves them, in the JSON and the Query protocol.
 *
 * A receive that waits is a parked call, answered by a later message (first come, first
 * served) or by its timer. Nothing is kept on disk.
 *
 * Bounds:   1 MiB a message and a batch, 10 messages a receive, 120,000 in flight a queue.
 * Not kept: messages past their retention period stay; FIFO queues are refused in words.
 * Threads:  safe. To end: xcy_sqs_service_stop, then xcy_timers_stop, then the server, then
 *           xcy_sqs_service_free.
 */

#include "common/time/timers.h"
#include "sandbox/front/call.h"

struct xcy_sqs_service;

struct xcy_sqs_service_options {
    struct xcy_timers *timers;
    const char *account;  /* 12 digits; copied */
    const char *endpoint; /* before "/<account>/<queue>" in queue URLs; NULL: http:// and the Host
                             that the request named. Copied */
    struct xcy_faults *faults; /* NULL: none */
    struct xcy_truth *truth;   /* of what is sent, and of faults; may be NULL */
    const char
        *evaluation_region; /* the queue whose messages can be malformed; NULL: none. Copied */
    const char *evaluation_queue;
};

struct xcy_sqs_service *xcy_sqs_service_new(const struct xcy_sqs_service_options *options);
/* Answers the parked calls with no messages; later calls get 503. */
void xcy_sqs_service_stop(struct xcy_sqs_service *s);
void xcy_sqs_service_free(struct xcy_sqs_service *s); /* NULL is allowed */

/* Makes a queue with default attributes; one that is already there stays as it is. */
void xcy_sqs_service_add_queue(struct xcy_sqs_service *s, const char *region, const char *name);

void xcy_sqs_service_handle(void *service, struct xcy_call *call); /* a xcy_service_fn */

#endif
