#include "collectors/sources/sqs.h"

#include "common/aws/sqs.h"
#include "common/base/mem.h"

#include <stdlib.h>

_Static_assert((int)XCY_SOURCE_BATCH == (int)XCY_SQS_BATCH, "one receive fills one batch");

enum { FINISH_TIMEOUT_S = 10 };

struct sqs {
    struct xcy_key_source *keys; /* of the first connection; NULL: another's */
    struct xcy_aws aws;
    char *queue_url;
};

static void close_queue(void *state)
{
    struct sqs *sqs = state;
    if (sqs) {
        xcy_http_close(sqs->aws.http);
        xcy_key_source_close(sqs->keys);
        free(sqs->queue_url);
        free(sqs);
    }
}

/* A connection without a queue. Owned by the caller; close_queue. */
static struct sqs *connect_to(const char *endpoint, const char *region, struct xcy_key_source *keys)
{
    struct sqs *sqs = xcy_alloc(sizeof *sqs);
    sqs->aws = (struct xcy_aws){
        .http = xcy_http_open(NULL),
        .endpoint = endpoint,
        .region = region,
        .keys = keys,
        .stoppable = true,
    };
    return sqs;
}

static enum xcy_status open_queue(const struct xcy_source_place *place, void **state,
                                  struct xcy_error *err)
{
    struct xcy_key_source *keys = NULL;
    enum xcy_status status = xcy_key_source_open(place->endpoint, &keys, err);
    if (status != XCY_OK) {
        return status;
    }
    struct sqs *sqs = connect_to(place->endpoint, place->region, keys);
    sqs->keys = keys;
    status = xcy_sqs_queue_url(&sqs->aws, place->queue, &sqs->queue_url, err);
    if (status == XCY_OK) {
        *state = sqs;
    } else {
        close_queue(sqs);
    }
    return status;
}

static enum xcy_status another_connection(const void *state, void **another, struct xcy_error *err)
{
    const struct sqs *first = state;
    struct sqs *sqs = connect_to(first->aws.endpoint, first->aws.region, first->aws.keys);
    (void)err;
    sqs->queue_url = xcy_strdup(first->queue_url);
    *another = sqs;
    return XCY_OK;
}

static enum xcy_status receive(void *state, int wait_s, struct xcy_message_batch *batch,
                               struct xcy_error *err)
{
    struct sqs *sqs = state;
    struct xcy_sqs_batch got = {0};
    enum xcy_status status =
        xcy_sqs_receive(&sqs->aws, sqs->queue_url, wait_s, XCY_SOURCE_HIDDEN_S, &got, err);
    if (status != XCY_OK) {
        return status;
    }
    *batch = (struct xcy_message_batch){.n = got.n};
    for (size_t m = 0; m < got.n; m++) { /* the texts change their owner */
        struct xcy_sqs_message *from = &got.messages[m];
        batch->messages[m] = (struct xcy_message){
            .id = from->message_id,
            .handle = from->receipt_handle,
            .body = from->body,
            .receive_count = from->receive_count,
            .is_whole = from->md5_is_right,
        };
    }
    return XCY_OK;
}

/* For calls that finish what was begun: a stop does not cancel them, but they may not take long. */
static struct xcy_aws finishing(const struct sqs *sqs)
{
    struct xcy_aws aws = sqs->aws;
    aws.stoppable = false;
    aws.total_timeout_ns = FINISH_TIMEOUT_S * XCY_NS_PER_S;
    return aws;
}

static enum xcy_status drop(void *state, const char *const handles[], size_t n, bool failed[],
                            struct xcy_error *err)
{
    struct sqs *sqs = state;
    struct xcy_aws aws = finishing(sqs);
    return xcy_sqs_delete_batch(&aws, sqs->queue_url, handles, n, failed, err);
}

static enum xcy_status hide(void *state, const char *const handles[], size_t n, int hidden_s,
                            bool failed[], struct xcy_error *err)
{
    struct sqs *sqs = state;
    struct xcy_aws aws = finishing(sqs);
    return xcy_sqs_visibility_batch(&aws, sqs->queue_url, handles, n, hidden_s, failed, err);
}

static enum xcy_status count(void *state, int64_t *n, struct xcy_error *err)
{
    const struct sqs *sqs = state;
    struct xcy_sqs_counts counts = {0};
    enum xcy_status status = xcy_sqs_counts(&sqs->aws, sqs->queue_url, &counts, err);
    *n = counts.visible + counts.in_flight + counts.delayed;
    return status;
}

const struct xcy_source xcy_source_sqs = {
    .name = "sqs",
    .open = open_queue,
    .another = another_connection,
    .close = close_queue,
    .receive = receive,
    .drop = drop,
    .hide = hide,
    .count = count,
};
