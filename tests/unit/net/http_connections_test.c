#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/net/client.h"
#include "tests/unit/net/caller.h"
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

static void open_to_post(struct caller *c, const struct xcy_raw_step *steps, size_t n)
{
    caller_open(c, steps, n);
    c->request.method = "POST";
    c->request.body = xcy_bytes_of("body");
}

static const struct xcy_raw_step closing[] = {{XCY_RAW_ANSWER_CLOSE, XCY_RAW_OK},
                                              {XCY_RAW_ANSWER, XCY_RAW_OK}};

static void an_idle_connection_that_the_server_closes_is_given_up(void **state)
{
    (void)state;
    struct caller c;
    open_to_post(&c, closing, 2);
    assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
    while (xcy_tcp_ends(0) > 0) {
        caller_run_a_little(&c);
    }
    assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
    assert_int_equal(xcy_raw_server_connections(c.server), 2);
    caller_close(&c);
}

static void a_connection_found_dead_is_replaced_before_anything_is_sent(void **state)
{
    (void)state;
    struct caller c;
    open_to_post(&c, closing, 2);
    assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
    do { /* until the server's end is gone; the client is not asked meanwhile */
        poll(NULL, 0, 2);
    } while (xcy_tcp_ends(0) > 1);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
        assert_int_equal(c.reply.attempts, 1);
    }
    assert_int_equal(xcy_raw_server_requests(c.server), 4);
    assert_int_equal(xcy_raw_server_connections(c.server), 2);
    caller_close(&c);
}

struct chain {
    struct caller *c;
    size_t n_left;
};

static void start_eight_at_a_time(struct caller *c)
{
    c->n_done = 0;
    for (int i = 0; i < 8; i++) {
        caller_start(c);
    }
    while (c->n_done < 8) {
        caller_run_a_little(c);
    }
}

static void connections_that_a_burst_left_idle_are_closed(void **state)
{
    (void)state;
    struct caller c;
    open_to_post(&c, answers, 1);
    start_eight_at_a_time(&c);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
    }
    assert_int_equal(c.http->n_lanes, 8); /* not idle for long */
    caller_reopen(&c, &(struct xcy_http_options){.max_idle_ns = MS});
    start_eight_at_a_time(&c);
    while (c.http->n_lanes > 1) {
        assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
    }
    assert_int_equal(c.http->n_idle, 1);
    caller_close(&c);
}

static void start_next(void *ctx, const struct xcy_http_reply *reply)
{
    struct chain *chain = ctx;
    struct caller *c = chain->c;
    c->n_of[reply->result]++;
    assert_int_equal(reply->attempts, reply->result == XCY_HTTP_RESET ? 2 : 1);
    if (chain->n_left > 0) {
        chain->n_left--;
        assert_ok(xcy_http_start(c->http, &c->request, NULL, start_next, chain, &c->err), &c->err);
    }
}

/* The next request may meet the connection alive, dying or dead. */
static void a_server_that_closes_after_each_reply_gets_no_request_twice(void **state)
{
    (void)state;
    struct caller c;
    struct chain chain = {.c = &c, .n_left = 99};
    open_to_post(&c, closing, 1);
    assert_ok(xcy_http_start(c.http, &c.request, NULL, start_next, &chain, &c.err), &c.err);
    caller_finish(&c);
    assert_int_equal(c.n_of[XCY_HTTP_DONE] + c.n_of[XCY_HTTP_RESET], 100);
    assert_int_equal(xcy_raw_server_requests(c.server), c.n_of[XCY_HTTP_DONE]);
    caller_close(&c);
}

static void hosts_keep_their_connections_side_by_side(void **state)
{
    (void)state;
    struct caller c;
    char other_url[64];
    open_to_post(&c, answers, 1);
    struct xcy_raw_server *other = xcy_raw_server_start(answers, 1);
    snprintf(other_url, sizeof other_url, "http://127.0.0.1:%u/", xcy_raw_server_port(other));
    for (int i = 0; i < 10; i++) {
        c.request.url = i % 2 ? c.url : other_url;
        assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
    }
    assert_int_equal(xcy_raw_server_connections(c.server), 1);
    assert_int_equal(xcy_raw_server_connections(other), 1);
    caller_reopen(&c, &(struct xcy_http_options){.max_connections = 1});
    for (int i = 0; i < 4; i++) {
        c.request.url = i % 2 ? c.url : other_url;
        assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
        assert_int_equal(xcy_tcp_ends(xcy_raw_server_port(c.server)) +
                             xcy_tcp_ends(xcy_raw_server_port(other)),
                         1);
    }
    assert_int_equal(xcy_raw_server_requests(c.server), 7);
    assert_int_equal(xcy_raw_server_requests(other), 7);
    xcy_raw_server_stop(other);
    caller_close(&c);
}

static void what_waits_at_the_bound_can_time_out_and_be_cancelled(void **state)
{
    (void)state;
    struct caller c;
    open_to_post(&c, silence, 1);
    caller_reopen(&c, &(struct xcy_http_options){.max_connections = 1});
    caller_start(&c);
    c.request.total_timeout_ns = 10 * MS;
    caller_start(&c);
    c.request.total_timeout_ns = 0;
    caller_start(&c);
    while (c.n_done == 0) {
        xcy_http_run(c.http, (struct xcy_mono){INT64_MAX}, -1, true);
    }
    assert_int_equal(c.n_of[XCY_HTTP_TOTAL_TIMEOUT], 1);
    xcy_raw_server_await(c.server, 1);
    xcy_http_cancel_all(c.http);
    xcy_http_run(c.http, (struct xcy_mono){0}, -1, false);
    assert_int_equal(c.n_of[XCY_HTTP_CANCELLED], 2);
    assert_int_equal(xcy_raw_server_requests(c.server), 1);
    caller_close(&c);
}

static void a_big_reply_on_a_kept_connection_comes_whole(void **state)
{
    (void)state;
    struct caller c;
    char *text = xcy_format("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%*c", BIG, BIG, 'e');
    const struct xcy_raw_step steps[] = {{XCY_RAW_ANSWER, XCY_RAW_OK}, {XCY_RAW_ANSWER, text}};
    open_to_post(&c, steps, 2);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(caller_call(&c), XCY_HTTP_DONE);
        assert_int_equal(c.reply.body.len, i == 0 ? 2 : BIG);
        assert_int_equal(c.reply.body.ptr[c.reply.body.len - 1], i == 0 ? 'k' : 'e');
    }
    assert_int_equal(xcy_raw_server_connections(c.server), 1);
    caller_close(&c);
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

/* Reads n bytes more, the client being run meanwhile. */
static void narrow_read(struct caller *c, struct narrow *narrow, size_t n)
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
            caller_run_a_little(c);
        }
    }
}

static void narrow_answer(struct narrow *narrow, const char *text)
{
    size_t len = strlen(text);
    assert_int_equal(send(narrow->peer, text, len, MSG_NOSIGNAL), len);
}

/* One small request answered, a big one begun, and no byte of it read. */
static void begin_narrow(struct caller *c, struct narrow *narrow, const char *big)
{
    narrow_open(narrow, c->url);
    caller_start(c);
    caller_run_a_little(c);
    narrow->peer = accept4(narrow->listener, NULL, NULL, SOCK_CLOEXEC);
    narrow_read(c, narrow, 100);
    char rest[4096];
    while (recv(narrow->peer, rest, sizeof rest, MSG_DONTWAIT) > 0) {
    }
    narrow_answer(narrow, XCY_RAW_OK);
    while (c->n_done == 0) {
        caller_run_a_little(c);
    }
    c->request.body = xcy_bytes(big, BIG);
    narrow->n_read = 0;
    caller_start(c);
    caller_run_a_little(c);
}

static void end_narrow(struct caller *c, struct narrow *narrow, char *big)
{
    close(narrow->peer);
    close(narrow->listener);
    caller_close(c);
    free(big);
}

static void a_big_body_on_a_kept_connection_is_written_as_the_server_takes_it(void **state)
{
    (void)state;
    struct caller c;
    struct narrow narrow;
    char *big = xcy_alloc(BIG);
    open_to_post(&c, answers, 1);
    begin_narrow(&c, &narrow, big);
    narrow_read(&c, &narrow, BIG + 100);
    narrow_answer(&narrow, XCY_RAW_OK);
    while (c.n_done == 1) {
        caller_run_a_little(&c);
    }
    c.request.body = xcy_bytes_of("small again");
    caller_start(&c);
    caller_run_a_little(&c);
    narrow_read(&c, &narrow, 100);
    narrow_answer(&narrow, XCY_RAW_OK);
    while (c.n_done == 2) {
        caller_run_a_little(&c);
    }
    assert_int_equal(c.n_of[XCY_HTTP_DONE], 3);
    end_narrow(&c, &narrow, big);
}

static void an_answer_before_the_body_is_written_counts(void **state)
{
    (void)state;
    struct caller c;
    struct narrow narrow;
    char *big = xcy_alloc(BIG);
    open_to_post(&c, answers, 1);
    begin_narrow(&c, &narrow, big);
    narrow_read(&c, &narrow, 1000);
    narrow_answer(&narrow, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
    while (c.n_done == 1) {
        caller_run_a_little(&c);
    }
    assert_int_equal(c.n_of[XCY_HTTP_DONE], 2);
    end_narrow(&c, &narrow, big);
}

static void a_reply_tells_its_version(void **state)
{
    (void)state;
    struct caller c;
    static const struct xcy_raw_step steps[] = {{XCY_RAW_ANSWER, XCY_RAW_OK},
                                                {XCY_RAW_ANSWER_CLOSE, "HTTP/1.0 200 OK\r\n\r\nok"},
                                                {XCY_RAW_ANSWER_CLOSE, ""}};
    static const int expected[] = {11, 10, 0};
    open_to_post(&c, steps, 3);
    for (size_t i = 0; i < 3; i++) {
        caller_call(&c);
        assert_int_equal(c.reply.http_version, expected[i]);
    }
    caller_close(&c);
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
