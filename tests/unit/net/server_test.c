#include "tests/support/unit.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/net/http.h"
#include "common/net/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_PARKED = 256, MAX_BODY = 100000, MAX_TEXT = 1000000 };

/* A server whose handler does what the test says, and a client. */
struct fixture {
    struct xcy_server *server;
    struct xcy_http *http;
    char url[128];
    struct xcy_http_request request;
    struct xcy_error err;

    pthread_mutex_t lock;
    sem_t arrived; /* posted for each exchange parked by the handler */
    sem_t answered;
    struct xcy_exchange *parked[MAX_PARKED];
    size_t n_parked;
    size_t n_done;
    size_t n_of[XCY_HTTP_CANCELLED + 1];
};

static void reply_text(struct xcy_exchange *x, int status, const char *text)
{
    const struct xcy_reply_header headers[] = {{"Content-Type", "text/plain"}};
    xcy_exchange_reply(x, status, headers, 1, xcy_bytes_of(text));
}

/* Answers with all that can be asked of an exchange. */
static void echo(void *ctx, struct xcy_exchange *x)
{
    (void)ctx;
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_TEXT);
    const char *header = xcy_exchange_header(x, "x-two");
    xcy_buf_addf(&text, "%s|%s|%s|%s|%zu|", xcy_exchange_method(x), xcy_exchange_path(x),
                 xcy_exchange_query(x), header ? header : "(none)",
                 xcy_exchange_header_count(x, "X-TWO"));
    xcy_buf_add(&text, xcy_exchange_body(x));
    reply_text(x, 200, text.ptr);
    xcy_buf_clear(&text);
}

/* Leaves the answer to the test. */
static void park(void *ctx, struct xcy_exchange *x)
{
    struct fixture *f = ctx;
    pthread_mutex_lock(&f->lock);
    f->parked[f->n_parked++] = x;
    pthread_mutex_unlock(&f->lock);
    sem_post(&f->arrived);
}

/* Comes back only after another thread has answered. */
static void linger(void *ctx, struct xcy_exchange *x)
{
    struct fixture *f = ctx;
    park(f, x);
    sem_wait(&f->answered);
}

static void drop(void *ctx, struct xcy_exchange *x)
{
    (void)ctx;
    xcy_exchange_drop(x);
}

static void setup(struct fixture *f, xcy_server_fn *handle)
{
    memset(f, 0, sizeof *f);
    pthread_mutex_init(&f->lock, NULL);
    sem_init(&f->arrived, 0, 0);
    sem_init(&f->answered, 0, 0);
    struct xcy_server_options options = {
        .handle = handle, .ctx = f, .max_body_bytes = MAX_BODY, .threads = 2};
    assert_ok(xcy_server_start(&options, &f->server, &f->err), &f->err);
    f->http = xcy_http_open(NULL);
    snprintf(f->url, sizeof f->url, "http://127.0.0.1:%u/", xcy_server_port(f->server));
    f->request = (struct xcy_http_request){.method = "GET", .url = f->url};
}

static void teardown(struct fixture *f)
{
    xcy_server_stop(f->server);
    xcy_http_close(f->http);
    sem_destroy(&f->arrived);
    sem_destroy(&f->answered);
    pthread_mutex_destroy(&f->lock);
}

/* Sends the bytes and returns all that comes back until the server closes; free with free(). */
static char *converse(struct fixture *f, const char *bytes)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(xcy_server_port(f->server)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    size_t len = strlen(bytes);
    while (len > 0) {
        ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);
        if (sent <= 0) {
            break; /* the server has seen enough */
        }
        bytes += sent;
        len -= (size_t)sent;
    }
    struct xcy_buf got;
    xcy_buf_init(&got, MAX_TEXT);
    char chunk[4096];
    ssize_t n = 0;
    while ((n = recv(fd, chunk, sizeof chunk, 0)) > 0) {
        xcy_buf_add(&got, xcy_bytes(chunk, (size_t)n));
    }
    close(fd);
    char *text = xcy_buf_take(&got);
    return text;
}

static void expect_in_answer(struct fixture *f, const char *bytes, const char *expected)
{
    char *got = converse(f, bytes);
    if (!strstr(got, expected)) {
        fail_msg("no '%s' in '%.300s'", expected, got);
    }
    free(got);
}

static void path_query_headers_and_body_arrive_as_they_were_sent(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, echo);
    expect_in_answer(&f,
                     "PUT /a%2Fb//c/%24x+y?q=%41+1&r&=&q=2%3f HTTP/1.1\r\nHost: x\r\nX-Two: 1\r\n"
                     "x-two: 2, 3\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody",
                     "PUT|/a%2Fb//c/%24x+y|q=%41+1&r&=&q=2%3f|1,2, 3|2|body");
    expect_in_answer(&f, "GET /plain HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                     "GET|/plain||(none)|0|");
    expect_in_answer(&f, "GET /? HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                     "GET|/||(none)");
    teardown(&f);
}

static void a_chunked_body_arrives_joined(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, echo);
    expect_in_answer(&f,
                     "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                     "Connection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
                     "|abcde");
    teardown(&f);
}

static void two_requests_in_one_packet_get_two_answers(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, echo);
    char *got = converse(&f, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"
                             "GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const char *first = strstr(got, "GET|/1|");
    assert_non_null(first);
    assert_non_null(strstr(first, "GET|/2|"));
    free(got);
    teardown(&f);
}

static int status_for_body(struct fixture *f, size_t bytes)
{
    char *body = xcy_alloc(bytes + 1);
    memset(body, 'x', bytes);
    struct xcy_http_reply reply = {0};
    f->request.method = "POST";
    f->request.body = xcy_bytes(body, bytes);
    assert_ok(xcy_http_call(f->http, &f->request, false, &reply, &f->err), &f->err);
    int status = reply.status;
    xcy_http_reply_clear(&reply);
    free(body);
    return status;
}

static void a_body_up_to_the_bound_is_taken_and_no_more(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, echo);
    assert_int_equal(status_for_body(&f, MAX_BODY), 200);
    assert_int_equal(status_for_body(&f, MAX_BODY + 1), 413);
    assert_int_equal(status_for_body(&f, 10), 200);
    teardown(&f);
}

static void a_chunked_body_beyond_the_bound_gets_413(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, echo);
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_TEXT);
    xcy_buf_addf(&text,
                 "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                 "Connection: close\r\n\r\n%x\r\n",
                 MAX_BODY + 5);
    for (int i = 0; i < MAX_BODY + 5; i++) {
        xcy_buf_add_char(&text, 'x');
    }
    xcy_buf_add_text(&text, "\r\n0\r\n\r\n");
    expect_in_answer(&f, text.ptr, "HTTP/1.1 413 ");
    xcy_buf_clear(&text);
    teardown(&f);
}

static void headers_beyond_the_bound_get_431(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, echo);
    struct xcy_buf text;
    xcy_buf_init(&text, 100000);
    xcy_buf_add_text(&text, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
    for (int i = 0; i < 80; i++) {
        xcy_buf_addf(&text, "X-%d: a\r\n", i);
    }
    xcy_buf_add_text(&text, "\r\n");
    expect_in_answer(&f, text.ptr, "HTTP/1.1 431 ");
    xcy_buf_reset(&text);
    xcy_buf_add_text(&text, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: ");
    for (int i = 0; i < 40000; i++) {
        xcy_buf_add_char(&text, 'a');
    }
    xcy_buf_add_text(&text, "\r\n\r\n");
    expect_in_answer(&f, text.ptr, "HTTP/1.1 431 ");
    xcy_buf_clear(&text);
    teardown(&f);
}

static void on_done(void *ctx, const struct xcy_http_reply *reply)
{
    struct fixture *f = ctx;
    f->n_done++;
    f->n_of[reply->result]++;
    if (reply->result == XCY_HTTP_DONE) {
        assert_int_equal(reply->status, 202);
        assert_string_equal(reply->body.ptr, "later");
    }
}

static void start(struct fixture *f, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        assert_ok(xcy_http_start(f->http, &f->request, NULL, on_done, f, &f->err), &f->err);
    }
}

static void finish(struct fixture *f)
{
    while (xcy_http_running(f->http) > 0) {
        xcy_http_run(f->http, (struct xcy_mono){INT64_MAX}, -1, true);
    }
}

/* Waits for n exchanges and answers or drops each, from a thread of its own. */
struct answerer {
    struct fixture *f;
    size_t n;
    bool drops;
    pthread_t thread;
};

static void *answer_all(void *ctx)
{
    struct answerer *a = ctx;
    for (size_t i = 0; i < a->n; i++) {
        sem_wait(&a->f->arrived);
        pthread_mutex_lock(&a->f->lock);
        struct xcy_exchange *x = a->f->parked[i];
        pthread_mutex_unlock(&a->f->lock);
        if (a->drops) {
            xcy_exchange_drop(x);
        } else {
            reply_text(x, 202, "later");
        }
        sem_post(&a->f->answered);
    }
    return NULL;
}

static void answerer_start(struct answerer *a, struct fixture *f, size_t n, bool drops)
{
    *a = (struct answerer){.f = f, .n = n, .drops = drops};
    assert_int_equal(pthread_create(&a->thread, NULL, answer_all, a), 0);
}

static void answers_may_come_later_from_another_thread(void **state)
{
    (void)state;
    struct fixture f;
    struct answerer answerer;
    setup(&f, park);
    answerer_start(&answerer, &f, 200, false);
    start(&f, 200);
    finish(&f);
    pthread_join(answerer.thread, NULL);
    assert_int_equal(f.n_of[XCY_HTTP_DONE], 200);
    teardown(&f);
}

static void an_answer_may_come_before_the_handler_returned(void **state)
{
    (void)state;
    struct fixture f;
    struct answerer answerer;
    setup(&f, linger);
    answerer_start(&answerer, &f, 20, false);
    start(&f, 20);
    finish(&f);
    pthread_join(answerer.thread, NULL);
    assert_int_equal(f.n_of[XCY_HTTP_DONE], 20);
    teardown(&f);
}

static void a_dropped_exchange_closes_its_connection(void **state)
{
    (void)state;
    struct fixture f;
    struct answerer answerer;
    setup(&f, drop);
    start(&f, 1);
    finish(&f);
    assert_int_equal(f.n_of[XCY_HTTP_RESET], 1);
    teardown(&f);
    setup(&f, park);
    answerer_start(&answerer, &f, 10, true);
    start(&f, 10);
    finish(&f);
    pthread_join(answerer.thread, NULL);
    assert_int_equal(f.n_of[XCY_HTTP_RESET], 10);
    teardown(&f);
}

/* Until the handler has n exchanges. */
static void await_parked(struct fixture *f, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        while (sem_trywait(&f->arrived) != 0) {
            xcy_http_run(f->http, xcy_mono_add(xcy_mono_now(), XCY_NS_PER_MS), -1, false);
        }
    }
}

static void stopping_drops_what_is_parked(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, park);
    start(&f, 50);
    await_parked(&f, 50);
    xcy_server_stop(f.server);
    f.server = NULL;
    finish(&f);
    assert_int_equal(f.n_of[XCY_HTTP_RESET], 50);
    teardown(&f);
}

static void *stop_server(void *ctx)
{
    struct fixture *f = ctx;
    xcy_server_stop(f->server);
    return NULL;
}

/* The handler of one exchange is still running when stop begins; it answers. */
static void a_handler_that_runs_when_stop_begins_may_still_answer(void **state)
{
    (void)state;
    struct fixture f;
    pthread_t stopper;
    setup(&f, linger);
    start(&f, 1);
    await_parked(&f, 1);
    assert_int_equal(pthread_create(&stopper, NULL, stop_server, &f), 0);
    reply_text(f.parked[0], 202, "later");
    sem_post(&f.answered);
    pthread_join(stopper, NULL);
    f.server = NULL;
    finish(&f);
    assert_int_equal(f.n_of[XCY_HTTP_DONE] + f.n_of[XCY_HTTP_RESET], 1);
    teardown(&f);
}

static void a_client_that_went_away_does_no_harm(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, park);
    start(&f, 20);
    await_parked(&f, 20);
    xcy_http_cancel_all(f.http);
    finish(&f);
    for (size_t i = 0; i < 20; i++) {
        reply_text(f.parked[i], 202, "later");
    }
    start(&f, 1);
    await_parked(&f, 1);
    reply_text(f.parked[20], 202, "later");
    finish(&f);
    assert_int_equal(f.n_of[XCY_HTTP_CANCELLED], 20);
    assert_int_equal(f.n_of[XCY_HTTP_DONE], 1);
    teardown(&f);
}

static void a_busy_port_is_named_with_what_to_do(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, echo);
    struct xcy_server *second = NULL;
    struct xcy_server_options options = {.handle = echo, .port = xcy_server_port(f.server)};
    assert_status(xcy_server_start(&options, &second, &f.err), XCY_ENET, &f.err);
    char place[64];
    snprintf(place, sizeof place, "127.0.0.1:%u is in use", options.port);
    assert_non_null(strstr(f.err.text, place));
    assert_non_null(strstr(f.err.text, "another port"));
    assert_null(second);
    teardown(&f);
}

static void an_address_that_is_none_is_a_usage_error(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_server *server = NULL;
    struct xcy_server_options options = {.handle = echo, .address = "localhos"};
    assert_status(xcy_server_start(&options, &server, &err), XCY_EUSAGE, &err);
}

static void ipv6_loopback_can_be_listened_on(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, echo);
    struct xcy_server *server = NULL;
    struct xcy_http_reply reply = {0};
    struct xcy_server_options options = {.handle = echo, .address = "::1"};
    if (xcy_server_start(&options, &server, &f.err) != XCY_OK) {
        teardown(&f);
        skip(); /* a kernel without IPv6 */
    }
    snprintf(f.url, sizeof f.url, "http://[::1]:%u/six", xcy_server_port(server));
    assert_ok(xcy_http_call(f.http, &f.request, false, &reply, &f.err), &f.err);
    assert_string_equal(reply.body.ptr, "GET|/six||(none)|0|");
    xcy_http_reply_clear(&reply);
    xcy_server_stop(server);
    teardown(&f);
}

/* Five bytes from the third on, and the name of the request's first header. */
static void send_part_of_a_file(void *ctx, struct xcy_exchange *x)
{
    struct xcy_reply_header first;
    struct xcy_error err;
    char path[] = "/tmp/xcy-server-XXXXXX";
    (void)ctx;
    int fd = mkstemp(path);
    assert_true(xcy_exchange_header_at(x, 0, &first));
    assert_false(xcy_exchange_header_at(x, 1000, &first));
    assert_ok(xcy_write_all(fd, xcy_bytes_of("0123456789"), path, &err), &err);
    unlink(path);
    const struct xcy_reply_header headers[] = {{"X-First", first.name}};
    xcy_exchange_reply_file(x, 200, headers, 1, fd, 2, 5);
}

static void a_file_is_sent_as_an_answer_and_head_tells_its_size(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, send_part_of_a_file);
    char *answer =
        converse(&f, "GET / HTTP/1.1\r\nx-one: 1\r\nHost: h\r\nConnection: close\r\n\r\n");
    assert_non_null(strstr(answer, "Content-Length: 5\r\n"));
    assert_non_null(strstr(answer, "X-First: x-one\r\n"));
    assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n23456");
    free(answer);
    answer = converse(&f, "HEAD / HTTP/1.1\r\nx-one: 1\r\nHost: h\r\nConnection: close\r\n\r\n");
    assert_non_null(strstr(answer, "Content-Length: 5\r\n"));
    assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
    free(answer);
    teardown(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(path_query_headers_and_body_arrive_as_they_were_sent),
        cmocka_unit_test(a_chunked_body_arrives_joined),
        cmocka_unit_test(two_requests_in_one_packet_get_two_answers),
        cmocka_unit_test(a_body_up_to_the_bound_is_taken_and_no_more),
        cmocka_unit_test(a_chunked_body_beyond_the_bound_gets_413),
        cmocka_unit_test(headers_beyond_the_bound_get_431),
        cmocka_unit_test(answers_may_come_later_from_another_thread),
        cmocka_unit_test(an_answer_may_come_before_the_handler_returned),
        cmocka_unit_test(a_dropped_exchange_closes_its_connection),
        cmocka_unit_test(stopping_drops_what_is_parked),
        cmocka_unit_test(a_handler_that_runs_when_stop_begins_may_still_answer),
        cmocka_unit_test(a_client_that_went_away_does_no_harm),
        cmocka_unit_test(a_file_is_sent_as_an_answer_and_head_tells_its_size),
        cmocka_unit_test(a_busy_port_is_named_with_what_to_do),
        cmocka_unit_test(an_address_that_is_none_is_a_usage_error),
        cmocka_unit_test(ipv6_loopback_can_be_listened_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
