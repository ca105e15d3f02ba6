#include "tests/support/unit.h"

#include "common/net/http.h"

#include <string.h>

static const struct xcy_http_signer signer = {.region = "eu-central-1",
                                              .service = "sqs",
                                              .access_key = "AKID",
                                              .secret_key = "SECRETKEY",
                                              .session_token = NULL};

static struct xcy_http_request good(void)
{
    return (struct xcy_http_request){.method = "POST",
                                     .url = "http://127.0.0.1:1/a-b/c?a=1&b=%2F",
                                     .headers = {{"Content-Type", "a/b"}},
                                     .n_headers = 1,
                                     .signer = &signer};
}

static void refused(const struct xcy_http_request *request, const char *words)
{
    struct xcy_error err;
    assert_status(xcy_http_request_check(request, &err), XCY_EUSAGE, &err);
    if (!strstr(err.text, words)) {
        fail_msg("'%s' does not say '%s'", err.text, words);
    }
    assert_null(strstr(err.text, "SECRETKEY"));
}

static void a_request_that_keeps_all_rules_passes(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_http_request r = good();
    assert_ok(xcy_http_request_check(&r, &err), &err);
}

static void addresses_that_are_none_are_refused(void **state)
{
    (void)state;
    static const char *const urls[][2] = {
        {"", "not an http://"},
        {"ftp://a/", "not an http://"},
        {"http://", "not an http://"},
        {"http:///a", "not an http://"},
        {"http://user:pass@127.0.0.1/", "user name or password"},
        {"http://a/b c", "must be encoded"},
        {"http://a/\xc3\xa9", "must be encoded"},
        {"http://a/#b", "must be encoded"},
        {"http://%6cocalhost/", "may not be encoded"},
        {"https://a%2eb:1?c", "may not be encoded"},
        {"http://a/\r\nX: y", "must be encoded"},
    };
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct xcy_http_request r = {.method = "GET", .url = urls[i][0]};
        refused(&r, urls[i][1]);
    }
}

static void any_method_may_be_asked_for(void **state)
{
    (void)state;
    static const char *const methods[] = {"GET",   "HEAD",    "POST",     "PUT",   "DELETE",
                                          "PATCH", "OPTIONS", "PROPFIND", "TRACE", "M-SEARCH"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        struct xcy_error err;
        struct xcy_http_request r = good();
        r.method = methods[i];
        assert_ok(xcy_http_request_check(&r, &err), &err);
        r.signer = NULL;
        assert_ok(xcy_http_request_check(&r, &err), &err);
    }
}

static void methods_that_are_none_are_refused(void **state)
{
    (void)state;
    static const char *const methods[] = {"get", "Post", "", "GET /x", "GET\r\nX: y", "CONNECT"};
    struct xcy_http_request r = good();
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        r.method = methods[i];
        refused(&r, "no method '");
    }
    r.method = NULL;
    refused(&r, "no method ''");
}

static void only_head_and_trace_take_no_body(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_http_request r = good();
    r.body = xcy_bytes_of("x");
    r.method = "HEAD";
    refused(&r, "HEAD takes no body");
    r.method = "TRACE";
    refused(&r, "TRACE takes no body");
    r.method = "GET";
    assert_ok(xcy_http_request_check(&r, &err), &err);
    r.method = "PATCH";
    assert_ok(xcy_http_request_check(&r, &err), &err);
}

static void a_zone_stands_encoded_within_brackets(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_http_request r = {.method = "GET", .url = "http://[fe80::1%25eth0]:80/"};
    assert_ok(xcy_http_request_check(&r, &err), &err);
}

static void headers_that_cannot_be_carried_are_refused(void **state)
{
    (void)state;
    static const struct {
        struct xcy_http_header header;
        const char *words;
    } cases[] = {
        {{"X-A", ""}, "is empty"},           {{"X-A", " a"}, "blanks around"},
        {{"X-A", "a\r\nB: c"}, "printable"}, {{"X-A", "\xc3\xa9"}, "printable"},
        {{"X:A", "a"}, "no valid name"},     {{"", "a"}, "no valid name"},
        {{"content-TYPE", "a"}, "twice"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_http_request r = good();
        r.headers[r.n_headers++] = cases[i].header;
        refused(&r, cases[i].words);
    }
}

static void what_the_signer_makes_itself_may_not_be_given(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Authorization",        "Host",           "date",  "x-amz-date",
        "X-Amz-Security-Token", "Content-Length", "Expect"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct xcy_http_request r = good();
        r.headers[r.n_headers++] = (struct xcy_http_header){names[i], "a"};
        refused(&r, "made by the signer");
    }
}

static void names_that_begin_alike_are_not_signed_together(void **state)
{
    (void)state;
    struct xcy_http_request r = good();
    r.headers[r.n_headers++] = (struct xcy_http_header){"x-amz-meta-cid", "1"};
    r.headers[r.n_headers++] = (struct xcy_http_header){"X-Amz-Meta-Cid2", "2"};
    refused(&r, "cannot be signed together");
    r.n_headers--;
    r.headers[1].name = "X-Amz-Date2";
    refused(&r, "cannot be signed together");
}

static void a_content_type_must_be_given(void **state)
{
    (void)state;
    struct xcy_http_request r = good();
    r.n_headers = 0;
    refused(&r, "Content-Type");
}

static void paths_and_queries_must_stand_as_they_are_signed(void **state)
{
    (void)state;
    static const char *const urls[][2] = {
        {"http://a", "needs a path"},          {"http://a?b=1", "needs a path"},
        {"http://a/b%20c", "a path with '%'"}, {"http://a/b:c", "a path with ':'"},
        {"http://a/b//c", "dot segments"},     {"http://a/./c", "dot segments"},
        {"http://a/b/..", "dot segments"},     {"http://a/?b=1&a=2", "sorted"},
        {"http://a/?a=1&a=2", "sorted"},       {"http://a/?delete", "a name and a '='"},
        {"http://a/?=1", "a name and a '='"},  {"http://a/?a=1&", "a name and a '='"},
        {"http://a/?a=b+c", "bare '+'"},       {"http://a/?a=%2f", "bare '%'"},
        {"http://a/?a=$LATEST", "bare '$'"},   {"http://a/?a=1=2", "bare '='"},
    };
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct xcy_http_request r = good();
        r.url = urls[i][0];
        refused(&r, urls[i][1]);
    }
}

static void s3_needs_its_hash_and_may_have_escapes(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_http_signer s3 = signer;
    s3.service = "s3";
    struct xcy_http_request r = good();
    r.signer = &s3;
    r.url = "http://a/b//%20c?delete=";
    refused(&r, "x-amz-content-sha256");
    r.headers[r.n_headers++] = (struct xcy_http_header){"x-amz-content-sha256", "UNSIGNED-PAYLOAD"};
    assert_ok(xcy_http_request_check(&r, &err), &err);
    r.url = "http://a/b%2f";
    refused(&r, "a path with '%'");
}

static void all_parts_of_the_scope_and_the_keys_must_be_there(void **state)
{
    (void)state;
    struct xcy_http_signer s = signer;
    struct xcy_http_request r = good();
    r.signer = &s;
    s.region = "";
    refused(&r, "not a region");
    s.region = "eu:central";
    refused(&r, "not a region");
    s.region = "a-region-whose-name-is-longer-than-the-sixty-three-bytes-that-libcurl-takes";
    refused(&r, "not a region");
    s = signer;
    s.service = NULL;
    refused(&r, "not a service");
    s = signer;
    s.access_key = "";
    refused(&r, "access key or secret key");
    s = signer;
    s.secret_key = NULL;
    refused(&r, "access key or secret key");
    s = signer;
    s.secret_key = "SECRETKEY\n";
    refused(&r, "access key or secret key");
    s = signer;
    s.session_token = "";
    refused(&r, "session token");
}

static void a_refused_request_is_not_started(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_http *http = xcy_http_open(NULL);
    struct xcy_http_request r = good();
    r.n_headers = 0;
    assert_status(xcy_http_start(http, &r, NULL, NULL, NULL, &err), XCY_EUSAGE, &err);
    assert_int_equal(xcy_http_running(http), 0);
    xcy_http_close(http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_that_keeps_all_rules_passes),
        cmocka_unit_test(addresses_that_are_none_are_refused),
        cmocka_unit_test(a_zone_stands_encoded_within_brackets),
        cmocka_unit_test(any_method_may_be_asked_for),
        cmocka_unit_test(methods_that_are_none_are_refused),
        cmocka_unit_test(only_head_and_trace_take_no_body),
        cmocka_unit_test(headers_that_cannot_be_carried_are_refused),
        cmocka_unit_test(what_the_signer_makes_itself_may_not_be_given),
        cmocka_unit_test(names_that_begin_alike_are_not_signed_together),
        cmocka_unit_test(a_content_type_must_be_given),
        cmocka_unit_test(paths_and_queries_must_stand_as_they_are_signed),
        cmocka_unit_test(s3_needs_its_hash_and_may_have_escapes),
        cmocka_unit_test(all_parts_of_the_scope_and_the_keys_must_be_there),
        cmocka_unit_test(a_refused_request_is_not_started),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
