/* Through a real server: what our clients sign is accepted, what is changed on its way is not, and
 * each protocol is told so in its own form. */
#include "common/base/mem.h"
#include "tests/support/unit.h"
#include "tests/unit/sandbox/stand.h"

#include <stdio.h>
#include <stdlib.h>

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

struct answer {
    int status;
    char error_type[96];
    char query_error[96];
    struct xcy_buf body;
};

static void answer_clear(struct answer *answer)
{
    xcy_buf_clear(&answer->body);
}

static struct answer send(const struct stand *s, const struct xcy_http_request *request)
{
    struct xcy_http_reply reply = {0};
    struct xcy_error err;
    struct answer answer = {0};
    assert_ok(xcy_http_call(s->http, request, false, &reply, &err), &err);
    assert_int_equal(reply.result, XCY_HTTP_DONE);
    answer.status = reply.status;
    xcy_http_reply_header(&reply, "x-amzn-ErrorType", answer.error_type, sizeof answer.error_type);
    xcy_http_reply_header(&reply, "x-amzn-query-error", answer.query_error,
                          sizeof answer.query_error);
    xcy_buf_init(&answer.body, 1 << 20);
    xcy_buf_add(&answer.body, xcy_buf_bytes(&reply.body));
    xcy_http_reply_clear(&reply);
    return answer;
}

/* POST / with a target (NULL: a form) and a body; signer NULL: unsigned. */
static struct answer post_with(const struct stand *s, const char *target, const char *body,
                               const struct xcy_http_signer *signer)
{
    char *url = xcy_format("%s/", s->endpoint);
    struct xcy_http_request request = {
        .method = "POST",
        .url = url,
        .headers = {{"Content-Type",
                     target ? "application/x-amz-json-1.0" : "application/x-www-form-urlencoded"},
                    {"X-Amz-Target", target}},
        .n_headers = target ? 2 : 1,
        .body = xcy_bytes_of(body),
        .signer = signer,
    };
    struct answer answer = send(s, &request);
    free(url);
    return answer;
}

static struct answer post_unsigned(const struct stand *s, const char *target, const char *body)
{
    return post_with(s, target, body, NULL);
}

static struct answer post(const struct stand *s, const char *service, const char *target,
                          const char *body, const struct xcy_credentials *key)
{
    struct xcy_http_signer signer = {.region = "us-east-1",
                                     .service = service,
                                     .access_key = key->access_key,
                                     .secret_key = key->secret_key,
                                     .session_token = key->session_token};
    return post_with(s, target, body, &signer);
}

static void assert_refused(struct answer answer, int status, const char *code)
{
    if (answer.status != status || !strstr(answer.body.ptr, code)) {
        fail_msg("expected %d %s, got %d %s", status, code, answer.status, answer.body.ptr);
    }
    answer_clear(&answer);
}

static void each_protocol_gets_its_own_words_for_a_missing_signature(void **state)
{
    const struct stand *s = *state;
    assert_refused(post_unsigned(s, "AmazonSQS.ListQueues", "{}"), 403,
                   "\"com.amazon.coral.service#MissingAuthenticationTokenException\"");
    assert_refused(post_unsigned(s, "DynamoDB_20120810.ListTables", "{}"), 400,
                   "MissingAuthenticationTokenException");
    assert_refused(post_unsigned(s, NULL, "Action=ListTopics"), 403,
                   "<Code>MissingAuthenticationToken</Code>");
    struct xcy_http_request get = {.method = "GET"};
    char *url = xcy_format("%s/2015-03-31/functions/writer", s->endpoint);
    get.url = url;
    struct answer answer = send(s, &get);
    assert_int_equal(answer.status, 403);
    assert_string_equal(answer.error_type, "MissingAuthenticationTokenException");
    answer_clear(&answer);
    free(url);
}

static void a_wrong_secret_is_refused(void **state)
{
    const struct stand *s = *state;
    struct xcy_credentials key = s->credentials;
    char wrong[] = "another secret";
    key.secret_key = wrong;
    assert_refused(post(s, "sqs", "AmazonSQS.ListQueues", "{}", &key), 403,
                   "InvalidSignatureException");
    assert_refused(post(s, "dynamodb", "DynamoDB_20120810.ListTables", "{}", &key), 400,
                   "InvalidSignatureException");
    assert_refused(post(s, "sns", NULL, "Action=ListTopics", &key), 403,
                   "<Code>SignatureDoesNotMatch</Code>");
}

static void an_unknown_key_or_token_is_refused(void **state)
{
    const struct stand *s = *state;
    struct xcy_credentials key = s->credentials;
    char unknown[] = "AKIDUNKNOWN";
    char token[] = "token";
    key.access_key = unknown;
    assert_refused(post(s, "sqs", "AmazonSQS.ListQueues", "{}", &key), 403,
                   "UnrecognizedClientException");
    assert_refused(post(s, "sns", NULL, "Action=ListTopics", &key), 403,
                   "<Code>InvalidClientTokenId</Code>");
    key = s->credentials;
    key.session_token = token;
    assert_refused(post(s, "sqs", "AmazonSQS.ListQueues", "{}", &key), 403,
                   "The security token included in the request is invalid.");
}

static void sqs_errors_carry_their_older_name_in_a_header(void **state)
{
    const struct stand *s = *state;
    struct answer answer =
        post(s, "sqs", "AmazonSQS.GetQueueUrl", "{\"QueueName\":\"none\"}", &s->credentials);
    assert_int_equal(answer.status, 400);
    assert_string_equal(answer.error_type, "QueueDoesNotExist");
    assert_string_equal(answer.query_error, "AWS.SimpleQueueService.NonExistentQueue;Sender");
    assert_non_null(strstr(answer.body.ptr, "\"com.amazonaws.sqs#QueueDoesNotExist\""));
    answer_clear(&answer);
}

static void a_target_of_another_service_than_the_scope_is_refused(void **state)
{
    const struct stand *s = *state;
    assert_refused(post(s, "sns", "AmazonSQS.ListQueues", "{}", &s->credentials), 403,
                   "correct service: 'sqs'");
}

static void unknown_services_and_operations_are_named(void **state)
{
    const struct stand *s = *state;
    assert_refused(post(s, "sqs", "AmazonSQS.NoSuch", "{}", &s->credentials), 400,
                   "UnknownOperationException");
    assert_refused(post(s, "kinesis", "Kinesis_20131202.ListStreams", "{}", &s->credentials), 400,
                   "UnknownOperationException");
    assert_refused(post(s, "iam", NULL, "Action=ListUsers", &s->credentials), 404,
                   "<Code>InvalidAction</Code>");
}

static void a_broken_body_is_refused(void **state)
{
    const struct stand *s = *state;
    assert_refused(post(s, "sqs", "AmazonSQS.ListQueues", "{", &s->credentials), 400,
                   "SerializationException");
    assert_refused(post(s, "dynamodb", "DynamoDB_20120810.ListTables", "[", &s->credentials), 400,
                   "SerializationException");
    assert_refused(
        post(s, "sqs", "AmazonSQS.GetQueueUrl", "{\"QueueName\":\"q\\u0000\"}", &s->credentials),
        400, "SerializationException");
}

#define WITH_STAND(test) cmocka_unit_test_setup_teardown(test, open_stand, close_stand)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STAND(each_protocol_gets_its_own_words_for_a_missing_signature),
        WITH_STAND(a_wrong_secret_is_refused),
        WITH_STAND(an_unknown_key_or_token_is_refused),
        WITH_STAND(sqs_errors_carry_their_older_name_in_a_header),
        WITH_STAND(a_target_of_another_service_than_the_scope_is_refused),
        WITH_STAND(unknown_services_and_operations_are_named),
        WITH_STAND(a_broken_body_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
