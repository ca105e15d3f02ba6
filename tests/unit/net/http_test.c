#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/net/http.h"
#include "tests/support/raw_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define MS XCY_NS_PER_MS

static const struct xcy_raw_step answers[] = {{XCY_RAW_ANSWER, XCY_RAW_OK}};

/* A client, and a server that follows the script. */
struct fixture {
    struct xcy_raw_server *server;
    struct xcy_http *http;
    char url[64];
    struct xcy_http_request request;
    struct xcy_http_reply reply;
    struct xcy_error err;
};

static void setup(struct fixture *f, const struct xcy_raw_step *steps, size_t n)
{
    *f = (struct fixture){.server = xcy_raw_server_start(steps, n), .http = xcy_http_open(NULL)};
    snprintf(f->url, sizeof f->url, "http://127.0.0.1:%u/", xcy_raw_server_port(f->server));
    f->request = (struct xcy_http_request){.method = "GET", .url = f->url};
}

static void teardown(struct fixture *f)
{
    xcy_http_reply_clear(&f->reply);
    xcy_http_close(f->http);
    xcy_raw_server_stop(f->server);
}

static enum xcy_http_result call(struct fixture *f)
{
    xcy_http_reply_clear(&f->reply);
    assert_ok(xcy_http_call(f->http, &f->request, false, &f->reply, &f->err), &f->err);
    return f->reply.result;
}

static void a_reply_comes_whole_with_its_stamps(void **state)
{
    (void)state;
    struct fixture f;
    static const struct xcy_raw_step steps[] = {
        {XCY_RAW_ANSWER, "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nX-A:  one \r\n\r\nbody"}};
    setup(&f, steps, 1);
    struct xcy_mono before = xcy_mono_now();
    assert_int_equal(call(&f), XCY_HTTP_DONE);
    assert_int_equal(f.reply.status, 404);
    assert_string_equal(f.reply.body.ptr, "body");
    assert_int_equal(f.reply.attempts, 1);
    assert_true(f.reply.was_sent);
    assert_true(before.ns <= f.reply.sent.ns && f.reply.sent.ns <= f.reply.acked.ns);
    char value[16];
    assert_true(xcy_http_reply_header(&f.reply, "x-a", value, sizeof value));
    assert_string_equal(value, "one");
    assert_false(xcy_http_reply_header(&f.reply, "x-b", value, sizeof value));
    teardown(&f);
}

static void one_connection_carries_many_requests(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, answers, 1);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(call(&f), XCY_HTTP_DONE);
    }
    assert_int_equal(xcy_raw_server_requests(f.server), 20);
    assert_int_equal(xcy_raw_server_connections(f.server), 1);
    teardown(&f);
}

/* Wire fact: libcurl alone would send the request a second time here. */
static void a_request_that_a_kept_connection_swallowed_is_not_sent_again(void **state)
{
    (void)state;
    struct fixture f;
    static const struct xcy_raw_step steps[] = {
        {XCY_RAW_ANSWER, XCY_RAW_OK}, {XCY_RAW_ANSWER_CLOSE, ""}, {XCY_RAW_ANSWER, XCY_RAW_OK}};
    setup(&f, steps, 3);
    f.request.method = "POST";
    f.request.body = xcy_bytes_of("write");
    assert_int_equal(call(&f), XCY_HTTP_DONE);
    assert_int_equal(call(&f), XCY_HTTP_RESET);
    assert_int_equal(f.reply.attempts, 2);
    assert_true(f.reply.was_sent);
    assert_int_equal(xcy_raw_server_requests(f.server), 2);
    assert_int_equal(call(&f), XCY_HTTP_DONE);
    assert_int_equal(f.reply.attempts, 1);
    assert_int_equal(xcy_raw_server_requests(f.server), 3);
    teardown(&f);
}

static void replies_that_break_off_are_resets(void **state)
{
    (void)state;
    struct fixture f;
    static const struct xcy_raw_step steps[] = {
        {XCY_RAW_ANSWER_CLOSE, ""},
        {XCY_RAW_ANSWER_CLOSE, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"},
        {XCY_RAW_ANSWER_CLOSE, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"}};
    setup(&f, steps, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(call(&f), XCY_HTTP_RESET);
        assert_int_equal(xcy_raw_server_requests(f.server), i + 1);
    }
    teardown(&f);
}

static void what_is_not_http_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    static const struct xcy_raw_step steps[] = {{XCY_RAW_ANSWER_CLOSE, "SSH-2.0-x\r\n"}};
    setup(&f, steps, 1);
    assert_int_equal(call(&f), XCY_HTTP_REFUSED);
    teardown(&f);
}

static void a_reply_beyond_the_bound_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    static const struct xcy_raw_step steps[] = {
        {XCY_RAW_ANSWER, "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n12345678"},
        {XCY_RAW_ANSWER, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789"}};
    setup(&f, steps, 2);
    xcy_http_close(f.http);
    f.http = xcy_http_open(&(struct xcy_http_options){.max_reply_bytes = 8});
    assert_int_equal(call(&f), XCY_HTTP_DONE);
    assert_int_equal(call(&f), XCY_HTTP_REFUSED);
    assert_non_null(strstr(f.reply.message, "larger than 8 bytes"));
    teardown(&f);
}

static void redirects_are_not_followed(void **state)
{
    (void)state;
    struct fixture f;
    static const struct xcy_raw_step steps[] = {
        {XCY_RAW_ANSWER, "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"}};
    setup(&f, steps, 1);
    assert_int_equal(call(&f), XCY_HTTP_DONE);
    assert_int_equal(f.reply.status, 302);
    assert_int_equal(xcy_raw_server_requests(f.server), 1);
    teardown(&f);
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
    struct fixture f;
    setup(&f, answers, 1);
    uint16_t port = 0;
    int fd = bound_socket(&port); /* and nobody listens */
    char place[32];
    snprintf(f.url, sizeof f.url, "http://127.0.0.1:%u/", port);
    snprintf(place, sizeof place, "127.0.0.1:%u", port);
    assert_int_equal(call(&f), XCY_HTTP_CONNECT);
    assert_false(f.reply.was_sent);
    assert_int_equal(f.reply.status, 0);
    assert_non_null(strstr(f.reply.message, place));
    assert_non_null(strstr(f.reply.message, "refused"));
    close(fd);
    teardown(&f);
}

static void a_name_that_cannot_be_is_a_dns_failure(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, answers, 1);
    snprintf(f.url, sizeof f.url, "http://nowhere.invalid/");
    assert_int_equal(call(&f), XCY_HTTP_DNS);
    assert_non_null(strstr(f.reply.message, "nowhere.invalid:80"));
    teardown(&f);
}

static void a_silent_server_is_left_at_the_first_byte_timeout(void **state)
{
    (void)state;
    struct fixture f;
    static const struct xcy_raw_step steps[] = {{XCY_RAW_SILENCE, NULL},
                                                {XCY_RAW_ANSWER, "HTTP/1.1 100 Continue\r\n\r\n"}};
    setup(&f, steps, 2);
    f.request.first_byte_timeout_ns = 5 * MS;
    for (int i = 0; i < 2; i++) { /* a 100 is not yet an answer */
        assert_int_equal(call(&f), XCY_HTTP_FIRST_BYTE_TIMEOUT);
        assert_true(f.reply.was_sent);
        assert_true(xcy_mono_diff_ns(f.reply.acked, f.reply.sent) >= 5 * MS);
    }
    teardown(&f);
}

static void a_reply_that_began_is_left_only_at_the_total_timeout(void **state)
{
    (void)state;
    struct fixture f;
    static const struct xcy_raw_step steps[] = {
        {XCY_RAW_ANSWER, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"}};
    setup(&f, steps, 1);
    f.request.first_byte_timeout_ns = 300 * MS;
    f.request.total_timeout_ns = 320 * MS;
    assert_int_equal(call(&f), XCY_HTTP_TOTAL_TIMEOUT);
    assert_int_equal(f.reply.status, 200);
    teardown(&f);
}

struct tally {
    size_t n_done;
    size_t n_sent;
    size_t n_of[XCY_HTTP_CANCELLED + 1];
    struct xcy_http *http;
    const struct xcy_http_request *again; /* started once more from `done` */
};

static void count_sent(void *ctx, struct xcy_mono sent)
{
    struct tally *tally = ctx;
    assert_true(sent.ns <= xcy_mono_now().ns);
    tally->n_sent++;
}

static void count_done(void *ctx, const struct xcy_http_reply *reply)
{
    struct tally *tally = ctx;
    tally->n_done++;
    tally->n_of[reply->result]++;
    if (tally->again) {
        const struct xcy_http_request *again = tally->again;
        struct xcy_error err;
        tally->again = NULL;
        assert_ok(xcy_http_start(tally->http, again, count_sent, count_done, tally, &err), &err);
    }
}

static void start(struct fixture *f, struct tally *tally)
{
    assert_ok(xcy_http_start(f->http, &f->request, count_sent, count_done, tally, &f->err),
              &f->err);
}

/* A listener that answers a TLS hello with plain words. */
static void a_plain_server_asked_for_tls_is_a_tls_failure(void **state)
{
    (void)state;
    struct fixture f;
    struct tally tally = {0};
    setup(&f, answers, 1);
    uint16_t port = 0;
    int listener = bound_socket(&port);
    assert_int_equal(listen(listener, 1), 0);
    snprintf(f.url, sizeof f.url, "https://127.0.0.1:%u/", port);
    start(&f, &tally);
    xcy_http_run(f.http, (struct xcy_mono){0}, -1, false);
    int peer = accept(listener, NULL, NULL);
    assert_true(peer >= 0);
    assert_int_equal(send(peer, "HTTP/1.1 400 no\r\n\r\n", 19, MSG_NOSIGNAL), 19);
    while (xcy_http_running(f.http) > 0) {
        xcy_http_run(f.http, (struct xcy_mono){INT64_MAX}, -1, true);
    }
    assert_int_equal(tally.n_of[XCY_HTTP_TLS], 1);
    assert_int_equal(tally.n_sent, 0);
    close(peer);
    close(listener);
    teardown(&f);
}

static void many_transfers_run_at_once(void **state)
{
    (void)state;
    struct fixture f;
    struct tally tally = {0};
    setup(&f, answers, 1);
    for (int i = 0; i < 30; i++) {
        start(&f, &tally);
    }
    assert_int_equal(xcy_http_running(f.http), 30);
    assert_int_equal(tally.n_done, 0);
    while (xcy_http_running(f.http) > 0) {
        xcy_http_run(f.http, (struct xcy_mono){INT64_MAX}, -1, true);
    }
    assert_int_equal(tally.n_of[XCY_HTTP_DONE], 30);
    assert_int_equal(tally.n_sent, 30);
    teardown(&f);
}

static void connections_stay_within_their_bound(void **state)
{
    (void)state;
    struct fixture f;
    struct tally tally = {0};
    setup(&f, answers, 1);
    xcy_http_close(f.http);
    f.http = xcy_http_open(&(struct xcy_http_options){.max_connections = 3});
    for (int i = 0; i < 30; i++) {
        start(&f, &tally);
    }
    while (xcy_http_running(f.http) > 0) {
        xcy_http_run(f.http, (struct xcy_mono){INT64_MAX}, -1, true);
    }
    assert_int_equal(tally.n_of[XCY_HTTP_DONE], 30);
    assert_in_range(xcy_raw_server_connections(f.server), 1, 3);
    teardown(&f);
}

static void done_may_start_the_next(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, answers, 1);
    struct tally tally = {.http = f.http, .again = &f.request};
    start(&f, &tally);
    while (xcy_http_running(f.http) > 0) {
        xcy_http_run(f.http, (struct xcy_mono){INT64_MAX}, -1, true);
    }
    assert_int_equal(tally.n_of[XCY_HTTP_DONE], 2);
    teardown(&f);
}

static void cancelled_transfers_are_reported_once_by_the_next_run(void **state)
{
    (void)state;
    struct fixture f;
    struct tally tally = {0};
    static const struct xcy_raw_step steps[] = {{XCY_RAW_SILENCE, NULL}};
    setup(&f, steps, 1);
    start(&f, &tally);
    start(&f, &tally);
    while (tally.n_sent < 2) {
        xcy_http_run(f.http, xcy_mono_add(xcy_mono_now(), MS), -1, false);
    }
    xcy_http_cancel_all(f.http);
    assert_int_equal(tally.n_done, 0);
    assert_int_equal(xcy_http_running(f.http), 2);
    xcy_http_run(f.http, (struct xcy_mono){0}, -1, false);
    assert_int_equal(tally.n_of[XCY_HTTP_CANCELLED], 2);
    assert_int_equal(xcy_http_running(f.http), 0);
    teardown(&f);
}

static void closing_cancels_what_runs(void **state)
{
    (void)state;
    struct fixture f;
    struct tally tally = {0};
    setup(&f, answers, 1);
    start(&f, &tally);
    xcy_http_close(f.http);
    f.http = NULL;
    assert_int_equal(tally.n_of[XCY_HTTP_CANCELLED], 1);
    teardown(&f);
}

static void a_readable_descriptor_ends_the_run(void **state)
{
    (void)state;
    struct fixture f;
    struct tally tally = {0};
    static const struct xcy_raw_step steps[] = {{XCY_RAW_SILENCE, NULL}};
    setup(&f, steps, 1);
    start(&f, &tally);
    int fd = eventfd(1, 0);
    xcy_http_run(f.http, (struct xcy_mono){INT64_MAX}, fd, false);
    assert_int_equal(xcy_http_running(f.http), 1);
    close(fd);
    teardown(&f);
}

static void a_run_ends_at_its_instant_and_not_before(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, answers, 1);
    struct xcy_mono until = xcy_mono_add(xcy_mono_now(), 1300000);
    xcy_http_run(f.http, until, -1, false);
    assert_true(xcy_mono_now().ns >= until.ns);
    teardown(&f);
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
    struct fixture f;
    setup(&f, answers, 1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        f.request.method = cases[i].method;
        f.request.body = xcy_bytes_of(cases[i].body);
        assert_int_equal(call(&f), XCY_HTTP_DONE);
        char *got = xcy_raw_server_request(f.server, i);
        assert_memory_equal(got, cases[i].begins, strlen(cases[i].begins));
        const char *length = strstr(got, "Content-Length: ");
        assert_int_equal(length ? strtol(strchr(length, ' '), NULL, 10) : -1, cases[i].length);
        assert_string_equal(strstr(got, "\r\n\r\n") + 4, cases[i].body);
        free(got);
    }
    teardown(&f);
}

/* The server never says "100 Continue": who waited for it would wait for ever, or a second. */
static void a_large_body_is_sent_without_asking(void **state)
{
    (void)state;
    enum { LARGE_BYTES = 2 * 1024 * 1024 };
    struct fixture f;
    setup(&f, answers, 1);
    char *large = xcy_alloc(LARGE_BYTES);
    memset(large, 'x', LARGE_BYTES);
    f.request.method = "POST";
    f.request.body = xcy_bytes(large, LARGE_BYTES);
    assert_int_equal(call(&f), XCY_HTTP_DONE);
    char *got = xcy_raw_server_request(f.server, 0);
    assert_null(strcasestr(got, "Expect"));
    assert_int_equal(strlen(strstr(got, "\r\n\r\n") + 4), LARGE_BYTES);
    free(got);
    free(large);
    teardown(&f);
}

static const struct xcy_http_signer signer = {
    .region = "eu-central-1", .service = "sqs", .access_key = "AKID:ODD", .secret_key = "s:e:c"};

static void an_unsigned_request_after_a_signed_one_carries_no_credentials(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, answers, 1);
    f.request.method = "POST";
    f.request.headers[f.request.n_headers++] = (struct xcy_http_header){"Content-Type", "a/b"};
    for (int i = 0; i < 3; i++) {
        f.request.signer = i == 1 ? NULL : &signer;
        assert_int_equal(call(&f), XCY_HTTP_DONE);
        char *got = xcy_raw_server_request(f.server, (size_t)i);
        assert_null(strcasestr(got, "Authorization: Basic"));
        assert_int_equal(strstr(got, "Authorization: AWS4-HMAC-SHA256") != NULL, i != 1);
        assert_null(strstr(got, "s:e:c"));
        free(got);
    }
    teardown(&f);
}

static void a_401_is_not_answered_with_the_secret(void **state)
{
    (void)state;
    struct fixture f;
    static const struct xcy_raw_step steps[] = {
        {XCY_RAW_ANSWER, "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
                         "Content-Length: 0\r\n\r\n"}};
    setup(&f, steps, 1);
    f.request.signer = &signer;
    f.request.headers[f.request.n_headers++] = (struct xcy_http_header){"Content-Type", "a/b"};
    assert_int_equal(call(&f), XCY_HTTP_DONE);
    assert_int_equal(f.reply.status, 401);
    assert_int_equal(xcy_raw_server_requests(f.server), 1);
    char *got = xcy_raw_server_request(f.server, 0);
    assert_null(strcasestr(got, "Authorization: Basic"));
    free(got);
    teardown(&f);
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
