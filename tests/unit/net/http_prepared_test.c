#include "tests/support/unit.h"

#include "tests/unit/net/caller.h"

#include <stdio.h>
#include <stdlib.h>

static const struct xcy_raw_step answers[] = {{XCY_RAW_ANSWER, XCY_RAW_OK}};

static const struct xcy_http_signer signer = {
    .region = "eu-central-1", .service = "lambda", .access_key = "AKID", .secret_key = "s:e:c"};

static void open_to_post(struct caller *c)
{
    caller_open(c, answers, 1);
    c->request.method = "POST";
    c->request.headers[c->request.n_headers++] = (struct xcy_http_header){"Content-Type", "a/b"};
}

static struct xcy_http_prepared *prepare(struct caller *c)
{
    struct xcy_http_prepared *prepared = NULL;
    assert_ok(xcy_http_prepare(c->http, &c->request, &prepared, &c->err), &c->err);
    return prepared;
}

static void count_done(void *caller, const struct xcy_http_reply *reply)
{
    assert_int_equal(reply->result, XCY_HTTP_DONE);
    assert_int_equal(reply->attempts, 1);
    caller_count_done(caller, reply);
}

static void start(struct caller *c, struct xcy_http_prepared *prepared, const char *body)
{
    assert_ok(xcy_http_start_prepared(c->http, prepared, xcy_bytes_of(body), NULL, count_done, c,
                                      &c->err),
              &c->err);
}

/* Sends it alone; what arrived, to be freed. */
static char *sent(struct caller *c, struct xcy_http_prepared *prepared, const char *body)
{
    size_t n_before = xcy_raw_server_requests(c->server);
    start(c, prepared, body);
    caller_finish(c);
    assert_int_equal(xcy_raw_server_requests(c->server), n_before + 1);
    return xcy_raw_server_request(c->server, n_before);
}

static void expect_sent(struct caller *c, struct xcy_http_prepared *prepared, const char *body,
                        const char *head, const char *tail)
{
    char *got = sent(c, prepared, body);
    assert_non_null(strstr(got, head));
    assert_true(strlen(got) >= strlen(tail));
    assert_string_equal(got + strlen(got) - strlen(tail), tail);
    free(got);
}

static void only_the_body_changes(void **state)
{
    (void)state;
    struct caller c;
    open_to_post(&c);
    struct xcy_http_prepared *prepared = prepare(&c);
    expect_sent(&c, prepared, "one", "\r\nContent-Length: 3\r\n", "\r\n\r\none");
    expect_sent(&c, prepared, "three", "\r\nContent-Length: 5\r\n", "\r\n\r\nthree");
    expect_sent(&c, prepared, "", "\r\nContent-Length: 0\r\n", "\r\n\r\n");
    expect_sent(&c, prepared, "four", "\r\nContent-Type: a/b\r\n", "\r\n\r\nfour");
    assert_int_equal(xcy_raw_server_connections(c.server), 1);
    xcy_http_prepared_free(prepared);
    caller_close(&c);
}

static void requests_of_one_run_at_once(void **state)
{
    (void)state;
    struct caller c;
    open_to_post(&c);
    struct xcy_http_prepared *prepared = prepare(&c);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 20; i++) {
            start(&c, prepared, i % 2 ? "odd" : "even");
        }
        caller_finish(&c);
    }
    assert_int_equal(c.n_done, 60);
    assert_in_range(xcy_raw_server_connections(c.server), 1, 20);
    xcy_http_prepared_free(prepared);
    caller_close(&c);
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
    struct caller c;
    char date[2][256] = {{0}};
    char signature[3][256];
    open_to_post(&c);
    c.request.signer = &signer;
    struct xcy_http_prepared *prepared = prepare(&c);
    do { /* within one second */
        char *got = sent(&c, prepared, "one");
        copy_value(got, "X-Amz-Date: ", date[0]);
        copy_value(got, "Signature=", signature[0]);
        free(got);
        got = sent(&c, prepared, "two");
        copy_value(got, "Signature=", signature[1]);
        free(got);
        got = sent(&c, prepared, "one");
        copy_value(got, "X-Amz-Date: ", date[1]);
        copy_value(got, "Signature=", signature[2]);
        free(got);
    } while (strcmp(date[0], date[1]) != 0);
    assert_string_not_equal(signature[0], signature[1]);
    assert_string_equal(signature[0], signature[2]);
    xcy_http_prepared_free(prepared);
    caller_close(&c);
}

static void credentials_stay_with_the_request_they_are_for(void **state)
{
    (void)state;
    struct caller c;
    open_to_post(&c);
    struct xcy_http_prepared *plain = prepare(&c);
    c.request.signer = &signer;
    struct xcy_http_prepared *prepared = prepare(&c);
    for (int i = 0; i < 6; i++) {
        bool is_signed = i % 3 != 1;
        char *got = sent(&c, is_signed ? prepared : plain, "x");
        assert_int_equal(strstr(got, "Authorization: AWS4-HMAC-SHA256") != NULL, is_signed);
        assert_int_equal(strstr(got, "Authorization:") != NULL, is_signed);
        assert_null(strstr(got, "s:e:c"));
        free(got);
    }
    xcy_http_prepared_free(plain);
    xcy_http_prepared_free(prepared);
    caller_close(&c);
}

static void one_that_is_freed_lets_its_requests_end(void **state)
{
    (void)state;
    struct caller c;
    open_to_post(&c);
    for (int i = 0; i < 3; i++) { /* the next may stand where the last one stood */
        struct xcy_http_prepared *prepared = prepare(&c);
        start(&c, prepared, "abc");
        start(&c, prepared, "def");
        xcy_http_prepared_free(prepared);
        caller_finish(&c);
        c.request.headers[0].value = i == 0 ? "second" : "third";
    }
    assert_int_equal(c.n_done, 6);
    char *got = xcy_raw_server_request(c.server, 5);
    assert_non_null(strstr(got, "Content-Type: third"));
    free(got);
    caller_close(&c);
}

static void a_delete_may_have_a_body_or_not(void **state)
{
    (void)state;
    struct caller c;
    open_to_post(&c);
    c.request.method = "DELETE";
    struct xcy_http_prepared *prepared = prepare(&c);
    expect_sent(&c, prepared, "with", "\r\nContent-Length: 4\r\n", "\r\n\r\nwith");
    char *got = sent(&c, prepared, "");
    assert_null(strstr(got, "Content-Length"));
    assert_memory_equal(got, "DELETE / ", 9);
    free(got);
    expect_sent(&c, prepared, "again", "\r\nContent-Length: 5\r\n", "\r\n\r\nagain");
    xcy_http_prepared_free(prepared);
    caller_close(&c);
}

static void what_cannot_be_sent_is_refused(void **state)
{
    (void)state;
    struct caller c;
    struct xcy_http_prepared *none = NULL;
    open_to_post(&c);
    c.request.method = "HEAD";
    struct xcy_http_prepared *prepared = prepare(&c);
    assert_status(
        xcy_http_start_prepared(c.http, prepared, xcy_bytes_of("x"), NULL, count_done, &c, &c.err),
        XCY_EUSAGE, &c.err);
    c.request.url = "http://127.0.0.1:123456/";
    assert_status(xcy_http_prepare(c.http, &c.request, &none, &c.err), XCY_EUSAGE, &c.err);
    c.request.url = "ftp://127.0.0.1/";
    assert_status(xcy_http_prepare(c.http, &c.request, &none, &c.err), XCY_EUSAGE, &c.err);
    assert_null(none);
    assert_int_equal(xcy_http_running(c.http), 0);
    xcy_http_prepared_free(prepared);
    caller_close(&c);
}

static void an_empty_user_agent_is_none(void **state)
{
    (void)state;
    struct caller c;
    open_to_post(&c);
    struct xcy_http_prepared *prepared = prepare(&c);
    expect_sent(&c, prepared, "x", "\r\nUser-Agent: xcybench/", "x");
    xcy_http_prepared_free(prepared);
    caller_reopen(&c, &(struct xcy_http_options){.user_agent = ""});
    prepared = prepare(&c);
    char *got = sent(&c, prepared, "x");
    assert_null(strstr(got, "User-Agent"));
    free(got);
    xcy_http_prepared_free(prepared);
    caller_close(&c);
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
