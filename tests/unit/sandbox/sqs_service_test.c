#include "common/base/mem.h"
#include "tests/support/unit.h"
#include "tests/unit/sandbox/stand.h"

#include <stdio.h>
#include <stdlib.h>

static int open_stand(void **state)
{
    *state = stand_open(NULL);
    return 0;
}

static int close_stand(void **state)
{
    stand_close(*state);
    return 0;
}

static void send(const struct stand *s, const char *body)
{
    struct xcy_error err;
    assert_ok(xcy_sqs_send(&s->reader, s->queue_url, body, &err), &err);
}

static void receive(const struct stand *s, int wait_s, int visibility_s,
                    struct xcy_sqs_batch *batch)
{
    struct xcy_error err;
    *batch = (struct xcy_sqs_batch){0};
    assert_ok(xcy_sqs_receive(&s->reader, s->queue_url, wait_s, visibility_s, batch, &err), &err);
}

/* An input for the stand's queue: {'QueueUrl': …, <rest>} with ' for ". */
static struct xcy_json *input_of(const struct stand *s, const char *rest)
{
    char *text = xcy_format("{'QueueUrl':'%s'%s%s}", s->queue_url, rest[0] ? "," : "", rest);
    struct xcy_json *input = stand_json(text);
    free(text);
    return input;
}

static void fails(const struct stand *s, const char *operation, const char *rest, const char *code)
{
    char target[80];
    snprintf(target, sizeof target, "AmazonSQS.%s", operation);
    stand_call_fails(&s->reader, target, input_of(s, rest), code);
}

static struct xcy_json *does(const struct stand *s, const char *operation, const char *rest)
{
    char target[80];
    snprintf(target, sizeof target, "AmazonSQS.%s", operation);
    return stand_call(&s->reader, target, input_of(s, rest));
}

static void a_message_is_sent_received_and_deleted(void **state)
{
    const struct stand *s = *state;
    struct xcy_sqs_batch batch;
    struct xcy_error err;
    bool failed[1];
    send(s, "hello \"world\" <&> \xc3\xa9\n");
    stand_assert_counts(s, 1, 0, 0);
    receive(s, 0, 30, &batch);
    assert_int_equal(batch.n, 1);
    assert_string_equal(batch.messages[0].body, "hello \"world\" <&> \xc3\xa9\n");
    assert_true(batch.messages[0].md5_is_right);
    assert_int_equal(batch.messages[0].receive_count, 1);
    stand_assert_counts(s, 0, 1, 0);
    const char *handle = batch.messages[0].receipt_handle;
    assert_ok(xcy_sqs_delete_batch(&s->reader, s->queue_url, &handle, 1, failed, &err), &err);
    assert_false(failed[0]);
    stand_assert_counts(s, 0, 0, 0);
    xcy_sqs_batch_clear(&batch);
}

static void an_empty_answer_has_no_messages_member(void **state)
{
    const struct stand *s = *state;
    struct xcy_json *answer = does(s, "ReceiveMessage", "");
    assert_int_equal(xcy_json_size(answer), 0);
    xcy_json_free(answer);
}

static void a_receive_gives_at_most_what_was_asked_for(void **state)
{
    const struct stand *s = *state;
    for (int i = 0; i < 12; i++) {
        send(s, "m");
    }
    struct xcy_json *one = does(s, "ReceiveMessage", "");
    struct xcy_json *ten = does(s, "ReceiveMessage", "'MaxNumberOfMessages':10");
    struct xcy_json *last = does(s, "ReceiveMessage", "'MaxNumberOfMessages':10");
    assert_int_equal(xcy_json_size(xcy_json_get(one, "Messages")), 1);
    assert_int_equal(xcy_json_size(xcy_json_get(ten, "Messages")), 10);
    assert_int_equal(xcy_json_size(xcy_json_get(last, "Messages")), 1);
    xcy_json_free(one);
    xcy_json_free(ten);
    xcy_json_free(last);
}

static void visibility_zero_gives_the_message_back_at_once(void **state)
{
    const struct stand *s = *state;
    struct xcy_sqs_batch first;
    struct xcy_sqs_batch second;
    struct xcy_error err;
    bool failed[1];
    send(s, "m");
    receive(s, 0, 600, &first);
    const char *handle = first.messages[0].receipt_handle;
    assert_ok(xcy_sqs_visibility_batch(&s->reader, s->queue_url, &handle, 1, 0, failed, &err),
              &err);
    assert_false(failed[0]);
    stand_assert_counts(s, 1, 0, 0);
    receive(s, 0, 600, &second);
    assert_int_equal(second.n, 1);
    assert_int_equal(second.messages[0].receive_count, 2);
    /* The first handle is stale now: it deletes nothing, which is no error; and it changes nothing,
     * which is one. */
    assert_ok(xcy_sqs_delete_batch(&s->reader, s->queue_url, &handle, 1, failed, &err), &err);
    assert_false(failed[0]);
    assert_ok(xcy_sqs_visibility_batch(&s->reader, s->queue_url, &handle, 1, 0, failed, &err),
              &err);
    assert_true(failed[0]);
    stand_assert_counts(s, 0, 1, 0);
    xcy_sqs_batch_clear(&first);
    xcy_sqs_batch_clear(&second);
}

static void a_waiting_receive_ends_empty_when_its_time_is_over(void **state)
{
    const struct stand *s = *state;
    struct xcy_sqs_batch batch;
    struct xcy_mono begin = xcy_mono_now();
    receive(s, 1, 30, &batch);
    assert_int_equal(batch.n, 0);
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), begin) >= XCY_NS_PER_S);
}

struct outcome {
    bool is_done;
    int status;
    struct xcy_buf body;
};

static void note_reply(void *ctx, const struct xcy_http_reply *reply)
{
    struct outcome *outcome = ctx;
    outcome->is_done = true;
    outcome->status = reply->result == XCY_HTTP_DONE ? reply->status : -1;
    xcy_buf_init(&outcome->body, 1 << 20);
    xcy_buf_add(&outcome->body, xcy_buf_bytes(&reply->body));
}

/* Starts a receive that waits, and lets it go out. */
static void start_receive(const struct stand *s, struct xcy_aws_request *r, struct outcome *outcome)
{
    struct xcy_error err;
    char *text = xcy_format("{\"QueueUrl\":\"%s\",\"WaitTimeSeconds\":20}", s->queue_url);
    xcy_aws_request_init(r, &s->reader, "sqs", "POST", NULL);
    xcy_aws_request_add_header(r, "X-Amz-Target", "AmazonSQS.ReceiveMessage");
    xcy_aws_request_set_body(r, "application/x-amz-json-1.0", xcy_bytes_of(text));
    assert_ok(xcy_aws_request_finish(r, &err), &err);
    assert_ok(xcy_http_start(s->http, &r->http, NULL, note_reply, outcome, &err), &err);
    xcy_http_run(s->http, xcy_mono_add(xcy_mono_now(), 5 * XCY_NS_PER_MS), -1, true);
    free(text);
}

static void a_waiting_receive_gets_what_is_sent_later(void **state)
{
    const struct stand *s = *state;
    struct xcy_aws_request r;
    struct outcome outcome = {0};
    start_receive(s, &r, &outcome);
    send(s, "later");
    while (!outcome.is_done) {
        xcy_http_run(s->http, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_S), -1, true);
    }
    assert_int_equal(outcome.status, 200);
    assert_non_null(strstr(outcome.body.ptr, "later"));
    xcy_buf_clear(&outcome.body);
    xcy_aws_request_clear(&r);
}

static void a_waiting_receive_gets_what_becomes_visible_again(void **state)
{
    const struct stand *s = *state;
    struct xcy_sqs_batch first;
    struct xcy_sqs_batch again;
    send(s, "m");
    receive(s, 0, 1, &first);
    receive(s, 20, 30, &again);
    assert_int_equal(again.n, 1);
    assert_int_equal(again.messages[0].receive_count, 2);
    xcy_sqs_batch_clear(&first);
    xcy_sqs_batch_clear(&again);
}

static void a_waiting_receive_gets_a_delayed_message(void **state)
{
    const struct stand *s = *state;
    struct xcy_sqs_batch batch;
    xcy_json_free(does(s, "SendMessage", "'MessageBody':'m','DelaySeconds':1"));
    stand_assert_counts(s, 0, 0, 1);
    receive(s, 20, 30, &batch);
    assert_int_equal(batch.n, 1);
    xcy_sqs_batch_clear(&batch);
}

static void stopping_answers_who_waits(void **state)
{
    struct stand *s = *state;
    struct xcy_aws_request r;
    struct outcome outcome = {0};
    start_receive(s, &r, &outcome);
    xcy_sqs_service_stop(s->sqs);
    while (!outcome.is_done) {
        xcy_http_run(s->http, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_S), -1, true);
    }
    assert_true(outcome.status == 200 || outcome.status == 503); /* 503: it came after the stop */
    xcy_buf_clear(&outcome.body);
    xcy_aws_request_clear(&r);
}

static void deleting_a_queue_fails_who_waits(void **state)
{
    const struct stand *s = *state;
    struct xcy_aws_request r;
    struct outcome outcome = {0};
    start_receive(s, &r, &outcome);
    xcy_json_free(does(s, "DeleteQueue", ""));
    while (!outcome.is_done) {
        xcy_http_run(s->http, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_S), -1, true);
    }
    assert_int_equal(outcome.status, 400);
    assert_non_null(strstr(outcome.body.ptr, "QueueDoesNotExist"));
    fails(s, "ReceiveMessage", "", "QueueDoesNotExist");
    xcy_buf_clear(&outcome.body);
    xcy_aws_request_clear(&r);
}

static void a_message_that_is_visible_again_is_not_in_flight(void **state)
{
    const struct stand *s = *state;
    struct xcy_sqs_batch batch;
    send(s, "m");
    receive(s, 0, 0, &batch);
    char *rest =
        xcy_format("'ReceiptHandle':'%s','VisibilityTimeout':10", batch.messages[0].receipt_handle);
    fails(s, "ChangeMessageVisibility", rest, "MessageNotInflight");
    free(rest);
    xcy_sqs_batch_clear(&batch);
}

/* The digests were computed by the AWS SDK's algorithm as documented: sizes big-endian, names
 * sorted, 1 for text and 2 for binary. */
static void message_attributes_travel_with_their_digest(void **state)
{
    const struct stand *s = *state;
    struct xcy_json *sent =
        does(s, "SendMessage",
             "'MessageBody':'m','MessageAttributes':{'b':{'DataType':'Number','StringValue':'12'},"
             "'a':{'DataType':'Binary','BinaryValue':'AAEC'}}");
    struct xcy_json *got = does(s, "ReceiveMessage", "'MessageAttributeNames':['All']");
    const struct xcy_json *message = xcy_json_at(xcy_json_get(got, "Messages"), 0);
    assert_string_equal(xcy_json_get_string(sent, "MD5OfMessageAttributes", ""),
                        "d689f7c819cf872bb0ea0002399620db");
    assert_string_equal(xcy_json_get_string(message, "MD5OfMessageAttributes", ""),
                        "d689f7c819cf872bb0ea0002399620db");
    const struct xcy_json *a = xcy_json_get(xcy_json_get(message, "MessageAttributes"), "a");
    assert_string_equal(xcy_json_get_string(a, "BinaryValue", ""), "AAEC");
    xcy_json_free(sent);
    xcy_json_free(got);
}

#define WITH_STAND(test) cmocka_unit_test_setup_teardown(test, open_stand, close_stand)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STAND(a_message_is_sent_received_and_deleted),
        WITH_STAND(an_empty_answer_has_no_messages_member),
        WITH_STAND(a_receive_gives_at_most_what_was_asked_for),
        WITH_STAND(visibility_zero_gives_the_message_back_at_once),
        WITH_STAND(a_waiting_receive_ends_empty_when_its_time_is_over),
        WITH_STAND(a_waiting_receive_gets_what_is_sent_later),
        WITH_STAND(a_waiting_receive_gets_what_becomes_visible_again),
        WITH_STAND(a_waiting_receive_gets_a_delayed_message),
        WITH_STAND(stopping_answers_who_waits),
        WITH_STAND(deleting_a_queue_fails_who_waits),
        WITH_STAND(a_message_that_is_visible_again_is_not_in_flight),
        WITH_STAND(message_attributes_travel_with_their_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
