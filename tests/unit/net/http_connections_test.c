#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/net/client.h"
#include "tests/support/raw_server.h"
#include "tests/unit/net/tcp_ends.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define MS XCY_NS_PER_MS

enum { BIG = 700 * 1024 };

static const struct xcy_raw_step answers[] = {{XCY_RAW_ANSWER, XCY_RAW_OK}};
static const struct xcy_raw_step silence[] = {{XCY_RAW_SILENCE, NULL}};

struct fixture {
    struct xcy_raw_server *server;
    struct xcy_http *http;
    char url[64];
    struct xcy_http_request request;
    struct xcy_http_reply reply;
    size_t n_done;
    size_t n_of[XCY_HTTP_CANCELLED + 1];
    struct xcy_error err;
};

static void setup(struct fixture *f, const struct xcy_raw_step *steps, size_t n)
{
    *f = (struct fixture){.server = xcy_raw_server_start(steps, n), .http = xcy_http_open(NULL)};
    snprintf(f->url, sizeof f->url, "http://127.0.0.1:%u/", xcy_raw_server_port(f->server));
    f->request =
        (struct xcy_http_request){.method = "POST", .url = f->url, .body = xcy_bytes_of("body")};
}

static void teardown(struct fixture *f)
{
    xcy_http_reply_clear(&f->reply);
    xcy_http_close(f->http);
    xcy_raw_server_stop(f->server);
}

static void reopen(struct fixture *f, const struct xcy_http_options *options)
{
    xcy_http_close(f->http);
    f->http = xcy_http_open(options);
}

static enum xcy_http_result call(struct fixture *f)
{
    xcy_http_reply_clear(&f->reply);
    assert_ok(xcy_http_call(f->http, &f->request, false, &f->reply, &f->err), &f->err);
    return f->reply.result;
}

static void count_done(void *ctx, const struct xcy_http_reply *reply)
{
    struct fixture *f = ctx;
    f->n_of[reply->result]++;
    f->n_done++;
}

static void start(struct fixture *f)
{
    assert_ok(xcy_http_start(f->http, &f->request, NULL, count_done, f, &f->err), &f->err);
}

static const struct xcy_raw_step closing[] = {{XCY_RAW_ANSWER_CLOSE, XCY_RAW_OK},
                                              {XCY_RAW_ANSWER, XCY_RAW_OK}};

static void an_idle_connection_that_the_server_closes_is_given_up(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, closing, 2);
    assert_int_equal(call(&f), XCY_HTTP_DONE);
    while (xcy_tcp_ends(0) > 0) {
        xcy_http_run(f.http, xcy_mono_add(xcy_mono_now(), MS), -1, false);
    }
    assert_int_equal(call(&f), XCY_HTTP_DONE);
    assert_int_equal(xcy_raw_server_connections(f.server), 2);
    teardown(&f);
}

static void a_connection_found_dead_is_replaced_before_anything_is_sent(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, closing, 2);
    assert_int_equal(call(&f), XCY_HTTP_DONE);
    do { /* until the server's end is gone; the client is not asked meanwhile */
        poll(NULL, 0, 2);
    } while (xcy_tcp_ends(0) > 1);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(call(&f), XCY_HTTP_DONE);
        assert_int_equal(f.reply.attempts, 1);
    }
    assert_int_equal(xcy_raw_server_requests(f.server), 4);
    assert_int_equal(xcy_raw_server_connections(f.server), 2);
    teardown(&f);
}

struct chain {
    struct fixture *f;
    size_t n_left;
};

static void start_eight_at_a_time(struct fixture *f)
{
    f->n_done = 0;
    for (int i = 0; i < 8; i++) {
        start(f);
    }
    while (f->n_done < 8) {
        xcy_http_run(f->http, xcy_mono_add(xcy_mono_now(), MS), -1, false);
    }
}

static void connections_that_a_burst_left_idle_are_closed(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, answers, 1);
    start_eight_at_a_time(&f);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(call(&f), XCY_HTTP_DONE);
    }
    assert_int_equal(f.http->n_lanes, 8); /* not idle for long */
    reopen(&f, &(struct xcy_http_options){.max_idle_ns = MS});
    start_eight_at_a_time(&f);
    while (f.http->n_lanes > 1) {
        assert_int_equal(call(&f), XCY_HTTP_DONE);
    }
    assert_int_equal(f.http->n_idle, 1);
    teardown(&f);
}

static void start_next(void *ctx, const struct xcy_http_reply *reply)
{
    struct chain *chain = ctx;
    struct fixture *f = chain->f;
    f->n_of[reply->result]++;
    assert_int_equal(reply->attempts, reply->result == XCY_HTTP_RESET ? 2 : 1);
    if (chain->n_left > 0) {
        chain->n_left--;
        assert_ok(xcy_http_start(f->http, &f->request, NULL, start_next, chain, &f->err), &f->err);
    }
}

/* The next request may meet the connection alive, dying or dead. */
static void a_server_that_closes_after_each_reply_gets_no_request_twice(void **state)
{
    (void)state;
    struct fixture f;
    struct chain chain = {.f = &f, .n_left = 99};
    setup(&f, closing, 1);
    assert_ok(xcy_http_start(f.http, &f.request, NULL, start_next, &chain, &f.err), &f.err);
    while (xcy_http_running(f.http) > 0) {
        xcy_http_run(f.http, (struct xcy_mono){INT64_MAX}, -1, true);
    }
    assert_int_equal(f.n_of[XCY_HTTP_DONE] + f.n_of[XCY_HTTP_RESET], 100);
    assert_int_equal(xcy_raw_server_requests(f.server), f.n_of[XCY_HTTP_DONE]);
    teardown(&f);
}

static void hosts_keep_their_connections_side_by_side(void **state)
{
    (void)state;
    struct fixture f;
    char other_url[64];
    setup(&f, answers, 1);
    struct xcy_raw_server *other = xcy_raw_server_start(answers, 1);
    snprintf(other_url, sizeof other_url, "http://127.0.0.1:%u/", xcy_raw_server_port(other));
    for (int i = 0; i < 10; i++) {
        f.request.url = i % 2 ? f.url : other_url;
        assert_int_equal(call(&f), XCY_HTTP_DONE);
    }
    assert_int_equal(xcy_raw_server_connections(f.server), 1);
    assert_int_equal(xcy_raw_server_connections(other), 1);
    reopen(&f, &(struct xcy_http_options){.max_connections = 1});
    for (int i = 0; i < 4; i++) {
        f.request.url = i % 2 ? f.url : other_url;
        assert_int_equal(call(&f), XCY_HTTP_DONE);
        assert_int_equal(xcy_tcp_ends(xcy_raw_server_port(f.server)) +
                             xcy_tcp_ends(xcy_raw_server_port(other)),
                         1);
    }
    assert_int_equal(xcy_raw_server_requests(f.server), 7);
    assert_int_equal(xcy_raw_server_requests(other), 7);
    xcy_raw_server_stop(other);
    teardown(&f);
}

static void what_waits_at_the_bound_can_time_out_and_be_cancelled(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, silence, 1);
    reopen(&f, &(struct xcy_http_options){.max_connections = 1});
    start(&f);
    f.request.total_timeout_ns = 10 * MS;
    start(&f);
    f.request.total_timeout_ns = 0;
    start(&f);
    while (f.n_done == 0) {
        xcy_http_run(f.http, (struct xcy_mono){INT64_MAX}, -1, true);
    }
    assert_int_equal(f.n_of[XCY_HTTP_TOTAL_TIMEOUT], 1);
    xcy_raw_server_await(f.server, 1);
    xcy_http_cancel_all(f.http);
    xcy_http_run(f.http, (struct xcy_mono){0}, -1, false);
    assert_int_equal(f.n_of[XCY_HTTP_CANCELLED], 2);
    assert_int_equal(xcy_raw_server_requests(f.server), 1);
    teardown(&f);
}

static void a_big_reply_on_a_kept_connection_comes_whole(void **state)
{
    (void)state;
    struct fixture f;
    char *text = xcy_format("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%*c", BIG, BIG, 'e');
    const struct xcy_raw_step steps[] = {{XCY_RAW_ANSWER, XCY_RAW_OK}, {XCY_RAW_ANSWER, text}};
    setup(&f, steps, 2);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(call(&f), XCY_HTTP_DONE);
        assert_int_equal(f.reply.body.len, i == 0 ? 2 : BIG);
        assert_int_equal(f.reply.body.ptr[f.reply.body.len - 1], i == 0 ? 'k' : 'e');
    }
    assert_int_equal(xcy_raw_server_connections(f.server), 1);
    teardown(&f);
    free(text);
}

/* A server of the test's own thread, which takes in little at a time. */
struct narrow {
    int listener;
    int peer;
    size_t n_read;
};

static void narrow_open(struct narrow *narrow, char url[64])
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int little = 4096;
    *narrow = (struct narrow){.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    setsockopt(narrow->listener, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
    assert_int_equal(bind(narrow->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(narrow->listener, 8), 0);
    assert_int_equal(getsockname(narrow->listener, (struct sockaddr *)&address, &size), 0);
    snprintf(url, 64, "http://127.0.0.1:%u/", ntohs(address.sin_port));
}

static void run_a_little(struct fixture *f)
{
    xcy_http_run(f->http, xcy_mono_add(xcy_mono_now(), MS), -1, false);
}

/* Reads n bytes more, the client being run meanwhile. */
static void narrow_read(struct fixture *f, struct narrow *narrow, size_t n)
{
    char chunk[4096];
    size_t wanted = narrow->n_read + n;
    while (narrow->n_read < wanted) {
        size_t left = wanted - narrow->n_read;
        ssize_t got =
            recv(narrow->peer, chunk, left < sizeof chunk ? left : sizeof chunk, MSG_DONTWAIT);
        if (got > 0) {
            narrow->n_read += (size_t)got;
        } else {
            run_a_little(f);
        }
    }
}

static void narrow_answer(struct narrow *narrow, const char *text)
{
    size_t len = strlen(text);
    assert_int_equal(send(narrow->peer, text, len, MSG_NOSIGNAL), len);
}

/* One small request answered, a big one begun, and no byte of it read. */
static void begin_narrow(struct fixture *f, struct narrow *narrow, const char *big)
{
    narrow_open(narrow, f->url);
    start(f);
    run_a_little(f);
    narrow->peer = accept4(narrow->listener, NULL, NULL, SOCK_CLOEXEC);
    narrow_read(f, narrow, 100);
    char rest[4096];
    while (recv(narrow->peer, rest, sizeof rest, MSG_DONTWAIT) > 0) {
    }
    narrow_answer(narrow, XCY_RAW_OK);
    while (f->n_done == 0) {
        run_a_little(f);
    }
    f->request.body = xcy_bytes(big, BIG);
    narrow->n_read = 0;
    start(f);
    run_a_little(f);
}

static void end_narrow(struct fixture *f, struct narrow *narrow, char *big)
{
    close(narrow->peer);
    close(narrow->listener);
    teardown(f);
    free(big);
}

static void a_big_body_on_a_kept_connection_is_written_as_the_server_takes_it(void **state)
{
    (void)state;
    struct fixture f;
    struct narrow narrow;
    char *big = xcy_alloc(BIG);
    setup(&f, answers, 1);
    begin_narrow(&f, &narrow, big);
    narrow_read(&f, &narrow, BIG + 100);
    narrow_answer(&narrow, XCY_RAW_OK);
    while (f.n_done == 1) {
        run_a_little(&f);
    }
    f.request.body = xcy_bytes_of("small again");
    start(&f);
    run_a_little(&f);
    narrow_read(&f, &narrow, 100);
    narrow_answer(&narrow, XCY_RAW_OK);
    while (f.n_done == 2) {
        run_a_little(&f);
    }
    assert_int_equal(f.n_of[XCY_HTTP_DONE], 3);
    end_narrow(&f, &narrow, big);
}

static void an_answer_before_the_body_is_written_counts(void **state)
{
    (void)state;
    struct fixture f;
    struct narrow narrow;
    char *big = xcy_alloc(BIG);
    setup(&f, answers, 1);
    begin_narrow(&f, &narrow, big);
    narrow_read(&f, &narrow, 1000);
    narrow_answer(&narrow, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
    while (f.n_done == 1) {
        run_a_little(&f);
    }
    assert_int_equal(f.n_of[XCY_HTTP_DONE], 2);
    end_narrow(&f, &narrow, big);
}

static void a_reply_tells_its_version(void **state)
{
    (void)state;
    struct fixture f;
    static const struct xcy_raw_step steps[] = {{XCY_RAW_ANSWER, XCY_RAW_OK},
                                                {XCY_RAW_ANSWER_CLOSE, "HTTP/1.0 200 OK\r\n\r\nok"},
                                                {XCY_RAW_ANSWER_CLOSE, ""}};
    static const int expected[] = {11, 10, 0};
    setup(&f, steps, 3);
    for (size_t i = 0; i < 3; i++) {
        call(&f);
        assert_int_equal(f.reply.http_version, expected[i]);
    }
    teardown(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_idle_connection_that_the_server_closes_is_given_up),
        cmocka_unit_test(a_connection_found_dead_is_replaced_before_anything_is_sent),
        cmocka_unit_test(connections_that_a_burst_left_idle_are_closed),
        cmocka_unit_test(a_server_that_closes_after_each_reply_gets_no_request_twice),
        cmocka_unit_test(hosts_keep_their_connections_side_by_side),
        cmocka_unit_test(what_waits_at_the_bound_can_time_out_and_be_cancelled),
        cmocka_unit_test(a_big_reply_on_a_kept_connection_comes_whole),
        cmocka_unit_test(a_big_body_on_a_kept_connection_is_written_as_the_server_takes_it),
        cmocka_unit_test(an_answer_before_the_body_is_written_counts),
        cmocka_unit_test(a_reply_tells_its_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
