#include "tests/support/unit.h"

#include "common/net/http.h"
#include "tests/support/raw_server.h"

#include <stdio.h>
#include <stdlib.h>

static const struct xcy_raw_step answers[] = {{XCY_RAW_ANSWER, XCY_RAW_OK}};

static const struct xcy_http_signer signer = {
    .region = "eu-central-1", .service = "lambda", .access_key = "AKID", .secret_key = "s:e:c"};

struct fixture {
    struct xcy_raw_server *server;
    struct xcy_http *http;
    char url[64];
    struct xcy_http_request request;
    struct xcy_http_prepared *prepared;
    size_t n_done;
    struct xcy_error err;
};

static void setup(struct fixture *f)
{
    *f = (struct fixture){.server = xcy_raw_server_start(answers, 1), .http = xcy_http_open(NULL)};
    snprintf(f->url, sizeof f->url, "http://127.0.0.1:%u/", xcy_raw_server_port(f->server));
    f->request = (struct xcy_http_request){
        .method = "POST", .url = f->url, .headers = {{"Content-Type", "a/b"}}, .n_headers = 1};
}

static struct xcy_http_prepared *prepare(struct fixture *f)
{
    struct xcy_http_prepared *prepared = NULL;
    assert_ok(xcy_http_prepare(f->http, &f->request, &prepared, &f->err), &f->err);
    return prepared;
}

static void teardown(struct fixture *f)
{
    xcy_http_prepared_free(f->prepared);
    xcy_http_close(f->http);
    xcy_raw_server_stop(f->server);
}

static void count_done(void *ctx, const struct xcy_http_reply *reply)
{
    struct fixture *f = ctx;
    assert_int_equal(reply->result, XCY_HTTP_DONE);
    assert_int_equal(reply->attempts, 1);
    f->n_done++;
}

static void start(struct fixture *f, struct xcy_http_prepared *prepared, const char *body)
{
    assert_ok(xcy_http_start_prepared(f->http, prepared, xcy_bytes_of(body), NULL, count_done, f,
                                      &f->err),
              &f->err);
}

static void run_until_over(struct fixture *f)
{
    while (xcy_http_running(f->http) > 0) {
        xcy_http_run(f->http, (struct xcy_mono){INT64_MAX}, -1, true);
    }
}

/* Sends it alone; what arrived, to be freed. */
static char *sent(struct fixture *f, struct xcy_http_prepared *prepared, const char *body)
{
    size_t n_before = xcy_raw_server_requests(f->server);
    start(f, prepared, body);
    run_until_over(f);
    assert_int_equal(xcy_raw_server_requests(f->server), n_before + 1);
    return xcy_raw_server_request(f->server, n_before);
}

static void expect_sent(struct fixture *f, struct xcy_http_prepared *prepared, const char *body,
                        const char *head, const char *tail)
{
    char *got = sent(f, prepared, body);
    assert_non_null(strstr(got, head));
    assert_true(strlen(got) >= strlen(tail));
    assert_string_equal(got + strlen(got) - strlen(tail), tail);
    free(got);
}

static void only_the_body_changes(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    f.prepared = prepare(&f);
    expect_sent(&f, f.prepared, "one", "\r\nContent-Length: 3\r\n", "\r\n\r\none");
    expect_sent(&f, f.prepared, "three", "\r\nContent-Length: 5\r\n", "\r\n\r\nthree");
    expect_sent(&f, f.prepared, "", "\r\nContent-Length: 0\r\n", "\r\n\r\n");
    expect_sent(&f, f.prepared, "four", "\r\nContent-Type: a/b\r\n", "\r\n\r\nfour");
    assert_int_equal(xcy_raw_server_connections(f.server), 1);
    teardown(&f);
}

static void requests_of_one_run_at_once(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    f.prepared = prepare(&f);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 20; i++) {
            start(&f, f.prepared, i % 2 ? "odd" : "even");
        }
        run_until_over(&f);
    }
    assert_int_equal(f.n_done, 60);
    assert_in_range(xcy_raw_server_connections(f.server), 1, 20);
    teardown(&f);
}

/* The value behind `name` in a request, up to its line's end. */
static void copy_value(const char *request, const char *name, char to[256])
{
    const char *start = strstr(request, name);
    assert_non_null(start);
    start += strlen(name);
    snprintf(to, 256, "%.*s", (int)strcspn(start, "\r\n"), start);
}

static void a_signature_is_that_of_the_body(void **state)
{
    (void)state;
    struct fixture f;
    char date[2][256] = {{0}};
    char signature[3][256];
    setup(&f);
    f.request.signer = &signer;
    f.prepared = prepare(&f);
    do { /* within one second */
        char *got = sent(&f, f.prepared, "one");
        copy_value(got, "X-Amz-Date: ", date[0]);
        copy_value(got, "Signature=", signature[0]);
        free(got);
        got = sent(&f, f.prepared, "two");
        copy_value(got, "Signature=", signature[1]);
        free(got);
        got = sent(&f, f.prepared, "one");
        copy_value(got, "X-Amz-Date: ", date[1]);
        copy_value(got, "Signature=", signature[2]);
        free(got);
    } while (strcmp(date[0], date[1]) != 0);
    assert_string_not_equal(signature[0], signature[1]);
    assert_string_equal(signature[0], signature[2]);
    teardown(&f);
}

static void credentials_stay_with_the_request_they_are_for(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    struct xcy_http_prepared *plain = prepare(&f);
    f.request.signer = &signer;
    f.prepared = prepare(&f);
    for (int i = 0; i < 6; i++) {
        bool is_signed = i % 3 != 1;
        char *got = sent(&f, is_signed ? f.prepared : plain, "x");
        assert_int_equal(strstr(got, "Authorization: AWS4-HMAC-SHA256") != NULL, is_signed);
        assert_int_equal(strstr(got, "Authorization:") != NULL, is_signed);
        assert_null(strstr(got, "s:e:c"));
        free(got);
    }
    xcy_http_prepared_free(plain);
    teardown(&f);
}

static void one_that_is_freed_lets_its_requests_end(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    for (int i = 0; i < 3; i++) { /* the next may stand where the last one stood */
        struct xcy_http_prepared *prepared = prepare(&f);
        start(&f, prepared, "abc");
        start(&f, prepared, "def");
        xcy_http_prepared_free(prepared);
        run_until_over(&f);
        f.request.headers[0].value = i == 0 ? "second" : "third";
    }
    assert_int_equal(f.n_done, 6);
    char *got = xcy_raw_server_request(f.server, 5);
    assert_non_null(strstr(got, "Content-Type: third"));
    free(got);
    teardown(&f);
}

static void a_delete_may_have_a_body_or_not(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    f.request.method = "DELETE";
    f.prepared = prepare(&f);
    expect_sent(&f, f.prepared, "with", "\r\nContent-Length: 4\r\n", "\r\n\r\nwith");
    char *got = sent(&f, f.prepared, "");
    assert_null(strstr(got, "Content-Length"));
    assert_memory_equal(got, "DELETE / ", 9);
    free(got);
    expect_sent(&f, f.prepared, "again", "\r\nContent-Length: 5\r\n", "\r\n\r\nagain");
    teardown(&f);
}

static void what_cannot_be_sent_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    struct xcy_http_prepared *none = NULL;
    setup(&f);
    f.request.method = "HEAD";
    f.prepared = prepare(&f);
    assert_status(xcy_http_start_prepared(f.http, f.prepared, xcy_bytes_of("x"), NULL, count_done,
                                          &f, &f.err),
                  XCY_EUSAGE, &f.err);
    f.request.url = "http://127.0.0.1:123456/";
    assert_status(xcy_http_prepare(f.http, &f.request, &none, &f.err), XCY_EUSAGE, &f.err);
    f.request.url = "ftp://127.0.0.1/";
    assert_status(xcy_http_prepare(f.http, &f.request, &none, &f.err), XCY_EUSAGE, &f.err);
    assert_null(none);
    assert_int_equal(xcy_http_running(f.http), 0);
    teardown(&f);
}

static void an_empty_user_agent_is_none(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    f.prepared = prepare(&f);
    expect_sent(&f, f.prepared, "x", "\r\nUser-Agent: xcybench/", "x");
    xcy_http_prepared_free(f.prepared);
    xcy_http_close(f.http);
    f.http = xcy_http_open(&(struct xcy_http_options){.user_agent = ""});
    f.prepared = prepare(&f);
    char *got = sent(&f, f.prepared, "x");
    assert_null(strstr(got, "User-Agent"));
    free(got);
    teardown(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_body_changes),
        cmocka_unit_test(requests_of_one_run_at_once),
        cmocka_unit_test(a_signature_is_that_of_the_body),
        cmocka_unit_test(credentials_stay_with_the_request_they_are_for),
        cmocka_unit_test(one_that_is_freed_lets_its_requests_end),
        cmocka_unit_test(a_delete_may_have_a_body_or_not),
        cmocka_unit_test(what_cannot_be_sent_is_refused),
        cmocka_unit_test(an_empty_user_agent_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
