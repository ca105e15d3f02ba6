/* reference_test.c - evaluations in the forms that the reference's functions give them. */

#include "tests/support/unit.h"

#include "common/record/evaluation.h"

#include <stdlib.h>
#include <string.h>

/* A message as the reference's reader sends it. */
static const char reference_text[] =
    "{\"i\": 93, \"client_sent_at\": 1795100010.245589, \"writer_start_at\": 1795100010.271567, "
    "\"post_written_at\": 1795100010.351053, \"reader_received_at\": 1795100010.664843, "
    "\"notification_to_reader_spent_ms\": 313, \"post_read_at\": 1795100010.67671, "
    "\"consistent_read\": 0, \"antipode_spent_ms\": null, \"notification_size_bytes\": 1902}";

/* The same with Antipode, as a record of a Lambda destination. */
static const char destination_text[] =
    "{\"version\": \"1.0\", \"timestamp\": \"2026-11-20T10:00:00.000Z\", \"requestContext\": "
    "{\"requestId\": \"11111111-2222-3333-4444-000000000102\", \"functionArn\": "
    "\"arn:aws:lambda:us-east-1:641424397462:function:AntipodeLambdaDynamoSnsReader:$LATEST\", "
    "\"condition\": \"Success\", \"approximateInvokeCount\": 1}, \"requestPayload\": {\"Records\": "
    "[{\"EventSource\": \"aws:sns\"}]}, \"responseContext\": {\"statusCode\": 200, "
    "\"executedVersion\": \"$LATEST\"}, \"responsePayload\": {\"statusCode\": 200, \"body\": "
    "\"{\\\"i\\\": 102, \\\"client_sent_at\\\": 1795100011.238392, \\\"writer_start_at\\\": "
    "1795100011.28684, \\\"post_written_at\\\": 1795100011.357038, \\\"reader_received_at\\\": "
    "1795100011.750597, \\\"notification_to_reader_spent_ms\\\": 393, \\\"post_read_at\\\": "
    "1795100012.364356, \\\"consistent_read\\\": 1, \\\"antipode_spent_ms\\\": 605, "
    "\\\"notification_size_bytes\\\": 1993}\"}}";

static void a_message_of_the_reference_is_read(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_evaluation e;
    assert_ok(xcy_evaluation_parse(xcy_bytes_of(reference_text), &e, &err), &err);
    assert_false(e.has_xcy);
    assert_int_equal(e.id.i, 93);
    assert_true(e.id.client_sent_at_s == 1795100010.245589);
    assert_true(e.writer_start_at_s == 1795100010.271567);
    assert_true(e.post_written_at_s == 1795100010.351053);
    assert_true(e.reader_received_at_s == 1795100010.664843);
    assert_true(e.post_read_at_s == 1795100010.67671);
    assert_true(e.notification_to_reader_spent_ms == 313);
    assert_true(e.notification_size_bytes == 1902);
    assert_false(e.consistent_read);
    assert_false(e.has_antipode_spent);
    assert_true(e.has_read);
    assert_false(e.found);
    assert_string_equal(e.id.run, "");
}

static void a_destination_record_is_read(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_evaluation e;
    assert_ok(xcy_evaluation_parse(xcy_bytes_of(destination_text), &e, &err), &err);
    assert_int_equal(e.id.i, 102);
    assert_true(e.post_read_at_s == 1795100012.364356);
    assert_true(e.consistent_read);
    assert_true(e.has_antipode_spent);
    assert_true(e.antipode_spent_ms == 605);
}

static struct xcy_json *reference_json(void)
{
    struct xcy_error err;
    struct xcy_json *json = NULL;
    assert_ok(xcy_json_parse(xcy_bytes_of(reference_text), &json, &err), &err);
    return json;
}

/* The reference's message with one member replaced (by JSON text) or, with NULL, removed. */
static char *with_member(struct xcy_json *json, const char *key, const char *value)
{
    struct xcy_error err;
    struct xcy_json *node = NULL;
    assert_ok(xcy_json_parse(xcy_bytes_of(value), &node, &err), &err);
    xcy_json_put(json, key, node);
    char *text = xcy_json_text(json);
    xcy_json_free(json);
    return text;
}

struct loose_case {
    const char *key;
    const char *value;
    size_t offset;
    double expected;
};

#define MEMBER(member) offsetof(struct xcy_evaluation, member)

static void the_loose_forms_of_numbers_are_accepted(void **state)
{
    (void)state;
    static const struct loose_case cases[] = {
        {"client_sent_at", "\"5.25\"", MEMBER(id.client_sent_at_s), 5.25},
        {"client_sent_at", "\" \\t1795100010.5\\n\"", MEMBER(id.client_sent_at_s), 1795100010.5},
        {"post_read_at", "0", MEMBER(post_read_at_s), 0},
        {"post_written_at", "null", MEMBER(post_written_at_s), 0},
        {"writer_start_at", "\"1.7951e9\"", MEMBER(writer_start_at_s), 1795100000},
        {"notification_to_reader_spent_ms", "\"17\"", MEMBER(notification_to_reader_spent_ms), 17},
        {"notification_to_reader_spent_ms", "\" -4 \"", MEMBER(notification_to_reader_spent_ms),
         -4},
        {"notification_to_reader_spent_ms", "12.9", MEMBER(notification_to_reader_spent_ms), 12},
        {"notification_to_reader_spent_ms", "-12.9", MEMBER(notification_to_reader_spent_ms), -12},
        {"notification_size_bytes", "true", MEMBER(notification_size_bytes), 1},
        {"notification_size_bytes", "false", MEMBER(notification_size_bytes), 0},
        {"antipode_spent_ms", "605.0", MEMBER(antipode_spent_ms), 605},
        {"client_sent_at", "\"1_795_100_010.5\"", MEMBER(id.client_sent_at_s), 1795100010.5},
        {"notification_size_bytes", "\"+1_902\"", MEMBER(notification_size_bytes), 1902},
    };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct xcy_error err;
        struct xcy_evaluation e;
        double got;
        char *text = with_member(reference_json(), cases[n].key, cases[n].value);
        assert_ok(xcy_evaluation_parse(xcy_bytes_of(text), &e, &err), &err);
        memcpy(&got, (const char *)&e + cases[n].offset, sizeof got);
        if (got != cases[n].expected) {
            fail_msg("%s %s: %g", cases[n].key, cases[n].value, got);
        }
        free(text);
    }
}

static void i_may_be_a_text_or_a_whole_double(void **state)
{
    (void)state;
    static const char *const values[] = {"6", "6.0", "\"6\"", "\" 6 \"", "6e0"};
    for (size_t n = 0; n < sizeof values / sizeof values[0]; n++) {
        struct xcy_error err;
        struct xcy_evaluation e;
        char *text = with_member(reference_json(), "i", values[n]);
        assert_ok(xcy_evaluation_parse(xcy_bytes_of(text), &e, &err), &err);
        assert_int_equal(e.id.i, 6);
        free(text);
    }
}

static void every_consistent_read_but_zero_counts_as_consistent(void **state)
{
    (void)state;
    static const char *const values[] = {"1", "2", "true", "\"1\"", "0", "false", "\"0\"", "0.9"};
    for (size_t n = 0; n < sizeof values / sizeof values[0]; n++) {
        struct xcy_error err;
        struct xcy_evaluation e;
        char *text = with_member(reference_json(), "consistent_read", values[n]);
        assert_ok(xcy_evaluation_parse(xcy_bytes_of(text), &e, &err), &err);
        assert_int_equal(e.consistent_read, n < 4);
        assert_int_equal(e.found, n < 4);
        free(text);
    }
}

static void wrong_values_are_refused_by_key(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"i", "null"},
        {"i", "-1"},
        {"i", "\"-1\""},
        {"i", "6.5"},
        {"i", "\"6.0\""},
        {"i", "\"six\""},
        {"i", "\"\""},
        {"i", "true"},
        {"i", "1e300"},
        {"i", "\"9223372036854775807\""},
        {"i", "[6]"},
        {"client_sent_at", "null"},
        {"client_sent_at", "\"\""},
        {"client_sent_at", "\"nan\""},
        {"client_sent_at", "\"inf\""},
        {"client_sent_at", "\"1.0 2.0\""},
        {"client_sent_at", "true"},
        {"client_sent_at", "{}"},
        {"client_sent_at", "-0.5"},
        {"client_sent_at", "1e12"},
        {"writer_start_at", "null"},
        {"post_written_at", "\"soon\""},
        {"reader_received_at", "null"},
        {"post_read_at", "null"},
        {"notification_to_reader_spent_ms", "null"},
        {"notification_to_reader_spent_ms", "\"12.9\""},
        {"notification_to_reader_spent_ms", "\"\""},
        {"notification_to_reader_spent_ms", "1e300"},
        {"notification_size_bytes", "[]"},
        {"antipode_spent_ms", "\"fast\""},
        {"consistent_read", "null"},
        {"consistent_read", "\"yes\""},
    };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct xcy_error err;
        struct xcy_evaluation e = {.polls = 55};
        char *text = with_member(reference_json(), cases[n][0], cases[n][1]);
        assert_status(xcy_evaluation_parse(xcy_bytes_of(text), &e, &err), XCY_EPARSE, &err);
        size_t len = strlen(cases[n][0]);
        if (strncmp(err.text, cases[n][0], len) != 0 || err.text[len] != ':') {
            fail_msg("%s %s: %s", cases[n][0], cases[n][1], err.text);
        }
        assert_int_equal(e.polls, 55);
        free(text);
    }
}

static void an_infinite_number_is_refused(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_evaluation e;
    static const char text[] = "{\"i\": 1, \"client_sent_at\": 1e999}";
    assert_status(xcy_evaluation_parse(xcy_bytes_of(text), &e, &err), XCY_EPARSE, &err);
}

static void what_is_no_evaluation_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "{",
        "null",
        "[]",
        "17",
        "\"text\"",
        "{}",
        "{\"responsePayload\": null}",
        "{\"responsePayload\": \"text\"}",
        "{\"responsePayload\": {}}",
        "{\"responsePayload\": {\"statusCode\": 500, \"body\": \"{}\"}}",
        "{\"responsePayload\": {\"statusCode\": 200}}",
        "{\"responsePayload\": {\"statusCode\": 200, \"body\": \"\"}}",
        "{\"responsePayload\": {\"statusCode\": 200, \"body\": \"[]\"}}",
        "{\"responsePayload\": {\"statusCode\": 200, \"body\": \"{}\"}}",
    };
    for (size_t n = 0; n < sizeof texts / sizeof texts[0]; n++) {
        struct xcy_error err;
        struct xcy_evaluation e;
        assert_status(xcy_evaluation_parse(xcy_bytes_of(texts[n]), &e, &err), XCY_EPARSE, &err);
    }
}

static void an_evaluation_without_xcy_is_written_as_the_reference_does(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_evaluation e;
    struct xcy_json *reference = reference_json();
    char *expected = xcy_json_text(reference);
    assert_ok(xcy_evaluation_parse(xcy_bytes_of(reference_text), &e, &err), &err);
    char *text = xcy_evaluation_format(&e);
    assert_string_equal(text, expected);
    xcy_json_free(reference);
    free(expected);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_of_the_reference_is_read),
        cmocka_unit_test(a_destination_record_is_read),
        cmocka_unit_test(the_loose_forms_of_numbers_are_accepted),
        cmocka_unit_test(i_may_be_a_text_or_a_whole_double),
        cmocka_unit_test(every_consistent_read_but_zero_counts_as_consistent),
        cmocka_unit_test(wrong_values_are_refused_by_key),
        cmocka_unit_test(an_infinite_number_is_refused),
        cmocka_unit_test(what_is_no_evaluation_is_refused),
        cmocka_unit_test(an_evaluation_without_xcy_is_written_as_the_reference_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
