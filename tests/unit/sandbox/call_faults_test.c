/* Faults of calls as their callers see them: each in its service's own words, as often as counted. */
#include "common/base/mem.h"
#include "tests/support/unit.h"
#include "tests/unit/sandbox/stand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* A call of each service that succeeds, when nothing is injected. */
struct sample {
    enum xcy_fault first;
    const char *service;
    const char *method;
    const char *path[6];
    const char *target;
    const char *type;
    const char *body;
    const char *says[XCY_CALL_RESET_BEFORE]; /* what its refusals have in them */
    int status[XCY_CALL_RESET_BEFORE];
};

static const char form[] = "application/x-www-form-urlencoded";
static const char json[] = "application/x-amz-json-1.0";

static const struct sample samples[] = {
    {XCY_FAULT_LAMBDA,
     "lambda",
     "POST",
     {"2015-03-31", "functions", "writer", "invocations", NULL},
     NULL,
     "application/json",
     "{}",
     {"\"Reason\":\"CallerRateLimitExceeded\"", "\"Type\":\"Service\"", "\"Type\":\"Service\""},
     {429, 500, 503}},
    {XCY_FAULT_SQS,
     "sqs",
     "POST",
     {NULL},
     "AmazonSQS.ListQueues",
     json,
     "{}",
     {"com.amazonaws.sqs#RequestThrottled", "#InternalFailure", "#ServiceUnavailable"},
     {400, 500, 503}},
    {XCY_FAULT_SNS,
     "sns",
     "POST",
     {NULL},
     NULL,
     form,
     "Action=ListTopics",
     {"<Code>Throttling</Code>", "<Code>InternalError</Code>", "<Code>ServiceUnavailable</Code>"},
     {400, 500, 503}},
    {XCY_FAULT_DYNAMODB,
     "dynamodb",
     "POST",
     {NULL},
     "DynamoDB_20120810.ListTables",
     json,
     "{}",
     {"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
      "#InternalServerError", "#ServiceUnavailable"},
     {400, 500, 503}},
    {XCY_FAULT_S3,
     "s3",
     "GET",
     {"posts-writer", NULL},
     NULL,
     NULL,
     NULL,
     {"<Code>SlowDown</Code>", "<Code>InternalError</Code>", "<Code>ServiceUnavailable</Code>"},
     {503, 500, 503}},
};

enum { N_SAMPLES = sizeof samples / sizeof *samples };

/* status 0: reset. Clear the reply. */
static int call(const struct stand *s, const struct sample *sample, struct xcy_http_reply *reply)
{
    struct xcy_error err;
    struct xcy_aws_request r;
    xcy_aws_request_init(&r, &s->writer, sample->service, sample->method, sample->path);
    if (sample->first == XCY_FAULT_S3) {
        xcy_aws_request_add_header(&r, "x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    }
    if (sample->target) {
        xcy_aws_request_add_header(&r, "X-Amz-Target", sample->target);
    }
    if (sample->body) {
        xcy_aws_request_set_body(&r, sample->type, xcy_bytes_of(sample->body));
    }
    assert_ok(xcy_aws_request_finish(&r, &err), &err);
    *reply = (struct xcy_http_reply){0};
    assert_ok(xcy_http_call(s->http, &r.http, false, reply, &err), &err);
    xcy_aws_request_clear(&r);
    if (reply->result == XCY_HTTP_RESET) {
        return 0;
    }
    assert_int_equal(reply->result, XCY_HTTP_DONE);
    return reply->status;
}

static void each_service_refuses_in_its_own_words(void **state)
{
    struct stand *s = *state;
    for (size_t i = 0; i < N_SAMPLES; i++) {
        struct xcy_http_reply reply;
        assert_int_equal(call(s, &samples[i], &reply), 200);
        xcy_http_reply_clear(&reply);
        for (unsigned n = 0; n < XCY_CALL_RESET_BEFORE; n++) {
            stand_fault(s, samples[i].first + n, 1);
            assert_int_equal(call(s, &samples[i], &reply), samples[i].status[n]);
            if (!strstr(reply.body.ptr, samples[i].says[n])) {
                fail_msg("no '%s' in %s", samples[i].says[n], reply.body.ptr);
            }
            xcy_http_reply_clear(&reply);
            stand_fault(s, samples[i].first + n, 0);
        }
    }
}

/* All at once, some per cent each: every call ends in one way, and each way as often as counted. */
static void what_callers_see_is_what_was_counted(void **state)
{
    enum { N_CALLS = 200 };
    struct stand *s = *state;
    for (size_t i = 0; i < N_SAMPLES; i++) {
        enum xcy_fault first = samples[i].first;
        uint64_t seen[600] = {0};
        uint64_t n_slow_downs = 0;
        for (unsigned n = 0; n <= XCY_CALL_RESET_AFTER; n++) {
            stand_fault(s, first + n, 0.1);
        }
        for (int n = 0; n < N_CALLS; n++) {
            struct xcy_http_reply reply;
            int status = call(s, &samples[i], &reply);
            n_slow_downs += status == 503 && strstr(reply.body.ptr, "SlowDown");
            seen[status]++;
            xcy_http_reply_clear(&reply);
        }
        const struct xcy_fault_count throttled =
            xcy_faults_count(s->faults, first + XCY_CALL_THROTTLED);
        uint64_t n_503 = xcy_faults_count(s->faults, first + XCY_CALL_ERROR_503).injected;
        uint64_t n_resets = xcy_faults_count(s->faults, first + XCY_CALL_RESET_BEFORE).injected +
                            xcy_faults_count(s->faults, first + XCY_CALL_RESET_AFTER).injected;
        assert_int_equal(throttled.asked, N_CALLS);
        assert_true(throttled.injected > 0 && n_503 > 0 && n_resets > 0);
        assert_int_equal(seen[500], xcy_faults_count(s->faults, first + 1).injected);
        assert_int_equal(seen[503] - n_slow_downs, n_503);
        assert_int_equal(seen[400] + seen[429] + n_slow_downs, throttled.injected);
        assert_int_equal(seen[0], n_resets);
        assert_int_equal(seen[200], N_CALLS - throttled.injected - seen[500] - n_503 - n_resets);
        for (unsigned n = 0; n <= XCY_CALL_RESET_AFTER; n++) {
            stand_fault(s, first + n, 0);
        }
    }
}

static size_t n_visible(const struct stand *s)
{
    struct xcy_sqs_counts counts;
    struct xcy_error err;
    assert_ok(xcy_sqs_counts(&s->reader, s->queue_url, &counts, &err), &err);
    return (size_t)counts.visible;
}

static void a_reset_call_took_effect_or_did_not_as_its_name_says(void **state)
{
    struct stand *s = *state;
    struct xcy_error err;
    stand_fault(s, XCY_FAULT_SQS + XCY_CALL_RESET_BEFORE, 1);
    assert_status(xcy_sqs_send(&s->reader, s->queue_url, "a", &err), XCY_ENET, &err);
    stand_fault(s, XCY_FAULT_SQS + XCY_CALL_RESET_BEFORE, 0);
    assert_int_equal(n_visible(s), 0);
    stand_fault(s, XCY_FAULT_SQS + XCY_CALL_RESET_AFTER, 1);
    assert_status(xcy_sqs_send(&s->reader, s->queue_url, "a", &err), XCY_ENET, &err);
    stand_fault(s, XCY_FAULT_SQS + XCY_CALL_RESET_AFTER, 0);
    assert_int_equal(n_visible(s), 1);
}

static void refused_calls_took_no_effect(void **state)
{
    struct stand *s = *state;
    struct xcy_error err;
    for (unsigned n = 0; n < XCY_CALL_RESET_BEFORE; n++) {
        stand_fault(s, XCY_FAULT_SQS + n, 1);
        assert_status(xcy_sqs_send(&s->reader, s->queue_url, "a", &err), XCY_EREMOTE, &err);
        stand_fault(s, XCY_FAULT_SQS + n, 0);
    }
    assert_int_equal(n_visible(s), 0);
}

static void stalled_and_slow_answers_are_late_and_right(void **state)
{
    struct stand *s = *state;
    struct xcy_http_reply reply;
    stand_fault(s, XCY_FAULT_SNS + XCY_CALL_STALLED, 1);
    stand_fault(s, XCY_FAULT_SNS + XCY_CALL_STALLED_MS, 150);
    struct xcy_mono begun = xcy_mono_now();
    assert_int_equal(call(s, &samples[2], &reply), 200);
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), begun) >= 150 * XCY_NS_PER_MS);
    size_t n = reply.body.len;
    xcy_http_reply_clear(&reply);
    stand_fault(s, XCY_FAULT_SNS + XCY_CALL_STALLED, 0);
    stand_fault(s, XCY_FAULT_SNS + XCY_CALL_SLOW_BODY, 1);
    stand_fault(s, XCY_FAULT_SNS + XCY_CALL_SLOW_BODY_BYTES_PER_S, (double)n * 4);
    begun = xcy_mono_now();
    assert_int_equal(call(s, &samples[2], &reply), 200);
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), begun) >= 150 * XCY_NS_PER_MS);
    assert_int_equal(reply.body.len, n);
    xcy_http_reply_clear(&reply);
    assert_int_equal(xcy_faults_count(s->faults, XCY_FAULT_SNS + XCY_CALL_STALLED).injected, 1);
    assert_int_equal(xcy_faults_count(s->faults, XCY_FAULT_SNS + XCY_CALL_SLOW_BODY).injected, 1);
}

static void each_strike_has_a_line_with_the_calls_id(void **state)
{
    struct stand *s = *state;
    struct xcy_http_reply reply;
    char id[64];
    stand_fault(s, XCY_FAULT_LAMBDA + XCY_CALL_ERROR_500, 1);
    assert_int_equal(call(s, &samples[0], &reply), 500);
    assert_true(xcy_http_reply_header(&reply, "x-amzn-RequestId", id, sizeof id));
    xcy_http_reply_clear(&reply);
    struct xcy_json *lines = stand_truth(s, "fault");
    assert_int_equal(xcy_json_size(lines), 1);
    const struct xcy_json *line = xcy_json_first(lines);
    assert_string_equal(xcy_json_get_string(line, "fault", ""), "lambda.error_500");
    assert_string_equal(xcy_json_get_string(line, "request", ""), id);
    assert_string_equal(xcy_json_get_string(line, "call", ""),
                        "POST /2015-03-31/functions/writer/invocations");
    xcy_json_free(lines);
}

static void an_unsigned_call_is_refused_for_that_and_not_counted(void **state)
{
    struct stand *s = *state;
    struct xcy_http_reply reply;
    char wrong[] = "wrong";
    struct xcy_credentials key = {.access_key = s->credentials.access_key, .secret_key = wrong};
    stand_fault(s, XCY_FAULT_LAMBDA, 1);
    s->writer.credentials = &key;
    assert_int_equal(call(s, &samples[0], &reply), 403);
    xcy_http_reply_clear(&reply);
    assert_int_equal(xcy_faults_count(s->faults, XCY_FAULT_LAMBDA).asked, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_stand, close_stand)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_service_refuses_in_its_own_words),
        TEST(what_callers_see_is_what_was_counted),
        TEST(a_reset_call_took_effect_or_did_not_as_its_name_says),
        TEST(refused_calls_took_no_effect),
        TEST(stalled_and_slow_answers_are_late_and_right),
        TEST(each_strike_has_a_line_with_the_calls_id),
        TEST(an_unsigned_call_is_refused_for_that_and_not_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
