#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/net/stream.h"
#include "tests/unit/net/tls_server.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define S XCY_NS_PER_S

enum { LARGE_BYTES = 16 * 1024 * 1024, SHORT_MS = 30 };

/* Both ends of a plain connection: the stream, and the peer's socket. */
struct pair {
    int listen_fd;
    int peer_fd;
    char address[32];
    struct xcy_stream *stream;
    struct xcy_error err;
};

static struct xcy_mono in_s(int64_t s)
{
    return xcy_mono_add(xcy_mono_now(), s * S);
}

static struct xcy_mono shortly(void)
{
    return xcy_mono_add(xcy_mono_now(), SHORT_MS * XCY_NS_PER_MS);
}

static void listen_on(struct pair *p)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    *p = (struct pair){.peer_fd = -1};
    p->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(p->listen_fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(p->listen_fd, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(listen(p->listen_fd, 5), 0);
    snprintf(p->address, sizeof p->address, "127.0.0.1:%u", ntohs(address.sin_port));
}

static enum xcy_status open_stream(const char *address, struct xcy_stream **stream,
                                   struct xcy_error *err)
{
    struct xcy_stream_options options = {.address = address, .connect_timeout_ns = 10 * S};
    return xcy_stream_open(&options, stream, err);
}

static void open_pair(struct pair *p)
{
    listen_on(p);
    assert_ok(open_stream(p->address, &p->stream, &p->err), &p->err);
    p->peer_fd = accept4(p->listen_fd, NULL, NULL, SOCK_CLOEXEC);
    assert_true(p->peer_fd >= 0);
}

static void close_pair(struct pair *p)
{
    xcy_stream_close(p->stream);
    if (p->peer_fd >= 0) {
        close(p->peer_fd);
    }
    close(p->listen_fd);
}

static void await_readable(const struct xcy_stream *stream)
{
    struct pollfd fd = {.fd = xcy_stream_fd(stream), .events = POLLIN};
    while (poll(&fd, 1, -1) != 1) {
    }
}

static void what_is_written_arrives_and_what_is_answered_is_read(void **state)
{
    (void)state;
    struct pair p;
    char room[16] = "";
    size_t n = 0;
    open_pair(&p);
    assert_ok(xcy_stream_write(p.stream, xcy_bytes_of("ask"), in_s(10), &p.err), &p.err);
    assert_int_equal(recv(p.peer_fd, room, sizeof room, 0), 3);
    assert_memory_equal(room, "ask", 3);
    assert_int_equal(send(p.peer_fd, "answer", 6, 0), 6);
    assert_ok(xcy_stream_read(p.stream, room, sizeof room, &n, in_s(10), &p.err), &p.err);
    assert_int_equal(n, 6);
    assert_memory_equal(room, "answer", 6);
    close_pair(&p);
}

static void a_read_that_waited_too_long_can_be_made_again(void **state)
{
    (void)state;
    struct pair p;
    char room[16];
    size_t n = 99;
    open_pair(&p);
    struct xcy_mono limit = shortly();
    assert_status(xcy_stream_read(p.stream, room, sizeof room, &n, limit, &p.err), XCY_ETIMEOUT,
                  &p.err);
    assert_false(xcy_mono_before(xcy_mono_now(), limit));
    assert_int_equal(n, 99);
    assert_non_null(strstr(p.err.text, p.address));
    assert_int_equal(send(p.peer_fd, "late", 4, 0), 4);
    assert_ok(xcy_stream_read(p.stream, room, sizeof room, &n, in_s(10), &p.err), &p.err);
    assert_int_equal(n, 4);
    close_pair(&p);
}

static void a_peer_that_closes_ends_the_reading(void **state)
{
    (void)state;
    struct pair p;
    char room[16];
    size_t n = 99;
    open_pair(&p);
    close(p.peer_fd);
    p.peer_fd = -1;
    assert_ok(xcy_stream_read(p.stream, room, sizeof room, &n, in_s(10), &p.err), &p.err);
    assert_int_equal(n, 0);
    close_pair(&p);
}

/* Without MSG_NOSIGNAL the signal would end this program. */
static void writing_to_a_peer_that_closed_is_an_error_and_no_signal(void **state)
{
    (void)state;
    struct pair p;
    enum xcy_status status = XCY_OK;
    open_pair(&p);
    close(p.peer_fd);
    p.peer_fd = -1;
    while (status == XCY_OK) { /* the first may only make the peer refuse */
        status = xcy_stream_write(p.stream, xcy_bytes_of("x"), in_s(10), &p.err);
    }
    assert_int_equal(status, XCY_ENET);
    assert_non_null(strstr(p.err.text, p.address));
    close_pair(&p);
}

struct drain {
    int fd;
    const char *expected;
    size_t n;
    bool is_equal;
};

static void *run_drain(void *arg)
{
    struct drain *d = arg;
    char room[4096];
    ssize_t got = 0;
    d->is_equal = true;
    while (d->n < LARGE_BYTES && (got = recv(d->fd, room, sizeof room, 0)) > 0) {
        d->is_equal = d->is_equal && memcmp(room, d->expected + d->n, (size_t)got) == 0;
        d->n += (size_t)got;
    }
    return NULL;
}

static char *large_text(void)
{
    char *text = xcy_alloc(LARGE_BYTES);
    for (size_t i = 0; i < LARGE_BYTES; i++) {
        text[i] = (char)('a' + (i * i / 3) % 26);
    }
    return text;
}

static void a_write_larger_than_all_buffers_waits_for_the_peer(void **state)
{
    (void)state;
    struct pair p;
    pthread_t thread;
    char *text = large_text();
    open_pair(&p);
    struct drain drain = {.fd = p.peer_fd, .expected = text};
    assert_int_equal(pthread_create(&thread, NULL, run_drain, &drain), 0);
    assert_ok(xcy_stream_write(p.stream, xcy_bytes(text, LARGE_BYTES), in_s(60), &p.err), &p.err);
    pthread_join(thread, NULL);
    assert_int_equal(drain.n, LARGE_BYTES);
    assert_true(drain.is_equal);
    close_pair(&p);
    free(text);
}

static void a_write_that_nobody_takes_ends_at_its_limit(void **state)
{
    (void)state;
    struct pair p;
    char *text = large_text();
    open_pair(&p);
    assert_status(xcy_stream_write(p.stream, xcy_bytes(text, LARGE_BYTES), shortly(), &p.err),
                  XCY_ETIMEOUT, &p.err);
    close_pair(&p);
    free(text);
}

static void an_idle_stream_is_alive_until_the_peer_closes_or_speaks(void **state)
{
    (void)state;
    struct pair p;
    open_pair(&p);
    assert_false(xcy_stream_is_dead(p.stream));
    assert_int_equal(send(p.peer_fd, "?", 1, 0), 1);
    await_readable(p.stream);
    assert_true(xcy_stream_is_dead(p.stream));
    close_pair(&p);
    open_pair(&p);
    close(p.peer_fd);
    p.peer_fd = -1;
    await_readable(p.stream);
    assert_true(xcy_stream_is_dead(p.stream));
    close_pair(&p);
}

static void nobody_there_is_an_error_that_names_the_address(void **state)
{
    (void)state;
    struct pair p;
    listen_on(&p);
    close(p.listen_fd);
    assert_status(open_stream(p.address, &p.stream, &p.err), XCY_ENET, &p.err);
    assert_non_null(strstr(p.err.text, p.address));
    assert_non_null(strstr(p.err.text, "refused"));
}

static void what_is_no_address_is_wrong_usage(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",          "localhost", "localhost:", ":80",
                                        "h:0",       "h:65536",   "h:8x",       "h:-1",
                                        "::1:61613", "[::1]",     "[]:80",      "h:100000000000"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct xcy_stream *stream = NULL;
        struct xcy_error err = {.text = ""};
        if (open_stream(wrong[i], &stream, &err) != XCY_EUSAGE) {
            fail_msg("'%s': %s", wrong[i], err.text);
        }
    }
}

struct tls {
    struct xcy_tls_server server;
    char address[32];
    struct xcy_stream *stream;
    struct xcy_error err;
};

static enum xcy_status connect_tls(struct tls *t, const char *host, const char *ca_file)
{
    snprintf(t->address, sizeof t->address, "%s:%u", host, t->server.port);
    struct xcy_stream_options options = {
        .address = t->address, .tls = true, .ca_file = ca_file, .connect_timeout_ns = 60 * S};
    return xcy_stream_open(&options, &t->stream, &t->err);
}

static void start_tls(struct tls *t, enum xcy_tls_certificate certificate)
{
    *t = (struct tls){0};
    if (!xcy_tls_server_start(&t->server, XCY_TLS_REVERSE, certificate)) {
        skip();
    }
}

static void stop_tls(struct tls *t)
{
    xcy_stream_close(t->stream);
    xcy_tls_server_stop(&t->server);
}

/* s_server answers a line by its characters in turn, from the last to the first. */
static void assert_answer(struct tls *t, const char *line, const char *expected)
{
    char room[64];
    size_t len = 0;
    assert_ok(xcy_stream_write(t->stream, xcy_bytes_of(line), in_s(60), &t->err), &t->err);
    while (len < strlen(expected)) {
        size_t n = 0;
        assert_ok(xcy_stream_read(t->stream, room + len, sizeof room - len, &n, in_s(60), &t->err),
                  &t->err);
        assert_true(n > 0);
        len += n;
    }
    assert_int_equal(len, strlen(expected));
    assert_memory_equal(room, expected, len);
}

static void tls_carries_both_ways_and_a_timeout_loses_nothing(void **state)
{
    (void)state;
    struct tls t;
    char room[8];
    size_t n = 0;
    start_tls(&t, XCY_TLS_GOOD);
    assert_ok(connect_tls(&t, "127.0.0.1", t.server.ca_file), &t.err);
    assert_answer(&t, "abc\n", "cba\n");
    assert_status(xcy_stream_read(t.stream, room, sizeof room, &n, shortly(), &t.err), XCY_ETIMEOUT,
                  &t.err);
    assert_false(xcy_stream_is_dead(t.stream)); /* whatever session tickets lie there */
    assert_answer(&t, "def\n", "fed\n");
    stop_tls(&t);
}

static void a_server_of_tls_that_dies_is_noticed(void **state)
{
    (void)state;
    struct tls t;
    char room[8];
    size_t n = 0;
    enum xcy_status status = XCY_OK;
    start_tls(&t, XCY_TLS_GOOD);
    assert_ok(connect_tls(&t, "127.0.0.1", t.server.ca_file), &t.err);
    assert_answer(&t, "abc\n", "cba\n");
    xcy_tls_server_kill(&t.server);
    await_readable(t.stream);
    assert_true(xcy_stream_is_dead(t.stream));
    assert_status(xcy_stream_read(t.stream, room, sizeof room, &n, in_s(60), &t.err), XCY_ENET,
                  &t.err); /* without a goodbye it may have been cut */
    while (status == XCY_OK) {
        status = xcy_stream_write(t.stream, xcy_bytes_of("x"), in_s(60), &t.err);
    }
    assert_int_equal(status, XCY_ENET);
    stop_tls(&t);
}

static void a_server_that_stands_still_ends_a_write_of_tls_at_its_limit(void **state)
{
    (void)state;
    struct tls t;
    char *text = large_text();
    start_tls(&t, XCY_TLS_GOOD);
    assert_ok(connect_tls(&t, "127.0.0.1", t.server.ca_file), &t.err);
    xcy_tls_server_freeze(&t.server);
    assert_status(xcy_stream_write(t.stream, xcy_bytes(text, LARGE_BYTES), shortly(), &t.err),
                  XCY_ETIMEOUT, &t.err);
    xcy_tls_server_thaw(&t.server);
    stop_tls(&t);
    free(text);
}

static void a_server_that_is_not_trusted_is_refused_with_the_reason(void **state)
{
    (void)state;
    static const struct {
        enum xcy_tls_certificate certificate;
        const char *host;
        bool has_ca;
        const char *reason;
    } cases[] = {
        {XCY_TLS_GOOD, "127.0.0.1", false, "self-signed certificate"},
        {XCY_TLS_ELSEWHERE, "127.0.0.1", true, "IP address mismatch"},
        {XCY_TLS_GOOD, "localhost", true, "hostname mismatch"}, /* it names the address only */
        {XCY_TLS_EXPIRED, "127.0.0.1", true, "certificate has expired"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tls t;
        start_tls(&t, cases[i].certificate);
        const char *ca_file = cases[i].has_ca ? t.server.ca_file : NULL;
        assert_status(connect_tls(&t, cases[i].host, ca_file), XCY_ENET, &t.err);
        if (!strstr(t.err.text, cases[i].reason) || !strstr(t.err.text, t.address)) {
            fail_msg("expected '%s' and the address, got: %s", cases[i].reason, t.err.text);
        }
        stop_tls(&t);
    }
}

static void a_file_without_certificates_is_wrong_usage(void **state)
{
    (void)state;
    struct tls t;
    start_tls(&t, XCY_TLS_GOOD);
    assert_status(connect_tls(&t, "127.0.0.1", t.server.key_file), XCY_EUSAGE, &t.err);
    assert_non_null(strstr(t.err.text, t.server.key_file));
    stop_tls(&t);
}

static void a_server_that_does_not_speak_tls_is_refused(void **state)
{
    (void)state;
    struct pair p;
    listen_on(&p);
    struct xcy_stream_options options = {
        .address = p.address, .tls = true, .connect_timeout_ns = SHORT_MS * XCY_NS_PER_MS};
    assert_status(xcy_stream_open(&options, &p.stream, &p.err), XCY_ETIMEOUT, &p.err);
    assert_non_null(strstr(p.err.text, "TLS"));
    close_pair(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_arrives_and_what_is_answered_is_read),
        cmocka_unit_test(a_read_that_waited_too_long_can_be_made_again),
        cmocka_unit_test(a_peer_that_closes_ends_the_reading),
        cmocka_unit_test(writing_to_a_peer_that_closed_is_an_error_and_no_signal),
        cmocka_unit_test(a_write_larger_than_all_buffers_waits_for_the_peer),
        cmocka_unit_test(a_write_that_nobody_takes_ends_at_its_limit),
        cmocka_unit_test(an_idle_stream_is_alive_until_the_peer_closes_or_speaks),
        cmocka_unit_test(nobody_there_is_an_error_that_names_the_address),
        cmocka_unit_test(what_is_no_address_is_wrong_usage),
        cmocka_unit_test(tls_carries_both_ways_and_a_timeout_loses_nothing),
        cmocka_unit_test(a_server_of_tls_that_dies_is_noticed),
        cmocka_unit_test(a_server_that_stands_still_ends_a_write_of_tls_at_its_limit),
        cmocka_unit_test(a_server_that_is_not_trusted_is_refused_with_the_reason),
        cmocka_unit_test(a_file_without_certificates_is_wrong_usage),
        cmocka_unit_test(a_server_that_does_not_speak_tls_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
