#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/record/evaluation.h"

#include <stdlib.h>
#include <string.h>

static struct xcy_evaluation sample_evaluation(void)
{
    struct xcy_evaluation e = {
        .id = {.i = 93, .key = "93QXYZABCD", .client_sent_at_s = 1795100010.245589, .run = "run-1"},
        .has_xcy = true,
        .notification_size_bytes = 1902,
        .exec = "exec-1",
        .eval = "eval-1",
        .writer_instance = "w1",
        .reader_instance = "r1",
        .has_read = true,
        .is_polled = true,
        .polls = 12,
        .post_stored_bytes = 1054,
        .combination = {.post_bytes = 1000,
                        .visibility = XCY_VISIBILITY_INLINE,
                        .visibility_share = 1,
                        .writer_region = "eu-central-1",
                        .reader_region = "us-east-1"},
    };
    int64_t *us = e.points.us;
    us[XCY_POINT_START] = 1795100010271567;
    us[XCY_POINT_WROTE] = 1795100010351053;
    us[XCY_POINT_NOTED] = 1795100010351060;
    us[XCY_POINT_SEEN] = 1795100010664843;
    us[XCY_POINT_READY] = 1795100010664850;
    us[XCY_POINT_ASKED] = 1795100010664860;
    us[XCY_POINT_READ] = 1795100010676710;
    us[XCY_POINT_MISSED] = 1795100010900000;
    us[XCY_POINT_VISIBLE] = 1795100010915000;
    us[XCY_POINT_REPORTED] = 1795100010915100;
    return e;
}

/* A message as the reference's reader sends it. */
static const char reference_text[] =
    "{\"i\": 93, \"client_sent_at\": 1795100010.245589, \"writer_start_at\": 1795100010.271567, "
    "\"post_written_at\": 1795100010.351053, \"reader_received_at\": 1795100010.664843, "
    "\"notification_to_reader_spent_ms\": 313, \"post_read_at\": 1795100010.67671, "
    "\"consistent_read\": 0, \"antipode_spent_ms\": null, \"notification_size_bytes\": 1902}";

static struct xcy_json *reference_json(void)
{
    struct xcy_error err;
    struct xcy_json *json = NULL;
    assert_ok(xcy_json_parse(xcy_bytes_of(reference_text), &json, &err), &err);
    return json;
}

static void an_evaluation_survives_its_text(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_evaluation e = sample_evaluation();
    struct xcy_evaluation back;
    e.k = 3;
    e.waited = true;
    e.barrier_timed_out = true;
    e.is_censored = true;
    e.context_bytes = 95;
    strcpy(e.error, "a \"quoted\"\nreason");
    char *text = xcy_evaluation_format(&e);
    assert_null(strchr(text, '\n'));
    assert_ok(xcy_evaluation_parse(xcy_bytes_of(text), &back, &err), &err);
    assert_true(back.has_xcy);
    assert_string_equal(back.id.key, e.id.key);
    assert_string_equal(back.id.run, e.id.run);
    assert_string_equal(back.exec, e.exec);
    assert_string_equal(back.eval, e.eval);
    assert_string_equal(back.writer_instance, e.writer_instance);
    assert_string_equal(back.reader_instance, e.reader_instance);
    assert_string_equal(back.error, e.error);
    assert_memory_equal(&back.points, &e.points, sizeof e.points);
    assert_true(xcy_combination_equal(&back.combination, &e.combination));
    assert_int_equal(back.k, 3);
    assert_int_equal(back.polls, 12);
    assert_int_equal(back.post_stored_bytes, 1054);
    assert_int_equal(back.context_bytes, 95);
    assert_true(back.has_read && !back.found && back.waited && back.barrier_timed_out);
    assert_true(back.is_polled && back.is_censored);
    free(text);
}

/* The same instants as reference_text, so the reference's keys must be the same, too. */
static void our_message_says_the_same_in_the_keys_of_the_reference(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_evaluation ours = sample_evaluation();
    struct xcy_json *json = NULL;
    struct xcy_json *reference = reference_json();
    char *text = xcy_evaluation_format(&ours);
    assert_ok(xcy_json_parse(xcy_bytes_of(text), &json, &err), &err);
    assert_int_equal(xcy_json_size(json), xcy_json_size(reference) + 1);
    const struct xcy_json *mine = xcy_json_first(json);
    const struct xcy_json *theirs = xcy_json_first(reference);
    for (; theirs; theirs = xcy_json_next(theirs), mine = xcy_json_next(mine)) {
        char *a = xcy_json_text(mine);
        char *b = xcy_json_text(theirs);
        assert_string_equal(xcy_json_name(mine), xcy_json_name(theirs));
        assert_string_equal(a, b);
        free(a);
        free(b);
    }
    xcy_json_free(json);
    xcy_json_free(reference);
    free(text);
}

static void antipodes_time_is_ready_less_seen_cut_to_milliseconds(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_evaluation e = sample_evaluation();
    struct xcy_evaluation back;
    e.combination.consistency = XCY_CONSISTENCY_ANTIPODE;
    e.points.us[XCY_POINT_READY] = e.points.us[XCY_POINT_SEEN] + 12900;
    char *text = xcy_evaluation_format(&e);
    assert_ok(xcy_evaluation_parse(xcy_bytes_of(text), &back, &err), &err);
    assert_true(back.has_antipode_spent);
    assert_true(back.antipode_spent_ms == 12);
    free(text);
}

static void a_reader_that_could_not_read_reports_its_error(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_evaluation e = sample_evaluation();
    struct xcy_evaluation back;
    e.has_read = false;
    e.is_polled = false;
    e.points.us[XCY_POINT_ASKED] = 0;
    e.points.us[XCY_POINT_READ] = 0;
    strcpy(e.error, "the store is away");
    char *text = xcy_evaluation_format(&e);
    assert_non_null(strstr(text, "\"post_read_at\":null,\"consistent_read\":null"));
    assert_ok(xcy_evaluation_parse(xcy_bytes_of(text), &back, &err), &err);
    assert_false(back.has_read);
    assert_string_equal(back.error, "the store is away");
    free(text);
}

/* Our message with one member of "xcy" replaced. */
static char *with_xcy_member(const char *key, const char *value)
{
    struct xcy_error err;
    struct xcy_evaluation e = sample_evaluation();
    struct xcy_json *json = NULL;
    struct xcy_json *node = NULL;
    char *text = xcy_evaluation_format(&e);
    assert_ok(xcy_json_parse(xcy_bytes_of(text), &json, &err), &err);
    free(text);
    struct xcy_json *xcy = xcy_json_copy(xcy_json_get(json, "xcy"));
    assert_ok(xcy_json_parse(xcy_bytes_of(value), &node, &err), &err);
    xcy_json_put(xcy, key, node);
    xcy_json_put(json, "xcy", xcy);
    text = xcy_json_text(json);
    xcy_json_free(json);
    return text;
}

static void wrong_members_of_xcy_are_named(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"v", "2", "xcy: v: 2, but this program knows 1"},
        {"v", "null", "xcy: v: missing"},
        {"run", "\"0123456789012345678901234567890123456\"", "xcy: run: 37 characters"},
        {"key", "\"0123456789012345678901234567890123456789012345678901234567890123x\"",
         "xcy: key: 65 characters, at most 64"},
        {"exec", "\"0123456789012345678901234567890123456\"", "xcy: exec: 37 characters"},
        {"eval", "null", "xcy: eval: missing"},
        {"eval", "\"\"", "xcy: eval: empty"},
        {"eval", "\"a\\nb\"", "xcy: eval: holds a blank"},
        {"reader_instance", "{}", "xcy: reader_instance: missing, or not a string"},
        {"k", "-1", "xcy: k: not a whole number"},
        {"polls", "1.5", "xcy: polls: not a whole number"},
        {"polls", "null", "xcy: polls: missing"},
        {"has_read", "1", "xcy: has_read: not true or false"},
        {"found", "true", "consistent_read: contradicts xcy.found"},
        {"points_us", "null", "xcy: points_us: missing"},
        {"points_us", "{\"seen\": -1}", "xcy: points_us: seen: not a whole number"},
        {"points_us", "{\"seen\": 1.5}", "xcy: points_us: seen: not a whole number"},
        {"points_us", "{\"seen\": 5, \"asked\": 6}", "xcy: points_us: read: missing"},
        {"points_us", "{}", "xcy: points_us: seen: missing"},
        {"combination", "null", "xcy: combination: missing"},
        {"combination", "{}", "xcy: combination: post_storage: missing"},
    };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct xcy_error err;
        struct xcy_evaluation e;
        char *text = with_xcy_member(cases[n][0], cases[n][1]);
        assert_status(xcy_evaluation_parse(xcy_bytes_of(text), &e, &err), XCY_EPARSE, &err);
        if (strncmp(err.text, cases[n][2], strlen(cases[n][2])) != 0) {
            fail_msg("%s %s: %s", cases[n][0], cases[n][1], err.text);
        }
        free(text);
    }
}

static void members_that_are_not_known_are_passed_over(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_evaluation e;
    char *text = with_xcy_member("later", "{\"a\": [1, 2]}");
    assert_ok(xcy_evaluation_parse(xcy_bytes_of(text), &e, &err), &err);
    free(text);
}

static void a_long_error_is_cut_at_a_whole_character(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_evaluation e;
    char x[159];
    memset(x, 'x', sizeof x - 1);
    x[sizeof x - 1] = '\0';
    char *value = xcy_format("\"%s\xc3\xa9 and more\"", x);
    char *text = with_xcy_member("error", value);
    assert_ok(xcy_evaluation_parse(xcy_bytes_of(text), &e, &err), &err);
    assert_string_equal(e.error, x);
    free(value);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_evaluation_survives_its_text),
        cmocka_unit_test(our_message_says_the_same_in_the_keys_of_the_reference),
        cmocka_unit_test(antipodes_time_is_ready_less_seen_cut_to_milliseconds),
        cmocka_unit_test(a_reader_that_could_not_read_reports_its_error),
        cmocka_unit_test(wrong_members_of_xcy_are_named),
        cmocka_unit_test(members_that_are_not_known_are_passed_over),
        cmocka_unit_test(a_long_error_is_cut_at_a_whole_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
