#include "tests/unit/sandbox/lambda_stand.h"

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/record/evaluation.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const enum xcy_fault crashed = (enum xcy_fault)(XCY_FAULT_WRITER + XCY_FUNCTION_CRASHED);
static const enum xcy_fault timed_out = (enum xcy_fault)(XCY_FAULT_WRITER + XCY_FUNCTION_TIMED_OUT);
static const enum xcy_fault garbage = (enum xcy_fault)(XCY_FAULT_WRITER + XCY_FUNCTION_GARBAGE);
static const enum xcy_fault twice =
    (enum xcy_fault)(XCY_FAULT_WRITER + XCY_FUNCTION_DELIVERED_TWICE);

enum { MAX_BYTES = 1 << 20 };

/* The log has as many lines of the fault as were counted: n of them. */
static void assert_struck(const struct lambda_stand *f, enum xcy_fault fault, const char *name,
                          size_t n)
{
    struct xcy_json *lines = lambda_truth(f, "fault");
    size_t n_lines = 0;
    for (const struct xcy_json *line = xcy_json_first(lines); line; line = xcy_json_next(line)) {
        n_lines += strcmp(xcy_json_get_string(line, "fault", ""), name) == 0;
    }
    xcy_json_free(lines);
    assert_int_equal(n_lines, n);
    assert_int_equal(lambda_faults(f, fault).injected, n);
}

static void a_crash_kills_the_process_with_the_invocation_in_hand(void **state)
{
    (void)state;
    struct lambda_stand f;
    enum { N = 6 }; /* each way in turn, twice */
    lambda_stand_open(&f, &(struct lambda_setting){.faults = {{crashed, 1}}});
    for (int i = 0; i < N; i++) {
        assert_int_equal(lambda_invoke(&f, "{\"do\":\"pid\",\"i\":17}"), 200);
        lambda_assert_header(&f, "X-Amz-Function-Error", "Unhandled");
        lambda_assert_body_has(&f, "signal: Killed");
    }
    assert_int_equal(lambda_counter(&f, "ended", "exited"), N);
    assert_int_equal(lambda_counter(&f, "ended", "ok"), 0);
    assert_struck(&f, crashed, "functions.writer_crashed", N);
    lambda_stand_close(&f);
}

static void a_line_names_the_function_the_request_and_what_the_payload_names(void **state)
{
    (void)state;
    struct lambda_stand f;
    lambda_stand_open(&f, &(struct lambda_setting){.faults = {{crashed, 1}}});
    lambda_invoke(&f, "{\"do\":\"pid\",\"i\":17,\"nested\":\"{\\\"i\\\":4,\\\"id\\\":5}\"}");
    struct xcy_json *lines = lambda_truth(&f, "fault");
    const struct xcy_json *line = xcy_json_first(lines);
    assert_string_equal(xcy_json_get_string(line, "function", ""), "fake");
    assert_string_equal(xcy_json_get_string(line, "kind", ""), "sync");
    assert_int_equal(strlen(xcy_json_get_string(line, "request", "")), 36);
    assert_int_equal(xcy_json_get_int64(line, "try", 0), 1);
    char *requests = xcy_json_text(xcy_json_get(line, "requests"));
    assert_string_equal(requests, "[17,4]");
    free(requests);
    xcy_json_free(lines);
    lambda_stand_close(&f);
}

static void whatever_else_the_process_had_in_hand_is_hit_and_counted(void **state)
{
    (void)state;
    struct lambda_stand f;
    struct lambda_answers answers = {.n = 0};
    struct xcy_json *crash = NULL;
    lambda_stand_open(&f, &(struct lambda_setting){.slots = 3});
    lambda_start(&f, "{\"do\":\"hang\"}", &answers);
    lambda_start(&f, "{\"do\":\"hang\"}", &answers);
    while (lambda_counter(&f, NULL, "busy_slots") < 2) {
        xcy_http_run(f.http, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_MS), -1, false);
    }
    assert_int_equal(lambda_counter(&f, NULL, "instances_started"), 1);
    assert_ok(
        xcy_json_parse(xcy_bytes_of("{\"functions\":{\"writer_crashed\":1}}"), &crash, &f.err),
        &f.err);
    assert_ok(xcy_faults_change(f.faults, crash, &f.err), &f.err);
    xcy_json_free(crash);
    lambda_start(&f, "{\"do\":\"hang\"}", &answers);
    lambda_run_until(&f, &answers, 3);
    for (int i = 0; i < 3; i++) {
        assert_non_null(strstr(answers.bodies[i], "signal: Killed"));
    }
    assert_struck(&f, crashed, "functions.writer_crashed", 3);
    assert_int_equal(lambda_counter(&f, "ended", "exited"), 3);
    lambda_stand_close(&f);
}

static void a_withheld_answer_times_out_and_the_process_is_killed(void **state)
{
    (void)state;
    struct lambda_stand f;
    lambda_stand_open(&f, &(struct lambda_setting){.timeout_ms = 300, .faults = {{timed_out, 1}}});
    assert_int_equal(lambda_invoke(&f, "{\"do\":\"pid\"}"), 200);
    lambda_assert_header(&f, "X-Amz-Function-Error", "Unhandled");
    lambda_assert_body_has(&f, "Task timed out after 0.30 seconds");
    lambda_await_counter(&f, NULL, "instances", 0);
    assert_struck(&f, timed_out, "functions.writer_timed_out", 1);
    lambda_stand_close(&f);
}

static void garbage_in_each_form_is_no_answer_of_a_writer(void **state)
{
    (void)state;
    struct lambda_stand f;
    enum { FORMS = 7 };
    lambda_stand_open(&f, &(struct lambda_setting){.faults = {{garbage, 1}}});
    for (int i = 0; i < FORMS; i++) {
        int64_t status_code;
        struct xcy_event event;
        assert_int_equal(lambda_invoke(&f, "{\"do\":\"pid\"}"), 200);
        lambda_assert_header(&f, "X-Amz-Function-Error", "(none)");
        assert_int_equal(
            xcy_writer_reply_parse(xcy_buf_bytes(&f.reply.body), &status_code, &event, &f.err),
            XCY_EPARSE);
    }
    assert_struck(&f, garbage, "functions.writer_garbage", FORMS);
    assert_int_equal(lambda_counter(&f, NULL, "instances_started"), 1);
    lambda_stand_close(&f);
}

static void nobody_reads_an_events_answer_so_garbage_is_not_asked_for(void **state)
{
    (void)state;
    struct lambda_stand f;
    lambda_stand_open(&f, &(struct lambda_setting){.faults = {{garbage, 1}}});
    assert_int_equal(
        lambda_request(&f, "POST", "/fake/invocations", "Event", xcy_bytes_of("{\"do\":\"pid\"}")),
        202);
    lambda_await_counter(&f, "ended", "ok", 1);
    assert_int_equal(lambda_faults(&f, garbage).asked, 0);
    lambda_stand_close(&f);
}

/* Lines of a file that fake_function's "try" wrote, and how many different ones. */
static void count_lines(const char *path, size_t *n, size_t *n_different)
{
    struct xcy_buf text;
    struct xcy_error err;
    char seen[64][40];
    *n = 0;
    *n_different = 0;
    xcy_buf_init(&text, MAX_BYTES);
    assert_ok(xcy_file_read(path, &text, &err), &err);
    for (char *save = NULL, *line = strtok_r(text.ptr, "\n", &save); line;
         line = strtok_r(NULL, "\n", &save)) {
        size_t i = 0;
        while (i < *n_different && strcmp(seen[i], line) != 0) {
            i++;
        }
        if (i == *n_different) {
            snprintf(seen[(*n_different)++], sizeof seen[0], "%s", line);
        }
        ++*n;
    }
    xcy_buf_clear(&text);
}

static void an_event_delivered_twice_has_one_request_id_and_each_is_tried_three_times(void **state)
{
    (void)state;
    struct lambda_stand f;
    char path[128];
    char payload[256];
    size_t n = 0;
    size_t n_different = 0;
    enum { EVENTS = 2 }; /* again at once, and again later */
    lambda_stand_open(&f, &(struct lambda_setting){.faults = {{twice, 1}}});
    snprintf(path, sizeof path, "%s/tries", f.folder);
    snprintf(payload, sizeof payload, "{\"do\":\"try\",\"file\":\"%s\"}", path);
    for (int i = 0; i < EVENTS; i++) {
        xcy_lambda_service_invoke_event(f.service, LAMBDA_REGION, "fake", xcy_bytes_of(payload));
    }
    lambda_await_counter(&f, NULL, "events_dropped", EVENTS * 2L);
    count_lines(path, &n, &n_different);
    assert_int_equal(n, EVENTS * 2 * 3);
    assert_int_equal(n_different, EVENTS);
    assert_struck(&f, twice, "functions.writer_delivered_twice", EVENTS);
    lambda_stand_close(&f);
}

static void crashed_events_are_tried_three_times(void **state)
{
    (void)state;
    struct lambda_stand f;
    lambda_stand_open(&f, &(struct lambda_setting){.faults = {{crashed, 1}}});
    xcy_lambda_service_invoke_event(f.service, LAMBDA_REGION, "fake",
                                    xcy_bytes_of("{\"do\":\"pid\"}"));
    lambda_await_counter(&f, NULL, "events_dropped", 1);
    assert_struck(&f, crashed, "functions.writer_crashed", 3);
    lambda_stand_close(&f);
}

struct source {
    _Atomic int n_ended;
    _Atomic bool is_ok;
};

static void source_ended(void *ctx, bool is_ok)
{
    struct source *source = ctx;
    source->is_ok = is_ok;
    source->n_ended++;
}

static void a_source_is_not_told_of_the_success_so_that_it_comes_again(void **state)
{
    (void)state;
    struct lambda_stand f;
    struct source source = {.is_ok = true};
    lambda_stand_open(&f, &(struct lambda_setting){.faults = {{twice, 1}}});
    assert_true(xcy_lambda_service_invoke_source(
        f.service, LAMBDA_REGION, "fake", xcy_bytes_of("{\"do\":\"pid\"}"), source_ended, &source));
    while (source.n_ended == 0) {
        usleep(1000);
    }
    assert_false(source.is_ok);
    assert_int_equal(lambda_counter(&f, "ended", "ok"), 1); /* it did run */
    assert_struck(&f, twice, "functions.writer_delivered_twice", 1);
    lambda_stand_close(&f);
}

static void the_end_of_the_service_waits_for_no_withheld_answer(void **state)
{
    (void)state;
    struct lambda_stand f;
    struct lambda_answers answers = {.n = 0};
    lambda_stand_open(&f, &(struct lambda_setting){.faults = {{timed_out, 1}}});
    lambda_start(&f, "{\"do\":\"pid\"}", &answers);
    while (lambda_faults(&f, timed_out).injected == 0) {
        xcy_http_run(f.http, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_MS), -1, false);
    }
    xcy_lambda_service_stop(f.service);
    lambda_run_until(&f, &answers, 1);
    assert_int_equal(answers.statuses[0], 503);
    lambda_stand_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crash_kills_the_process_with_the_invocation_in_hand),
        cmocka_unit_test(a_line_names_the_function_the_request_and_what_the_payload_names),
        cmocka_unit_test(whatever_else_the_process_had_in_hand_is_hit_and_counted),
        cmocka_unit_test(a_withheld_answer_times_out_and_the_process_is_killed),
        cmocka_unit_test(garbage_in_each_form_is_no_answer_of_a_writer),
        cmocka_unit_test(nobody_reads_an_events_answer_so_garbage_is_not_asked_for),
        cmocka_unit_test(an_event_delivered_twice_has_one_request_id_and_each_is_tried_three_times),
        cmocka_unit_test(crashed_events_are_tried_three_times),
        cmocka_unit_test(a_source_is_not_told_of_the_success_so_that_it_comes_again),
        cmocka_unit_test(the_end_of_the_service_waits_for_no_withheld_answer),
    };
    xcy_log_init("lambda_fault_test", XCY_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
