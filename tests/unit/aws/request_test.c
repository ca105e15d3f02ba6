#include "tests/support/unit.h"

#include "common/aws/sqs.h"
#include "tests/unit/aws/canned.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static char access_key[] = "AKID";
static char secret_key[] = "SECRETKEY";

static struct xcy_aws place(const char *endpoint, const struct xcy_credentials *credentials)
{
    return (struct xcy_aws){
        .endpoint = endpoint, .region = "eu-central-1", .credentials = credentials};
}

static void without_an_endpoint_the_service_is_called_in_its_region(void **state)
{
    (void)state;
    struct xcy_credentials keys = {.access_key = access_key, .secret_key = secret_key};
    struct xcy_aws aws = place(NULL, &keys);
    struct xcy_aws_request r;
    struct xcy_error err;
    xcy_aws_request_init(&r, &aws, "sqs", "POST", NULL);
    assert_ok(xcy_aws_request_finish(&r, &err), &err);
    assert_string_equal(r.http.url, "https://sqs.eu-central-1.amazonaws.com/");
    assert_string_equal(r.http.headers[0].name, "Content-Type");
    assert_int_equal(r.http.total_timeout_ns, 60 * XCY_NS_PER_S);
    xcy_aws_request_clear(&r);
    aws.region = "cn-north-1";
    xcy_aws_request_init(&r, &aws, "sqs", "POST", NULL);
    assert_ok(xcy_aws_request_finish(&r, &err), &err);
    assert_string_equal(r.http.url, "https://sqs.cn-north-1.amazonaws.com.cn/");
    xcy_aws_request_clear(&r);
}

static void endpoints_of_another_form_are_usage_errors(void **state)
{
    (void)state;
    static const char *const endpoints[] = {"127.0.0.1:4566",  "ftp://a",     "http://",
                                            "http:///",        "http://a/b",  "http://a?b",
                                            "http://u:HUSH@a", "https://a#b", ""};
    struct xcy_credentials keys = {.access_key = access_key, .secret_key = secret_key};
    for (size_t i = 0; i < sizeof endpoints / sizeof endpoints[0]; i++) {
        struct xcy_aws aws = place(endpoints[i], &keys);
        struct xcy_aws_request r;
        struct xcy_error err;
        xcy_aws_request_init(&r, &aws, "sqs", "POST", NULL);
        assert_status(xcy_aws_request_finish(&r, &err), XCY_EUSAGE, &err);
        assert_null(strstr(err.text, "HUSH"));
        xcy_aws_request_clear(&r);
    }
}

static void the_first_mistake_in_building_is_reported(void **state)
{
    (void)state;
    struct xcy_credentials keys = {.access_key = access_key, .secret_key = secret_key};
    struct xcy_aws aws = place("http://127.0.0.1:1/", &keys);
    struct xcy_aws_request r;
    struct xcy_error err;
    xcy_aws_request_init(&r, &aws, "sqs", "GET", NULL);
    xcy_aws_request_add_query(&r, "b", "1");
    xcy_aws_request_add_query(&r, "a", "2");
    assert_status(xcy_aws_request_finish(&r, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "sorted"));
    xcy_aws_request_clear(&r);
    xcy_aws_request_init(&r, &aws, "sqs", "GET", NULL);
    for (int i = 0; i < 20; i++) {
        xcy_aws_request_add_header(&r, "X", "y");
    }
    assert_status(xcy_aws_request_finish(&r, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "more than 16 headers"));
    xcy_aws_request_clear(&r);
}

/* A refused call: its status, and that the text says what is expected and no secret. */
static void refused(int status, const char *body, enum xcy_status expected, const char *words)
{
    struct xcy_canned c;
    xcy_canned_open(&c, status, "", body);
    assert_status(xcy_sqs_purge(&c.aws, "http://q", &c.err), expected, &c.err);
    if (!strstr(c.err.text, words)) {
        fail_msg("'%s' does not say '%s'", c.err.text, words);
    }
    assert_null(strstr(c.err.text, "SECRETCANNED"));
    xcy_canned_close(&c);
}

static void refusals_tell_what_to_do(void **state)
{
    (void)state;
    refused(400, "{\"__type\":\"ExpiredTokenException\",\"message\":\"m\"}", XCY_EAUTH,
            "get new credentials");
    refused(403,
            "{\"__type\":\"InvalidSignatureException\",\"message\":\"Signature expired: 2026 is "
            "now earlier than 2027\"}",
            XCY_EAUTH, "clocks");
    refused(403, "<Error><Code>RequestTimeTooSkewed</Code><Message>m</Message></Error>", XCY_EAUTH,
            "clocks");
    refused(403, "{\"__type\":\"UnrecognizedClientException\",\"message\":\"m\"}", XCY_EAUTH,
            "running sandbox's credentials");
    refused(403, "{\"__type\":\"AccessDeniedException\",\"message\":\"m\"}", XCY_EAUTH, "policy");
    refused(403, "", XCY_EAUTH, "HTTP 403");
    refused(404, "", XCY_ENOTFOUND, "SQS PurgeQueue: HTTP 404");
    refused(500, "{\"__type\":\"InternalFailure\",\"message\":\"m\"}", XCY_EREMOTE,
            "SQS PurgeQueue: InternalFailure: m");
    refused(301, "", XCY_EREMOTE, "HTTP 301");
}

/* Who calls again needs to know whether that can help. */
static void what_time_may_mend_is_told_from_what_it_will_not(void **state)
{
    static const struct {
        int status;
        const char *body;
        bool is_lasting;
    } cases[] = {
        {500, "", false},
        {503, "{\"__type\":\"ServiceUnavailable\",\"message\":\"m\"}", false},
        {429, "", false},
        {408, "", false},
        {400, "{\"__type\":\"ThrottlingException\",\"message\":\"m\"}", false},
        {400, "{\"__type\":\"com.amazonaws.sqs#RequestThrottled\",\"message\":\"m\"}", false},
        {400, "{\"__type\":\"com.amazonaws.sqs#OverLimit\",\"message\":\"m\"}", false},
        {400, "<E><Code>IDPCommunicationError</Code><Message>m</Message></E>", false},
        {400, "{\"__type\":\"InvalidParameterValue\",\"message\":\"m\"}", true},
        {413, "", true},
        {301, "", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xcy_canned c;
        xcy_canned_open(&c, cases[i].status, "", cases[i].body);
        assert_status(xcy_sqs_purge(&c.aws, "http://q", &c.err), XCY_EREMOTE, &c.err);
        assert_int_equal(c.err.is_lasting, cases[i].is_lasting);
        xcy_canned_close(&c);
    }
}

static void an_endpoint_nobody_listens_at_is_named_with_what_to_do(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    char host[32];
    xcy_canned_open(&c, 200, "", "{}");
    snprintf(host, sizeof host, "127.0.0.1:%u", ntohs(address.sin_port));
    snprintf(c.endpoint, sizeof c.endpoint, "http://%s", host);
    assert_status(xcy_sqs_purge(&c.aws, "http://q", &c.err), XCY_ENET, &c.err);
    assert_non_null(strstr(c.err.text, host));
    assert_non_null(strstr(c.err.text, "is the sandbox running?"));
    close(fd);
    xcy_canned_close(&c);
}

static void an_answer_that_should_be_json_and_is_not_is_refused(void **state)
{
    (void)state;
    struct xcy_canned c;
    struct xcy_sqs_counts counts;
    xcy_canned_open(&c, 200, "", "<html>");
    assert_status(xcy_sqs_counts(&c.aws, "http://q", &counts, &c.err), XCY_EPARSE, &c.err);
    assert_non_null(strstr(c.err.text, "SQS GetQueueAttributes: the answer is not JSON"));
    xcy_canned_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_an_endpoint_the_service_is_called_in_its_region),
        cmocka_unit_test(endpoints_of_another_form_are_usage_errors),
        cmocka_unit_test(the_first_mistake_in_building_is_reported),
        cmocka_unit_test(refusals_tell_what_to_do),
        cmocka_unit_test(what_time_may_mend_is_told_from_what_it_will_not),
        cmocka_unit_test(an_endpoint_nobody_listens_at_is_named_with_what_to_do),
        cmocka_unit_test(an_answer_that_should_be_json_and_is_not_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
