#include "collectors/cleaning.h"

#include "common/aws/retry.h"

#include "common/aws/lambda.h"
#include "common/aws/sqs.h"
#include "common/base/log.h"
#include "common/base/stop.h"
#include "common/data/json.h"
#include "common/time/clock.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_REPLY_BYTES = 1 << 20, LOOK_EVERY_MS = 250, PURGE_EVERY_MS = 1000, PURGE_LIMIT_S = 75 };

static const struct xcy_retry_plan retry_plan = {
    .attempts = 4, .first_ns = 100 * XCY_NS_PER_MS, .max_ns = 2 * XCY_NS_PER_S};

struct cleaning {
    const struct xcy_deployment *deployment;
    const struct xcy_cleaning_options *options;
    struct xcy_aws writer; /* its region */
    struct xcy_aws reader; /* and the queue's */
    char *queue_url;
    struct xcy_cleaned cleaned;
};

static enum xcy_status invoke(const struct xcy_aws *aws, const struct xcy_function_place *place,
                              const char *payload, struct xcy_buf *reply, struct xcy_error *err)
{
    struct xcy_retry retry = xcy_retry_begin(&retry_plan);
    enum xcy_status status;
    do {
        xcy_buf_reset(reply);
        status = xcy_lambda_invoke(aws, place->function, xcy_bytes_of(payload), reply, err);
    } while (xcy_retry_again(&retry, status, err));
    return status;
}

/* The writer's word that it emptied its store, and which. */
static enum xcy_status read_cleaned(struct cleaning *c, struct xcy_bytes reply,
                                    struct xcy_error *err)
{
    struct xcy_json *object = NULL;
    const char *fallback = xcy_post_storage_names[c->deployment->combination.post_storage];
    enum xcy_status status = xcy_json_parse(reply, &object, err);
    if (status == XCY_OK && xcy_json_get_int64(object, "statusCode", 0) != 200) {
        status = xcy_fail(err, XCY_EREMOTE, "its reply has no statusCode 200");
    }
    if (status == XCY_OK) {
        const struct xcy_json *body = xcy_json_get(object, "body");
        snprintf(c->cleaned.post_storage, sizeof c->cleaned.post_storage, "%.31s",
                 xcy_json_get_string(body, "post_storage", fallback));
    }
    xcy_json_free(object);
    return status;
}

static enum xcy_status clean_store(struct cleaning *c, struct xcy_error *err)
{
    struct xcy_buf reply;
    xcy_buf_init(&reply, MAX_REPLY_BYTES);
    enum xcy_status status =
        invoke(&c->writer, &c->deployment->writer, "{\"-#CLEAN#-\": true}", &reply, err);
    if (status == XCY_OK) {
        status = read_cleaned(c, xcy_buf_bytes(&reply), err);
    }
    xcy_buf_clear(&reply);
    return status == XCY_OK
               ? XCY_OK
               : xcy_error_context(err, "cleaning by %s", c->deployment->writer.function);
}

static enum xcy_status read_items(struct xcy_bytes reply, int64_t *n, struct xcy_error *err)
{
    struct xcy_json *object = NULL;
    enum xcy_status status = xcy_json_parse(reply, &object, err);
    const struct xcy_json *stats = xcy_json_get(xcy_json_get(object, "body"), "stats");
    if (status == XCY_OK && !xcy_json_int64(xcy_json_get(stats, "items"), n)) {
        status = xcy_fail(err, XCY_EREMOTE,
                          "its reply to STATS tells no number of items, so it cannot be seen that "
                          "the store is empty");
    }
    xcy_json_free(object);
    return status;
}

/* As the function sees its side's store. */
static enum xcy_status count_posts(const struct xcy_aws *aws,
                                   const struct xcy_function_place *place, int64_t *n,
                                   struct xcy_error *err)
{
    struct xcy_buf reply;
    xcy_buf_init(&reply, MAX_REPLY_BYTES);
    enum xcy_status status = invoke(aws, place, "{\"-#STATS#-\": \"count\"}", &reply, err);
    if (status == XCY_OK) {
        status = read_items(xcy_buf_bytes(&reply), n, err);
    }
    xcy_buf_clear(&reply);
    return status == XCY_OK ? XCY_OK
                            : xcy_error_context(err, "counting posts by %s", place->function);
}

static enum xcy_status count_writer_posts(struct cleaning *c, int64_t *n, struct xcy_error *err)
{
    return count_posts(&c->writer, &c->deployment->writer, n, err);
}

static enum xcy_status count_reader_posts(struct cleaning *c, int64_t *n, struct xcy_error *err)
{
    return count_posts(&c->reader, &c->deployment->reader, n, err);
}

static enum xcy_status count_messages(struct cleaning *c, int64_t *n, struct xcy_error *err)
{
    struct xcy_sqs_counts counts = {0};
    struct xcy_retry retry = xcy_retry_begin(&retry_plan);
    enum xcy_status status;
    do {
        status = xcy_sqs_counts(&c->reader, c->queue_url, &counts, err);
    } while (xcy_retry_again(&retry, status, err));
    if (status == XCY_OK) {
        *n = counts.visible + counts.in_flight + counts.delayed;
    }
    return status;
}

static enum xcy_status pause_ms(int64_t ms, struct xcy_error *err)
{
    struct xcy_mono until = xcy_mono_add(xcy_mono_now(), ms * XCY_NS_PER_MS);
    return xcy_sleep_until(until, xcy_stop_fd())
               ? XCY_OK
               : xcy_fail(err, XCY_ESTOPPED, "interrupted; it is not clean");
}

typedef enum xcy_status count_fn(struct cleaning *c, int64_t *n, struct xcy_error *err);

/* Looks until it was empty `in_a_row` times running. */
static enum xcy_status see_empty(struct cleaning *c, count_fn *count, int in_a_row,
                                 const char *what, struct xcy_error *err)
{
    struct xcy_mono deadline = xcy_mono_add(xcy_mono_now(), c->options->deadline_ns);
    int64_t n = 0;
    for (int n_empty = 0;;) {
        enum xcy_status status = count(c, &n, err);
        n_empty = n == 0 ? n_empty + 1 : 0;
        if (status != XCY_OK || n_empty == in_a_row) {
            return status;
        }
        if (n > 0 && !xcy_mono_before(xcy_mono_now(), deadline)) {
            return xcy_fail(err, XCY_ETIMEOUT,
                            "not clean: the %s still holds %lld or more after %lld s", what,
                            (long long)n, (long long)(c->options->deadline_ns / XCY_NS_PER_S));
        }
        status = pause_ms(LOOK_EVERY_MS, err);
        if (status != XCY_OK) {
            return status;
        }
    }
}

/* One purge a minute is allowed; another one's minute is waited out, once told. */
static enum xcy_status purge(struct cleaning *c, struct xcy_error *err)
{
    struct xcy_mono deadline = xcy_mono_add(xcy_mono_now(), PURGE_LIMIT_S * XCY_NS_PER_S);
    for (bool is_told = false;; is_told = true) {
        enum xcy_status status = xcy_sqs_purge(&c->reader, c->queue_url, err);
        bool must_wait = status == XCY_EREMOTE && strstr(err->text, "PurgeQueueInProgress");
        if (!must_wait) {
            return status;
        }
        if (!c->options->wait || !xcy_mono_before(xcy_mono_now(), deadline)) {
            return xcy_error_context(err, "not clean: the queue holds messages, and was purged "
                                          "less than 60 s ago; try again in a minute");
        }
        if (!is_told) {
            xcy_log(XCY_LOG_INFO, "the queue was purged less than 60 s ago; waiting for its next");
        }
        status = pause_ms(PURGE_EVERY_MS, err);
        if (status != XCY_OK) {
            return status;
        }
    }
}

static enum xcy_status clean_queue(struct cleaning *c, struct xcy_error *err)
{
    int64_t first = 0;
    int64_t second = 0;
    enum xcy_status status = count_messages(c, &first, err);
    if (status == XCY_OK && first == 0) {
        status = count_messages(c, &second, err);
    }
    if (status != XCY_OK || first + second == 0) {
        return status;
    }
    c->cleaned.purged = first + second;
    status = purge(c, err);
    return status == XCY_OK ? see_empty(c, count_messages, 2, "queue", err) : status;
}

enum xcy_status xcy_cleaning_run(const struct xcy_deployment *deployment,
                                 const struct xcy_cleaning_options *options,
                                 struct xcy_cleaned *cleaned, struct xcy_error *err)
{
    struct xcy_key_source *keys = NULL;
    enum xcy_status status = xcy_key_source_open(deployment->endpoint, &keys, err);
    if (status != XCY_OK) {
        return status;
    }
    struct cleaning c = {.deployment = deployment, .options = options};
    c.writer = (struct xcy_aws){.http = xcy_http_open(NULL),
                                .endpoint = deployment->endpoint,
                                .region = deployment->writer.region,
                                .keys = keys,
                                .stoppable = true};
    c.reader = c.writer;
    c.reader.region = deployment->reader.region;
    status = clean_store(&c, err);
    if (status == XCY_OK) {
        status = see_empty(&c, count_writer_posts, 1, "post storage at the writer", err);
    }
    if (status == XCY_OK) { /* deletions are replicated, too */
        status = see_empty(&c, count_reader_posts, 1, "post storage at the reader", err);
    }
    if (status == XCY_OK) {
        status = xcy_sqs_queue_url(&c.reader, deployment->queue_name, &c.queue_url, err);
    }
    if (status == XCY_OK) {
        status = clean_queue(&c, err);
    }
    if (status == XCY_OK) {
        *cleaned = c.cleaned;
    } else if (xcy_stop_asked()) {
        status = xcy_fail(err, XCY_ESTOPPED, "interrupted; it may not be clean");
    }
    free(c.queue_url);
    xcy_http_close(c.writer.http);
    xcy_key_source_close(keys);
    return status;
}
