#include "tests/support/unit.h"

#include "common/time/clock.h"
#include "sandbox/hosts/link.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BIG_BYTES = 1 << 20 };
static const int64_t lag_ns = 20 * XCY_NS_PER_MS;

struct fixture {
    int listen_fd; /* the writer's server */
    struct xcy_link *link;
    struct xcy_error err;
};

static int64_t fixed_lag(void *ctx)
{
    (void)ctx;
    return lag_ns;
}

static struct sockaddr_in loopback(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* False: this machine does not let us have network namespaces. */
static bool open_fixture(struct fixture *f, bool is_wan)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    memset(f, 0, sizeof *f);
    f->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(f->listen_fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(f->listen_fd, 8), 0);
    assert_int_equal(getsockname(f->listen_fd, (struct sockaddr *)&address, &size), 0);
    struct xcy_link_options options = {
        .target_port = ntohs(address.sin_port), .is_wan = is_wan, .lag = fixed_lag};
    enum xcy_status status = xcy_link_start(&options, &f->link, &f->err);
    if (is_wan && status == XCY_EFAIL && strstr(f->err.text, "needs root")) {
        close(f->listen_fd);
        return false;
    }
    assert_ok(status, &f->err);
    return true;
}

static void close_fixture(struct fixture *f)
{
    xcy_link_stop(f->link);
    close(f->listen_fd);
}

static int connect_reader(const struct fixture *f)
{
    struct sockaddr_in address = loopback(xcy_link_port(f->link));
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void send_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
        assert_true(sent > 0);
        bytes += sent;
        n -= (size_t)sent;
    }
}

static void receive_all(int fd, char *to, size_t n)
{
    while (n > 0) {
        ssize_t got = recv(fd, to, n, 0);
        assert_true(got > 0);
        to += got;
        n -= (size_t)got;
    }
}

struct sending {
    int fd;
    const char *bytes;
};

static void *send_big(void *arg)
{
    const struct sending *s = arg;
    send_all(s->fd, s->bytes, BIG_BYTES);
    return NULL;
}

/* Writer to reader and back: both ways take a lag each, and what arrives is what was sent. */
static void check_lag(bool is_wan)
{
    struct fixture f;
    char got[6] = "";
    if (!open_fixture(&f, is_wan)) {
        skip();
    }
    int reader = connect_reader(&f);
    int writer = accept(f.listen_fd, NULL, NULL);
    struct xcy_mono start = xcy_mono_now();
    send_all(writer, "there", 5);
    receive_all(reader, got, 5);
    assert_string_equal(got, "there");
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), start) >= lag_ns);
    send_all(reader, "back.", 5);
    receive_all(writer, got, 5);
    assert_string_equal(got, "back.");
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), start) >= 2 * lag_ns);
    while (xcy_link_counts(f.link).bytes_to_target < 5) { /* counted just after it is passed on */
    }
    assert_int_equal(xcy_link_counts(f.link).bytes_to_client, 5);
    assert_int_equal(xcy_link_counts(f.link).bytes_to_target, 5);
    close(reader);
    close(writer);
    close_fixture(&f);
}

static void a_link_delays_each_way(void **state)
{
    (void)state;
    check_lag(false);
}

static void a_wan_delays_each_way(void **state)
{
    (void)state;
    check_lag(true);
}

/* 1 MiB, cold: ten packets may go out, then each answer (a round trip) at most doubles them. A relay
 * needs a single lag for it; the kernel's TCP has to begin slowly: 10 + 20 + 40 + 80 packets of 1448
 * bytes are in the first four flights, so that the last byte needs a fifth. */
static void a_wan_has_the_slow_start_of_tcp(void **state)
{
    (void)state;
    struct fixture f;
    pthread_t thread;
    if (!open_fixture(&f, true)) {
        skip();
    }
    char *sent = malloc(BIG_BYTES);
    char *got = malloc(BIG_BYTES);
    assert_non_null(sent);
    assert_non_null(got);
    for (size_t i = 0; i < BIG_BYTES; i++) {
        sent[i] = (char)(i * 7 + i / 251);
    }
    int reader = connect_reader(&f);
    int writer = accept(f.listen_fd, NULL, NULL);
    struct sending sending = {.fd = writer, .bytes = sent};
    struct xcy_mono start = xcy_mono_now();
    assert_int_equal(pthread_create(&thread, NULL, send_big, &sending), 0);
    receive_all(reader, got, BIG_BYTES);
    int64_t took_ns = xcy_mono_diff_ns(xcy_mono_now(), start);
    pthread_join(thread, NULL);
    assert_memory_equal(sent, got, BIG_BYTES);
    assert_true(took_ns >= 9 * lag_ns); /* four round trips and one way */
    free(sent);
    free(got);
    close(reader);
    close(writer);
    close_fixture(&f);
}

static void the_end_of_a_connection_crosses_a_wan(void **state)
{
    (void)state;
    struct fixture f;
    char byte;
    if (!open_fixture(&f, true)) {
        skip();
    }
    int reader = connect_reader(&f);
    int writer = accept(f.listen_fd, NULL, NULL);
    close(reader);
    assert_int_equal(recv(writer, &byte, 1, 0), 0);
    close(writer);
    close_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_delays_each_way),
        cmocka_unit_test(a_wan_delays_each_way),
        cmocka_unit_test(a_wan_has_the_slow_start_of_tcp),
        cmocka_unit_test(the_end_of_a_connection_crosses_a_wan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
