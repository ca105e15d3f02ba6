#ifndef XCY_SANDBOX_SERVICES_SQS_FAULTS_H
#define XCY_SANDBOX_SERVICES_SQS_FAULTS_H

/*
 * sqs_faults.h - faults on demand of queues and their messages.
 *
 * Threads:  under the service's lock.
 */

#include "sandbox/front/call_faults.h"
#include "sandbox/services/sqs_item.h"

struct xcy_sqs_faults {
    struct xcy_faults *faults; /* NULL: none strikes */
    struct xcy_truth *truth;   /* a line for each; may be NULL */
    char *evaluation_region;   /* owned: the queue whose messages can be malformed; NULL: none */
    char *evaluation_queue;
    uint64_t n_damaged;
};

/* What is struck, for the truth log. */
struct xcy_sqs_struck {
    const struct xcy_call *call; /* NULL: no line */
    const char *queue;
    const char *what; /* "message": its id, "entry": of a batch; NULL: the queue as a whole */
    const char *id;
};

bool xcy_sqs_faults_strike(const struct xcy_sqs_faults *f, enum xcy_fault fault,
                           const struct xcy_sqs_struck *struck);

/* A message on its way into a queue; one of an evaluation queue may be damaged. */
void xcy_sqs_faults_damage(struct xcy_sqs_faults *f, const struct xcy_call *call, const char *queue,
                           struct xcy_sqs_item *item);

#endif
