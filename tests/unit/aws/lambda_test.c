#include "tests/support/unit.h"

#include "common/aws/lambda.h"
#include "tests/unit/aws/canned.h"

static void an_invoke_returns_the_functions_bytes(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_buf payload;
    xcy_buf_init(&payload, 1000);
    xcy_canned_open(&c, 200, "", "{\"statusCode\":200}");
    assert_ok(xcy_lambda_invoke(&c.aws, "writer", xcy_bytes_of("{}"), &payload, &c.err), &c.err);
    assert_string_equal(payload.ptr, "{\"statusCode\":200}");
    assert_true(xcy_canned_saw(&c, "POST /2015-03-31/functions/writer/invocations HTTP/1.1\r\n"));
    assert_true(xcy_canned_saw(&c, "X-Amz-Invocation-Type: RequestResponse\r\n"));
    xcy_buf_clear(&payload);
    xcy_canned_close(&c);
}

static void a_function_that_failed_is_an_error_with_its_message(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_buf payload;
    xcy_buf_init(&payload, 1000);
    xcy_canned_open(&c, 200, "X-Amz-Function-Error: Unhandled\r\n",
                    "{\"errorMessage\":\"no table\",\"errorType\":\"E\"}");
    assert_status(xcy_lambda_invoke(&c.aws, "writer", xcy_bytes_of("{}"), &payload, &c.err),
                  XCY_EREMOTE, &c.err);
    assert_string_equal(c.err.text,
                        "Lambda Invoke of writer: the function failed (Unhandled): no table");
    assert_int_equal(payload.len, 0);
    xcy_buf_clear(&payload);
    xcy_canned_close(&c);
}

static void an_arn_is_called_by_name_and_qualifier(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_aws_request r;
    xcy_canned_open(&c, 200, "", "{}");
    assert_ok(xcy_lambda_invoke_build(&c.aws,
                                      "arn:aws:lambda:us-east-1:123456789012:function:w:$LATEST",
                                      XCY_INVOKE_EVENT, xcy_bytes_of("{}"), &r, &c.err),
              &c.err);
    const char *path = strstr(r.http.url + 8, "/");
    assert_string_equal(path, "/2015-03-31/functions/w/invocations?Qualifier=%24LATEST");
    xcy_aws_request_clear(&r);
    xcy_canned_close(&c);
}

static void names_that_cannot_be_called_are_usage_errors(void **state)
{
    (void)state;
    static const char *const functions[][2] = {
        {"", "not a function's name"},
        {"arn:aws:lambda:us-east-1", "not a function's ARN"},
        {"arn:aws:lambda:eu-central-1:123456789012:function:w", "not in region us-east-1"},
        {"a b", "cannot be signed"},
        {"a/b", "cannot be signed"},
    };
    struct xcy_canned c;
    xcy_canned_open(&c, 200, "", "{}");
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        struct xcy_aws_request r;
        assert_status(xcy_lambda_invoke_build(&c.aws, functions[i][0], XCY_INVOKE_SYNC,
                                              xcy_bytes_of("{}"), &r, &c.err),
                      XCY_EUSAGE, &c.err);
        assert_non_null(strstr(c.err.text, functions[i][1]));
    }
    xcy_canned_close(&c);
}

static void a_functions_state_and_environment_are_read(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_lambda_function f;
    xcy_canned_open(&c, 200, "",
                    "{\"Configuration\":{\"FunctionArn\":\"arn:x\",\"State\":\"Active\","
                    "\"LastUpdateStatus\":\"InProgress\",\"RevisionId\":\"r1\",\"Timeout\":7,"
                    "\"Environment\":{\"Variables\":{\"A\":\"1\"}}},\"Code\":{}}");
    assert_ok(xcy_lambda_get_function(&c.aws, "writer", &f, &c.err), &c.err);
    assert_string_equal(f.arn, "arn:x");
    assert_string_equal(f.state, "Active");
    assert_string_equal(f.last_update_status, "InProgress");
    assert_string_equal(f.revision, "r1");
    assert_int_equal(f.timeout_s, 7);
    assert_string_equal(xcy_json_get_string(f.environment, "A", ""), "1");
    assert_true(xcy_canned_saw(&c, "GET /2015-03-31/functions/writer HTTP/1.1\r\n"));
    xcy_lambda_function_clear(&f);
    xcy_canned_close(&c);
}

static void an_answer_that_is_no_function_is_refused(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_lambda_function f;
    xcy_canned_open(&c, 200, "", "{\"Configuration\":[]}");
    assert_status(xcy_lambda_get_function(&c.aws, "writer", &f, &c.err), XCY_EREMOTE, &c.err);
    assert_non_null(strstr(c.err.text, "Lambda GetFunction of writer"));
    xcy_canned_close(&c);
}

static void an_environment_is_put_whole(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_json *environment = xcy_json_new_object();
    xcy_json_put_string(environment, "DELAY_MS", "5");
    xcy_canned_open(&c, 200, "", "{}");
    assert_ok(xcy_lambda_update_environment(&c.aws, "w", environment, &c.err), &c.err);
    assert_true(xcy_canned_saw(&c, "PUT /2015-03-31/functions/w/configuration HTTP/1.1\r\n"));
    assert_true(xcy_canned_saw(&c, "{\"Environment\":{\"Variables\":{\"DELAY_MS\":\"5\"}}}"));
    xcy_json_free(environment);
    xcy_canned_close(&c);
}

static void throttling_names_its_reason(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_buf payload;
    xcy_buf_init(&payload, 1000);
    xcy_canned_open(&c, 429, "x-amzn-ErrorType: TooManyRequestsException\r\n",
                    "{\"Reason\":\"CallerRateLimitExceeded\",\"message\":\"Rate Exceeded.\"}");
    assert_status(xcy_lambda_invoke(&c.aws, "w", xcy_bytes_of("{}"), &payload, &c.err), XCY_EREMOTE,
                  &c.err);
    assert_string_equal(c.err.text, "Lambda Invoke of w: TooManyRequestsException: Rate Exceeded., "
                                    "reason CallerRateLimitExceeded");
    xcy_buf_clear(&payload);
    xcy_canned_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_invoke_returns_the_functions_bytes),
        cmocka_unit_test(a_function_that_failed_is_an_error_with_its_message),
        cmocka_unit_test(an_arn_is_called_by_name_and_qualifier),
        cmocka_unit_test(names_that_cannot_be_called_are_usage_errors),
        cmocka_unit_test(a_functions_state_and_environment_are_read),
        cmocka_unit_test(an_answer_that_is_no_function_is_refused),
        cmocka_unit_test(an_environment_is_put_whole),
        cmocka_unit_test(throttling_names_its_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
