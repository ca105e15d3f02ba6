#include "functions/reader_handler.h"
#include "tests/support/unit.h"
#include "tests/unit/functions/scripted.h"

#include <stdlib.h>
#include <string.h>

enum { PLENTY_MS = 60000 };

static bool is_near(double a, double b, double tolerance)
{
    return a - b <= tolerance && b - a <= tolerance;
}

struct observed {
    enum xcy_status status;
    struct xcy_error err;
    struct xcy_buf reply;
};

static struct observed read_payload(struct script *script, const char *payload, int64_t left_ms)
{
    struct observed o;
    xcy_buf_init(&o.reply, 1048576);
    struct xcy_invocation invocation = script_invocation(payload, left_ms);
    struct xcy_reader reader = {.app = &script->app, .report = script_report, .report_ctx = script};
    o.status = xcy_reader_handle(&reader, &invocation, &o.reply, &o.err);
    return o;
}

static struct xcy_evaluation evaluation_at(const struct script *script, int index)
{
    struct xcy_evaluation e;
    struct xcy_error err;
    assert_true(index < script->queue.n_texts);
    assert_ok(xcy_evaluation_parse(xcy_bytes_of(script->queue.texts[index]), &e, &err), &err);
    assert_true(e.has_xcy);
    return e;
}

/* Sends the event and returns the one evaluation of it. */
static struct xcy_evaluation read_event(struct script *script, const struct xcy_event *event,
                                        int64_t left_ms)
{
    char *payload = script_notification(event, 1);
    struct observed o = read_payload(script, payload, left_ms);
    assert_ok(o.status, &o.err);
    assert_int_equal(script->queue.n_texts, 1);
    xcy_buf_clear(&o.reply);
    free(payload);
    return evaluation_at(script, 0);
}

static struct xcy_evaluation read_once_within(struct script *script, int64_t left_ms)
{
    struct xcy_event event = script_event(script);
    return read_event(script, &event, left_ms);
}

static struct xcy_evaluation read_once(struct script *script)
{
    return read_once_within(script, PLENTY_MS);
}

static void post_found_at_once_is_consistent_and_not_polled(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    struct xcy_evaluation e = read_once(&script);
    assert_true(e.has_read && e.found && e.consistent_read);
    assert_false(e.is_polled || e.is_censored || e.waited || e.has_antipode_spent);
    assert_int_equal(e.polls, 0);
    assert_int_equal(e.points.us[XCY_POINT_VISIBLE], 0);
    assert_int_equal(e.points.us[XCY_POINT_MISSED], 0);
    assert_int_equal(e.post_stored_bytes, 123);
    assert_string_equal(e.error, "");
    assert_int_equal(script.post.n_strong, 0);
    assert_int_equal(script.post.n_eventual, 1);
    assert_string_equal(script.post.eventual_cid, "");
    script_clear(&script);
}

static void points_stand_in_the_order_of_the_work(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    script.post.eventual_misses = 3;
    struct xcy_evaluation e = read_once(&script);
    const enum xcy_point order[] = {
        XCY_POINT_START, XCY_POINT_WROTE, XCY_POINT_NOTED,  XCY_POINT_SEEN,    XCY_POINT_READY,
        XCY_POINT_ASKED, XCY_POINT_READ,  XCY_POINT_MISSED, XCY_POINT_VISIBLE, XCY_POINT_REPORTED};
    for (size_t p = 1; p < sizeof order / sizeof order[0]; p++) {
        assert_true(e.points.us[order[p - 1]] != 0);
        assert_true(e.points.us[order[p - 1]] <= e.points.us[order[p]]);
    }
    assert_int_equal(e.points.us[XCY_POINT_READY], e.points.us[XCY_POINT_SEEN]);
    script_clear(&script);
}

static void evaluation_tells_whose_it_is(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    struct xcy_event event = script_event(&script);
    struct xcy_evaluation e = read_event(&script, &event, PLENTY_MS);
    assert_int_equal(e.id.i, 17);
    assert_string_equal(e.id.key, event.id.key);
    assert_string_equal(e.id.run, "a-run");
    assert_string_equal(e.exec, event.exec);
    assert_int_equal(strlen(e.eval), 36);
    assert_string_equal(e.writer_instance, event.instance);
    assert_string_equal(e.reader_instance, script.app.instance);
    assert_true(xcy_combination_equal(&e.combination, &script.environment.combination));
    script_clear(&script);
}

static void reference_fields_follow_from_the_points(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    struct xcy_event event = script_event(&script);
    struct xcy_json *json = xcy_event_to_json(&event);
    char *message = xcy_json_text(json);
    size_t message_bytes = strlen(message);
    free(message);
    xcy_json_free(json);
    struct xcy_evaluation e = read_event(&script, &event, PLENTY_MS);
    assert_true(is_near(e.reader_received_at_s, (double)e.points.us[XCY_POINT_SEEN] / 1e6, 1e-6));
    assert_true(is_near(e.post_read_at_s, (double)e.points.us[XCY_POINT_READ] / 1e6, 1e-6));
    assert_true(is_near(e.post_written_at_s, (double)e.points.us[XCY_POINT_WROTE] / 1e6, 1e-6));
    int64_t spent_us = e.points.us[XCY_POINT_SEEN] - e.points.us[XCY_POINT_NOTED];
    int64_t spent_ms = spent_us / 1000;
    assert_true(is_near(e.notification_to_reader_spent_ms, (double)spent_ms, 0));
    assert_true(is_near(e.notification_size_bytes, (double)message_bytes, 0));
    script_clear(&script);
}

static void reply_holds_the_evaluation(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    struct xcy_event event = script_event(&script);
    char *payload = script_notification(&event, 1);
    struct observed o = read_payload(&script, payload, PLENTY_MS);
    struct xcy_json *json = NULL;
    assert_ok(xcy_json_parse(xcy_buf_bytes(&o.reply), &json, &o.err), &o.err);
    assert_int_equal(xcy_json_get_int64(json, "statusCode", 0), 200);
    assert_string_equal(xcy_json_get_string(json, "body", ""), script.queue.texts[0]);
    xcy_json_free(json);
    xcy_buf_clear(&o.reply);
    free(payload);
    script_clear(&script);
}

static void miss_is_polled_until_visible(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    script.post.eventual_misses = 3;
    struct xcy_evaluation e = read_once(&script);
    assert_true(e.has_read && !e.found && !e.consistent_read);
    assert_true(e.is_polled && !e.is_censored);
    assert_int_equal(e.polls, 3);
    assert_true(e.points.us[XCY_POINT_MISSED] > e.points.us[XCY_POINT_READ]);
    assert_int_equal(e.post_stored_bytes, 123);
    script_clear(&script);
}

static void first_read_is_the_last_miss_when_the_first_poll_succeeds(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    script.post.eventual_misses = 1;
    struct xcy_evaluation e = read_once(&script);
    assert_int_equal(e.polls, 1);
    assert_int_equal(e.points.us[XCY_POINT_MISSED], e.points.us[XCY_POINT_ASKED]);
    assert_true(e.points.us[XCY_POINT_VISIBLE] > e.points.us[XCY_POINT_READ]);
    script_clear(&script);
}

static void post_not_visible_by_the_deadline_is_censored(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    script.environment.visibility_deadline_ms = 5;
    script.post.eventual_misses = SCRIPT_FOREVER;
    struct xcy_evaluation e = read_once(&script);
    assert_true(e.has_read && !e.found && e.is_polled && e.is_censored);
    assert_int_equal(e.points.us[XCY_POINT_VISIBLE], 0);
    /* the last poll stands at the deadline, so that nothing is known only up to an earlier one */
    assert_true(e.points.us[XCY_POINT_MISSED] - e.points.us[XCY_POINT_READ] >= 4999);
    assert_string_equal(e.error, "");
    script_clear(&script);
}

static void polls_end_a_second_before_the_function_does(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    script.environment.visibility_deadline_ms = 3600000;
    script.post.eventual_misses = SCRIPT_FOREVER;
    struct xcy_evaluation e = read_once_within(&script, 1005);
    assert_true(e.is_censored);
    script_clear(&script);
}

static void without_visibility_a_miss_is_not_polled(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    script.environment.combination.visibility = XCY_VISIBILITY_OFF;
    script.environment.combination.visibility_share = 0;
    script.post.eventual_misses = SCRIPT_FOREVER;
    struct xcy_evaluation e = read_once(&script);
    assert_true(e.has_read && !e.found);
    assert_false(e.is_polled || e.is_censored);
    assert_int_equal(e.points.us[XCY_POINT_MISSED], 0);
    script_clear(&script);
}

static void sampled_visibility_polls_about_its_share_of_the_misses(void **state)
{
    (void)state;
    int n_polled = 0;
    for (int n = 0; n < 400; n++) {
        struct script script;
        script_init(&script, XCY_CONSISTENCY_NONE);
        script.environment.combination.visibility = XCY_VISIBILITY_SAMPLE;
        script.environment.combination.visibility_share = 0.25;
        script.post.eventual_misses = 1;
        n_polled += read_once(&script).is_polled ? 1 : 0;
        script_clear(&script);
    }
    /* Binomial(400, 1/4): outside 40..160 with probability below 1e-11 */
    assert_in_range(n_polled, 40, 160);
}

static void poll_without_an_answer_moves_neither_end(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    script.post.eventual_misses = 1;
    script.post.looks_before_failing = 1;
    script.post.failing_looks = 2;
    script.post.fail_status = XCY_ENET;
    struct xcy_evaluation e = read_once(&script);
    assert_int_equal(e.polls, 3);
    assert_int_equal(e.points.us[XCY_POINT_MISSED], e.points.us[XCY_POINT_ASKED]);
    assert_true(xcy_stamps_has(&e.points, XCY_POINT_VISIBLE));
    assert_string_equal(e.error, "");
    script_clear(&script);
}

static void read_whose_connection_broke_is_made_again_once(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    script.post.failing_looks = 1;
    script.post.fail_status = XCY_ENET;
    struct xcy_evaluation e = read_once(&script);
    assert_true(e.has_read && e.found);
    assert_int_equal(script.post.n_looks, 2);
    script_clear(&script);
}

static void read_that_fails_is_reported_as_the_readers_error(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    script.post.failing_looks = SCRIPT_FOREVER;
    script.post.fail_status = XCY_EAUTH;
    struct xcy_evaluation e = read_once(&script);
    assert_false(e.has_read || e.found);
    assert_string_equal(e.error, "reading the post: scripted look failure");
    assert_int_equal(script.post.n_looks, 1);
    assert_true(xcy_stamps_has(&e.points, XCY_POINT_REPORTED));
    script_clear(&script);
}

static void barrier_that_finds_the_write_at_once_has_not_waited(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_ANTIPODE);
    struct xcy_evaluation e = read_once(&script);
    assert_true(e.has_antipode_spent && e.has_read && e.found);
    assert_false(e.waited || e.barrier_timed_out);
    assert_int_equal(script.post.n_strong, 1);
    assert_string_equal(script.post.strong_cid, "0123456789abcdef0123456789abcdef");
    assert_true(e.context_bytes > 32);
    script_clear(&script);
}

static void barrier_waits_until_strong_probes_see_the_write(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_ANTIPODE);
    script.environment.poll_first_ms = 1;
    script.environment.poll_max_ms = 2;
    script.post.strong_misses = 3;
    struct xcy_evaluation e = read_once(&script);
    assert_true(e.waited && !e.barrier_timed_out && e.found);
    assert_int_equal(script.post.n_strong, 4);
    int64_t spent_us = e.points.us[XCY_POINT_READY] - e.points.us[XCY_POINT_SEEN];
    assert_true(spent_us >= 3000);
    assert_true(e.antipode_spent_ms >= 3 && e.antipode_spent_ms <= (double)spent_us / 1000 + 1);
    assert_true(e.points.us[XCY_POINT_ASKED] >= e.points.us[XCY_POINT_READY]);
    script_clear(&script);
}

static void barrier_past_its_deadline_is_flagged_and_the_read_still_made(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_ANTIPODE);
    script.environment.barrier_deadline_ms = 3;
    script.environment.visibility_deadline_ms = 2;
    script.post.strong_misses = SCRIPT_FOREVER;
    script.post.eventual_misses = SCRIPT_FOREVER;
    struct xcy_evaluation e = read_once(&script);
    assert_true(e.barrier_timed_out && e.waited && e.has_read && !e.found);
    assert_string_equal(e.error, "");
    script_clear(&script);
}

static void barrier_ends_a_second_before_the_function_does(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_ANTIPODE);
    script.environment.barrier_deadline_ms = 3600000;
    script.post.strong_misses = SCRIPT_FOREVER;
    struct xcy_evaluation e = read_once_within(&script, 1005);
    assert_true(e.barrier_timed_out && e.has_read);
    script_clear(&script);
}

static void barrier_outlives_a_probe_without_an_answer(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_ANTIPODE);
    script.post.failing_looks = 2;
    script.post.fail_status = XCY_EREMOTE;
    struct xcy_evaluation e = read_once(&script);
    assert_true(e.waited && e.found && !e.barrier_timed_out);
    script_clear(&script);
}

static void barrier_that_is_refused_ends_at_once_as_an_error(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_ANTIPODE);
    script.post.failing_looks = SCRIPT_FOREVER;
    script.post.fail_status = XCY_EAUTH;
    struct xcy_evaluation e = read_once(&script);
    assert_string_equal(e.error, "barrier: scripted look failure");
    assert_false(e.has_read);
    assert_int_equal(script.post.n_looks, 1);
    script_clear(&script);
}

static void barrier_whose_store_never_answers_is_an_error_at_the_deadline(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_ANTIPODE);
    script.environment.barrier_deadline_ms = 2;
    script.post.failing_looks = SCRIPT_FOREVER;
    script.post.fail_status = XCY_ENET;
    struct xcy_evaluation e = read_once(&script);
    assert_string_equal(e.error, "barrier: scripted look failure");
    assert_false(e.has_read || e.barrier_timed_out);
    script_clear(&script);
}

static void event_of_another_combination_is_not_read_but_reported(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    struct xcy_event event = script_event(&script);
    event.combination.delay_ms = 500;
    char *payload = script_notification(&event, 1);
    struct observed o = read_payload(&script, payload, PLENTY_MS);
    assert_ok(o.status, &o.err);
    struct xcy_evaluation e = evaluation_at(&script, 0);
    assert_non_null(strstr(e.error, "another combination"));
    assert_int_equal(e.combination.delay_ms, 500);
    assert_int_equal(script.post.n_looks, 0);
    assert_false(e.has_read);
    xcy_buf_clear(&o.reply);
    free(payload);
    script_clear(&script);
}

static void event_of_the_references_writer_is_read(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    struct observed o = read_payload(
        &script,
        "{\"Records\":[{\"Sns\":{\"Message\":\"{\\\"i\\\":6,\\\"key\\\":\\\"6ABCDEFGHI\\\","
        "\\\"client_sent_at\\\":1795100010.25,\\\"writer_start_at\\\":1795100010.5,"
        "\\\"post_written_at\\\":1795100010.6,\\\"notification_written_at\\\":1795100010.7}\"}}]}",
        PLENTY_MS);
    assert_ok(o.status, &o.err);
    struct xcy_evaluation e = evaluation_at(&script, 0);
    assert_int_equal(e.id.i, 6);
    assert_true(e.found);
    assert_true(is_near(e.post_written_at_s, 1795100010.6, 1e-6));
    xcy_buf_clear(&o.reply);
    script_clear(&script);
}

static void malformed_event_that_names_its_request_is_reported_as_its_error(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    struct observed o = read_payload(
        &script,
        "{\"Records\":[{\"Sns\":{\"Message\":\"{\\\"i\\\":6,\\\"key\\\":\\\"6ABCDEFGHI\\\","
        "\\\"run\\\":\\\"r\\\",\\\"client_sent_at\\\":1795100010.25,\\\"xcy\\\":{}}\"}}]}",
        PLENTY_MS);
    assert_ok(o.status, &o.err);
    struct xcy_evaluation e = evaluation_at(&script, 0);
    assert_int_equal(e.id.i, 6);
    assert_string_equal(e.id.run, "r");
    assert_string_not_equal(e.error, "");
    assert_false(e.has_read);
    xcy_buf_clear(&o.reply);
    script_clear(&script);
}

static void notification_that_names_no_request_is_a_function_error(void **state)
{
    (void)state;
    const char *const bad[] = {
        "not json",
        "{}",
        "{\"Records\": []}",
        "{\"Records\": [{\"Sns\": {}}]}",
        "{\"Records\": [{\"Sns\": {\"Message\": 7}}]}",
        "{\"Records\": [{\"Sns\": {\"Message\": \"not json\"}}]}",
        "{\"Records\": [{\"Sns\": {\"Message\": \"{\\\"i\\\": 1}\"}}]}",
    };
    for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++) {
        struct script script;
        script_init(&script, XCY_CONSISTENCY_NONE);
        struct observed o = read_payload(&script, bad[b], PLENTY_MS);
        assert_int_equal(o.status, XCY_EPARSE);
        assert_int_equal(script.queue.n_attempts, 0);
        assert_int_equal(o.reply.len, 0);
        xcy_buf_clear(&o.reply);
        script_clear(&script);
    }
}

static void every_record_of_a_notification_is_reported(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    struct xcy_event event = script_event(&script);
    char *payload = script_notification(&event, 3);
    struct observed o = read_payload(&script, payload, PLENTY_MS);
    assert_ok(o.status, &o.err);
    assert_int_equal(script.queue.n_texts, 3);
    struct xcy_evaluation first = evaluation_at(&script, 0);
    struct xcy_evaluation last = evaluation_at(&script, 2);
    assert_string_not_equal(first.eval, last.eval);
    xcy_buf_clear(&o.reply);
    free(payload);
    script_clear(&script);
}

static void bad_record_does_not_cost_the_others(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    struct xcy_event event = script_event(&script);
    char *good = script_notification(&event, 1);
    struct xcy_error err;
    struct xcy_json *payload = NULL;
    assert_ok(xcy_json_parse(xcy_bytes_of("{\"Records\":[{\"Sns\":{}}]}"), &payload, &err), &err);
    struct xcy_json *whole = NULL;
    assert_ok(xcy_json_parse(xcy_bytes_of(good), &whole, &err), &err);
    struct xcy_json *records = xcy_json_new_array();
    xcy_json_append(records, xcy_json_copy(xcy_json_at(xcy_json_get(payload, "Records"), 0)));
    xcy_json_append(records, xcy_json_copy(xcy_json_at(xcy_json_get(whole, "Records"), 0)));
    xcy_json_put(whole, "Records", records);
    char *mixed = xcy_json_text(whole);
    struct observed o = read_payload(&script, mixed, PLENTY_MS);
    assert_int_equal(o.status, XCY_EPARSE);
    assert_string_equal(o.err.text, "SNS record 0: it has no Sns.Message");
    assert_int_equal(script.queue.n_texts, 1);
    xcy_buf_clear(&o.reply);
    free(mixed);
    free(good);
    xcy_json_free(whole);
    xcy_json_free(payload);
    script_clear(&script);
}

static void report_that_the_network_lost_is_sent_again_under_the_same_eval(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    script.queue.failures = 1;
    script.queue.fail_status = XCY_ENET;
    struct xcy_evaluation e = read_once(&script);
    assert_int_equal(script.queue.n_attempts, 2);
    assert_true(e.points.us[XCY_POINT_REPORTED] - e.points.us[XCY_POINT_READ] >= 9000);
    script_clear(&script);
}

static void report_that_is_refused_is_a_function_error(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    script.queue.failures = SCRIPT_FOREVER;
    script.queue.fail_status = XCY_EAUTH;
    struct xcy_event event = script_event(&script);
    char *payload = script_notification(&event, 1);
    struct observed o = read_payload(&script, payload, PLENTY_MS);
    assert_int_equal(o.status, XCY_EAUTH);
    assert_string_equal(o.err.text, "SNS record 0: reporting request 17: scripted report failure");
    assert_int_equal(script.queue.n_attempts, 1);
    xcy_buf_clear(&o.reply);
    free(payload);
    script_clear(&script);
}

static void stats_tell_what_the_readers_side_holds_and_report_nothing(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    script.post.items = 7;
    script.post.bytes = 70;
    struct observed o = read_payload(&script, "{\"-#STATS#-\": \"count\"}", PLENTY_MS);
    assert_ok(o.status, &o.err);
    struct xcy_json *json = NULL;
    assert_ok(xcy_json_parse(xcy_buf_bytes(&o.reply), &json, &o.err), &o.err);
    const struct xcy_json *body = xcy_json_get(json, "body");
    const struct xcy_json *stats = xcy_json_get(body, "stats");
    assert_int_equal(xcy_json_get_int64(json, "statusCode", 0), 200);
    assert_int_equal(xcy_json_get_int64(stats, "items", 0), 7);
    assert_null(xcy_json_get(stats, "bytes"));
    assert_non_null(xcy_json_get(body, "combination"));
    assert_int_equal(script.queue.n_attempts, 0);
    xcy_json_free(json);
    xcy_buf_clear(&o.reply);
    script_clear(&script);
}

static void a_reader_cleans_nothing(void **state)
{
    (void)state;
    struct script script;
    script_init(&script, XCY_CONSISTENCY_NONE);
    struct observed o = read_payload(&script, "{\"-#CLEAN#-\": true}", PLENTY_MS);
    assert_int_not_equal(o.status, XCY_OK);
    assert_int_equal(script.post.n_cleans, 0);
    xcy_buf_clear(&o.reply);
    script_clear(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stats_tell_what_the_readers_side_holds_and_report_nothing),
        cmocka_unit_test(a_reader_cleans_nothing),
        cmocka_unit_test(post_found_at_once_is_consistent_and_not_polled),
        cmocka_unit_test(points_stand_in_the_order_of_the_work),
        cmocka_unit_test(evaluation_tells_whose_it_is),
        cmocka_unit_test(reference_fields_follow_from_the_points),
        cmocka_unit_test(reply_holds_the_evaluation),
        cmocka_unit_test(miss_is_polled_until_visible),
        cmocka_unit_test(first_read_is_the_last_miss_when_the_first_poll_succeeds),
        cmocka_unit_test(post_not_visible_by_the_deadline_is_censored),
        cmocka_unit_test(polls_end_a_second_before_the_function_does),
        cmocka_unit_test(without_visibility_a_miss_is_not_polled),
        cmocka_unit_test(sampled_visibility_polls_about_its_share_of_the_misses),
        cmocka_unit_test(poll_without_an_answer_moves_neither_end),
        cmocka_unit_test(read_whose_connection_broke_is_made_again_once),
        cmocka_unit_test(read_that_fails_is_reported_as_the_readers_error),
        cmocka_unit_test(barrier_that_finds_the_write_at_once_has_not_waited),
        cmocka_unit_test(barrier_waits_until_strong_probes_see_the_write),
        cmocka_unit_test(barrier_past_its_deadline_is_flagged_and_the_read_still_made),
        cmocka_unit_test(barrier_ends_a_second_before_the_function_does),
        cmocka_unit_test(barrier_outlives_a_probe_without_an_answer),
        cmocka_unit_test(barrier_that_is_refused_ends_at_once_as_an_error),
        cmocka_unit_test(barrier_whose_store_never_answers_is_an_error_at_the_deadline),
        cmocka_unit_test(event_of_another_combination_is_not_read_but_reported),
        cmocka_unit_test(event_of_the_references_writer_is_read),
        cmocka_unit_test(malformed_event_that_names_its_request_is_reported_as_its_error),
        cmocka_unit_test(notification_that_names_no_request_is_a_function_error),
        cmocka_unit_test(every_record_of_a_notification_is_reported),
        cmocka_unit_test(bad_record_does_not_cost_the_others),
        cmocka_unit_test(report_that_the_network_lost_is_sent_again_under_the_same_eval),
        cmocka_unit_test(report_that_is_refused_is_a_function_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
