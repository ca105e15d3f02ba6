#include "tests/unit/sandbox/lambda_stand.h"

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_FILE_BYTES = 1 << 20 };

static void a_synchronous_invocation_is_answered_by_the_function(void **state)
{
    (void)state;
    struct lambda_stand f;
    lambda_stand_open(&f, &(struct lambda_setting){0});
    assert_int_equal(lambda_invoke(&f, "{\"do\":\"env\",\"name\":\"FLAVOUR\"}"), 200);
    lambda_assert_body(&f, "\"first\"");
    lambda_assert_header(&f, "X-Amz-Executed-Version", "$LATEST");
    lambda_assert_header(&f, "X-Amz-Function-Error", "(none)");
    lambda_await_counter(&f, NULL, "idle_slots", 1);
    assert_int_equal(lambda_invoke(&f, "{\"do\":\"headers\"}"), 200);
    lambda_assert_body_has(&f, "arn:aws:lambda:" LAMBDA_REGION ":" LAMBDA_ACCOUNT ":function:fake");
    assert_int_equal(lambda_counter(&f, NULL, "instances_started"), 1); /* the second was warm */
    assert_int_equal(lambda_counter(&f, "ended", "ok"), 2);
    lambda_stand_close(&f);
}

static void a_process_finds_its_surroundings(void **state)
{
    (void)state;
    static const char *const expected[][2] = {{"AWS_LAMBDA_FUNCTION_NAME", "fake"},
                                              {"AWS_REGION", LAMBDA_REGION},
                                              {"AWS_ACCESS_KEY_ID", "XCYSANDBOXTEST"},
                                              {"XCY_SLOTS", "1"},
                                              {"_HANDLER", "bootstrap"},
                                              {"STORE", "127.0.0.1:1"},
                                              {"HOME", "(none)"}};
    struct lambda_stand f;
    lambda_stand_open(&f, &(struct lambda_setting){0});
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        char payload[128];
        char body[128];
        snprintf(payload, sizeof payload, "{\"do\":\"env\",\"name\":\"%s\"}", expected[i][0]);
        snprintf(body, sizeof body, "\"%s\"", expected[i][1]);
        assert_int_equal(lambda_invoke(&f, payload), 200);
        lambda_assert_body(&f, body);
    }
    lambda_stand_close(&f);
}

static void a_function_error_is_a_200_that_says_so(void **state)
{
    (void)state;
    struct lambda_stand f;
    lambda_stand_open(&f, &(struct lambda_setting){0});
    assert_int_equal(lambda_invoke(&f, "{\"do\":\"error\"}"), 200);
    lambda_assert_header(&f, "X-Amz-Function-Error", "Unhandled");
    lambda_assert_body(&f, "{\"errorMessage\":\"as told\",\"errorType\":\"Told\"}");
    assert_int_equal(lambda_counter(&f, "ended", "function_error"), 1);
    lambda_stand_close(&f);
}

static void a_process_that_ends_fails_its_invocation_and_is_replaced(void **state)
{
    (void)state;
    struct lambda_stand f;
    lambda_stand_open(&f, &(struct lambda_setting){0});
    assert_int_equal(lambda_invoke(&f, "{\"do\":\"exit\"}"), 200);
    lambda_assert_header(&f, "X-Amz-Function-Error", "Unhandled");
    lambda_assert_body_has(&f, "Runtime exited with error: exit status 3");
    lambda_assert_body_has(&f, "Runtime.ExitError");
    assert_int_equal(lambda_invoke(&f, "{\"do\":\"pid\"}"), 200);
    lambda_assert_header(&f, "X-Amz-Function-Error", "(none)");
    assert_int_equal(lambda_counter(&f, NULL, "instances_started"), 2);
    lambda_stand_close(&f);
}

static void an_invocation_past_its_time_is_ended_with_its_process(void **state)
{
    (void)state;
    struct lambda_stand f;
    lambda_stand_open(&f, &(struct lambda_setting){.timeout_ms = 300});
    assert_int_equal(lambda_invoke(&f, "{\"do\":\"hang\"}"), 200);
    lambda_assert_header(&f, "X-Amz-Function-Error", "Unhandled");
    lambda_assert_body_has(&f, "Task timed out after 0.30 seconds");
    lambda_await_counter(&f, NULL, "instances", 0);
    assert_int_equal(lambda_counter(&f, "ended", "timed_out"), 1);
    lambda_stand_close(&f);
}

static void a_failed_start_is_a_function_error(void **state)
{
    (void)state;
    struct lambda_stand f;
    lambda_stand_open(&f, &(struct lambda_setting){.variable = "FAIL_INIT"});
    assert_int_equal(lambda_invoke(&f, "{}"), 200);
    lambda_assert_header(&f, "X-Amz-Function-Error", "Unhandled");
    lambda_assert_body(&f, "{\"errorMessage\":\"no luck\",\"errorType\":\"Init\"}");
    lambda_stand_close(&f);
}

static void a_start_without_end_is_cut_off(void **state)
{
    (void)state;
    struct lambda_stand f;
    lambda_stand_open(&f, &(struct lambda_setting){.variable = "SILENT", .init_timeout_ms = 50});
    assert_int_equal(lambda_invoke(&f, "{}"), 200);
    lambda_assert_body_has(&f, "Init timed out");
    lambda_stand_close(&f);
}

static void idle_processes_are_ended(void **state)
{
    (void)state;
    struct lambda_stand f;
    lambda_stand_open(&f, &(struct lambda_setting){.idle_s = 1});
    assert_int_equal(lambda_invoke(&f, "{\"do\":\"pid\"}"), 200);
    assert_int_equal(lambda_counter(&f, NULL, "instances"), 1);
    lambda_await_counter(&f, NULL, "instances", 0);
    lambda_stand_close(&f);
}

static void a_dry_run_runs_nothing(void **state)
{
    (void)state;
    struct lambda_stand f;
    lambda_stand_open(&f, &(struct lambda_setting){0});
    assert_int_equal(lambda_request(&f, "POST", "/fake/invocations", "DryRun", xcy_bytes_of("{}")),
                     204);
    assert_int_equal(lambda_counter(&f, NULL, "instances_started"), 0);
    lambda_stand_close(&f);
}

static void names_and_arns_are_understood_and_others_not_found(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int status;
    } cases[] = {
        {"/fake/invocations", 200},
        {"/fake/invocations?Qualifier=%24LATEST", 200},
        {"/fake:$LATEST/invocations", 200},
        {"/arn%3Aaws%3Alambda%3A" LAMBDA_REGION "%3A" LAMBDA_ACCOUNT
         "%3Afunction%3Afake/invocations",
         200},
        {"/" LAMBDA_ACCOUNT ":function:fake/invocations", 200},
        {"/fake/invocations?Qualifier=7", 404},
        {"/arn:aws:lambda:us-east-1:" LAMBDA_ACCOUNT ":function:fake/invocations", 404},
        {"/nobody/invocations", 404},
        {"/a%20b/invocations", 400},
        {"/fake/nothing", 404},
    };
    struct lambda_stand f;
    lambda_stand_open(&f, &(struct lambda_setting){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int status =
            lambda_request(&f, "POST", cases[i].path, NULL, xcy_bytes_of("{\"do\":\"pid\"}"));
        if (status != cases[i].status) {
            fail_msg("%s: %d %s", cases[i].path, status, f.reply.body.ptr);
        }
    }
    assert_int_equal(lambda_request(&f, "POST", "/nobody/invocations", NULL, xcy_bytes_of("{}")),
                     404);
    lambda_assert_header(&f, "x-amzn-ErrorType", "ResourceNotFoundException");
    lambda_assert_body_has(&f, "Function not found: arn:aws:lambda:" LAMBDA_REGION
                               ":" LAMBDA_ACCOUNT ":function:nobody");
    lambda_stand_close(&f);
}

static void too_large_and_malformed_payloads_are_refused(void **state)
{
    (void)state;
    struct lambda_stand f;
    size_t size = (size_t)7 << 20;
    char *big = xcy_alloc(size);
    memset(big, '1', size);
    lambda_stand_open(&f, &(struct lambda_setting){0});
    const char *path = "/fake/invocations";
    assert_int_equal(lambda_request(&f, "POST", path, NULL, xcy_bytes(big, size)), 413);
    lambda_assert_header(&f, "x-amzn-ErrorType", "RequestTooLargeException");
    assert_int_equal(lambda_request(&f, "POST", path, "Event", xcy_bytes(big, 1024 * 1024 + 1)),
                     413);
    assert_int_equal(lambda_request(&f, "POST", path, NULL, xcy_bytes_of("{nonsense")), 400);
    lambda_assert_header(&f, "x-amzn-ErrorType", "InvalidRequestContentException");
    assert_int_equal(lambda_request(&f, "POST", path, "Sometimes", xcy_bytes_of("{}")), 400);
    assert_int_equal(lambda_invoke(&f, "{\"do\":\"big\"}"), 200);
    lambda_assert_body_has(&f, "Function.ResponseSizeTooLarge");
    free(big);
    lambda_stand_close(&f);
}

static void beyond_the_concurrency_limit_the_answer_is_429(void **state)
{
    (void)state;
    struct lambda_stand f;
    struct lambda_answers answers = {.n = 0};
    char path[128];
    char payload[256];
    lambda_stand_open(&f, &(struct lambda_setting){.concurrency = 2});
    lambda_make_gate(&f, path, payload);
    lambda_start(&f, payload, &answers);
    lambda_start(&f, payload, &answers);
    lambda_start(&f, payload, &answers);
    lambda_run_until(&f, &answers, 1); /* the third, whichever that is */
    assert_int_equal(answers.statuses[0], 429);
    assert_non_null(strstr(answers.bodies[0], "ReservedFunctionConcurrentInvocationLimitExceeded"));
    assert_string_equal(answers.retry_after, "1");
    lambda_open_gate(path);
    lambda_run_until(&f, &answers, 3);
    assert_int_equal(answers.statuses[1], 200);
    assert_int_equal(answers.statuses[2], 200);
    assert_int_equal(lambda_counter(&f, NULL, "throttled"), 1);
    lambda_stand_close(&f);
}

static void one_process_serves_as_many_as_it_has_slots(void **state)
{
    (void)state;
    enum { N = 6 };
    struct lambda_stand f;
    struct lambda_answers answers = {.n = 0};
    char path[128];
    char payload[256];
    lambda_stand_open(&f, &(struct lambda_setting){.slots = 3});
    lambda_make_gate(&f, path, payload);
    for (size_t i = 0; i < N; i++) {
        lambda_start(&f, payload, &answers);
    }
    while (lambda_counter(&f, NULL, "in_flight") < N) {
        xcy_http_run(f.http, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_MS), -1, false);
    }
    lambda_open_gate(path);
    lambda_run_until(&f, &answers, N);
    assert_int_equal(lambda_counter(&f, NULL, "instances_started"), 2);
    lambda_stand_close(&f);
}

static void events_are_accepted_and_tried_three_times(void **state)
{
    (void)state;
    struct lambda_stand f;
    struct xcy_buf text;
    char path[128];
    char payload[256];
    lambda_stand_open(&f, &(struct lambda_setting){0});
    snprintf(path, sizeof path, "%s/tries", f.folder);
    snprintf(payload, sizeof payload, "{\"do\":\"try\",\"file\":\"%s\"}", path);
    assert_int_equal(
        lambda_request(&f, "POST", "/fake/invocations", "Event", xcy_bytes_of(payload)), 202);
    lambda_assert_body(&f, "");
    lambda_await_counter(&f, NULL, "events_dropped", 1);
    xcy_buf_init(&text, MAX_FILE_BYTES);
    assert_ok(xcy_file_read(path, &text, &f.err), &f.err);
    assert_int_equal(text.len, 3 * 37); /* three request ids, and all the same */
    assert_memory_equal(text.ptr, text.ptr + 37, 37);
    assert_memory_equal(text.ptr, text.ptr + 74, 37);
    assert_int_equal(lambda_counter(&f, NULL, "events_retried"), 2);
    assert_int_equal(lambda_counter(&f, NULL, "events_waiting"), 0);
    xcy_buf_clear(&text);
    lambda_stand_close(&f);
}

static void throttled_events_are_run_later(void **state)
{
    (void)state;
    struct lambda_stand f;
    struct lambda_answers answers = {.n = 0};
    char path[128];
    char payload[256];
    lambda_stand_open(&f, &(struct lambda_setting){.concurrency = 1});
    lambda_make_gate(&f, path, payload);
    lambda_start(&f, payload, &answers);
    while (lambda_counter(&f, NULL, "in_flight") < 1) {
        xcy_http_run(f.http, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_MS), -1, false);
    }
    xcy_lambda_service_invoke_event(f.service, LAMBDA_REGION, "fake",
                                    xcy_bytes_of("{\"do\":\"pid\"}"));
    while (lambda_counter(&f, NULL, "throttled") < 2) {
        usleep(1000);
    }
    assert_int_equal(lambda_counter(&f, NULL, "events_waiting"), 1);
    lambda_open_gate(path);
    lambda_run_until(&f, &answers, 1);
    lambda_await_counter(&f, NULL, "events_waiting", 0);
    assert_int_equal(lambda_counter(&f, "ended", "ok"), 2);
    lambda_stand_close(&f);
}

static void put_configuration(struct lambda_stand *f, const char *body, int expected)
{
    int status = lambda_request(f, "PUT", "/fake/configuration", NULL, xcy_bytes_of(body));
    if (status != expected) {
        fail_msg("%s: %d %s", body, status, f->reply.body.ptr);
    }
}

static void await_updated(struct lambda_stand *f)
{
    do {
        assert_int_equal(lambda_request(f, "GET", "/fake/configuration", NULL, xcy_bytes_of("")),
                         200);
    } while (!strstr(f->reply.body.ptr, "\"LastUpdateStatus\":\"Successful\""));
}

static void after_an_update_only_the_new_configuration_runs(void **state)
{
    (void)state;
    struct lambda_stand f;
    struct lambda_answers answers = {.n = 0};
    char path[128];
    char payload[256];
    lambda_stand_open(&f, &(struct lambda_setting){0});
    lambda_make_gate(&f, path, payload);
    lambda_start(&f, payload, &answers); /* in the hands of an old process all the while */
    while (lambda_counter(&f, NULL, "in_flight") < 1) {
        xcy_http_run(f.http, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_MS), -1, false);
    }
    put_configuration(&f, "{\"Environment\":{\"Variables\":{\"FLAVOUR\":\"second\"}}}", 200);
    await_updated(&f);
    lambda_assert_body_has(&f, "\"FLAVOUR\":\"second\"");
    for (int i = 0; i < 5; i++) {
        assert_int_equal(lambda_invoke(&f, "{\"do\":\"env\",\"name\":\"FLAVOUR\"}"), 200);
        lambda_assert_body(&f, "\"second\"");
    }
    lambda_open_gate(path);
    lambda_run_until(&f, &answers, 1);
    assert_int_equal(answers.statuses[0], 200); /* the old one finished what it had */
    lambda_await_counter(&f, NULL, "in_flight", 0);
    lambda_stand_close(&f);
}

static void wrong_updates_change_nothing(void **state)
{
    (void)state;
    struct lambda_stand f;
    lambda_stand_open(&f, &(struct lambda_setting){0});
    put_configuration(&f, "nonsense", 400);
    put_configuration(&f, "{\"Timeout\":0}", 400);
    put_configuration(&f, "{\"Environment\":{\"Variables\":{\"AWS_REGION\":\"x\"}}}", 400);
    lambda_assert_body_has(&f, "Reserved keys used in this request: AWS_REGION");
    put_configuration(&f, "{\"Environment\":{\"Variables\":{\"A B\":\"x\"}}}", 400);
    put_configuration(&f, "{\"RevisionId\":\"another\",\"Timeout\":7}", 412);
    assert_int_equal(lambda_request(&f, "GET", "/fake", NULL, xcy_bytes_of("")), 200);
    lambda_assert_body_has(&f, "\"FLAVOUR\":\"first\"");
    lambda_assert_body_has(&f, "\"Timeout\":60");
    assert_int_equal(lambda_request(&f, "GET", "/", NULL, xcy_bytes_of("")), 200);
    lambda_assert_body_has(&f, "{\"Functions\":[{\"FunctionName\":\"fake\"");
    lambda_stand_close(&f);
}

static void the_runtime_api_is_for_our_processes_only(void **state)
{
    (void)state;
    static const char *const tokens[] = {"0-00000000000000000000000000000000", "0-", "7-x", "x"};
    struct lambda_stand f;
    lambda_stand_open(&f, &(struct lambda_setting){0});
    assert_int_equal(lambda_invoke(&f, "{\"do\":\"pid\"}"), 200); /* instance 0 is there */
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        char *url =
            xcy_format("%s/_runtime/%s/2018-06-01/runtime/invocation/next", f.endpoint, tokens[i]);
        struct xcy_http_request r = {.method = "GET", .url = url};
        xcy_http_reply_clear(&f.reply);
        assert_ok(xcy_http_call(f.http, &r, false, &f.reply, &f.err), &f.err);
        assert_int_equal(f.reply.status, 403);
        free(url);
    }
    lambda_stand_close(&f);
}

static void stopping_answers_what_is_under_way(void **state)
{
    (void)state;
    struct lambda_stand f;
    struct lambda_answers answers = {.n = 0};
    lambda_stand_open(&f, &(struct lambda_setting){0});
    lambda_start(&f, "{\"do\":\"hang\"}", &answers);
    while (lambda_counter(&f, NULL, "in_flight") < 1) {
        xcy_http_run(f.http, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_MS), -1, false);
    }
    xcy_lambda_service_stop(f.service);
    lambda_run_until(&f, &answers, 1);
    assert_int_equal(answers.statuses[0], 503);
    assert_int_equal(lambda_invoke(&f, "{}"), 503);
    lambda_stand_close(&f);
}

/* What goes to stderr between two calls, in a file. */
static int divert_stderr(const char *path)
{
    int kept = dup(STDERR_FILENO);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(kept >= 0 && fd >= 0 && dup2(fd, STDERR_FILENO) >= 0);
    close(fd);
    return kept;
}

static void restore_stderr(int kept)
{
    dup2(kept, STDERR_FILENO);
    close(kept);
}

/* Stops a service whose process then says its last words and ends with the code. */
static void stop_with_last_words(const char *exit_code, struct xcy_buf *said)
{
    struct lambda_stand f;
    char path[128];
    char *payload = xcy_format("{\"do\":\"last_words\",\"code\":%s}", exit_code);
    lambda_stand_open(&f, &(struct lambda_setting){0});
    snprintf(path, sizeof path, "%s/stderr", f.folder);
    assert_int_equal(lambda_invoke(&f, payload), 200);
    int kept = divert_stderr(path);
    xcy_log_set_level(XCY_LOG_INFO);
    xcy_lambda_service_stop(f.service);
    xcy_timers_stop(f.timers);
    xcy_supervisor_stop(f.supervisor, 60 * XCY_NS_PER_S);
    xcy_log_set_level(XCY_LOG_ERROR);
    restore_stderr(kept);
    f.timers = NULL;
    f.supervisor = NULL;
    enum xcy_status status = xcy_file_read(path, said, &f.err);
    free(payload);
    lambda_stand_close(&f);
    assert_ok(status, &f.err);
}

static void what_is_said_amid_the_end_is_not_shown(void **state)
{
    (void)state;
    struct xcy_buf said;
    xcy_buf_init(&said, MAX_FILE_BYTES);
    stop_with_last_words("0", &said);
    assert_string_equal(said.ptr ? said.ptr : "", "");
    xcy_buf_clear(&said);
}

static void a_process_that_fails_amid_the_end_is_told_of_with_its_words(void **state)
{
    (void)state;
    struct xcy_buf said;
    xcy_buf_init(&said, MAX_FILE_BYTES);
    stop_with_last_words("66", &said);
    assert_non_null(strstr(said.ptr, "failed while it was being ended (exit status 66)"));
    assert_non_null(strstr(said.ptr, "fake: last words"));
    xcy_buf_clear(&said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_synchronous_invocation_is_answered_by_the_function),
        cmocka_unit_test(a_process_finds_its_surroundings),
        cmocka_unit_test(a_function_error_is_a_200_that_says_so),
        cmocka_unit_test(a_process_that_ends_fails_its_invocation_and_is_replaced),
        cmocka_unit_test(an_invocation_past_its_time_is_ended_with_its_process),
        cmocka_unit_test(a_failed_start_is_a_function_error),
        cmocka_unit_test(a_start_without_end_is_cut_off),
        cmocka_unit_test(idle_processes_are_ended),
        cmocka_unit_test(a_dry_run_runs_nothing),
        cmocka_unit_test(names_and_arns_are_understood_and_others_not_found),
        cmocka_unit_test(too_large_and_malformed_payloads_are_refused),
        cmocka_unit_test(beyond_the_concurrency_limit_the_answer_is_429),
        cmocka_unit_test(one_process_serves_as_many_as_it_has_slots),
        cmocka_unit_test(events_are_accepted_and_tried_three_times),
        cmocka_unit_test(throttled_events_are_run_later),
        cmocka_unit_test(after_an_update_only_the_new_configuration_runs),
        cmocka_unit_test(wrong_updates_change_nothing),
        cmocka_unit_test(the_runtime_api_is_for_our_processes_only),
        cmocka_unit_test(stopping_answers_what_is_under_way),
        cmocka_unit_test(what_is_said_amid_the_end_is_not_shown),
        cmocka_unit_test(a_process_that_fails_amid_the_end_is_told_of_with_its_words),
    };
    xcy_log_init("lambda_service_test", XCY_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
