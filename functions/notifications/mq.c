#include "functions/notifications/mq.h"

#include "common/base/mem.h"
#include "common/net/crypto.h"
#include "common/stores/stomp.h"

#include <stdlib.h>

enum { CALL_LIMIT_S = 5, MAX_EVENT_BYTES = 4 * 1024 * 1024 };

struct mq {
    const struct xcy_backend_place *place;
    struct xcy_stomp *stomp; /* kept between invocations; connects again by itself; reader: NULL */
    char *destination;
};

static struct xcy_mono limit_of(const struct xcy_backend_place *place)
{
    return place->limit ? *place->limit : xcy_mono_add(xcy_mono_now(), CALL_LIMIT_S * XCY_NS_PER_S);
}

/* Without beats: between invocations a function is frozen, can neither send them nor look for the
 * broker's. A connection that broke meanwhile is noticed when it is used next. */
static enum xcy_status connect_writer(struct mq *mq, struct xcy_error *err)
{
    const struct xcy_environment *e = mq->place->environment;
    if (!e->mq.writer || e->mq.writer[0] == '\0') {
        return xcy_fail(err, XCY_EUSAGE, "the environment names no ActiveMQ for the writer");
    }
    struct xcy_stomp_options options = {.address = e->mq.writer,
                                        .user = e->mq.user,
                                        .password = e->mq.password,
                                        .tls = e->mq.tls,
                                        .ca_file = e->ca_file};
    return xcy_stomp_open(&options, limit_of(mq->place), &mq->stomp, err);
}

static void close_queue(void *state)
{
    struct mq *mq = state;
    if (mq) {
        xcy_stomp_close(mq->stomp);
        free(mq->destination);
        free(mq);
    }
}

static enum xcy_status open_queue(const struct xcy_backend_place *place, void **state,
                                  struct xcy_error *err)
{
    struct mq *mq = xcy_alloc(sizeof *mq);
    mq->place = place;
    mq->destination = xcy_format("/queue/%s", place->environment->mq_queue);
    enum xcy_status status = place->side == XCY_SIDE_WRITER ? connect_writer(mq, err) : XCY_OK;
    if (status != XCY_OK) {
        close_queue(mq);
        return status;
    }
    *state = mq;
    return XCY_OK;
}

static enum xcy_status publish(void *state, const char *key, const char *message,
                               struct xcy_error *err)
{
    (void)key;
    const struct mq *mq = state;
    return xcy_stomp_send(mq->stomp, mq->destination, message, limit_of(mq->place), err);
}

static enum xcy_status take_message(const struct xcy_json *message, xcy_notified_fn *each,
                                    void *ctx, struct xcy_error *err)
{
    const char *data = xcy_json_get_string(message, "data", NULL);
    if (!data) {
        return xcy_fail(err, XCY_EPARSE, "it has no data");
    }
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_EVENT_BYTES);
    enum xcy_status status = XCY_OK;
    if (!xcy_base64_decode(xcy_bytes_of(data), &text)) {
        status = xcy_fail(err, XCY_EPARSE, "its data is not base64");
    }
    if (status == XCY_OK) {
        status = xcy_buf_check(&text, "its data", err);
    }
    if (status == XCY_OK) {
        status = each(ctx, xcy_buf_bytes(&text), text.len, err);
    }
    xcy_buf_clear(&text);
    return status;
}

/* Lambda gets {"eventSource": "aws:mq", "messages": [{"data": "<event in base64>", ...}]}. One bad
 * message must not cost the others: all are handled, then the first failure is told. */
static enum xcy_status parse(const struct xcy_json *payload, xcy_notified_fn *each, void *ctx,
                             struct xcy_error *err)
{
    const struct xcy_json *messages = xcy_json_get(payload, "messages");
    const char *source = xcy_json_get_string(payload, "eventSource", "aws:mq");
    if (xcy_json_kind(messages) != XCY_JSON_ARRAY || xcy_json_size(messages) == 0 ||
        strcmp(source, "aws:mq") != 0) {
        return xcy_fail(err, XCY_EPARSE, "not a notification of ActiveMQ: it has no messages");
    }
    enum xcy_status first = XCY_OK;
    size_t index = 0;
    for (const struct xcy_json *message = xcy_json_first(messages); message;
         message = xcy_json_next(message), index++) {
        struct xcy_error failure;
        enum xcy_status status = take_message(message, each, ctx, &failure);
        if (status != XCY_OK && first == XCY_OK) {
            first = xcy_error_context(&failure, "ActiveMQ message %zu", index);
            *err = failure;
        }
    }
    return first;
}

/* What is in the queue is the poller's to take. */
static enum xcy_status clean(void *state, struct xcy_error *err)
{
    (void)state;
    (void)err;
    return XCY_OK;
}

const struct xcy_notification_backend xcy_mq_notifications = {
    .name = "mq",
    .open = open_queue,
    .close = close_queue,
    .publish = publish,
    .parse = parse,
    .clean = clean,
};
