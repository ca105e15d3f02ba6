#include "common/aws/sqs.h"

#include "common/base/mem.h"
#include "common/data/number.h"
#include "common/net/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LONGEST_WAIT_S = 20, MARGIN_S = 10 };

/* input is taken. */
static enum xcy_status call(const struct xcy_aws *aws, const char *target, struct xcy_json *input,
                            struct xcy_json **answer, struct xcy_error *err)
{
    enum xcy_status status =
        xcy_aws_json_call(aws, "sqs", target, "application/x-amz-json-1.0", input, answer, err);
    xcy_json_free(input);
    return status;
}

static struct xcy_json *input_for(const char *queue_url)
{
    struct xcy_json *input = xcy_json_new_object();
    xcy_json_put_string(input, "QueueUrl", queue_url);
    return input;
}

enum xcy_status xcy_sqs_queue_url(const struct xcy_aws *aws, const char *name, char **url,
                                  struct xcy_error *err)
{
    struct xcy_json *input = xcy_json_new_object();
    struct xcy_json *answer = NULL;
    xcy_json_put_string(input, "QueueName", name);
    enum xcy_status status = call(aws, "AmazonSQS.GetQueueUrl", input, &answer, err);
    if (status != XCY_OK) {
        return xcy_error_context(err, "queue %s", name);
    }
    const char *found = xcy_json_get_string(answer, "QueueUrl", NULL);
    if (found) {
        *url = xcy_strdup(found);
    } else {
        status = xcy_fail(err, XCY_EREMOTE, "SQS GetQueueUrl: the answer has no QueueUrl");
    }
    xcy_json_free(answer);
    return status;
}

enum xcy_status xcy_sqs_send(const struct xcy_aws *aws, const char *queue_url, const char *body,
                             struct xcy_error *err)
{
    struct xcy_json *input = input_for(queue_url);
    xcy_json_put_string(input, "MessageBody", body);
    return call(aws, "AmazonSQS.SendMessage", input, NULL, err);
}

void xcy_sqs_batch_clear(struct xcy_sqs_batch *batch)
{
    for (size_t i = 0; i < batch->n; i++) {
        free(batch->messages[i].message_id);
        free(batch->messages[i].receipt_handle);
        free(batch->messages[i].body);
    }
    *batch = (struct xcy_sqs_batch){0};
}

static bool md5_agrees(const struct xcy_json *message, const char *body)
{
    char md5[XCY_MD5_HEX];
    xcy_md5_hex(xcy_bytes_of(body), md5);
    return strcasecmp(md5, xcy_json_get_string(message, "MD5OfBody", "")) == 0;
}

static enum xcy_status read_message(const struct xcy_json *from, struct xcy_sqs_message *to,
                                    struct xcy_error *err)
{
    const char *id = xcy_json_get_string(from, "MessageId", NULL);
    const char *handle = xcy_json_get_string(from, "ReceiptHandle", NULL);
    const char *body = xcy_json_get_string(from, "Body", NULL);
    if (!id || !handle || !body) {
        return xcy_fail(err, XCY_EREMOTE,
                        "SQS ReceiveMessage: a message without MessageId, ReceiptHandle or Body");
    }
    const char *count =
        xcy_json_get_string(xcy_json_get(from, "Attributes"), "ApproximateReceiveCount", "0");
    *to = (struct xcy_sqs_message){.message_id = xcy_strdup(id),
                                   .receipt_handle = xcy_strdup(handle),
                                   .body = xcy_strdup(body),
                                   .md5_is_right = md5_agrees(from, body)};
    if (!xcy_int64_parse(xcy_bytes_of(count), &to->receive_count)) {
        to->receive_count = 0;
    }
    return XCY_OK;
}

static enum xcy_status read_batch(const struct xcy_json *answer, struct xcy_sqs_batch *batch,
                                  struct xcy_error *err)
{
    const struct xcy_json *messages = xcy_json_get(answer, "Messages");
    struct xcy_sqs_batch got = {.n = 0};
    if (xcy_json_size(messages) > XCY_SQS_BATCH) {
        return xcy_fail(err, XCY_EREMOTE, "SQS ReceiveMessage: %zu messages, at most %d",
                        xcy_json_size(messages), XCY_SQS_BATCH);
    }
    for (const struct xcy_json *m = xcy_json_first(messages); m; m = xcy_json_next(m)) {
        enum xcy_status status = read_message(m, &got.messages[got.n], err);
        if (status != XCY_OK) {
            xcy_sqs_batch_clear(&got);
            return status;
        }
        got.n++;
    }
    *batch = got;
    return XCY_OK;
}

/* A long poll must not run into the timeouts of ordinary calls. */
static struct xcy_aws with_patience(const struct xcy_aws *aws, int wait_s)
{
    struct xcy_aws patient = *aws;
    int64_t least_ns = (wait_s + MARGIN_S) * XCY_NS_PER_S;
    if (patient.first_byte_timeout_ns > 0 && patient.first_byte_timeout_ns < least_ns) {
        patient.first_byte_timeout_ns = least_ns;
    }
    if (patient.total_timeout_ns > 0 && patient.total_timeout_ns < least_ns) {
        patient.total_timeout_ns = least_ns;
    }
    return patient;
}

enum xcy_status xcy_sqs_receive(const struct xcy_aws *aws, const char *queue_url, int wait_s,
                                int visibility_s, struct xcy_sqs_batch *batch,
                                struct xcy_error *err)
{
    xcy_assert(wait_s >= 0 && wait_s <= LONGEST_WAIT_S);
    struct xcy_json *input = input_for(queue_url);
    xcy_json_put_int64(input, "MaxNumberOfMessages", XCY_SQS_BATCH);
    xcy_json_put_int64(input, "WaitTimeSeconds", wait_s);
    if (visibility_s >= 0) {
        xcy_json_put_int64(input, "VisibilityTimeout", visibility_s);
    }
    xcy_json_append(xcy_json_put_array(input, "AttributeNames"),
                    xcy_json_new_string("ApproximateReceiveCount"));
    struct xcy_aws patient = with_patience(aws, wait_s);
    struct xcy_json *answer = NULL;
    enum xcy_status status = call(&patient, "AmazonSQS.ReceiveMessage", input, &answer, err);
    if (status == XCY_OK) {
        status = read_batch(answer, batch, err);
    }
    xcy_json_free(answer);
    return status;
}

/* What the answer does not call successful has failed. */
static void read_failed(const struct xcy_json *answer, size_t n, bool failed[])
{
    for (size_t i = 0; i < n; i++) {
        failed[i] = true;
    }
    const struct xcy_json *done = xcy_json_get(answer, "Successful");
    for (const struct xcy_json *e = xcy_json_first(done); e; e = xcy_json_next(e)) {
        int64_t index = -1;
        const char *id = xcy_json_get_string(e, "Id", "");
        if (xcy_int64_parse(xcy_bytes_of(id), &index) && index >= 0 && (size_t)index < n) {
            failed[index] = false;
        }
    }
}

/* visibility_s < 0: entries have none. */
static enum xcy_status call_batch(const struct xcy_aws *aws, const char *target,
                                  const char *queue_url, const char *const handles[], size_t n,
                                  int visibility_s, bool failed[], struct xcy_error *err)
{
    xcy_assert(n <= XCY_SQS_BATCH);
    if (n == 0) {
        return XCY_OK;
    }
    struct xcy_json *input = input_for(queue_url);
    struct xcy_json *entries = xcy_json_put_array(input, "Entries");
    for (size_t i = 0; i < n; i++) {
        char id[24];
        snprintf(id, sizeof id, "%zu", i);
        struct xcy_json *entry = xcy_json_append_object(entries);
        xcy_json_put_string(entry, "Id", id);
        xcy_json_put_string(entry, "ReceiptHandle", handles[i]);
        if (visibility_s >= 0) {
            xcy_json_put_int64(entry, "VisibilityTimeout", visibility_s);
        }
    }
    struct xcy_json *answer = NULL;
    enum xcy_status status = call(aws, target, input, &answer, err);
    if (status == XCY_OK) {
        read_failed(answer, n, failed);
    }
    xcy_json_free(answer);
    return status;
}

enum xcy_status xcy_sqs_delete_batch(const struct xcy_aws *aws, const char *queue_url,
                                     const char *const handles[], size_t n, bool failed[],
                                     struct xcy_error *err)
{
    return call_batch(aws, "AmazonSQS.DeleteMessageBatch", queue_url, handles, n, -1, failed, err);
}

enum xcy_status xcy_sqs_visibility_batch(const struct xcy_aws *aws, const char *queue_url,
                                         const char *const handles[], size_t n, int visibility_s,
                                         bool failed[], struct xcy_error *err)
{
    xcy_assert(visibility_s >= 0);
    return call_batch(aws, "AmazonSQS.ChangeMessageVisibilityBatch", queue_url, handles, n,
                      visibility_s, failed, err);
}

static bool read_count(const struct xcy_json *attributes, const char *name, int64_t *to)
{
    return xcy_int64_parse(xcy_bytes_of(xcy_json_get_string(attributes, name, "")), to);
}

enum xcy_status xcy_sqs_counts(const struct xcy_aws *aws, const char *queue_url,
                               struct xcy_sqs_counts *counts, struct xcy_error *err)
{
    static const char visible[] = "ApproximateNumberOfMessages";
    static const char in_flight[] = "ApproximateNumberOfMessagesNotVisible";
    static const char delayed[] = "ApproximateNumberOfMessagesDelayed";
    struct xcy_json *input = input_for(queue_url);
    struct xcy_json *names = xcy_json_put_array(input, "AttributeNames");
    xcy_json_append(names, xcy_json_new_string(visible));
    xcy_json_append(names, xcy_json_new_string(in_flight));
    xcy_json_append(names, xcy_json_new_string(delayed));
    struct xcy_json *answer = NULL;
    enum xcy_status status = call(aws, "AmazonSQS.GetQueueAttributes", input, &answer, err);
    if (status != XCY_OK) {
        return status;
    }
    const struct xcy_json *attributes = xcy_json_get(answer, "Attributes");
    struct xcy_sqs_counts got = {0};
    if (read_count(attributes, visible, &got.visible) &&
        read_count(attributes, in_flight, &got.in_flight) &&
        read_count(attributes, delayed, &got.delayed)) {
        *counts = got;
    } else {
        status = xcy_fail(err, XCY_EREMOTE, "SQS GetQueueAttributes: counts are missing");
    }
    xcy_json_free(answer);
    return status;
}

enum xcy_status xcy_sqs_purge(const struct xcy_aws *aws, const char *queue_url,
                              struct xcy_error *err)
{
    return call(aws, "AmazonSQS.PurgeQueue", input_for(queue_url), NULL, err);
}
