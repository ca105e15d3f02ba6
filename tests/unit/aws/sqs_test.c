#include "tests/support/unit.h"

#include "common/aws/sqs.h"
#include "tests/unit/aws/canned.h"

#include <stdlib.h>

static void a_received_batch_has_bodies_counts_and_checked_digests(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_sqs_batch batch;
    xcy_canned_open(
        &c, 200, "",
        "{\"Messages\":[{\"MessageId\":\"m1\",\"ReceiptHandle\":\"r1\",\"Body\":\"hello\","
        "\"MD5OfBody\":\"5d41402abc4b2a76b9719d911017c592\","
        "\"Attributes\":{\"ApproximateReceiveCount\":\"3\"}},"
        "{\"MessageId\":\"m2\",\"ReceiptHandle\":\"r2\",\"Body\":\"hell\","
        "\"MD5OfBody\":\"5d41402abc4b2a76b9719d911017c592\"}]}");
    assert_ok(xcy_sqs_receive(&c.aws, "http://q", 7, 0, &batch, &c.err), &c.err);
    assert_int_equal(batch.n, 2);
    assert_string_equal(batch.messages[0].message_id, "m1");
    assert_string_equal(batch.messages[0].receipt_handle, "r1");
    assert_string_equal(batch.messages[0].body, "hello");
    assert_int_equal(batch.messages[0].receive_count, 3);
    assert_true(batch.messages[0].md5_is_right);
    assert_int_equal(batch.messages[1].receive_count, 0);
    assert_false(batch.messages[1].md5_is_right);
    xcy_sqs_batch_clear(&batch);
    struct xcy_json *input = xcy_canned_input(&c);
    assert_int_equal(xcy_json_get_int64(input, "WaitTimeSeconds", -1), 7);
    assert_int_equal(xcy_json_get_int64(input, "VisibilityTimeout", -1), 0);
    assert_int_equal(xcy_json_get_int64(input, "MaxNumberOfMessages", -1), 10);
    assert_true(xcy_canned_saw(&c, "X-Amz-Target: AmazonSQS.ReceiveMessage\r\n"));
    assert_true(xcy_canned_saw(&c, "Content-Type: application/x-amz-json-1.0\r\n"));
    xcy_json_free(input);
    xcy_canned_close(&c);
}

static void an_empty_receive_is_an_empty_batch(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_sqs_batch batch;
    xcy_canned_open(&c, 200, "", "{}");
    assert_ok(xcy_sqs_receive(&c.aws, "http://q", 0, -1, &batch, &c.err), &c.err);
    assert_int_equal(batch.n, 0);
    struct xcy_json *input = xcy_canned_input(&c);
    assert_null(xcy_json_get(input, "VisibilityTimeout"));
    xcy_json_free(input);
    xcy_canned_close(&c);
}

static void a_message_without_a_handle_is_refused(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_sqs_batch batch;
    xcy_canned_open(&c, 200, "",
                    "{\"Messages\":[{\"MessageId\":\"a\",\"ReceiptHandle\":\"b\",\"Body\":\"c\"},"
                    "{\"MessageId\":\"m2\",\"Body\":\"x\"}]}");
    assert_status(xcy_sqs_receive(&c.aws, "http://q", 0, -1, &batch, &c.err), XCY_EREMOTE, &c.err);
    xcy_canned_close(&c);
}

static void entries_that_are_not_called_successful_have_failed(void **state)
{
    (void)state;
    struct xcy_canned c;
    const char *const handles[] = {"a", "b", "c"};
    bool failed[3] = {false, false, false};
    xcy_canned_open(&c, 200, "",
                    "{\"Successful\":[{\"Id\":\"2\"},{\"Id\":\"0\"},{\"Id\":\"9\"},{\"Id\":\"x\"}],"
                    "\"Failed\":[{\"Id\":\"1\",\"Code\":\"ReceiptHandleIsInvalid\"}]}");
    assert_ok(xcy_sqs_delete_batch(&c.aws, "http://q", handles, 3, failed, &c.err), &c.err);
    assert_false(failed[0]);
    assert_true(failed[1]);
    assert_false(failed[2]);
    struct xcy_json *input = xcy_canned_input(&c);
    const struct xcy_json *entry = xcy_json_at(xcy_json_get(input, "Entries"), 1);
    assert_string_equal(xcy_json_get_string(entry, "ReceiptHandle", ""), "b");
    assert_string_equal(xcy_json_get_string(entry, "Id", ""), "1");
    xcy_json_free(input);
    xcy_canned_close(&c);
}

static void a_batch_of_none_asks_nothing(void **state)
{
    (void)state;
    struct xcy_canned c;
    xcy_canned_open(&c, 200, "", "{}");
    assert_ok(xcy_sqs_visibility_batch(&c.aws, "http://q", NULL, 0, 0, NULL, &c.err), &c.err);
    assert_int_equal(xcy_raw_server_requests(c.server), 0);
    xcy_canned_close(&c);
}

static void counts_are_read_from_their_strings(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_sqs_counts counts;
    xcy_canned_open(&c, 200, "",
                    "{\"Attributes\":{\"ApproximateNumberOfMessages\":\"5\","
                    "\"ApproximateNumberOfMessagesNotVisible\":\"6\","
                    "\"ApproximateNumberOfMessagesDelayed\":\"0\"}}");
    assert_ok(xcy_sqs_counts(&c.aws, "http://q", &counts, &c.err), &c.err);
    assert_int_equal(counts.visible, 5);
    assert_int_equal(counts.in_flight, 6);
    assert_int_equal(counts.delayed, 0);
    xcy_canned_close(&c);
}

static void a_missing_queue_is_not_found_and_named(void **state)
{
    (void)state;
    struct xcy_canned c;
    char *url = NULL;
    xcy_canned_open(&c, 400,
                    "x-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender\r\n",
                    "{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\",\"message\":\"gone\"}");
    assert_status(xcy_sqs_queue_url(&c.aws, "evaluations", &url, &c.err), XCY_ENOTFOUND, &c.err);
    assert_string_equal(c.err.text, "queue evaluations: SQS GetQueueUrl: QueueDoesNotExist: gone");
    assert_null(url);
    xcy_canned_close(&c);
}

static void a_queue_url_is_handed_over(void **state)
{
    (void)state;
    struct xcy_canned c;
    char *url = NULL;
    xcy_canned_open(&c, 200, "", "{\"QueueUrl\":\"http://h/1/q\"}");
    assert_ok(xcy_sqs_queue_url(&c.aws, "q", &url, &c.err), &c.err);
    assert_string_equal(url, "http://h/1/q");
    free(url);
    xcy_canned_close(&c);
}

static void a_purge_too_soon_says_so(void **state)
{
    (void)state;
    struct xcy_canned c;
    xcy_canned_open(&c, 403, "",
                    "{\"__type\":\"com.amazonaws.sqs#PurgeQueueInProgress\",\"message\":\"60 s\"}");
    assert_status(xcy_sqs_purge(&c.aws, "http://q", &c.err), XCY_EREMOTE, &c.err);
    assert_non_null(strstr(c.err.text, "PurgeQueueInProgress"));
    xcy_canned_close(&c);
}

/* Of own calls: how often each is made, by what the service says of it. */
static void a_call_is_made_again_as_often_as_allowed_if_that_may_help(void **state)
{
    (void)state;
    static const struct {
        int status;
        int attempts;
        size_t calls;
    } cases[] = {{503, 0, 1}, {503, 1, 1}, {503, 3, 3}, {400, 3, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xcy_canned c;
        struct xcy_sqs_counts counts;
        xcy_canned_open(&c, cases[i].status, "", "{\"__type\":\"x#Some\",\"message\":\"m\"}");
        c.aws.attempts = cases[i].attempts;
        assert_int_not_equal(xcy_sqs_counts(&c.aws, "http://queue", &counts, &c.err), XCY_OK);
        assert_int_equal(xcy_raw_server_requests(c.server), cases[i].calls);
        xcy_canned_close(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_made_again_as_often_as_allowed_if_that_may_help),
        cmocka_unit_test(a_received_batch_has_bodies_counts_and_checked_digests),
        cmocka_unit_test(an_empty_receive_is_an_empty_batch),
        cmocka_unit_test(a_message_without_a_handle_is_refused),
        cmocka_unit_test(entries_that_are_not_called_successful_have_failed),
        cmocka_unit_test(a_batch_of_none_asks_nothing),
        cmocka_unit_test(counts_are_read_from_their_strings),
        cmocka_unit_test(a_missing_queue_is_not_found_and_named),
        cmocka_unit_test(a_queue_url_is_handed_over),
        cmocka_unit_test(a_purge_too_soon_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
