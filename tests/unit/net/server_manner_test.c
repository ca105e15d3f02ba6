/* Answers that come badly on purpose: held back, slowly, or not at all. */
#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/net/http.h"
#include "common/net/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BODY_BYTES = 2000, MAX_REPLIES = 8 };

/* A server of one thread, and a client. The path says how to answer. */
struct fixture {
    struct xcy_server *server;
    struct xcy_http *http;
    char body[BODY_BYTES + 1];
    atomic_size_t n_handled;
    size_t n_replies;
    char order[MAX_REPLIES + 1]; /* the first letter of each path, as replies came */
    enum xcy_http_result results[MAX_REPLIES];
};

static const struct {
    const char *path;
    struct xcy_reply_manner manner;
} manners[] = {
    {"/plain", {0}},
    {"/held", {.held_ns = 200 * XCY_NS_PER_MS}},
    {"/long", {.held_ns = 3600 * XCY_NS_PER_S}},
    {"/slow", {.bytes_per_s = 10000}},
    {"/eternal", {.bytes_per_s = 1}},
    {"/reset", {.is_reset = true}},
    {"/file", {.bytes_per_s = 10000}},
};

static void reply_file(struct fixture *f, struct xcy_exchange *x)
{
    char path[] = "/tmp/xcy-manner-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    unlink(path);
    assert_int_equal(write(fd, "..", 2), 2);
    assert_int_equal(write(fd, f->body, BODY_BYTES), BODY_BYTES);
    xcy_exchange_reply_file(x, 200, NULL, 0, fd, 2, BODY_BYTES);
}

static void handle(void *ctx, struct xcy_exchange *x)
{
    struct fixture *f = ctx;
    atomic_fetch_add(&f->n_handled, 1);
    for (size_t i = 0; i < sizeof manners / sizeof *manners; i++) {
        if (strcmp(manners[i].path, xcy_exchange_path(x)) == 0) {
            xcy_exchange_set_manner(x, &manners[i].manner);
        }
    }
    if (strcmp(xcy_exchange_path(x), "/before") == 0) {
        xcy_exchange_reset(x);
    } else if (strcmp(xcy_exchange_path(x), "/file") == 0) {
        reply_file(f, x);
    } else {
        xcy_exchange_reply(x, 200, NULL, 0, xcy_bytes(f->body, BODY_BYTES));
    }
}

static void setup(struct fixture *f)
{
    struct xcy_error err;
    memset(f, 0, sizeof *f);
    for (size_t i = 0; i < BODY_BYTES; i++) {
        f->body[i] = (char)('a' + i % 26);
    }
    struct xcy_server_options options = {.handle = handle, .ctx = f, .threads = 1};
    assert_ok(xcy_server_start(&options, &f->server, &err), &err);
    f->http = xcy_http_open(NULL);
}

static void teardown(struct fixture *f)
{
    xcy_server_stop(f->server);
    xcy_http_close(f->http);
}

struct asked {
    struct fixture *f;
    char url[80];
    char letter;
};

static void on_done(void *ctx, const struct xcy_http_reply *reply)
{
    struct asked *asked = ctx;
    struct fixture *f = asked->f;
    struct xcy_bytes body = xcy_buf_bytes(&reply->body);
    f->order[f->n_replies] = asked->letter;
    f->results[f->n_replies++] = reply->result;
    if (reply->result == XCY_HTTP_DONE) {
        assert_int_equal(reply->status, 200);
        assert_int_equal(body.len, BODY_BYTES);
        assert_memory_equal(body.ptr, f->body, BODY_BYTES);
    }
    free(asked);
}

static void ask(struct fixture *f, const char *path)
{
    struct xcy_error err;
    struct asked *asked = xcy_alloc(sizeof *asked);
    asked->f = f;
    asked->letter = path[1];
    snprintf(asked->url, sizeof asked->url, "http://127.0.0.1:%u%s", xcy_server_port(f->server),
             path);
    struct xcy_http_request request = {.method = "GET", .url = asked->url};
    assert_ok(xcy_http_start(f->http, &request, NULL, on_done, asked, &err), &err);
}

static void await(struct fixture *f, size_t n)
{
    while (f->n_replies < n) {
        xcy_http_run(f->http, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_S), -1, true);
    }
}

/* Until the handler has seen n requests. */
static void await_handled(struct fixture *f, size_t n)
{
    while (atomic_load(&f->n_handled) < n) {
        xcy_http_run(f->http, xcy_mono_add(xcy_mono_now(), 5 * XCY_NS_PER_MS), -1, false);
    }
}

static void a_held_answer_comes_later_and_holds_nobody_else_up(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    ask(&f, "/long");
    await_handled(&f, 1);
    ask(&f, "/plain");
    await(&f, 1);
    assert_string_equal(f.order, "p");
    struct xcy_mono begun = xcy_mono_now();
    ask(&f, "/held");
    await(&f, 2);
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), begun) >= 200 * XCY_NS_PER_MS);
    assert_string_equal(f.order, "ph");
    assert_int_equal(f.results[1], XCY_HTTP_DONE);
    teardown(&f); /* the long one is dropped */
}

/* All but the last piece, a twentieth of a second's bytes, have to wait for their time. */
static void a_slow_body_comes_whole_and_in_its_time(void **state)
{
    static const char *const paths[] = {"/slow", "/file"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct fixture f;
        setup(&f);
        ask(&f, "/eternal");
        await_handled(&f, 1);
        struct xcy_mono begun = xcy_mono_now();
        ask(&f, paths[i]);
        await(&f, 1);
        assert_int_equal(f.order[0], paths[i][1]);
        assert_int_equal(f.results[0], XCY_HTTP_DONE);
        assert_true(xcy_mono_diff_ns(xcy_mono_now(), begun) >= 150 * XCY_NS_PER_MS);
        teardown(&f);
    }
}

/* A raw client: the error of its read after the request. */
static int error_of(struct fixture *f, const char *path)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(xcy_server_port(f->server)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char request[100];
    char byte;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    int n = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path);
    assert_int_equal(send(fd, request, (size_t)n, MSG_NOSIGNAL), n);
    int code = recv(fd, &byte, 1, 0) < 0 ? errno : 0;
    close(fd);
    return code;
}

static void a_reset_is_one_on_the_wire(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    for (int i = 0; i < 50; i++) {
        assert_int_equal(error_of(&f, "/reset"), ECONNRESET);
        assert_int_equal(error_of(&f, "/before"), ECONNRESET);
    }
    assert_int_equal(atomic_load(&f.n_handled), 100);
    ask(&f, "/reset");
    await(&f, 1);
    assert_int_equal(f.results[0], XCY_HTTP_RESET);
    teardown(&f);
}

static void stopping_ends_what_is_held_and_what_trickles(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        struct fixture f;
        setup(&f);
        ask(&f, "/long");
        ask(&f, "/eternal");
        ask(&f, "/slow");
        await_handled(&f, 3);
        xcy_server_stop(f.server);
        f.server = NULL;
        await(&f, 3);
        for (size_t n = 0; n < 2; n++) {
            assert_true(f.order[n] == 's' || f.results[n] != XCY_HTTP_DONE);
        }
        teardown(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_held_answer_comes_later_and_holds_nobody_else_up),
        cmocka_unit_test(a_slow_body_comes_whole_and_in_its_time),
        cmocka_unit_test(a_reset_is_one_on_the_wire),
        cmocka_unit_test(stopping_ends_what_is_held_and_what_trickles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
