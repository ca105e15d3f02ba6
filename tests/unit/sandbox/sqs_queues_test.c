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

/* An input for the stand's queue: {'QueueUrl': …, <rest>} with ' for ". */
static struct xcy_json *input_of(const struct stand *s, const char *rest)
{
    char *text = xcy_format("{'QueueUrl':'%s'%s%s}", s->queue_url, rest[0] ? "," : "", rest);
    struct xcy_json *input = stand_json(text);
    free(text);
    return input;
}

static struct xcy_json *does(const struct stand *s, const char *operation, const char *rest)
{
    char target[80];
    snprintf(target, sizeof target, "AmazonSQS.%s", operation);
    return stand_call(&s->reader, target, input_of(s, rest));
}

static void purging_twice_within_a_minute_is_refused(void **state)
{
    const struct stand *s = *state;
    struct xcy_error err;
    send(s, "m");
    assert_ok(xcy_sqs_purge(&s->reader, s->queue_url, &err), &err);
    stand_assert_counts(s, 0, 0, 0);
    send(s, "after");
    assert_status(xcy_sqs_purge(&s->reader, s->queue_url, &err), XCY_EREMOTE, &err);
    assert_non_null(strstr(err.text, "PurgeQueueInProgress"));
    stand_assert_counts(s, 1, 0, 0);
}

static void queues_are_of_a_region_and_an_account(void **state)
{
    const struct stand *s = *state;
    char *url = NULL;
    struct xcy_error err;
    assert_status(xcy_sqs_queue_url(&s->writer, "q", &url, &err), XCY_ENOTFOUND, &err);
    stand_call_fails(&s->reader, "AmazonSQS.ReceiveMessage",
                     stand_json("{'QueueUrl':'http://127.0.0.1:1/123456789012/q'}"),
                     "QueueDoesNotExist");
}

static void queues_are_made_listed_and_deleted(void **state)
{
    const struct stand *s = *state;
    struct xcy_json *made =
        stand_call(&s->reader, "AmazonSQS.CreateQueue",
                   stand_json("{'QueueName':'second','Attributes':{'VisibilityTimeout':'7'}}"));
    assert_non_null(strstr(xcy_json_get_string(made, "QueueUrl", ""), "/000000000000/second"));
    xcy_json_free(
        stand_call(&s->reader, "AmazonSQS.CreateQueue",
                   stand_json("{'QueueName':'second','Attributes':{'VisibilityTimeout':'7'}}")));
    stand_call_fails(&s->reader, "AmazonSQS.CreateQueue",
                     stand_json("{'QueueName':'second','Attributes':{'VisibilityTimeout':'8'}}"),
                     "QueueNameExists");
    stand_call_fails(&s->reader, "AmazonSQS.CreateQueue", stand_json("{'QueueName':'a.fifo'}"),
                     "InvalidParameterValue");
    struct xcy_json *all = stand_call(&s->reader, "AmazonSQS.ListQueues", stand_json("{}"));
    struct xcy_json *some =
        stand_call(&s->reader, "AmazonSQS.ListQueues", stand_json("{'QueueNamePrefix':'sec'}"));
    assert_int_equal(xcy_json_size(xcy_json_get(all, "QueueUrls")), 2);
    assert_int_equal(xcy_json_size(xcy_json_get(some, "QueueUrls")), 1);
    struct xcy_json *first =
        stand_call(&s->reader, "AmazonSQS.ListQueues", stand_json("{'MaxResults':1}"));
    struct xcy_json *more = stand_json("{'MaxResults':1}");
    xcy_json_put_string(more, "NextToken", xcy_json_get_string(first, "NextToken", ""));
    struct xcy_json *second = stand_call(&s->reader, "AmazonSQS.ListQueues", more);
    assert_string_equal(xcy_json_string(xcy_json_at(xcy_json_get(second, "QueueUrls"), 0)),
                        xcy_json_get_string(made, "QueueUrl", ""));
    assert_null(xcy_json_get(second, "NextToken"));
    xcy_json_free(first);
    xcy_json_free(second);
    struct xcy_json *input = xcy_json_new_object();
    xcy_json_put_string(input, "QueueUrl", xcy_json_get_string(made, "QueueUrl", ""));
    xcy_json_free(stand_call(&s->reader, "AmazonSQS.DeleteQueue", input));
    stand_call_fails(&s->reader, "AmazonSQS.GetQueueUrl", stand_json("{'QueueName':'second'}"),
                     "QueueDoesNotExist");
    xcy_json_free(all);
    xcy_json_free(some);
    xcy_json_free(made);
}

static void attributes_are_set_and_given(void **state)
{
    const struct stand *s = *state;
    xcy_json_free(
        does(s, "SetQueueAttributes", "'Attributes':{'VisibilityTimeout':'11','Policy':'{}'}"));
    struct xcy_json *answer =
        does(s, "GetQueueAttributes",
             "'AttributeNames':['VisibilityTimeout','Policy','RedrivePolicy','QueueArn']");
    const struct xcy_json *attributes = xcy_json_get(answer, "Attributes");
    assert_int_equal(xcy_json_size(attributes), 3);
    assert_string_equal(xcy_json_get_string(attributes, "VisibilityTimeout", ""), "11");
    assert_string_equal(xcy_json_get_string(attributes, "QueueArn", ""),
                        "arn:aws:sqs:us-east-1:000000000000:q");
    xcy_json_free(answer);
    answer = does(s, "GetQueueAttributes", "'AttributeNames':['All']");
    attributes = xcy_json_get(answer, "Attributes");
    assert_string_equal(xcy_json_get_string(attributes, "MaximumMessageSize", ""), "1048576");
    assert_string_equal(xcy_json_get_string(attributes, "ApproximateNumberOfMessages", ""), "0");
    xcy_json_free(answer);
}

#define WITH_STAND(test) cmocka_unit_test_setup_teardown(test, open_stand, close_stand)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STAND(purging_twice_within_a_minute_is_refused),
        WITH_STAND(queues_are_of_a_region_and_an_account),
        WITH_STAND(queues_are_made_listed_and_deleted),
        WITH_STAND(attributes_are_set_and_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
