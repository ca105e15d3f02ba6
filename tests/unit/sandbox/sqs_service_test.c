#include "common/base/mem.h"
#include "common/net/url.h"
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

static void assert_counts(const struct stand *s, int64_t visible, int64_t in_flight,
                          int64_t delayed)
{
    struct xcy_sqs_counts counts;
    struct xcy_error err;
    assert_ok(xcy_sqs_counts(&s->reader, s->queue_url, &counts, &err), &err);
    assert_int_equal(counts.visible, visible);
    assert_int_equal(counts.in_flight, in_flight);
    assert_int_equal(counts.delayed, delayed);
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
    assert_counts(s, 1, 0, 0);
    receive(s, 0, 30, &batch);
    assert_int_equal(batch.n, 1);
    assert_string_equal(batch.messages[0].body, "hello \"world\" <&> \xc3\xa9\n");
    assert_true(batch.messages[0].md5_is_right);
    assert_int_equal(batch.messages[0].receive_count, 1);
    assert_counts(s, 0, 1, 0);
    const char *handle = batch.messages[0].receipt_handle;
    assert_ok(xcy_sqs_delete_batch(&s->reader, s->queue_url, &handle, 1, failed, &err), &err);
    assert_false(failed[0]);
    assert_counts(s, 0, 0, 0);
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
    assert_counts(s, 1, 0, 0);
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
    assert_counts(s, 0, 1, 0);
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
    assert_counts(s, 0, 0, 1);
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

static void a_batch_fails_entry_by_entry(void **state)
{
    const struct stand *s = *state;
    struct xcy_json *answer =
        does(s, "SendMessageBatch",
             "'Entries':[{'Id':'a','MessageBody':'one'},{'Id':'b','MessageBody':''},"
             "{'Id':'c','MessageBody':'x','DelaySeconds':901},{'Id':'d','MessageBody':'two'}]");
    const struct xcy_json *good = xcy_json_get(answer, "Successful");
    const struct xcy_json *bad = xcy_json_get(answer, "Failed");
    assert_int_equal(xcy_json_size(good), 2);
    assert_string_equal(xcy_json_get_string(xcy_json_at(good, 1), "Id", ""), "d");
    assert_int_equal(xcy_json_size(bad), 2);
    assert_string_equal(xcy_json_get_string(xcy_json_at(bad, 0), "Code", ""), "MissingParameter");
    assert_string_equal(xcy_json_get_string(xcy_json_at(bad, 1), "Code", ""),
                        "InvalidParameterValue");
    assert_true(xcy_json_get_bool(xcy_json_at(bad, 1), "SenderFault", false));
    assert_counts(s, 2, 0, 0);
    xcy_json_free(answer);
    answer = does(s, "DeleteMessageBatch", "'Entries':[{'Id':'a','ReceiptHandle':'nonsense'}]");
    bad = xcy_json_at(xcy_json_get(answer, "Failed"), 0);
    assert_string_equal(xcy_json_get_string(bad, "Code", ""), "ReceiptHandleIsInvalid");
    xcy_json_free(answer);
}

static void malformed_batches_are_refused_as_a_whole(void **state)
{
    const struct stand *s = *state;
    fails(s, "SendMessageBatch", "'Entries':[]", "EmptyBatchRequest");
    fails(s, "DeleteMessageBatch", "", "EmptyBatchRequest");
    fails(s, "DeleteMessageBatch",
          "'Entries':[{'Id':'a','ReceiptHandle':'x'},{'Id':'a','ReceiptHandle':'y'}]",
          "BatchEntryIdsNotDistinct");
    fails(s, "SendMessageBatch", "'Entries':[{'Id':'a b','MessageBody':'x'}]",
          "InvalidBatchEntryId");
    struct xcy_buf many;
    xcy_buf_init(&many, 4096);
    for (int i = 0; i < 11; i++) {
        xcy_buf_addf(&many, "%s{'Id':'%d','MessageBody':'x'}", i > 0 ? "," : "'Entries':[", i);
    }
    xcy_buf_add_text(&many, "]");
    fails(s, "SendMessageBatch", many.ptr, "TooManyEntriesInBatchRequest");
    xcy_buf_clear(&many);
    assert_counts(s, 0, 0, 0);
}

static void limits_of_size_are_kept(void **state)
{
    const struct stand *s = *state;
    struct xcy_error err;
    char *body = xcy_alloc(1048576 + 2);
    memset(body, 'x', 1048576);
    assert_ok(xcy_sqs_send(&s->reader, s->queue_url, body, &err), &err);
    body[1048576] = 'x';
    assert_status(xcy_sqs_send(&s->reader, s->queue_url, body, &err), XCY_EREMOTE, &err);
    assert_non_null(strstr(err.text, "must be shorter than 1048576 bytes"));
    body[600000] = '\0';
    char *rest = xcy_format(
        "'Entries':[{'Id':'a','MessageBody':'%s'},{'Id':'b','MessageBody':'%s'}]", body, body);
    fails(s, "SendMessageBatch", rest, "BatchRequestTooLong");
    free(rest);
    free(body);
}

static void wrong_parameters_are_refused(void **state)
{
    const struct stand *s = *state;
    static const struct {
        const char *operation;
        const char *rest;
        const char *code;
    } cases[] = {
        {"ReceiveMessage", "'MaxNumberOfMessages':11", "InvalidParameterValue"},
        {"ReceiveMessage", "'MaxNumberOfMessages':0", "InvalidParameterValue"},
        {"ReceiveMessage", "'WaitTimeSeconds':21", "InvalidParameterValue"},
        {"ReceiveMessage", "'VisibilityTimeout':43201", "InvalidParameterValue"},
        {"SendMessage", "", "MissingRequiredParameter"},
        {"SendMessage", "'MessageBody':'\\u0001'", "InvalidMessageContents"},
        {"SendMessage", "'MessageBody':'a\\u0000b'", "SerializationException"},
        {"SendMessage", "'MessageBody':'x','DelaySeconds':-1", "InvalidParameterValue"},
        {"SendMessage", "'MessageBody':'x','MessageAttributes':{'a':{'DataType':'Odd'}}",
         "InvalidParameterValue"},
        {"DeleteMessage", "'ReceiptHandle':'x'", "ReceiptHandleIsInvalid"},
        {"DeleteMessage", "", "MissingRequiredParameter"},
        {"SetQueueAttributes", "'Attributes':{'VisibilityTimeout':'-1'}", "InvalidAttributeValue"},
        {"SetQueueAttributes", "'Attributes':{'NoSuch':'1'}", "InvalidAttributeName"},
        {"GetQueueAttributes", "'AttributeNames':['NoSuch']", "InvalidAttributeName"},
        {"NoSuchOperation", "", "UnknownOperation"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fails(s, cases[i].operation, cases[i].rest, cases[i].code);
    }
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

static void purging_twice_within_a_minute_is_refused(void **state)
{
    const struct stand *s = *state;
    struct xcy_error err;
    send(s, "m");
    assert_ok(xcy_sqs_purge(&s->reader, s->queue_url, &err), &err);
    assert_counts(s, 0, 0, 0);
    send(s, "after");
    assert_status(xcy_sqs_purge(&s->reader, s->queue_url, &err), XCY_EREMOTE, &err);
    assert_non_null(strstr(err.text, "PurgeQueueInProgress"));
    assert_counts(s, 1, 0, 0);
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

/* In the Query protocol. */
static int query(const struct stand *s, const char *rest, struct xcy_buf *body)
{
    struct xcy_buf form;
    xcy_buf_init(&form, 1 << 20);
    xcy_buf_addf(&form, "%s&Version=2012-11-05&QueueUrl=", rest);
    xcy_url_encode(&form, xcy_bytes_of(s->queue_url));
    int status = stand_query(&s->reader, "sqs", form.ptr, body);
    xcy_buf_clear(&form);
    return status;
}

static void the_query_protocol_sends_and_receives(void **state)
{
    const struct stand *s = *state;
    struct xcy_buf body;
    xcy_buf_init(&body, 1 << 20);
    assert_int_equal(query(s,
                           "Action=SendMessage&MessageBody=a+%26%20%3Cb%3E"
                           "&MessageAttribute.1.Name=n&MessageAttribute.1.Value.DataType=String"
                           "&MessageAttribute.1.Value.StringValue=v",
                           &body),
                     200);
    assert_non_null(strstr(body.ptr, "<SendMessageResponse xmlns="));
    assert_non_null(strstr(body.ptr, "<SendMessageResult><MessageId>"));
    assert_int_equal(query(s,
                           "Action=ReceiveMessage&MaxNumberOfMessages=10&AttributeName.1=All"
                           "&MessageAttributeName.1=n",
                           &body),
                     200);
    assert_non_null(strstr(body.ptr, "<Body>a &#x26; &#x3C;b&#x3E;</Body>"));
    assert_non_null(strstr(body.ptr, "<Attribute><Name>ApproximateReceiveCount</Name>"
                                     "<Value>1</Value></Attribute>"));
    assert_non_null(strstr(body.ptr, "<MessageAttribute><Name>n</Name><Value><DataType>String"
                                     "</DataType><StringValue>v</StringValue></Value>"
                                     "</MessageAttribute>"));
    xcy_buf_clear(&body);
}

static void the_query_protocol_has_batches_and_attributes(void **state)
{
    const struct stand *s = *state;
    struct xcy_buf body;
    xcy_buf_init(&body, 1 << 20);
    assert_int_equal(query(s,
                           "Action=SendMessageBatch&SendMessageBatchRequestEntry.1.Id=a"
                           "&SendMessageBatchRequestEntry.1.MessageBody=x"
                           "&SendMessageBatchRequestEntry.2.Id=b"
                           "&SendMessageBatchRequestEntry.2.MessageBody=",
                           &body),
                     200);
    assert_non_null(strstr(body.ptr, "<SendMessageBatchResultEntry><Id>a</Id>"));
    assert_non_null(strstr(body.ptr, "<BatchResultErrorEntry><Id>b</Id><SenderFault>true"
                                     "</SenderFault><Code>MissingParameter</Code>"));
    assert_int_equal(query(s,
                           "Action=SetQueueAttributes&Attribute.1.Name=DelaySeconds"
                           "&Attribute.1.Value=3",
                           &body),
                     200);
    assert_null(strstr(body.ptr, "Result>"));
    assert_int_equal(query(s, "Action=GetQueueAttributes&AttributeName.1=DelaySeconds", &body),
                     200);
    assert_non_null(strstr(body.ptr, "<GetQueueAttributesResult><Attribute><Name>DelaySeconds"
                                     "</Name><Value>3</Value></Attribute>"));
    xcy_buf_clear(&body);
}

static void the_query_protocol_has_its_own_error_names(void **state)
{
    const struct stand *s = *state;
    struct xcy_buf body;
    xcy_buf_init(&body, 1 << 20);
    assert_int_equal(stand_query(&s->reader, "sqs", "Action=GetQueueUrl&QueueName=none", &body),
                     400);
    assert_non_null(strstr(body.ptr, "<Code>AWS.SimpleQueueService.NonExistentQueue</Code>"));
    assert_int_equal(stand_query(&s->reader, "sqs", "Action=NoSuch", &body), 400);
    assert_non_null(strstr(body.ptr, "<Code>InvalidAction</Code>"));
    assert_int_equal(stand_query(&s->reader, "sqs", "QueueName=none", &body), 400);
    assert_non_null(strstr(body.ptr, "<Code>MissingAction</Code>"));
    xcy_buf_clear(&body);
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
        WITH_STAND(a_batch_fails_entry_by_entry),
        WITH_STAND(malformed_batches_are_refused_as_a_whole),
        WITH_STAND(limits_of_size_are_kept),
        WITH_STAND(wrong_parameters_are_refused),
        WITH_STAND(a_message_that_is_visible_again_is_not_in_flight),
        WITH_STAND(purging_twice_within_a_minute_is_refused),
        WITH_STAND(queues_are_of_a_region_and_an_account),
        WITH_STAND(queues_are_made_listed_and_deleted),
        WITH_STAND(attributes_are_set_and_given),
        WITH_STAND(message_attributes_travel_with_their_digest),
        WITH_STAND(the_query_protocol_sends_and_receives),
        WITH_STAND(the_query_protocol_has_batches_and_attributes),
        WITH_STAND(the_query_protocol_has_its_own_error_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
