#include "tests/support/unit.h"

#include "common/aws/request.h"

#include <stdlib.h>
#include <string.h>

/* Answers as the services give them. */
static const struct {
    const char *headers;
    const char *body;
    const char *code;
    const char *message;
    const char *reason;
    bool is_auth;
} cases[] = {
    {"HTTP/1.1 400 Bad Request\r\nx-amzn-query-error: "
     "AWS.SimpleQueueService.NonExistentQueue;Sender\r\n",
     "{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\",\"message\":\"The specified queue does "
     "not exist.\"}",
     "QueueDoesNotExist", "The specified queue does not exist.", "", false},
    {"HTTP/1.1 404 Not Found\r\nx-amzn-ErrorType: "
     "ResourceNotFoundException:http://internal.amazon.com/coral/\r\n",
     "{\"Type\":\"User\",\"Message\":\"Function not found: arn\"}", "ResourceNotFoundException",
     "Function not found: arn", "", false},
    {"HTTP/1.1 429 Too Many Requests\r\nx-amzn-ErrorType: TooManyRequestsException\r\n",
     "{\"Reason\":\"ReservedFunctionConcurrentInvocationLimitExceeded\",\"Type\":\"User\","
     "\"message\":\"Rate Exceeded.\"}",
     "TooManyRequestsException", "Rate Exceeded.",
     "ReservedFunctionConcurrentInvocationLimitExceeded", false},
    {"HTTP/1.1 403 Forbidden\r\n",
     "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\">\n  <Error>\n    "
     "<Type>Sender</Type>\n"
     "    <Code>SignatureDoesNotMatch</Code>\n    <Message>Signature &quot;a&amp;b&quot; is\nnot "
     "right</Message>\n  </Error>\n</ErrorResponse>",
     "SignatureDoesNotMatch", "Signature \"a&b\" is not right", "", true},
    {"HTTP/1.1 400 Bad Request\r\n",
     "{\"__type\":\"com.amazon.coral.service#UnrecognizedClientException\",\"message\":\"The "
     "security token included in the request is invalid.\"}",
     "UnrecognizedClientException", "The security token included in the request is invalid.", "",
     true},
    {"HTTP/1.1 403 Forbidden\r\nx-amzn-ErrorType: InvalidSignatureException\r\n",
     "{\"message\":\"Check your AWS Secret Access Key and signing method.\\n\\nThe Canonical "
     "String "
     "for this request should have been\\n'POST\\n/\\n\\nx-amz-security-token:HUSH\\n'\"}",
     "InvalidSignatureException", "Check your AWS Secret Access Key and signing method.", "", true},
    {"HTTP/1.1 403 Forbidden\r\nx-amzn-query-error: "
     "AWS.SimpleQueueService.PurgeQueueInProgress;Sender\r\n",
     "", "AWS.SimpleQueueService.PurgeQueueInProgress", "", "", false},
    {"HTTP/1.1 403 Forbidden\r\n", "", "", "", "", true},
    {"HTTP/1.1 401 Unauthorized\r\n", "<html>", "", "", "", true},
    {"HTTP/1.1 500 Oops\r\n", "{not json", "", "", "", false},
    {"HTTP/1.1 502 Bad Gateway\r\n", "<html><h1>Bad Gateway</h1>", "", "", "", false},
    {"HTTP/1.1 400 Bad Request\r\n", "{\"__type\":7,\"message\":[]}", "", "", "", false},
};

static void errors_of_all_protocols_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int status = (int)strtol(cases[i].headers + strlen("HTTP/1.1 "), NULL, 10);
        struct xcy_http_reply reply = {.status = status};
        struct xcy_aws_error error;
        xcy_buf_init(&reply.headers, 10000);
        xcy_buf_init(&reply.body, 10000);
        xcy_buf_add_text(&reply.headers, cases[i].headers);
        xcy_buf_add_text(&reply.body, cases[i].body);
        xcy_aws_error_parse(&reply, &error);
        assert_string_equal(error.code, cases[i].code);
        assert_string_equal(error.message, cases[i].message);
        assert_string_equal(error.reason, cases[i].reason);
        assert_int_equal(xcy_aws_error_is_auth(status, &error), cases[i].is_auth);
        xcy_http_reply_clear(&reply);
    }
}

static void long_texts_are_cut_and_not_overrun(void **state)
{
    (void)state;
    struct xcy_http_reply reply = {.status = 400};
    struct xcy_aws_error error;
    xcy_buf_init(&reply.headers, 100);
    xcy_buf_init(&reply.body, 10000);
    xcy_buf_add_text(&reply.body, "<Error><Code>");
    for (int i = 0; i < 2000; i++) {
        xcy_buf_add_char(&reply.body, 'x');
    }
    xcy_buf_add_text(&reply.body, "</Code><Message>m</Message>");
    xcy_aws_error_parse(&reply, &error);
    assert_int_equal(strlen(error.code), sizeof error.code - 1);
    assert_string_equal(error.message, "m");
    xcy_http_reply_clear(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_of_all_protocols_are_read),
        cmocka_unit_test(long_texts_are_cut_and_not_overrun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
