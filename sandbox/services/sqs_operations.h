#ifndef XCY_SANDBOX_SERVICES_SQS_OPERATIONS_H
#define XCY_SANDBOX_SERVICES_SQS_OPERATIONS_H

/*
 * sqs_operations.h - what SQS can do: a table of operations.
 *
 * Threads:  under the service's lock.
 */

#include "sandbox/services/sqs_request.h"

/* False with r->fault set. Otherwise r->output is set, or the operation has none, or the call is
 * parked. */
typedef bool xcy_sqs_operation_fn(struct xcy_sqs_request *r);

struct xcy_sqs_operation {
    const char *name;
    xcy_sqs_operation_fn *run;
    bool has_queue; /* r->queue is found before run */
};

/* NULL: SQS has none of this name, or the sandbox does not. */
const struct xcy_sqs_operation *xcy_sqs_operation_find(const char *name);

/* In sqs_queues.c: of queues. */
bool xcy_sqs_create_queue(struct xcy_sqs_request *r);
bool xcy_sqs_delete_queue(struct xcy_sqs_request *r);
bool xcy_sqs_get_queue_url(struct xcy_sqs_request *r);
bool xcy_sqs_list_queues(struct xcy_sqs_request *r);
bool xcy_sqs_set_queue_attributes(struct xcy_sqs_request *r);
bool xcy_sqs_purge_queue(struct xcy_sqs_request *r);

/* In sqs_queue_report.c. */
bool xcy_sqs_get_queue_attributes(struct xcy_sqs_request *r);

/* In sqs_messages.c: of messages, one at a time. */
bool xcy_sqs_send_message(struct xcy_sqs_request *r);
bool xcy_sqs_receive_message(struct xcy_sqs_request *r);
bool xcy_sqs_delete_message(struct xcy_sqs_request *r);
bool xcy_sqs_change_visibility(struct xcy_sqs_request *r);

/* The same for one entry of a batch; what belongs into the answer goes to `result`. */
typedef bool xcy_sqs_entry_fn(struct xcy_sqs_request *r, const struct xcy_json *entry,
                              struct xcy_json *result);
bool xcy_sqs_send_entry(struct xcy_sqs_request *r, const struct xcy_json *entry,
                        struct xcy_json *result);
bool xcy_sqs_delete_entry(struct xcy_sqs_request *r, const struct xcy_json *entry,
                          struct xcy_json *result);
bool xcy_sqs_change_entry(struct xcy_sqs_request *r, const struct xcy_json *entry,
                          struct xcy_json *result);
/* Bytes that count towards the limit of a message and a batch. */
size_t xcy_sqs_entry_bytes(const struct xcy_json *entry);

/* In sqs_batch.c. */
bool xcy_sqs_send_batch(struct xcy_sqs_request *r);
bool xcy_sqs_delete_batch_entries(struct xcy_sqs_request *r);
bool xcy_sqs_change_batch_entries(struct xcy_sqs_request *r);

#endif
