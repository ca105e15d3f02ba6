#ifndef XCY_SANDBOX_WORLD_PARTS_H
#define XCY_SANDBOX_WORLD_PARTS_H

/* world_parts.h - the parts of a world, shared by the files that start, show and end them. */

#include "common/aws/credentials.h"
#include "common/time/stall.h"
#include "common/time/timers.h"
#include "sandbox/faults/faults.h"
#include "sandbox/front/front.h"
#include "sandbox/regions/lag.h"
#include "sandbox/regions/truth.h"
#include "sandbox/services/dynamodb.h"
#include "sandbox/services/lambda.h"
#include "sandbox/services/mq_poller.h"
#include "sandbox/services/s3.h"
#include "sandbox/services/sns.h"
#include "sandbox/services/sqs.h"
#include "sandbox/services/stream_poller.h"
#include "sandbox/services/sts.h"
#include "sandbox/state.h"
#include "sandbox/world.h"
#include "sandbox/world_hosts.h"

#include <pthread.h>
#include <stdatomic.h>

/* Every drawn delay of the world, in the order of lag_plans (world_lags.c). */
enum xcy_world_lag {
    XCY_LAG_DYNAMO_WRITER_LEG,
    XCY_LAG_DYNAMO_REPLICATION,
    XCY_LAG_DYNAMO_SETTLE,
    XCY_LAG_DYNAMO_READER_LEG,
    XCY_LAG_DYNAMO_STREAM,
    XCY_LAG_S3_WRITER_LEG,
    XCY_LAG_S3_REPLICATION,
    XCY_LAG_S3_READER_LEG,
    XCY_LAG_SNS_DELIVERY,
    XCY_LAG_MYSQL_WRITER_LEG, /* of servers always these three: writer's leg, link, reader's leg */
    XCY_LAG_MYSQL_LINK,
    XCY_LAG_MYSQL_READER_LEG,
    XCY_LAG_CACHE_WRITER_LEG,
    XCY_LAG_CACHE_LINK,
    XCY_LAG_CACHE_READER_LEG,
    XCY_LAG_MQ_WRITER_LEG,
    XCY_LAG_MQ_LINK,
    XCY_LAG_MQ_READER_LEG,
    XCY_N_WORLD_LAGS
};

enum { XCY_WORLD_MAX_SERVICES = 7 };

struct xcy_world {
    struct xcy_world_options options;
    const struct xcy_deployment *deployment;
    uint64_t seed;
    uint16_t port;
    char *endpoint;
    struct xcy_credentials credentials;
    struct xcy_lag *lags[XCY_N_WORLD_LAGS];

    struct xcy_faults *faults;
    struct xcy_stall *stall; /* of replication */
    struct xcy_truth *truth;
    struct xcy_timers *timers;
    struct xcy_supervisor *supervisor;
    struct xcy_server *server;
    struct xcy_state *state;
    struct xcy_world_hosts *hosts; /* end before the server does: requests look under hosts_lock */
    pthread_mutex_t hosts_lock;
    struct xcy_sqs_service *sqs;
    struct xcy_sns_service *sns;
    struct xcy_sts_service *sts;
    struct xcy_dynamodb_service *dynamodb;
    struct xcy_stream_poller *notifications; /* NULL: dynamo is not listed */
    struct xcy_s3_service *s3;
    struct xcy_lambda_service *lambda;
    struct xcy_mq_poller *mq_poller; /* NULL: `backends:` has no mq */
    struct xcy_service services[XCY_WORLD_MAX_SERVICES];
    struct xcy_front *front;
    bool ready_file_is_ours;
    atomic_bool is_open; /* requests are let in */

    int failure_fd; /* an eventfd: readable once a part died */
    pthread_mutex_t failure_lock;
    char failure[600];
};

/* world_lags.c */
enum xcy_status xcy_world_make_lags(struct xcy_world *w, struct xcy_error *err) XCY_MUST_USE;
void xcy_world_free_lags(struct xcy_world *w);
/* "lognormal, p50 120 ms, p99 600 ms"; free with free(). */
char *xcy_delay_describe(const struct xcy_delay *delay);

/* world_functions.c: the Lambda service with writer and reader. */
enum xcy_status xcy_world_make_functions(struct xcy_world *w, struct xcy_error *err) XCY_MUST_USE;
/* The name in a name or an ARN, borrowed. */
const char *xcy_world_function_name(const struct xcy_function_place *place);

/* world_services.c: what answers calls; then the door is opened. */
enum xcy_status xcy_world_make_services(struct xcy_world *w, struct xcy_error *err) XCY_MUST_USE;

/* world_door.c: the key pair, the port, and who answers what comes in. */
void xcy_world_make_credentials(struct xcy_world *w); /* new ones */
/* Requests are refused until the door is open. */
enum xcy_status xcy_world_listen(struct xcy_world *w, struct xcy_error *err) XCY_MUST_USE;
void xcy_world_open_door(struct xcy_world *w);

/* world_stall.c: from now on replication is stalled when the fault says so. */
void xcy_world_follow_stall(struct xcy_world *w);

/* world_status.c */
struct xcy_json *xcy_world_places(const struct xcy_world *w); /* of the ready file; caller's */
void xcy_world_reply_status(struct xcy_world *w, struct xcy_exchange *exchange);
void xcy_world_describe(const struct xcy_world *w); /* on stderr */

#endif
