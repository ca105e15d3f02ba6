#include "common/base/mem.h"
#include "loadgen/engines/classify.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct xcy_combination combination = {.post_bytes = 1000,
                                                   .visibility = XCY_VISIBILITY_INLINE,
                                                   .visibility_share = 1,
                                                   .writer_region = "eu-central-1",
                                                   .reader_region = "us-east-1"};
static const struct xcy_request_id id = {
    .i = 17, .key = "17QXYZABCD", .client_sent_at_s = 1.5, .run = "r"};

static struct xcy_event event(void)
{
    struct xcy_event e = {
        .id = id, .exec = "exec-1", .instance = "instance-1", .combination = combination};
    for (int p = XCY_POINT_START; p <= XCY_POINT_ENDED; p++) {
        e.points.us[p] = 1700000000000000 + p;
    }
    return e;
}

/* The writer's reply; free with free(). */
static char *reply_text(const struct xcy_event *e, int64_t status_code)
{
    struct xcy_json *body = xcy_event_to_json(e);
    char *text = xcy_json_text(body);
    struct xcy_json *reply = xcy_json_new_object();
    xcy_json_put_int64(reply, "statusCode", status_code);
    xcy_json_put_string(reply, "body", text);
    char *whole = xcy_json_text(reply);
    xcy_json_free(reply);
    xcy_json_free(body);
    free(text);
    return whole;
}

static struct xcy_answer classify(bool is_async, enum xcy_http_result result, int status,
                                  const char *headers, const char *body)
{
    struct xcy_http_reply reply = {
        .result = result, .status = status, .was_sent = true, .sent = {1}, .acked = {2}};
    xcy_buf_init(&reply.headers, 4096);
    xcy_buf_init(&reply.body, 1 << 20);
    xcy_buf_addf(&reply.headers, "HTTP/1.1 %d X\r\n%s\r\n", status, headers);
    xcy_buf_add_text(&reply.body, body);
    snprintf(reply.message, sizeof reply.message, "transport words");
    struct xcy_expectation expected = {
        .is_async = is_async, .id = &id, .combination = &combination};
    struct xcy_answer answer;
    memset(&answer, 0x5a, sizeof answer); /* an engine uses one again and again */
    xcy_classify(&reply, &expected, &answer);
    xcy_buf_clear(&reply.headers);
    xcy_buf_clear(&reply.body);
    return answer;
}

static void a_writers_reply_is_ok_and_carries_its_points(void **state)
{
    (void)state;
    struct xcy_event e = event();
    char *text = reply_text(&e, 200);
    struct xcy_answer answer = classify(false, XCY_HTTP_DONE, 200, "", text);
    assert_string_equal(answer.reason, "");
    assert_int_equal(answer.outcome, XCY_OUTCOME_OK);
    assert_true(answer.has_event);
    assert_string_equal(answer.event.exec, "exec-1");
    assert_int_equal(answer.event.points.us[XCY_POINT_WROTE], 1700000000000000 + XCY_POINT_WROTE);
    assert_int_equal(answer.http_status, 200);
    free(text);
}

static void a_reply_from_another_combination_or_to_another_request_is_bad(void **state)
{
    (void)state;
    struct xcy_event e = event();
    e.combination.consistency = XCY_CONSISTENCY_ANTIPODE;
    char *text = reply_text(&e, 200);
    struct xcy_answer answer = classify(false, XCY_HTTP_DONE, 200, "", text);
    assert_int_equal(answer.outcome, XCY_OUTCOME_BAD_REPLY);
    assert_non_null(strstr(answer.reason, "another combination"));
    free(text);
    e = event();
    e.id.i = 18;
    text = reply_text(&e, 200);
    answer = classify(false, XCY_HTTP_DONE, 200, "", text);
    assert_int_equal(answer.outcome, XCY_OUTCOME_BAD_REPLY);
    assert_false(answer.has_event);
    free(text);
}

static void a_status_code_that_is_not_200_is_a_function_error_with_its_words(void **state)
{
    (void)state;
    struct xcy_answer answer = classify(false, XCY_HTTP_DONE, 200, "",
                                        "{\"statusCode\":500,\"body\":\"the table is gone\"}");
    assert_int_equal(answer.outcome, XCY_OUTCOME_FUNCTION_ERROR);
    assert_string_equal(answer.reason, "statusCode 500: the table is gone");
}

static const struct {
    bool is_async;
    int status;
    const char *headers;
    const char *body;
    enum xcy_outcome outcome;
    const char *reason;
} replies[] = {
    {true, 202, "", "", XCY_OUTCOME_OK, ""},
    {true, 200, "", "", XCY_OUTCOME_STATUS, ""},
    {false, 200, "", "", XCY_OUTCOME_BAD_REPLY, NULL},
    {false, 200, "", "null", XCY_OUTCOME_BAD_REPLY, NULL},
    {false, 200, "", "{\"statusCode\":200,\"body\":\"{}\"}", XCY_OUTCOME_BAD_REPLY, NULL},
    {false, 200, "X-Amz-Function-Error: Unhandled\r\n", "{\"errorMessage\":\"it\\nbroke\"}",
     XCY_OUTCOME_FUNCTION_ERROR, "it broke"},
    {false, 200, "x-amz-function-error: Unhandled\r\n", "not json", XCY_OUTCOME_FUNCTION_ERROR,
     "Unhandled"},
    {false, 429, "",
     "{\"__type\":\"TooManyRequestsException\",\"Reason\":\"ConcurrentInvocationLimitExceeded\","
     "\"message\":\"Rate Exceeded.\"}",
     XCY_OUTCOME_THROTTLED, "ConcurrentInvocationLimitExceeded"},
    {true, 429, "", "", XCY_OUTCOME_THROTTLED, ""},
    {false, 500, "", "{\"__type\":\"ServiceException\",\"message\":\"oops\"}",
     XCY_OUTCOME_SERVER_ERROR, "ServiceException: oops"},
    {false, 503, "", "", XCY_OUTCOME_SERVER_ERROR, ""},
    {false, 403, "", "{\"__type\":\"InvalidSignatureException\",\"message\":\"m\"}",
     XCY_OUTCOME_AUTH, "InvalidSignatureException: m"},
    {true, 403, "", "{\"__type\":\"ExpiredTokenException\",\"message\":\"m\"}", XCY_OUTCOME_AUTH,
     "ExpiredTokenException: m"},
    {false, 404, "", "{\"__type\":\"ResourceNotFoundException\",\"Message\":\"no such\"}",
     XCY_OUTCOME_STATUS, "ResourceNotFoundException: no such"},
    {false, 413, "", "", XCY_OUTCOME_STATUS, ""},
};

static void each_reply_has_its_outcome(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof replies / sizeof replies[0]; r++) {
        struct xcy_answer answer = classify(replies[r].is_async, XCY_HTTP_DONE, replies[r].status,
                                            replies[r].headers, replies[r].body);
        assert_int_equal(answer.outcome, replies[r].outcome);
        assert_false(answer.has_event);
        if (replies[r].reason) {
            assert_string_equal(answer.reason, replies[r].reason);
        } else {
            assert_true(answer.reason[0] != '\0');
        }
    }
}

static struct xcy_answer classify_web(bool is_signed, const char *head, int status,
                                      const char *body)
{
    struct xcy_http_reply reply = {
        .result = XCY_HTTP_DONE, .status = status, .was_sent = true, .sent = {1}, .acked = {2}};
    xcy_buf_init(&reply.headers, 4096);
    xcy_buf_init(&reply.body, 1 << 20);
    xcy_buf_add_text(&reply.headers, head);
    xcy_buf_add_text(&reply.body, body);
    struct xcy_answer answer;
    memset(&answer, 0x5a, sizeof answer); /* an engine uses one again and again */
    xcy_classify_web(&reply, is_signed, &answer);
    xcy_buf_clear(&reply.headers);
    xcy_buf_clear(&reply.body);
    return answer;
}

static const struct {
    bool is_signed;
    const char *head;
    int status;
    const char *body;
    enum xcy_outcome outcome;
    const char *reason;
} web_replies[] = {
    {false, "HTTP/1.1 200 OK\r\n\r\n", 200, "any", XCY_OUTCOME_OK, ""},
    {false, "HTTP/1.1 299 X\r\n\r\n", 299, "", XCY_OUTCOME_OK, ""},
    {true, "HTTP/1.1 204 No Content\r\n\r\n", 204, "", XCY_OUTCOME_OK, ""},
    {false, "HTTP/1.1 301 Moved Permanently\r\nA: b\r\n\r\n", 301, "", XCY_OUTCOME_STATUS,
     "Moved Permanently"},
    {false, "HTTP/1.1 404 Not Found\r\n\r\n", 404, "{\"message\":\"m\"}", XCY_OUTCOME_STATUS,
     "Not Found"},
    {false, "HTTP/2 404 \r\n\r\n", 404, "", XCY_OUTCOME_STATUS, ""},
    {false, "HTTP/1.1 404\r\nA: b c\r\n\r\n", 404, "", XCY_OUTCOME_STATUS, ""},
    {false, "", 404, "", XCY_OUTCOME_STATUS, ""},
    {false, "HTTP/1.1 401 Unauthorized\r\n\r\n", 401, "", XCY_OUTCOME_AUTH, "Unauthorized"},
    {false, "HTTP/1.1 403 Forbidden\r\n\r\n", 403, "", XCY_OUTCOME_AUTH, "Forbidden"},
    {true, "HTTP/1.1 403 Forbidden\r\nx-amzn-errortype: ForbiddenException\r\n\r\n", 403,
     "{\"message\":\"no\"}", XCY_OUTCOME_AUTH, "ForbiddenException: no"},
    {true, "HTTP/1.1 400 Bad Request\r\n\r\n", 400,
     "{\"__type\":\"x#UnrecognizedClientException\",\"message\":\"no\"}", XCY_OUTCOME_AUTH,
     "UnrecognizedClientException: no"},
    {true, "HTTP/1.1 400 Bad Request\r\n\r\n", 400,
     "{\"__type\":\"ValidationException\",\"message\":\"no\"}", XCY_OUTCOME_STATUS,
     "ValidationException: no"},
    {false, "HTTP/1.1 429 Too Many Requests\r\n\r\n", 429, "", XCY_OUTCOME_THROTTLED,
     "Too Many Requests"},
    {true, "HTTP/1.1 429 X\r\n\r\n", 429,
     "{\"__type\":\"TooManyRequestsException\",\"Reason\":\"CallerRateLimitExceeded\"}",
     XCY_OUTCOME_THROTTLED, "CallerRateLimitExceeded"},
    {false, "HTTP/1.1 500 \r\n\r\n", 500, "", XCY_OUTCOME_SERVER_ERROR, ""},
    {false, "HTTP/1.1 503 Service Unavailable\r\n\r\n", 503, "", XCY_OUTCOME_SERVER_ERROR,
     "Service Unavailable"},
};

static void a_reply_of_any_server_is_judged_by_its_status(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof web_replies / sizeof web_replies[0]; r++) {
        struct xcy_answer answer = classify_web(web_replies[r].is_signed, web_replies[r].head,
                                                web_replies[r].status, web_replies[r].body);
        assert_int_equal(answer.outcome, web_replies[r].outcome);
        assert_string_equal(answer.reason, web_replies[r].reason);
        assert_int_equal(answer.http_status, web_replies[r].status);
        assert_false(answer.has_event);
        assert_string_equal(answer.event.exec, "");
        assert_true(answer.was_sent);
        assert_int_equal(answer.sent.ns, 1);
        assert_int_equal(answer.acked.ns, 2);
    }
}

static void each_broken_transfer_has_its_outcome(void **state)
{
    (void)state;
    static const struct {
        enum xcy_http_result result;
        enum xcy_outcome outcome;
    } transfers[] = {
        {XCY_HTTP_DNS, XCY_OUTCOME_DNS},
        {XCY_HTTP_CONNECT, XCY_OUTCOME_CONNECT},
        {XCY_HTTP_TLS, XCY_OUTCOME_TLS},
        {XCY_HTTP_SEND, XCY_OUTCOME_SEND},
        {XCY_HTTP_FIRST_BYTE_TIMEOUT, XCY_OUTCOME_FIRST_BYTE_TIMEOUT},
        {XCY_HTTP_TOTAL_TIMEOUT, XCY_OUTCOME_TOTAL_TIMEOUT},
        {XCY_HTTP_RESET, XCY_OUTCOME_RESET},
        {XCY_HTTP_REFUSED, XCY_OUTCOME_BAD_REPLY},
        {XCY_HTTP_CANCELLED, XCY_OUTCOME_GENERATOR},
    };
    for (size_t t = 0; t < sizeof transfers / sizeof transfers[0]; t++) {
        struct xcy_answer answer = classify(t % 2 == 0, transfers[t].result, 0, "", "");
        assert_int_equal(answer.outcome, transfers[t].outcome);
        assert_string_equal(answer.reason, "transport words");
        assert_int_equal(answer.sent.ns, 1);
        assert_false(answer.has_event);
    }
}

static void a_long_reason_is_cut_between_characters(void **state)
{
    (void)state;
    struct xcy_buf body;
    xcy_buf_init(&body, 4096);
    xcy_buf_add_text(&body, "{\"errorMessage\":\"a");
    for (int i = 0; i < 200; i++) {
        xcy_buf_add_text(&body, "\xc3\xa4");
    }
    xcy_buf_add_text(&body, "\"}");
    struct xcy_answer answer =
        classify(false, XCY_HTTP_DONE, 200, "X-Amz-Function-Error: Unhandled\r\n", body.ptr);
    size_t len = strlen(answer.reason);
    assert_int_equal(len % 2, 1);
    assert_in_range(len, XCY_REASON_BYTES - 3, XCY_REASON_BYTES - 1);
    xcy_buf_clear(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_writers_reply_is_ok_and_carries_its_points),
        cmocka_unit_test(a_reply_from_another_combination_or_to_another_request_is_bad),
        cmocka_unit_test(a_status_code_that_is_not_200_is_a_function_error_with_its_words),
        cmocka_unit_test(each_reply_has_its_outcome),
        cmocka_unit_test(a_reply_of_any_server_is_judged_by_its_status),
        cmocka_unit_test(each_broken_transfer_has_its_outcome),
        cmocka_unit_test(a_long_reason_is_cut_between_characters),
    };
    return cmocka_run_group_tests_name("classify", tests, NULL, NULL);
}
