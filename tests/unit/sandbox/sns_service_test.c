#include "common/base/mem.h"
#include "common/net/url.h"
#include "tests/support/unit.h"
#include "tests/unit/sandbox/stand.h"

#include <stdio.h>
#include <stdlib.h>

#define TOPIC "arn:aws:sns:eu-central-1:000000000000:t"

static int open_stand(void **state)
{
    *state = stand_open(NULL);
    return 0;
}

static int open_slow_stand(void **state)
{
    *state = stand_open(&(struct stand_lags){.delivery = 60});
    return 0;
}

static int close_stand(void **state)
{
    stand_close(*state);
    return 0;
}

static void publish(const struct stand *s, const char *message, char id[64])
{
    struct xcy_error err;
    assert_ok(xcy_sns_publish(&s->writer, TOPIC, message, id, &err), &err);
}

/* The event of a delivery, owned by the caller. */
static struct xcy_json *event_of(const struct stand *s, size_t i)
{
    const char *payload = strchr(s->deliveries[i], '{');
    struct xcy_json *root;
    struct xcy_error err;
    assert_ok(xcy_json_parse(xcy_bytes_of(payload), &root, &err), &err);
    return root;
}

static void a_message_reaches_the_subscribed_function_as_an_event(void **state)
{
    struct stand *s = *state;
    char id[64];
    publish(s, "{\"i\": 7, \"text\": \"<\xc3\xa9&>\"}", id);
    stand_wait_deliveries(s, 1);
    assert_true(strncmp(s->deliveries[0], "us-east-1 reader {", 18) == 0);
    struct xcy_json *event = event_of(s, 0);
    const struct xcy_json *record = xcy_json_at(xcy_json_get(event, "Records"), 0);
    const struct xcy_json *sns = xcy_json_get(record, "Sns");
    assert_string_equal(xcy_json_get_string(record, "EventSource", ""), "aws:sns");
    assert_string_equal(xcy_json_get_string(sns, "Message", ""),
                        "{\"i\": 7, \"text\": \"<\xc3\xa9&>\"}");
    assert_string_equal(xcy_json_get_string(sns, "MessageId", ""), id);
    assert_string_equal(xcy_json_get_string(sns, "TopicArn", ""), TOPIC);
    assert_int_equal(strlen(xcy_json_get_string(sns, "Timestamp", "")), 24);
    xcy_json_free(event);
}

static void delivery_comes_when_its_delay_has_passed(void **state)
{
    struct stand *s = *state;
    struct xcy_mono before = xcy_mono_now();
    publish(s, "m", NULL);
    stand_wait_deliveries(s, 1);
    assert_true(xcy_mono_diff_ns(s->delivered_at[0], before) >= 60 * XCY_NS_PER_MS);
    struct xcy_json *published = stand_truth(s, "publish");
    struct xcy_json *delivered = stand_truth(s, "deliver");
    const struct xcy_json *out = xcy_json_at(published, 0);
    const struct xcy_json *in = xcy_json_at(delivered, 0);
    assert_string_equal(xcy_json_get_string(out, "message", "a"),
                        xcy_json_get_string(in, "message", "b"));
    assert_true(xcy_json_get_int64(in, "at_us", 0) >=
                xcy_json_get_int64(out, "at_us", 0) + 60000 - 1);
    xcy_json_free(published);
    xcy_json_free(delivered);
}

static void what_is_not_delivered_when_stopping_is_dropped(void **state)
{
    struct stand *s = *state;
    publish(s, "m", NULL); /* 60 ms to go: closing the stand must not wait or leak */
}

static int query(const struct stand *s, const char *form, struct xcy_buf *body)
{
    return stand_query(&s->writer, "sns", form, body);
}

static void attributes_and_subject_are_in_the_event(void **state)
{
    struct stand *s = *state;
    struct xcy_buf body;
    xcy_buf_init(&body, 1 << 20);
    assert_int_equal(query(s,
                           "Action=Publish&TopicArn=" TOPIC "&Message=m&Subject=sub"
                           "&MessageAttributes.entry.1.Name=n"
                           "&MessageAttributes.entry.1.Value.DataType=String"
                           "&MessageAttributes.entry.1.Value.StringValue=v",
                           &body),
                     200);
    stand_wait_deliveries(s, 1);
    struct xcy_json *event = event_of(s, 0);
    const struct xcy_json *sns =
        xcy_json_get(xcy_json_at(xcy_json_get(event, "Records"), 0), "Sns");
    const struct xcy_json *n = xcy_json_get(xcy_json_get(sns, "MessageAttributes"), "n");
    assert_string_equal(xcy_json_get_string(sns, "Subject", ""), "sub");
    assert_string_equal(xcy_json_get_string(n, "Type", ""), "String");
    assert_string_equal(xcy_json_get_string(n, "Value", ""), "v");
    xcy_json_free(event);
    xcy_buf_clear(&body);
}

static void topics_are_made_listed_and_deleted(void **state)
{
    struct stand *s = *state;
    struct xcy_buf body;
    xcy_buf_init(&body, 1 << 20);
    assert_int_equal(query(s, "Action=CreateTopic&Name=second", &body), 200);
    assert_non_null(strstr(body.ptr, "<CreateTopicResult><TopicArn>"
                                     "arn:aws:sns:eu-central-1:000000000000:second</TopicArn>"));
    assert_int_equal(query(s, "Action=CreateTopic&Name=second", &body), 200);
    assert_int_equal(query(s, "Action=ListTopics", &body), 200);
    assert_non_null(strstr(body.ptr, ":second</TopicArn></member>"));
    assert_non_null(strstr(body.ptr, ":t</TopicArn></member>"));
    assert_int_equal(query(s, "Action=DeleteTopic&TopicArn=" TOPIC, &body), 200);
    assert_int_equal(query(s, "Action=DeleteTopic&TopicArn=" TOPIC, &body), 200);
    assert_int_equal(query(s, "Action=GetTopicAttributes&TopicArn=" TOPIC, &body), 404);
    xcy_buf_clear(&body);
}

static void functions_are_subscribed_listed_and_taken_off(void **state)
{
    struct stand *s = *state;
    struct xcy_buf body;
    char arn[160];
    xcy_buf_init(&body, 1 << 20);
    assert_int_equal(query(s,
                           "Action=Subscribe&Protocol=lambda&TopicArn=" TOPIC
                           "&Endpoint=arn:aws:lambda:eu-central-1:000000000000:function:other",
                           &body),
                     200);
    const char *begin = strstr(body.ptr, TOPIC ":");
    assert_non_null(begin);
    snprintf(arn, sizeof arn, "%.*s", (int)strcspn(begin, "<"), begin);
    assert_int_equal(query(s, "Action=ListSubscriptionsByTopic&TopicArn=" TOPIC, &body), 200);
    assert_non_null(strstr(body.ptr, "function:other</Endpoint>"));
    assert_non_null(strstr(body.ptr, "arn:aws:lambda:us-east-1:000000000000:function:reader"));
    publish(s, "to both", NULL);
    stand_wait_deliveries(s, 2);
    char *form = xcy_format("Action=Unsubscribe&SubscriptionArn=%s", arn);
    assert_int_equal(query(s, form, &body), 200);
    free(form);
    assert_int_equal(query(s, "Action=ListSubscriptions", &body), 200);
    assert_null(strstr(body.ptr, "function:other"));
    xcy_buf_clear(&body);
}

static void wrong_calls_get_the_codes_of_sns(void **state)
{
    struct stand *s = *state;
    struct xcy_buf body;
    static const struct {
        const char *form;
        int status;
        const char *code;
    } cases[] = {
        {"Action=Publish&TopicArn=arn:aws:sns:eu-central-1:000000000000:none&Message=m", 404,
         "NotFound"},
        {"Action=Publish&TopicArn=arn:aws:sns:us-east-1:000000000000:t&Message=m", 400,
         "InvalidParameter"},
        {"Action=Publish&Message=m", 400, "InvalidParameter"},
        {"Action=Publish&TopicArn=" TOPIC, 400, "InvalidParameter"},
        {"Action=Publish&TopicArn=" TOPIC "&Message=%GG", 400, "MalformedInput"},
        {"Action=Publish&TopicArn=" TOPIC "&Message=a%00b", 400, "MalformedInput"},
        {"Action=Publish&TopicArn=" TOPIC "&Message=a%FFb", 400, "InvalidParameter"},
        {"Action=Subscribe&TopicArn=" TOPIC "&Protocol=email&Endpoint=a@b", 400,
         "InvalidParameter"},
        {"Action=Subscribe&TopicArn=" TOPIC "&Protocol=lambda&Endpoint=reader", 400,
         "InvalidParameter"},
        {"Action=CreateTopic&Name=a b", 400, "InvalidParameter"},
        {"Action=NoSuch", 400, "InvalidAction"},
    };
    xcy_buf_init(&body, 1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *code = xcy_format("<Code>%s</Code>", cases[i].code);
        int status = query(s, cases[i].form, &body);
        if (status != cases[i].status || !strstr(body.ptr, code)) {
            fail_msg("%s: %d %s", cases[i].form, status, body.ptr);
        }
        free(code);
    }
    assert_int_equal(s->n_deliveries, 0);
    xcy_buf_clear(&body);
}

static void a_message_has_at_most_262144_bytes(void **state)
{
    struct stand *s = *state;
    struct xcy_buf form;
    struct xcy_buf body;
    xcy_buf_init(&form, 1 << 20);
    xcy_buf_init(&body, 1 << 20);
    xcy_buf_add_text(&form, "Action=Publish&TopicArn=" TOPIC "&Message=");
    for (int i = 0; i < 262144; i++) {
        xcy_buf_add_char(&form, 'x');
    }
    assert_int_equal(query(s, form.ptr, &body), 200);
    xcy_buf_add_char(&form, 'x');
    assert_int_equal(query(s, form.ptr, &body), 400);
    assert_non_null(strstr(body.ptr, "Message too long"));
    xcy_buf_clear(&form);
    xcy_buf_clear(&body);
}

#define WITH_STAND(test)      cmocka_unit_test_setup_teardown(test, open_stand, close_stand)
#define WITH_SLOW_STAND(test) cmocka_unit_test_setup_teardown(test, open_slow_stand, close_stand)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STAND(a_message_reaches_the_subscribed_function_as_an_event),
        WITH_SLOW_STAND(delivery_comes_when_its_delay_has_passed),
        WITH_SLOW_STAND(what_is_not_delivered_when_stopping_is_dropped),
        WITH_STAND(attributes_and_subject_are_in_the_event),
        WITH_STAND(topics_are_made_listed_and_deleted),
        WITH_STAND(functions_are_subscribed_listed_and_taken_off),
        WITH_STAND(wrong_calls_get_the_codes_of_sns),
        WITH_STAND(a_message_has_at_most_262144_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
