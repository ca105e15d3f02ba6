#ifndef XCY_AWS_SQS_H
#define XCY_AWS_SQS_H

/*
 * sqs.h - SQS over its JSON protocol.
 *
 * Bounds:   10 messages a receive and a batch; WaitTimeSeconds <= 20.
 * Threads:  as the xcy_aws given.
 */

#include "common/aws/request.h"

enum { XCY_SQS_BATCH = 10 };

struct xcy_sqs_message {
    char *message_id;
    char *receipt_handle;
    char *body;
    int64_t receive_count; /* ApproximateReceiveCount, 0 if not given */
    bool md5_is_right;     /* MD5OfBody agrees with the body */
};

struct xcy_sqs_batch {
    struct xcy_sqs_message messages[XCY_SQS_BATCH];
    size_t n;
};
void xcy_sqs_batch_clear(struct xcy_sqs_batch *batch);

enum xcy_status xcy_sqs_queue_url(const struct xcy_aws *aws, const char *name, char **url,
                                  struct xcy_error *err) XCY_MUST_USE;
enum xcy_status xcy_sqs_send(const struct xcy_aws *aws, const char *queue_url, const char *body,
                             struct xcy_error *err) XCY_MUST_USE;
/* wait_s 0..20; visibility_s < 0: the queue's own. */
enum xcy_status xcy_sqs_receive(const struct xcy_aws *aws, const char *queue_url, int wait_s,
                                int visibility_s, struct xcy_sqs_batch *batch,
                                struct xcy_error *err) XCY_MUST_USE;

/* For each of n receipt handles (n <= 10) failed[i] tells whether its entry failed. */
enum xcy_status xcy_sqs_delete_batch(const struct xcy_aws *aws, const char *queue_url,
                                     const char *const handles[], size_t n, bool failed[],
                                     struct xcy_error *err) XCY_MUST_USE;
enum xcy_status xcy_sqs_visibility_batch(const struct xcy_aws *aws, const char *queue_url,
                                         const char *const handles[], size_t n, int visibility_s,
                                         bool failed[], struct xcy_error *err) XCY_MUST_USE;

struct xcy_sqs_counts {
    int64_t visible;
    int64_t in_flight;
    int64_t delayed;
};
enum xcy_status xcy_sqs_counts(const struct xcy_aws *aws, const char *queue_url,
                               struct xcy_sqs_counts *counts, struct xcy_error *err) XCY_MUST_USE;
/* XCY_EREMOTE with PurgeQueueInProgress in the text within 60 s of the last one. */
enum xcy_status xcy_sqs_purge(const struct xcy_aws *aws, const char *queue_url,
                              struct xcy_error *err) XCY_MUST_USE;

#endif
