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
    stand_assert_counts(s, 2, 0, 0);
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
    stand_assert_counts(s, 0, 0, 0);
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

#define WITH_STAND(test) cmocka_unit_test_setup_teardown(test, open_stand, close_stand)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STAND(a_batch_fails_entry_by_entry),
        WITH_STAND(malformed_batches_are_refused_as_a_whole),
        WITH_STAND(limits_of_size_are_kept),
        WITH_STAND(wrong_parameters_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
