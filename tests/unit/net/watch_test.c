#include "tests/support/unit.h"

#include "common/net/watch.h"

#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Only their addresses count here. */
static char places[2];

static struct xcy_lane *lane(size_t i)
{
    return (void *)&places[i];
}

static struct xcy_watch opened(bool has_no_pwait2)
{
    struct xcy_watch watch;
    xcy_watch_open(&watch);
    watch.has_no_pwait2 = has_no_pwait2;
    return watch;
}

/* Each with the kernel's epoll_pwait2, and as if there was none. */
static void a_wait_is_as_long_as_asked_and_no_shorter(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct xcy_watch watch = opened(i == 1);
        struct xcy_mono before = xcy_mono_now();
        assert_false(xcy_watch_wait(&watch, 300 * XCY_NS_PER_US));
        assert_true(xcy_mono_diff_ns(xcy_mono_now(), before) >= 300 * XCY_NS_PER_US);
        assert_int_equal(watch.n_events, 0);
        assert_false(xcy_watch_wait(&watch, 0));
        assert_false(xcy_watch_wait(&watch, -1));
        xcy_watch_close(&watch);
    }
}

static void what_is_readable_is_told_with_its_line(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct xcy_watch watch = opened(i == 1);
        int quiet = eventfd(0, EFD_CLOEXEC);
        int loud = eventfd(1, EFD_CLOEXEC);
        xcy_watch_set(&watch, quiet, lane(0), EPOLLIN);
        xcy_watch_set(&watch, loud, lane(1), EPOLLIN);
        assert_false(xcy_watch_wait(&watch, INT64_MAX));
        assert_int_equal(watch.n_events, 1);
        assert_int_equal(watch.events[0].data.fd, loud);
        assert_ptr_equal(xcy_watch_lane(&watch, loud), lane(1));
        assert_ptr_equal(xcy_watch_lane(&watch, quiet), lane(0));
        xcy_watch_drop(&watch, loud);
        xcy_watch_drop(&watch, loud);
        assert_null(xcy_watch_lane(&watch, loud));
        assert_false(xcy_watch_wait(&watch, 0));
        assert_int_equal(watch.n_events, 0);
        xcy_watch_set(&watch, quiet, lane(0), EPOLLIN | EPOLLOUT);
        assert_false(xcy_watch_wait(&watch, INT64_MAX));
        assert_int_equal(watch.events[0].events, EPOLLOUT);
        close(quiet);
        close(loud);
        xcy_watch_close(&watch);
    }
}

static void a_wake_is_told_apart_and_stays_until_another(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct xcy_watch watch = opened(i == 1);
        int wake = eventfd(1, EFD_CLOEXEC);
        int socket = eventfd(1, EFD_CLOEXEC);
        xcy_watch_set(&watch, socket, lane(0), EPOLLIN);
        xcy_watch_set_wake(&watch, wake);
        assert_true(xcy_watch_wait(&watch, INT64_MAX));
        assert_int_equal(watch.n_events, 1);
        assert_int_equal(watch.events[0].data.fd, socket);
        xcy_watch_set_wake(&watch, wake);
        assert_true(xcy_watch_wait(&watch, 0));
        xcy_watch_set_wake(&watch, -1);
        assert_false(xcy_watch_wait(&watch, 0));
        assert_int_equal(watch.n_events, 1);
        close(wake);
        close(socket);
        xcy_watch_close(&watch);
    }
}

/* As when a socket was closed behind our back. */
static void a_descriptor_that_the_kernel_forgot_is_watched_again(void **state)
{
    (void)state;
    struct xcy_watch watch = opened(false);
    int first = eventfd(1, EFD_CLOEXEC);
    xcy_watch_set(&watch, first, lane(0), EPOLLIN);
    close(first);
    int second = eventfd(1, EFD_CLOEXEC);
    assert_int_equal(second, first);
    xcy_watch_set(&watch, second, lane(1), EPOLLIN);
    assert_false(xcy_watch_wait(&watch, INT64_MAX));
    assert_ptr_equal(xcy_watch_lane(&watch, watch.events[0].data.fd), lane(1));
    assert_null(xcy_watch_lane(&watch, 100000));
    assert_null(xcy_watch_lane(&watch, -1));
    close(second);
    xcy_watch_close(&watch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wait_is_as_long_as_asked_and_no_shorter),
        cmocka_unit_test(what_is_readable_is_told_with_its_line),
        cmocka_unit_test(a_wake_is_told_apart_and_stays_until_another),
        cmocka_unit_test(a_descriptor_that_the_kernel_forgot_is_watched_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
