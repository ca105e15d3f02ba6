#ifndef XCY_TESTS_UNIT_SANDBOX_STAND_H
#define XCY_TESTS_UNIT_SANDBOX_STAND_H

/*
 * stand.h - SQS, SNS, DynamoDB and S3 behind the front on a real server, and our own clients
 * before them.
 *
 * Writer's region eu-central-1, reader's us-east-1; queue "q" in us-east-1, topic "t" in
 * eu-central-1 with the function "reader" of us-east-1 subscribed, table "posts"; bucket
 * "posts-writer" in eu-central-1, replicated to "posts-reader" in us-east-1. A "lambda" answers {} to
 * everything.
 */

#include "common/aws/dynamodb.h"
#include "common/aws/sns.h"
#include "common/aws/sqs.h"
#include "sandbox/front/front.h"
#include "sandbox/services/dynamodb.h"
#include "sandbox/services/s3.h"
#include "sandbox/services/sns.h"
#include "sandbox/services/sqs.h"

#include <pthread.h>

enum { STAND_MAX_DELIVERIES = 64, STAND_LAGS = 5 };

/* Milliseconds, -1: a gate. All legs are constant. */
struct stand_lags {
    double writer_leg;
    double reader_leg;
    double replication;
    double settle;
    double delivery;
};

struct stand {
    struct xcy_timers *timers;
    struct xcy_server *server;
    struct xcy_front *front;
    struct xcy_service services[5];
    struct xcy_faults *faults; /* none is on */
    struct xcy_sqs_service *sqs;
    struct xcy_sns_service *sns;
    struct xcy_dynamodb_service *dynamodb;
    struct xcy_s3_service *s3;
    char s3_folder[64];
    struct xcy_lag *lags[STAND_LAGS];
    struct xcy_truth *truth;
    char truth_path[64];
    struct xcy_credentials credentials;
    char endpoint[64];
    struct xcy_http *http;
    struct xcy_aws writer; /* calls of the writer's region */
    struct xcy_aws reader;
    char *queue_url;

    pthread_mutex_t lock;
    pthread_cond_t delivered;
    size_t n_deliveries;
    char *deliveries[STAND_MAX_DELIVERIES]; /* "<region> <function> <payload>" */
    struct xcy_mono delivered_at[STAND_MAX_DELIVERIES];
};

struct stand *stand_open(const struct stand_lags *lags); /* NULL: no lag at all */
void stand_close(struct stand *s);

/* How many messages its queue says it holds. */
void stand_assert_counts(const struct stand *s, int64_t visible, int64_t in_flight,
                         int64_t delayed);

/* Changes one fault of the stand. */
void stand_fault(struct stand *s, enum xcy_fault fault, double setting);

/* Waits until n deliveries have come. */
void stand_wait_deliveries(struct stand *s, size_t n);

/* A JSON call that must succeed; input taken, the answer owned by the caller. */
struct xcy_json *stand_call(const struct xcy_aws *aws, const char *target, struct xcy_json *input);
/* One that must fail with this code in the error's text. */
void stand_call_fails(const struct xcy_aws *aws, const char *target, struct xcy_json *input,
                      const char *code);
/* A Query call: the status, and the body in `body` (init by the caller). */
int stand_query(const struct xcy_aws *aws, const char *service, const char *form,
                struct xcy_buf *body);
/* From a JSON text with ' for ". */
struct xcy_json *stand_json(const char *text);
/* The lines of the truth log with this "op", as an array. */
struct xcy_json *stand_truth(const struct stand *s, const char *op);

#endif
