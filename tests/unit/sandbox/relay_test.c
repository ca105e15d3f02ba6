#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/time/clock.h"
#include "sandbox/hosts/relay.h"
#include "sandbox/hosts/relay_link.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A listener, a relay before it, and a connection through both. */
struct fixture {
    int listen_fd;
    int near_fd; /* the client's end */
    int far_fd;  /* the target's end */
    struct xcy_relay *relay;
    struct xcy_stall *stall;
    int64_t lag_ns;
};

static int64_t fixed_lag(void *ctx)
{
    const struct fixture *f = ctx;
    return f->lag_ns;
}

static int listen_on(uint16_t *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static int connect_to(uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static void open_fixture(struct fixture *f, int64_t lag_ms, double rate_mbit_per_s,
                         size_t max_bytes)
{
    struct xcy_error err;
    uint16_t port = 0;
    f->lag_ns = lag_ms * XCY_NS_PER_MS;
    f->stall = xcy_stall_new();
    f->listen_fd = listen_on(&port);
    struct xcy_relay_options options = {.target_port = port,
                                        .lag = fixed_lag,
                                        .lag_ctx = f,
                                        .rate_mbit_per_s = rate_mbit_per_s,
                                        .stall = f->stall,
                                        .max_bytes = max_bytes};
    assert_ok(xcy_relay_start(&options, &f->relay, &err), &err);
    f->near_fd = connect_to(xcy_relay_port(f->relay));
    f->far_fd = accept(f->listen_fd, NULL, NULL);
    assert_true(f->far_fd >= 0);
}

static void close_fixture(struct fixture *f)
{
    close(f->near_fd);
    close(f->far_fd);
    close(f->listen_fd);
    xcy_relay_stop(f->relay);
    xcy_stall_free(f->stall);
}

static void read_whole(int fd, char *to, size_t n)
{
    assert_int_equal(recv(fd, to, n, MSG_WAITALL), n);
}

static void each_way_takes_its_lag(void **state)
{
    (void)state;
    enum { LAG_MS = 20, ROUNDS = 5 };
    struct fixture f;
    char byte = 'x';
    open_fixture(&f, LAG_MS, 0, 0);
    int64_t least_ns = INT64_MAX;
    for (int i = 0; i < ROUNDS; i++) {
        struct xcy_mono start = xcy_mono_now();
        assert_int_equal(write(f.near_fd, &byte, 1), 1);
        read_whole(f.far_fd, &byte, 1);
        int64_t one_way_ns = xcy_mono_diff_ns(xcy_mono_now(), start);
        assert_true(one_way_ns >= LAG_MS * XCY_NS_PER_MS);
        assert_int_equal(write(f.far_fd, &byte, 1), 1);
        read_whole(f.near_fd, &byte, 1);
        int64_t both_ns = xcy_mono_diff_ns(xcy_mono_now(), start);
        assert_true(both_ns >= XCY_NS_PER_MS * 2 * LAG_MS);
        least_ns = both_ns < least_ns ? both_ns : least_ns;
    }
    /* the best of five is near the lag asked for, however busy the machine */
    assert_true(least_ns < XCY_NS_PER_MS * 4 * LAG_MS);
    struct xcy_relay_counts counts = xcy_relay_counts(f.relay);
    assert_int_equal(counts.connections, 1);
    assert_int_equal(counts.bytes_to_target, ROUNDS);
    close_fixture(&f);
}

/* Alternates between a long and no lag: what would be reordered if it could. */
static int64_t uneven_lag(void *ctx)
{
    struct fixture *f = ctx;
    f->lag_ns = f->lag_ns ? 0 : 3 * XCY_NS_PER_MS;
    return f->lag_ns;
}

static void order_is_kept_though_lags_differ(void **state)
{
    (void)state;
    enum { N = 200 };
    struct fixture f = {.lag_ns = 0, .stall = NULL};
    struct xcy_error err;
    uint16_t port = 0;
    f.listen_fd = listen_on(&port);
    struct xcy_relay_options options = {.target_port = port, .lag = uneven_lag, .lag_ctx = &f};
    assert_ok(xcy_relay_start(&options, &f.relay, &err), &err);
    f.near_fd = connect_to(xcy_relay_port(f.relay));
    f.far_fd = accept(f.listen_fd, NULL, NULL);
    for (int i = 0; i < N; i++) {
        unsigned char sent = (unsigned char)i;
        assert_int_equal(write(f.near_fd, &sent, 1), 1);
    }
    for (int i = 0; i < N; i++) {
        char got = 0;
        read_whole(f.far_fd, &got, 1);
        assert_int_equal((unsigned char)got, i);
    }
    close_fixture(&f);
}

struct sending {
    int fd;
    size_t n;
};

static void *send_pattern(void *arg)
{
    const struct sending *s = arg;
    char chunk[4096];
    for (size_t done = 0; done < s->n;) {
        size_t n = s->n - done < sizeof chunk ? s->n - done : sizeof chunk;
        for (size_t i = 0; i < n; i++) {
            chunk[i] = (char)((done + i) % 251);
        }
        ssize_t written = write(s->fd, chunk, n);
        if (written <= 0) {
            return NULL;
        }
        done += (size_t)written;
    }
    shutdown(s->fd, SHUT_WR);
    return NULL;
}

/* Receives all that is sent, checks each byte, and the end. */
static void receive_pattern(int fd, size_t n)
{
    char chunk[4096];
    size_t done = 0;
    ssize_t got;
    while ((got = read(fd, chunk, sizeof chunk)) > 0) {
        for (ssize_t i = 0; i < got; i++) {
            assert_int_equal((unsigned char)chunk[i], (done + (size_t)i) % 251);
        }
        done += (size_t)got;
    }
    assert_int_equal(got, 0);
    assert_int_equal(done, n);
}

static void the_rate_cap_is_kept(void **state)
{
    (void)state;
    enum { N = 500000, MBIT_PER_S = 20 };
    struct fixture f;
    pthread_t thread;
    open_fixture(&f, 0, MBIT_PER_S, 0);
    struct sending sending = {f.near_fd, N};
    struct xcy_mono start = xcy_mono_now();
    pthread_create(&thread, NULL, send_pattern, &sending);
    receive_pattern(f.far_fd, N);
    double taken_s = (double)xcy_mono_diff_ns(xcy_mono_now(), start) / 1e9;
    pthread_join(thread, NULL);
    double expected_s = N * 8.0 / (MBIT_PER_S * 1e6);
    assert_true(taken_s >= expected_s * 0.95);
    assert_true(taken_s < expected_s * 4);
    close_fixture(&f);
}

static void a_small_bound_holds_the_sender_back_and_loses_nothing(void **state)
{
    (void)state;
    enum { N = 1000000 };
    struct fixture f;
    pthread_t thread;
    open_fixture(&f, 0, 0, 5000);
    struct sending sending = {f.near_fd, N};
    pthread_create(&thread, NULL, send_pattern, &sending);
    receive_pattern(f.far_fd, N);
    pthread_join(thread, NULL);
    assert_int_equal(xcy_relay_counts(f.relay).bytes_to_target, N);
    close_fixture(&f);
}

static void an_end_passes_on_after_the_bytes_before_it(void **state)
{
    (void)state;
    struct fixture f;
    char got[8] = "";
    open_fixture(&f, 10, 0, 0);
    assert_int_equal(write(f.near_fd, "bye", 3), 3);
    shutdown(f.near_fd, SHUT_WR);
    read_whole(f.far_fd, got, 3);
    assert_string_equal(got, "bye");
    assert_int_equal(read(f.far_fd, got, sizeof got), 0);
    assert_int_equal(write(f.far_fd, "too", 3), 3); /* the other way is still open */
    read_whole(f.near_fd, got, 3);
    assert_string_equal(got, "too");
    close_fixture(&f);
}

static void without_a_target_the_client_is_closed(void **state)
{
    (void)state;
    struct fixture f;
    struct xcy_error err;
    uint16_t port = 0;
    char got;
    close(listen_on(&port));
    struct xcy_relay_options options = {.target_port = port};
    assert_ok(xcy_relay_start(&options, &f.relay, &err), &err);
    f.near_fd = connect_to(xcy_relay_port(f.relay));
    assert_true(read(f.near_fd, &got, 1) <= 0);
    close(f.near_fd);
    xcy_relay_stop(f.relay);
}

static bool is_readable(int fd, int within_ms)
{
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    return poll(&wanted, 1, within_ms) == 1;
}

static void while_it_is_stalled_nothing_leaves_it_neither_way(void **state)
{
    (void)state;
    enum { LAG_MS = 20 };
    struct fixture f;
    struct xcy_mono from;
    struct xcy_mono to;
    char byte = 'a';
    open_fixture(&f, LAG_MS, 0, 0);
    assert_int_equal(write(f.near_fd, &byte, 1), 1); /* under way as the stall begins */
    xcy_stall_set(f.stall, true, &from);
    byte = 'b';
    assert_int_equal(write(f.far_fd, &byte, 1), 1);
    assert_false(is_readable(f.far_fd, 2 * LAG_MS));
    assert_false(is_readable(f.near_fd, 0));
    xcy_stall_set(f.stall, false, &to);
    read_whole(f.far_fd, &byte, 1);
    assert_int_equal(byte, 'a');
    read_whole(f.near_fd, &byte, 1);
    assert_int_equal(byte, 'b');
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), to) >= LAG_MS * XCY_NS_PER_MS);
    close_fixture(&f);
}

static void in_a_stall_no_timer_is_set_for_what_is_due_already(void **state)
{
    (void)state;
    struct fixture f;
    struct xcy_mono at;
    char byte = 'x';
    char chunk[XCY_RELAY_CHUNK_BYTES];
    struct xcy_relay_passed passed = {0};
    open_fixture(&f, 0, 0, 0);
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    struct xcy_relay_options options = {
        .target_port = xcy_relay_port(f.relay), .stall = f.stall, .max_bytes = 100};
    struct xcy_relay_link *link = xcy_relay_link_open(ends[0], &options, &passed);
    assert_non_null(link);
    xcy_stall_set(f.stall, true, &at);
    assert_int_equal(write(ends[1], &byte, 1), 1);
    xcy_relay_link_move(link, &options, chunk);
    assert_int_equal(xcy_relay_link_due(link, f.stall).ns, INT64_MAX);
    xcy_stall_set(f.stall, false, &at);
    assert_true(xcy_relay_link_due(link, f.stall).ns <= at.ns);
    xcy_relay_link_close(link);
    close(ends[1]);
    close_fixture(&f);
}

static void the_end_of_a_connection_waits_for_the_end_of_the_stall(void **state)
{
    (void)state;
    struct fixture f;
    struct xcy_mono at;
    char byte;
    open_fixture(&f, 0, 0, 0);
    xcy_stall_set(f.stall, true, &at);
    shutdown(f.near_fd, SHUT_WR);
    assert_false(is_readable(f.far_fd, 20));
    xcy_stall_set(f.stall, false, &at);
    assert_int_equal(recv(f.far_fd, &byte, 1, 0), 0);
    close_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_takes_its_lag),
        cmocka_unit_test(order_is_kept_though_lags_differ),
        cmocka_unit_test(the_rate_cap_is_kept),
        cmocka_unit_test(a_small_bound_holds_the_sender_back_and_loses_nothing),
        cmocka_unit_test(an_end_passes_on_after_the_bytes_before_it),
        cmocka_unit_test(while_it_is_stalled_nothing_leaves_it_neither_way),
        cmocka_unit_test(in_a_stall_no_timer_is_set_for_what_is_due_already),
        cmocka_unit_test(the_end_of_a_connection_waits_for_the_end_of_the_stall),
        cmocka_unit_test(without_a_target_the_client_is_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
