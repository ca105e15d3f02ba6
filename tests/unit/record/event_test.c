#include "tests/support/unit.h"

#include "common/record/evaluation.h"

#include <stdlib.h>
#include <string.h>

static struct xcy_event sample_event(void)
{
    return (struct xcy_event){
        .id = {.i = 17, .key = "17QXYZABCD", .client_sent_at_s = 1795100010.25, .run = "run-1"},
        .exec = "e1",
        .points = {.us = {[XCY_POINT_START] = 1795100010271567,
                          [XCY_POINT_WROTE] = 1795100010351053,
                          [XCY_POINT_NOTED] = 1795100010351060}},
        .instance = "w1",
        .context_id = "0123456789abcdef0123456789abcdef",
        .version = "v7",
        .context_bytes = 95,
        .combination = {.post_bytes = 1000,
                        .visibility = XCY_VISIBILITY_INLINE,
                        .visibility_share = 1,
                        .writer_region = "eu-central-1",
                        .reader_region = "us-east-1"},
    };
}

static struct xcy_json *json_of(const char *text)
{
    struct xcy_error err;
    struct xcy_json *json = NULL;
    assert_ok(xcy_json_parse(xcy_bytes_of(text), &json, &err), &err);
    return json;
}

static void a_payload_survives_its_text(void **state)
{
    (void)state;
    struct xcy_error err;
    const struct xcy_request_id id = {17, "17QXYZABCD", 1795100010.245589, "run-1"};
    struct xcy_request_id back;
    char *text = xcy_payload_format(&id);
    assert_string_equal(text, "{\"i\":17,\"client_sent_at\":1795100010.245589,"
                              "\"key\":\"17QXYZABCD\",\"run\":\"run-1\"}");
    struct xcy_json *json = json_of(text);
    assert_ok(xcy_payload_parse(json, &back, &err), &err);
    assert_int_equal(back.i, 17);
    assert_true(back.client_sent_at_s == id.client_sent_at_s);
    assert_string_equal(back.key, id.key);
    assert_string_equal(back.run, id.run);
    xcy_json_free(json);
    free(text);
}

static void a_payload_of_the_reference_has_no_run(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_request_id id;
    struct xcy_json *json =
        json_of("{\"i\": \"6\", \"key\": \"6A\", \"client_sent_at\": \" 5.5 \"}");
    assert_ok(xcy_payload_parse(json, &id, &err), &err);
    assert_int_equal(id.i, 6);
    assert_true(id.client_sent_at_s == 5.5);
    assert_string_equal(id.run, "");
    xcy_json_free(json);
}

static void wrong_payloads_name_the_key(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"[1]", "not a JSON object"},
        {"{\"key\":\"k\",\"client_sent_at\":1}", "i: missing"},
        {"{\"i\":-1,\"key\":\"k\",\"client_sent_at\":1}", "i: not a whole number of 0 or more"},
        {"{\"i\":1,\"client_sent_at\":1}", "key: missing"},
        {"{\"i\":1,\"key\":\"\",\"client_sent_at\":1}", "key: empty"},
        {"{\"i\":1,\"key\":7,\"client_sent_at\":1}", "key: missing, or not a string"},
        {"{\"i\":1,\"key\":\"k\"}", "client_sent_at: missing"},
        {"{\"i\":1,\"key\":\"k\",\"client_sent_at\":true}", "client_sent_at: not a time"},
        {"{\"i\":1,\"key\":\"k\",\"client_sent_at\":1,"
         "\"run\":\"0123456789012345678901234567890123456\"}",
         "run: 37 characters, at most 36"},
        {"{\"i\":1,\"key\":\"0123456789012345678901234567890123456789012345678901234567890123x\","
         "\"client_sent_at\":1}",
         "key: 65 characters, at most 64"},
    };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct xcy_error err;
        struct xcy_request_id id = {.i = 99};
        struct xcy_json *json = json_of(cases[n][0]);
        assert_status(xcy_payload_parse(json, &id, &err), XCY_EPARSE, &err);
        if (strncmp(err.text, cases[n][1], strlen(cases[n][1])) != 0) {
            fail_msg("%s: %s", cases[n][0], err.text);
        }
        assert_int_equal(id.i, 99);
        xcy_json_free(json);
    }
}

static void an_event_survives_json(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_event event = sample_event();
    struct xcy_event back;
    struct xcy_json *json = xcy_event_to_json(&event);
    assert_ok(xcy_event_parse(json, &back, &err), &err);
    assert_int_equal(back.id.i, 17);
    assert_string_equal(back.exec, "e1");
    assert_string_equal(back.instance, "w1");
    assert_string_equal(back.context_id, event.context_id);
    assert_string_equal(back.version, "v7");
    assert_int_equal(back.context_bytes, 95);
    assert_memory_equal(&back.points, &event.points, sizeof event.points);
    assert_true(xcy_combination_equal(&back.combination, &event.combination));
    xcy_json_free(json);
}

static void an_event_has_the_keys_of_the_reference(void **state)
{
    (void)state;
    struct xcy_event event = sample_event();
    struct xcy_json *json = xcy_event_to_json(&event);
    assert_int_equal(xcy_json_get_int64(json, "i", -1), 17);
    assert_string_equal(xcy_json_get_string(json, "key", ""), "17QXYZABCD");
    assert_true(xcy_json_get_number(json, "client_sent_at", 0) == 1795100010.25);
    assert_true(xcy_json_get_number(json, "writer_start_at", 0) == 1795100010.271567);
    assert_true(xcy_json_get_number(json, "post_written_at", 0) == 1795100010.351053);
    assert_true(xcy_json_get_number(json, "notification_written_at", 0) == 1795100010.351060);
    assert_string_equal(xcy_json_get_string(json, "context", ""),
                        "{\"id\":\"0123456789abcdef0123456789abcdef\",\"operations\":"
                        "{\"post-storage\":[[\"17QXYZABCD\",\"v7\"]]}}");
    xcy_json_free(json);
}

static void without_antipode_there_is_no_context(void **state)
{
    (void)state;
    struct xcy_event event = sample_event();
    event.context_id[0] = '\0';
    struct xcy_json *json = xcy_event_to_json(&event);
    assert_null(xcy_event_context(&event));
    assert_null(xcy_json_get(json, "context"));
    xcy_json_free(json);
}

static void a_post_without_a_version_is_named_by_its_key_alone(void **state)
{
    (void)state;
    struct xcy_event event = sample_event();
    event.version[0] = '\0';
    char *context = xcy_event_context(&event);
    assert_non_null(strstr(context, "[[\"17QXYZABCD\"]]"));
    free(context);
}

static void an_event_of_the_reference_is_read(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_event event;
    struct xcy_json *json = json_of(
        "{\"i\": 3, \"key\": \"3QWE\", \"client_sent_at\": 10.5, \"writer_start_at\": 11.000001, "
        "\"post_written_at\": \"12.5\", \"context\": \"{\\\"id\\\": \\\"abc\\\", "
        "\\\"operations\\\": "
        "{\\\"post-storage\\\": [[\\\"3QWE\\\", \\\"v1\\\"]]}}\"}");
    assert_ok(xcy_event_parse(json, &event, &err), &err);
    assert_string_equal(event.exec, "");
    assert_int_equal(event.points.us[XCY_POINT_START], 11000001);
    assert_int_equal(event.points.us[XCY_POINT_WROTE], 12500000);
    assert_int_equal(event.points.us[XCY_POINT_NOTED], 0);
    assert_string_equal(event.context_id, "abc");
    assert_string_equal(event.version, "v1");
    assert_int_equal(event.context_bytes,
                     strlen("\"context\":\"{\\\"id\\\": \\\"abc\\\", \\\"operations\\\": "
                            "{\\\"post-storage\\\": [[\\\"3QWE\\\", \\\"v1\\\"]]}}\","));
    xcy_json_free(json);
}

static void wrong_contexts_are_refused(void **state)
{
    (void)state;
    static const char *const contexts[] = {"{\"id\":\"0123456789abcdef0123456789abcdef0\"}", "{}",
                                           "[]", "nonsense", "{\"id\":5}"};
    struct xcy_event event = sample_event();
    for (size_t n = 0; n < sizeof contexts / sizeof contexts[0]; n++) {
        struct xcy_error err;
        struct xcy_event back;
        struct xcy_json *json = xcy_event_to_json(&event);
        xcy_json_put_string(json, "context", contexts[n]);
        assert_status(xcy_event_parse(json, &back, &err), XCY_EPARSE, &err);
        assert_int_equal(strncmp(err.text, "context", 7), 0);
        xcy_json_free(json);
    }
}

static char *reply_of(const struct xcy_event *event, int64_t code)
{
    struct xcy_json *json = xcy_event_to_json(event);
    char *body = xcy_json_text(json);
    struct xcy_json *reply = xcy_json_new_object();
    xcy_json_put_int64(reply, "statusCode", code);
    xcy_json_put_string(reply, "body", body);
    char *text = xcy_json_text(reply);
    xcy_json_free(reply);
    xcy_json_free(json);
    free(body);
    return text;
}

static void a_writers_reply_carries_its_event(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_event event = sample_event();
    event.points.us[XCY_POINT_ENDED] = 1795100010400000;
    struct xcy_event back;
    int64_t code = 0;
    char *text = reply_of(&event, 200);
    assert_ok(xcy_writer_reply_parse(xcy_bytes_of(text), &code, &back, &err), &err);
    assert_int_equal(code, 200);
    assert_string_equal(back.exec, "e1");
    assert_int_equal(back.points.us[XCY_POINT_ENDED], 1795100010400000);
    free(text);
}

static void a_failed_writers_reply_gives_its_code_only(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_event event = {.context_bytes = 123};
    int64_t code = 0;
    const char *text = "{\"statusCode\": 500, \"body\": \"the store is away\"}";
    assert_ok(xcy_writer_reply_parse(xcy_bytes_of(text), &code, &event, &err), &err);
    assert_int_equal(code, 500);
    assert_int_equal(event.context_bytes, 123);
}

static void other_replies_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "null",
        "[]",
        "\"text\"",
        "{}",
        "{\"body\": \"{}\"}",
        "{\"statusCode\": 200}",
        "{\"statusCode\": \"200\", \"body\": \"{}\"}",
        "{\"statusCode\": 200, \"body\": {}}",
        "{\"statusCode\": 200, \"body\": \"{}\"}",
        "{\"statusCode\": 200, \"body\": \"[[[[\"}",
        "{\"statusCode\": 200, \"body\": \"null\"}",
    };
    for (size_t n = 0; n < sizeof texts / sizeof texts[0]; n++) {
        struct xcy_error err;
        struct xcy_event event = {.context_bytes = 123};
        int64_t code = 7;
        assert_status(xcy_writer_reply_parse(xcy_bytes_of(texts[n]), &code, &event, &err),
                      XCY_EPARSE, &err);
        assert_int_equal(code, 7);
        assert_int_equal(event.context_bytes, 123);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_payload_survives_its_text),
        cmocka_unit_test(a_payload_of_the_reference_has_no_run),
        cmocka_unit_test(wrong_payloads_name_the_key),
        cmocka_unit_test(an_event_survives_json),
        cmocka_unit_test(an_event_has_the_keys_of_the_reference),
        cmocka_unit_test(without_antipode_there_is_no_context),
        cmocka_unit_test(a_post_without_a_version_is_named_by_its_key_alone),
        cmocka_unit_test(an_event_of_the_reference_is_read),
        cmocka_unit_test(wrong_contexts_are_refused),
        cmocka_unit_test(a_writers_reply_carries_its_event),
        cmocka_unit_test(a_failed_writers_reply_gives_its_code_only),
        cmocka_unit_test(other_replies_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
