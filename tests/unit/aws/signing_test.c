#include "tests/support/unit.h"

#include "common/aws/dynamodb.h"
#include "common/aws/lambda.h"
#include "common/aws/sns.h"
#include "common/aws/sqs.h"
#include "common/base/mem.h"
#include "common/net/crypto.h"
#include "common/net/server.h"
#include "tests/unit/aws/verifier.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

/* Every request kind of ours, verified by the specification at the server it arrives at. */

struct fixture {
    struct xcy_server *server;
    struct xcy_verifier_key key;
    struct xcy_credentials credentials;
    struct xcy_aws aws;
    char endpoint[64];
    struct xcy_error err;
    atomic_size_t n_right; /* written by the server's thread, read when no request runs */
    char problem[2000];
};

static void verify(void *ctx, struct xcy_exchange *x)
{
    struct fixture *f = ctx;
    char problem[sizeof f->problem];
    xcy_verify_signature(x, &f->key, problem, sizeof problem);
    if (problem[0]) {
        snprintf(f->problem, sizeof f->problem, "%s", problem);
    } else {
        atomic_fetch_add(&f->n_right, 1);
    }
    xcy_exchange_reply(x, problem[0] ? 403 : 200, NULL, 0, xcy_bytes_of("{}"));
}

static void setup(struct fixture *f, const char *access_key, const char *secret_key,
                  const char *token)
{
    memset(f, 0, sizeof *f);
    f->key = (struct xcy_verifier_key){access_key, secret_key, token};
    f->credentials = (struct xcy_credentials){.access_key = xcy_strdup(access_key),
                                              .secret_key = xcy_strdup(secret_key),
                                              .session_token = xcy_strdup(token)};
    struct xcy_server_options options = {.handle = verify, .ctx = f, .threads = 1};
    assert_ok(xcy_server_start(&options, &f->server, &f->err), &f->err);
    snprintf(f->endpoint, sizeof f->endpoint, "http://127.0.0.1:%u", xcy_server_port(f->server));
    f->aws = (struct xcy_aws){.http = xcy_http_open(NULL),
                              .endpoint = f->endpoint,
                              .region = "eu-central-1",
                              .credentials = &f->credentials};
}

static void teardown(struct fixture *f)
{
    xcy_http_close(f->aws.http);
    xcy_server_stop(f->server);
    xcy_credentials_clear(&f->credentials);
}

static void expect_right(struct fixture *f, size_t n)
{
    if (f->problem[0]) {
        fail_msg("%s", f->problem);
    }
    assert_int_equal(atomic_load(&f->n_right), n);
}

/* What the answer "{}" makes of the call does not matter here. */
static void ignore(enum xcy_status status)
{
    (void)status;
}

static size_t call_lambda(struct fixture *f)
{
    static const char *const functions[] = {
        "writer",
        "wri_ter-2",
        "writer:live",
        "writer:$LATEST",
        "arn:aws:lambda:eu-central-1:123456789012:function:writer",
        "arn:aws:lambda:eu-central-1:123456789012:function:writer:$LATEST"};
    static const enum xcy_invocation_type types[] = {XCY_INVOKE_SYNC, XCY_INVOKE_EVENT,
                                                     XCY_INVOKE_DRY_RUN};
    size_t n = 0;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        for (size_t j = 0; j < 3; j++) {
            struct xcy_aws_request r;
            struct xcy_http_reply reply;
            assert_ok(xcy_lambda_invoke_build(&f->aws, functions[i], types[j],
                                              xcy_bytes("{\"i\":1}\0\xff", 9), &r, &f->err),
                      &f->err);
            assert_ok(xcy_aws_call(&f->aws, &r, "Invoke", &reply, &f->err), &f->err);
            xcy_http_reply_clear(&reply);
            xcy_aws_request_clear(&r);
            n++;
        }
        struct xcy_lambda_function function;
        struct xcy_json *environment = xcy_json_new_object();
        xcy_json_put_string(environment, "A", "\xc3\xa9 \"quoted\"");
        ignore(xcy_lambda_get_function(&f->aws, functions[i], &function, &f->err));
        ignore(xcy_lambda_update_environment(&f->aws, functions[i], environment, &f->err));
        xcy_json_free(environment);
        n += 2;
    }
    return n;
}

static size_t call_queues(struct fixture *f)
{
    static const char url[] = "https://sqs.eu-central-1.amazonaws.com/123456789012/q u+e~";
    const char *const handles[] = {"a/b+c=", "\xe2\x82\xac"};
    bool failed[2];
    char *found = NULL;
    char id[64];
    struct xcy_sqs_batch batch = {.n = 0};
    struct xcy_sqs_counts counts;
    ignore(xcy_sqs_queue_url(&f->aws, "evaluations", &found, &f->err));
    ignore(xcy_sqs_send(&f->aws, url, "body \n\t\"\\ \xe2\x82\xac +%&=", &f->err));
    ignore(xcy_sqs_receive(&f->aws, url, 0, -1, &batch, &f->err));
    ignore(xcy_sqs_receive(&f->aws, url, 20, 0, &batch, &f->err));
    ignore(xcy_sqs_delete_batch(&f->aws, url, handles, 2, failed, &f->err));
    ignore(xcy_sqs_visibility_batch(&f->aws, url, handles, 2, 0, failed, &f->err));
    ignore(xcy_sqs_counts(&f->aws, url, &counts, &f->err));
    ignore(xcy_sqs_purge(&f->aws, url, &f->err));
    ignore(xcy_sns_publish(&f->aws, "arn:aws:sns:eu-central-1:123456789012:n",
                           "{\"a\":\"b c+d&=%\"}", id, &f->err));
    return 9;
}

static size_t call_tables(struct fixture *f)
{
    const struct xcy_dynamodb_attribute attributes[] = {{"key", "1QX"}, {"body", "\xe2\x82\xac\n"}};
    struct xcy_json *item = NULL;
    struct xcy_json *keys = NULL;
    char *next = NULL;
    struct xcy_dynamodb_size size;
    ignore(xcy_dynamodb_put(&f->aws, "posts", attributes, 2, &f->err));
    ignore(xcy_dynamodb_get(&f->aws, "posts", "key", "1QX", true, NULL, &item, &f->err));
    ignore(xcy_dynamodb_get(&f->aws, "posts", "key", "1QX", false, "key", &item, &f->err));
    ignore(xcy_dynamodb_delete(&f->aws, "posts", "key", "1QX", &f->err));
    ignore(xcy_dynamodb_scan_keys(&f->aws, "posts", "key", "1", &keys, &next, &f->err));
    ignore(xcy_dynamodb_size(&f->aws, "posts", &size, &f->err));
    xcy_json_free(keys);
    free(next);
    return 6;
}

static void call_everything(struct fixture *f)
{
    size_t n = call_lambda(f);
    n += call_queues(f);
    n += call_tables(f);
    expect_right(f, n);
}

static void every_request_of_ours_is_signed_right(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", NULL);
    call_everything(&f);
    teardown(&f);
}

static void a_session_token_is_sent_and_signed(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, "ASIAEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
          "IQoJb3JpZ2luX2VjE//////////wEaCXVzLWVhc3QtMSJHMEUCIQ+=");
    call_everything(&f);
    teardown(&f);
}

static void keys_with_colons_and_odd_characters_sign_right(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, "XCYSANDBOX:a;b", "s:e/c+r=e%t&:", NULL);
    call_everything(&f);
    teardown(&f);
}

static void a_wrong_secret_is_noticed_by_the_verifier(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, "AKIDEXAMPLE", "right", NULL);
    f.key.secret_key = "wrong";
    assert_status(xcy_sqs_purge(&f.aws, "http://q", &f.err), XCY_EAUTH, &f.err);
    assert_non_null(strstr(f.problem, "wrong signature"));
    teardown(&f);
}

/* Objects of S3: no client of ours yet, but the rules must hold for them. */
static void requests_as_s3_needs_them_are_signed_right(void **state)
{
    (void)state;
    static const struct {
        const char *method;
        const char *parts[4];
        const char *query[6]; /* name, value, ... */
        bool hashes;
    } cases[] = {
        {"PUT", {"bucket", "a b/c~+$%", NULL}, {NULL}, true},
        {"PUT", {"bucket", "\xe2\x82\xac", NULL}, {NULL}, false},
        {"HEAD", {"bucket", "key", NULL}, {"versionId", "a/b+c="}, true},
        {"GET", {"bucket", NULL}, {"list-type", "2", "prefix", "x y", "start-after", "~"}, true},
        {"POST", {"bucket", NULL}, {"delete", ""}, true},
        {"DELETE", {"bucket", "key", NULL}, {NULL}, false},
    };
    struct fixture f;
    setup(&f, "AKIDEXAMPLE", "secret", "token");
    size_t n = sizeof cases / sizeof cases[0];
    for (size_t i = 0; i < n; i++) {
        bool has_body = cases[i].method[0] == 'P';
        struct xcy_bytes body = xcy_bytes_of(has_body ? "<Delete/>" : "");
        char hash[XCY_SHA256_HEX];
        struct xcy_aws_request r;
        struct xcy_http_reply reply;
        xcy_sha256_hex(body, hash);
        xcy_aws_request_init(&r, &f.aws, "s3", cases[i].method, cases[i].parts);
        for (size_t q = 0; q < 6 && cases[i].query[q]; q += 2) {
            xcy_aws_request_add_query(&r, cases[i].query[q], cases[i].query[q + 1]);
        }
        xcy_aws_request_add_header(&r, "x-amz-content-sha256",
                                   cases[i].hashes ? hash : "UNSIGNED-PAYLOAD");
        xcy_aws_request_add_header(&r, "x-amz-meta-cid", "two  blanks");
        xcy_aws_request_set_body(&r, "application/xml", body);
        assert_ok(xcy_aws_request_finish(&r, &f.err), &f.err);
        assert_ok(xcy_aws_call(&f.aws, &r, "S3", &reply, &f.err), &f.err);
        xcy_http_reply_clear(&reply);
        xcy_aws_request_clear(&r);
    }
    expect_right(&f, n);
    teardown(&f);
}

static void a_large_body_is_signed_right(void **state)
{
    (void)state;
    enum { BYTES = 3 * 1024 * 1024 };
    struct fixture f;
    struct xcy_aws_request r;
    struct xcy_http_reply reply;
    char *body = xcy_alloc(BYTES);
    memset(body, 'x', BYTES);
    setup(&f, "AKIDEXAMPLE", "secret", NULL);
    assert_ok(xcy_lambda_invoke_build(&f.aws, "writer", XCY_INVOKE_SYNC, xcy_bytes(body, BYTES), &r,
                                      &f.err),
              &f.err);
    assert_ok(xcy_aws_call(&f.aws, &r, "Invoke", &reply, &f.err), &f.err);
    expect_right(&f, 1);
    xcy_http_reply_clear(&reply);
    xcy_aws_request_clear(&r);
    free(body);
    teardown(&f);
}

static void nothing_is_sent_without_credentials(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, "", "secret", NULL);
    assert_status(xcy_sqs_purge(&f.aws, "http://q", &f.err), XCY_EAUTH, &f.err);
    f.aws.credentials = NULL;
    assert_status(xcy_sqs_purge(&f.aws, "http://q", &f.err), XCY_EAUTH, &f.err);
    expect_right(&f, 0);
    teardown(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_request_of_ours_is_signed_right),
        cmocka_unit_test(a_session_token_is_sent_and_signed),
        cmocka_unit_test(keys_with_colons_and_odd_characters_sign_right),
        cmocka_unit_test(a_wrong_secret_is_noticed_by_the_verifier),
        cmocka_unit_test(requests_as_s3_needs_them_are_signed_right),
        cmocka_unit_test(a_large_body_is_signed_right),
        cmocka_unit_test(nothing_is_sent_without_credentials),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
