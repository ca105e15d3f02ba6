#include "common/net/url.h"
#include "tests/support/unit.h"
#include "tests/unit/sandbox/stand.h"

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
        WITH_STAND(the_query_protocol_sends_and_receives),
        WITH_STAND(the_query_protocol_has_batches_and_attributes),
        WITH_STAND(the_query_protocol_has_its_own_error_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
