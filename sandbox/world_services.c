#include "common/base/mem.h"
#include "sandbox/world_parts.h"

#include <stdlib.h>

static void make_queue(struct xcy_world *w)
{
    const struct xcy_deployment *d = w->deployment;
    struct xcy_sqs_service_options options = {.timers = w->timers,
                                              .account = d->sandbox.account,
                                              .endpoint = w->endpoint,
                                              .faults = w->faults,
                                              .truth = w->truth,
                                              .evaluation_region = d->reader.region,
                                              .evaluation_queue = d->queue_name};
    w->sqs = xcy_sqs_service_new(&options);
    xcy_sqs_service_add_queue(w->sqs, d->reader.region, d->queue_name);
}

static bool invoke_source(void *service, const char *region, const char *function,
                          struct xcy_bytes payload, xcy_lambda_ended_fn *ended, void *ctx)
{
    return xcy_lambda_service_invoke_source(service, region, function, payload, ended, ctx);
}

/* The stream of the notifications' table in the reader's region invokes the reader. */
static void poll_notifications(struct xcy_world *w)
{
    const struct xcy_deployment *d = w->deployment;
    const char *table = d->dynamo.notifications_table;
    bool is_new = xcy_dynamodb_service_add_streamed(w->dynamodb, table, "key");
    xcy_assert(is_new); /* xcy_deployment_check */
    struct xcy_stream_poller_options options = {
        .timers = w->timers,
        .truth = w->truth,
        .stall = w->stall,
        .stream = xcy_dynamodb_service_stream(w->dynamodb, d->reader.region, table),
        .invoke = invoke_source,
        .service = w->lambda,
        .region = d->reader.region,
        .function = xcy_world_function_name(&d->reader),
        .batch = d->dynamo.stream_batch,
        .time_scale = d->sandbox.time_scale};
    w->notifications = xcy_stream_poller_start(&options);
}

static void make_dynamodb(struct xcy_world *w)
{
    const struct xcy_deployment *d = w->deployment;
    struct xcy_dynamodb_service_options options = {.timers = w->timers,
                                                   .truth = w->truth,
                                                   .stall = w->stall,
                                                   .account = d->sandbox.account,
                                                   .writer_leg = w->lags[XCY_LAG_DYNAMO_WRITER_LEG],
                                                   .replication =
                                                       w->lags[XCY_LAG_DYNAMO_REPLICATION],
                                                   .settle = w->lags[XCY_LAG_DYNAMO_SETTLE],
                                                   .reader_leg = w->lags[XCY_LAG_DYNAMO_READER_LEG],
                                                   .stream = w->lags[XCY_LAG_DYNAMO_STREAM],
                                                   .stream_shards = (size_t)d->dynamo.stream_shards,
                                                   .writer_region = d->writer.region,
                                                   .reader_region = d->reader.region};
    w->dynamodb = xcy_dynamodb_service_new(&options);
    if (d->dynamo.is_listed) {
        xcy_dynamodb_service_add_table(w->dynamodb, d->dynamo.table, "key");
        poll_notifications(w);
    }
}

static void make_s3(struct xcy_world *w)
{
    const struct xcy_deployment *d = w->deployment;
    char *folder = xcy_format("%s/s3", xcy_state_path(w->state));
    struct xcy_s3_service_options options = {.timers = w->timers,
                                             .truth = w->truth,
                                             .stall = w->stall,
                                             .folder = folder,
                                             .writer_leg = w->lags[XCY_LAG_S3_WRITER_LEG],
                                             .replication = w->lags[XCY_LAG_S3_REPLICATION],
                                             .reader_leg = w->lags[XCY_LAG_S3_READER_LEG],
                                             .writer_region = d->writer.region,
                                             .reader_region = d->reader.region};
    w->s3 = xcy_s3_service_new(&options);
    if (d->s3.is_listed) {
        xcy_s3_service_add_buckets(w->s3, d->s3.writer_bucket, d->s3.reader_bucket);
    }
    free(folder);
}

static void make_sns(struct xcy_world *w)
{
    const struct xcy_deployment *d = w->deployment;
    struct xcy_sns_service_options options = {.timers = w->timers,
                                              .account = d->sandbox.account,
                                              .deliver = xcy_lambda_service_invoke_event,
                                              .deliver_ctx = w->lambda,
                                              .delivery = w->lags[XCY_LAG_SNS_DELIVERY],
                                              .truth = w->truth};
    w->sns = xcy_sns_service_new(&options);
    if (d->sns.is_listed) {
        xcy_sns_service_add_topic(w->sns, d->writer.region, d->sns.topic);
        xcy_sns_service_subscribe(w->sns, d->writer.region, d->sns.topic, d->reader.region,
                                  xcy_world_function_name(&d->reader));
    }
}

static void make_sts(struct xcy_world *w)
{
    struct xcy_sts_service_options options = {.credentials = &w->credentials,
                                              .account = w->deployment->sandbox.account,
                                              .truth = w->truth};
    w->sts = xcy_sts_service_new(&options);
}

static bool invoke_reader(void *lambda, const char *region, const char *function,
                          struct xcy_bytes payload, xcy_lambda_ended_fn *ended, void *ctx)
{
    return xcy_lambda_service_invoke_source(lambda, region, function, payload, ended, ctx);
}

/* That the password's variable is set was found out when the functions were made. */
static void start_mq_poller(struct xcy_world *w)
{
    const struct xcy_deployment *d = w->deployment;
    struct xcy_pair_ends ends = {.reader = d->mq.reader_address, .user = d->mq.user};
    if (!d->mq.is_listed) {
        return;
    }
    if (!xcy_world_hosts_ends(w->hosts, "mq", &ends) && d->mq.password_variable) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here sets it */
        ends.password = getenv(d->mq.password_variable);
    }
    struct xcy_mq_poller_options options = {.address = ends.reader,
                                            .user = ends.user,
                                            .password = ends.password,
                                            .tls = d->mq.tls,
                                            .queue = d->mq_queue,
                                            .region = d->reader.region,
                                            .function = xcy_world_function_name(&d->reader),
                                            .account = d->sandbox.account,
                                            .batch = d->mq_batch,
                                            .parallel = d->mq_parallel,
                                            .time_scale = d->sandbox.time_scale,
                                            .invoke = invoke_reader,
                                            .invoke_ctx = w->lambda,
                                            .truth = w->truth};
    w->mq_poller = xcy_mq_poller_start(&options);
}

enum xcy_status xcy_world_make_services(struct xcy_world *w, struct xcy_error *err)
{
    enum xcy_status status = xcy_world_make_functions(w, err);
    if (status == XCY_OK) {
        make_queue(w);
        make_dynamodb(w);
        make_s3(w);
        make_sns(w);
        make_sts(w);
        xcy_world_follow_stall(w);
        xcy_world_open_door(w);
        start_mq_poller(w);
    }
    return status;
}
