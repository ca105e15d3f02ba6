#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "tests/unit/net/caller.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define MS XCY_NS_PER_MS

static const struct xcy_raw_step answers[] = {{XCY_RAW_ANSWER, XCY_RAW_OK}};

static void a_reply_comes_whole_with_its_stamps(void **state)
{
    (void)state;
    struct caller c;
    static const struct xcy_raw_step steps[] = {
        {XCY_RAW_ANSWER, "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nX-A:  one \r\n\r\nbody"}};
    caller_open(&c, steps, 1);
    struct xcy_mono before = xcy_mono_now();
    assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
    assert_int_equal(c.reply.status, 404);
    assert_string_equal(c.reply.body.ptr, "body");
    assert_int_equal(c.reply.attempts, 1);
    assert_true(c.reply.was_sent);
    assert_true(before.ns <= c.reply.sent.ns && c.reply.sent.ns <= c.reply.acked.ns);
    char value[16];
    assert_true(xcy_http_reply_header(&c.reply, "x-a", value, sizeof value));
    assert_string_equal(value, "one");
    assert_false(xcy_http_reply_header(&c.reply, "x-b", value, sizeof value));
    caller_close(&c);
}

static void one_connection_carries_many_requests(void **state)
{
    (void)state;
    struct caller c;
    caller_open(&c, answers, 1);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
    }
    assert_int_equal(xcy_raw_server_requests(c.server), 20);
    assert_int_equal(xcy_raw_server_connections(c.server), 1);
    caller_close(&c);
}

/* Wire fact: libcurl alone would send the request a second time here. */
static void a_request_that_a_kept_connection_swallowed_is_not_sent_again(void **state)
{
    (void)state;
    struct caller c;
    static const struct xcy_raw_step steps[] = {
        {XCY_RAW_ANSWER, XCY_RAW_OK}, {XCY_RAW_ANSWER_CLOSE, ""}, {XCY_RAW_ANSWER, XCY_RAW_OK}};
    caller_open(&c, steps, 3);
    c.request.method = "POST";
    c.request.body = xcy_bytes_of("write");
    assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
    assert_int_equal(caller_call(&c), XCY_HTTP_RESET);
    assert_int_equal(c.reply.attempts, 2);
    assert_true(c.reply.was_sent);
    assert_int_equal(xcy_raw_server_requests(c.server), 2);
    assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
    assert_int_equal(c.reply.attempts, 1);
    assert_int_equal(xcy_raw_server_requests(c.server), 3);
    caller_close(&c);
}

static void replies_that_break_off_are_resets(void **state)
{
    (void)state;
    struct caller c;
    static const struct xcy_raw_step steps[] = {
        {XCY_RAW_ANSWER_CLOSE, ""},
        {XCY_RAW_ANSWER_CLOSE, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"},
        {XCY_RAW_ANSWER_CLOSE, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"},
        {XCY_RAW_ANSWER_CLOSE, "HTTP/1.1 100 Continue\r\n\r\n"}};
    caller_open(&c, steps, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(caller_call(&c), XCY_HTTP_RESET);
        assert_int_equal(xcy_raw_server_requests(c.server), i + 1);
    }
    caller_close(&c);
}

static void what_is_not_http_is_refused(void **state)
{
    (void)state;
    struct caller c;
    static const struct xcy_raw_step steps[] = {{XCY_RAW_ANSWER_CLOSE, "SSH-2.0-x\r\n"}};
    caller_open(&c, steps, 1);
    assert_int_equal(caller_call(&c), XCY_HTTP_REFUSED);
    caller_close(&c);
}

static void a_reply_beyond_the_bound_is_refused(void **state)
{
    (void)state;
    struct caller c;
    static const struct xcy_raw_step steps[] = {
        {XCY_RAW_ANSWER, "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n12345678"},
        {XCY_RAW_ANSWER, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789"}};
    caller_open(&c, steps, 2);
    caller_reopen(&c, &(struct xcy_http_options){.max_reply_bytes = 8});
    assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
    assert_int_equal(caller_call(&c), XCY_HTTP_REFUSED);
    assert_non_null(strstr(c.reply.message, "larger than 8 bytes"));
    caller_close(&c);
}

static void redirects_are_not_followed(void **state)
{
    (void)state;
    struct caller c;
    static const struct xcy_raw_step steps[] = {
        {XCY_RAW_ANSWER, "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"}};
    caller_open(&c, steps, 1);
    assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
    assert_int_equal(c.reply.status, 302);
    assert_int_equal(xcy_raw_server_requests(c.server), 1);
    caller_close(&c);
}

static int bound_socket(uint16_t *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static void a_refused_connection_names_host_and_port(void **state)
{
    (void)state;
    struct caller c;
    caller_open(&c, answers, 1);
    uint16_t port = 0;
    int fd = bound_socket(&port); /* and nobody listens */
    char place[32];
    snprintf(c.url, sizeof c.url, "http://127.0.0.1:%u/", port);
    snprintf(place, sizeof place, "127.0.0.1:%u", port);
    assert_int_equal(caller_call(&c), XCY_HTTP_CONNECT);
    assert_false(c.reply.was_sent);
    assert_int_equal(c.reply.status, 0);
    assert_non_null(strstr(c.reply.message, place));
    assert_non_null(strstr(c.reply.message, "refused"));
    close(fd);
    caller_close(&c);
}

static void a_name_that_cannot_be_is_a_dns_failure(void **state)
{
    (void)state;
    struct caller c;
    caller_open(&c, answers, 1);
    snprintf(c.url, sizeof c.url, "http://nowhere.invalid/");
    assert_int_equal(caller_call(&c), XCY_HTTP_DNS);
    assert_non_null(strstr(c.reply.message, "nowhere.invalid:80"));
    caller_close(&c);
}

static void a_silent_server_is_left_at_the_first_byte_timeout(void **state)
{
    (void)state;
    struct caller c;
    static const struct xcy_raw_step steps[] = {{XCY_RAW_SILENCE, NULL},
                                                {XCY_RAW_ANSWER, "HTTP/1.1 100 Continue\r\n\r\n"}};
    caller_open(&c, steps, 2);
    c.request.first_byte_timeout_ns = 5 * MS;
    for (int i = 0; i < 2; i++) { /* a 100 is not yet an answer */
        assert_int_equal(caller_call(&c), XCY_HTTP_FIRST_BYTE_TIMEOUT);
        assert_true(c.reply.was_sent);
        assert_true(xcy_mono_diff_ns(c.reply.acked, c.reply.sent) >= 5 * MS);
    }
    caller_close(&c);
}

static void a_reply_that_began_is_left_only_at_the_total_timeout(void **state)
{
    (void)state;
    struct caller c;
    static const struct xcy_raw_step steps[] = {
        {XCY_RAW_ANSWER, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"}};
    caller_open(&c, steps, 1);
    c.request.first_byte_timeout_ns = 300 * MS;
    c.request.total_timeout_ns = 320 * MS;
    assert_int_equal(caller_call(&c), XCY_HTTP_TOTAL_TIMEOUT);
    assert_int_equal(c.reply.status, 200);
    caller_close(&c);
}

/* A listener that answers a TLS hello with plain words. */
static void a_plain_server_asked_for_tls_is_a_tls_failure(void **state)
{
    (void)state;
    struct caller c;
    caller_open(&c, answers, 1);
    uint16_t port = 0;
    int listener = bound_socket(&port);
    assert_int_equal(listen(listener, 1), 0);
    snprintf(c.url, sizeof c.url, "https://127.0.0.1:%u/", port);
    caller_start(&c);
    xcy_http_run(c.http, (struct xcy_mono){0}, -1, false);
    int peer = accept(listener, NULL, NULL);
    assert_true(peer >= 0);
    assert_int_equal(send(peer, "HTTP/1.1 400 no\r\n\r\n", 19, MSG_NOSIGNAL), 19);
    caller_finish(&c);
    assert_int_equal(c.n_of[XCY_HTTP_TLS], 1);
    assert_int_equal(c.n_sent, 0);
    close(peer);
    close(listener);
    caller_close(&c);
}

static void many_transfers_run_at_once(void **state)
{
    (void)state;
    struct caller c;
    caller_open(&c, answers, 1);
    for (int i = 0; i < 30; i++) {
        caller_start(&c);
    }
    assert_int_equal(xcy_http_running(c.http), 30);
    assert_int_equal(c.n_done, 0);
    caller_finish(&c);
    assert_int_equal(c.n_of[XCY_HTTP_DONE], 30);
    assert_int_equal(c.n_sent, 30);
    caller_close(&c);
}

static void connections_stay_within_their_bound(void **state)
{
    (void)state;
    struct caller c;
    caller_open(&c, answers, 1);
    caller_reopen(&c, &(struct xcy_http_options){.max_connections = 3});
    for (int i = 0; i < 30; i++) {
        caller_start(&c);
    }
    caller_finish(&c);
    assert_int_equal(c.n_of[XCY_HTTP_DONE], 30);
    assert_in_range(xcy_raw_server_connections(c.server), 1, 3);
    caller_close(&c);
}

static void start_the_next(void *caller, const struct xcy_http_reply *reply)
{
    caller_count_done(caller, reply);
    caller_start(caller);
}

static void done_may_start_the_next(void **state)
{
    (void)state;
    struct caller c;
    caller_open(&c, answers, 1);
    assert_ok(xcy_http_start(c.http, &c.request, NULL, start_the_next, &c, &c.err), &c.err);
    caller_finish(&c);
    assert_int_equal(c.n_of[XCY_HTTP_DONE], 2);
    caller_close(&c);
}

static void cancelled_transfers_are_reported_once_by_the_next_run(void **state)
{
    (void)state;
    struct caller c;
    static const struct xcy_raw_step steps[] = {{XCY_RAW_SILENCE, NULL}};
    caller_open(&c, steps, 1);
    caller_start(&c);
    caller_start(&c);
    while (c.n_sent < 2) {
        caller_run_a_little(&c);
    }
    xcy_http_cancel_all(c.http);
    assert_int_equal(c.n_done, 0);
    assert_int_equal(xcy_http_running(c.http), 2);
    xcy_http_run(c.http, (struct xcy_mono){0}, -1, false);
    assert_int_equal(c.n_of[XCY_HTTP_CANCELLED], 2);
    assert_int_equal(xcy_http_running(c.http), 0);
    caller_close(&c);
}

static void closing_cancels_what_runs(void **state)
{
    (void)state;
    struct caller c;
    caller_open(&c, answers, 1);
    caller_start(&c);
    xcy_http_close(c.http);
    c.http = NULL;
    assert_int_equal(c.n_of[XCY_HTTP_CANCELLED], 1);
    caller_close(&c);
}

static void a_readable_descriptor_ends_the_run(void **state)
{
    (void)state;
    struct caller c;
    static const struct xcy_raw_step steps[] = {{XCY_RAW_SILENCE, NULL}};
    caller_open(&c, steps, 1);
    caller_start(&c);
    int fd = eventfd(1, 0);
    xcy_http_run(c.http, (struct xcy_mono){INT64_MAX}, fd, false);
    assert_int_equal(xcy_http_running(c.http), 1);
    close(fd);
    caller_close(&c);
}

static void a_run_ends_at_its_instant_and_not_before(void **state)
{
    (void)state;
    struct caller c;
    caller_open(&c, answers, 1);
    struct xcy_mono until = xcy_mono_add(xcy_mono_now(), 1300000);
    xcy_http_run(c.http, until, -1, false);
    assert_true(xcy_mono_now().ns >= until.ns);
    caller_close(&c);
}

/* RFC 9110, 8.6: a length also of nothing where the method expects content, and none elsewhere. */
static void each_method_sends_what_it_should(void **state)
{
    (void)state;
    static const struct {
        const char *method;
        const char *body;
        const char *begins;
        int length; /* -1: no such header */
    } cases[] = {
        {"POST", "abc", "POST / HTTP/1.1\r\n", 3},
        {"PUT", "abc", "PUT / HTTP/1.1\r\n", 3},
        {"PATCH", "abc", "PATCH / HTTP/1.1\r\n", 3},
        {"DELETE", "abc", "DELETE / HTTP/1.1\r\n", 3},
        {"GET", "abc", "GET / HTTP/1.1\r\n", 3},
        {"OPTIONS", "abc", "OPTIONS / HTTP/1.1\r\n", 3},
        {"PROPFIND", "a", "PROPFIND / HTTP/1.1\r\n", 1},
        {"POST", "", "POST / HTTP/1.1\r\n", 0},
        {"PUT", "", "PUT / HTTP/1.1\r\n", 0},
        {"PATCH", "", "PATCH / HTTP/1.1\r\n", 0},
        {"DELETE", "", "DELETE / HTTP/1.1\r\n", -1},
        {"GET", "", "GET / HTTP/1.1\r\n", -1},
        {"HEAD", "", "HEAD / HTTP/1.1\r\n", -1},
        {"OPTIONS", "", "OPTIONS / HTTP/1.1\r\n", -1},
        {"TRACE", "", "TRACE / HTTP/1.1\r\n", -1},
        {"PROPFIND", "", "PROPFIND / HTTP/1.1\r\n", -1},
    };
    struct caller c;
    caller_open(&c, answers, 1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        c.request.method = cases[i].method;
        c.request.body = xcy_bytes_of(cases[i].body);
        assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
        char *got = xcy_raw_server_request(c.server, i);
        assert_memory_equal(got, cases[i].begins, strlen(cases[i].begins));
        const char *length = strstr(got, "Content-Length: ");
        assert_int_equal(length ? strtol(strchr(length, ' '), NULL, 10) : -1, cases[i].length);
        assert_string_equal(strstr(got, "\r\n\r\n") + 4, cases[i].body);
        free(got);
    }
    caller_close(&c);
}

/* The server never says "100 Continue": who waited for it would wait for ever, or a second. */
static void a_large_body_is_sent_without_asking(void **state)
{
    (void)state;
    enum { LARGE_BYTES = 2 * 1024 * 1024 };
    struct caller c;
    caller_open(&c, answers, 1);
    char *large = xcy_alloc(LARGE_BYTES);
    memset(large, 'x', LARGE_BYTES);
    c.request.method = "POST";
    c.request.body = xcy_bytes(large, LARGE_BYTES);
    assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
    char *got = xcy_raw_server_request(c.server, 0);
    assert_null(strcasestr(got, "Expect"));
    assert_int_equal(strlen(strstr(got, "\r\n\r\n") + 4), LARGE_BYTES);
    free(got);
    free(large);
    caller_close(&c);
}

static const struct xcy_http_signer signer = {
    .region = "eu-central-1", .service = "sqs", .access_key = "AKID:ODD", .secret_key = "s:e:c"};

static void an_unsigned_request_after_a_signed_one_carries_no_credentials(void **state)
{
    (void)state;
    struct caller c;
    caller_open(&c, answers, 1);
    c.request.method = "POST";
    c.request.headers[c.request.n_headers++] = (struct xcy_http_header){"Content-Type", "a/b"};
    for (int i = 0; i < 3; i++) {
        c.request.signer = i == 1 ? NULL : &signer;
        assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
        char *got = xcy_raw_server_request(c.server, (size_t)i);
        assert_null(strcasestr(got, "Authorization: Basic"));
        assert_int_equal(strstr(got, "Authorization: AWS4-HMAC-SHA256") != NULL, i != 1);
        assert_null(strstr(got, "s:e:c"));
        free(got);
    }
    caller_close(&c);
}

static void a_401_is_not_answered_with_the_secret(void **state)
{
    (void)state;
    struct caller c;
    static const struct xcy_raw_step steps[] = {
        {XCY_RAW_ANSWER, "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
                         "Content-Length: 0\r\n\r\n"}};
    caller_open(&c, steps, 1);
    c.request.signer = &signer;
    c.request.headers[c.request.n_headers++] = (struct xcy_http_header){"Content-Type", "a/b"};
    assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
    assert_int_equal(c.reply.status, 401);
    assert_int_equal(xcy_raw_server_requests(c.server), 1);
    char *got = xcy_raw_server_request(c.server, 0);
    assert_null(strcasestr(got, "Authorization: Basic"));
    free(got);
    caller_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reply_comes_whole_with_its_stamps),
        cmocka_unit_test(one_connection_carries_many_requests),
        cmocka_unit_test(a_request_that_a_kept_connection_swallowed_is_not_sent_again),
        cmocka_unit_test(replies_that_break_off_are_resets),
        cmocka_unit_test(what_is_not_http_is_refused),
        cmocka_unit_test(a_reply_beyond_the_bound_is_refused),
        cmocka_unit_test(redirects_are_not_followed),
        cmocka_unit_test(a_refused_connection_names_host_and_port),
        cmocka_unit_test(a_name_that_cannot_be_is_a_dns_failure),
        cmocka_unit_test(a_plain_server_asked_for_tls_is_a_tls_failure),
        cmocka_unit_test(a_silent_server_is_left_at_the_first_byte_timeout),
        cmocka_unit_test(a_reply_that_began_is_left_only_at_the_total_timeout),
        cmocka_unit_test(many_transfers_run_at_once),
        cmocka_unit_test(connections_stay_within_their_bound),
        cmocka_unit_test(done_may_start_the_next),
        cmocka_unit_test(cancelled_transfers_are_reported_once_by_the_next_run),
        cmocka_unit_test(closing_cancels_what_runs),
        cmocka_unit_test(a_readable_descriptor_ends_the_run),
        cmocka_unit_test(a_run_ends_at_its_instant_and_not_before),
        cmocka_unit_test(each_method_sends_what_it_should),
        cmocka_unit_test(a_large_body_is_sent_without_asking),
        cmocka_unit_test(an_unsigned_request_after_a_signed_one_carries_no_credentials),
        cmocka_unit_test(a_401_is_not_answered_with_the_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
