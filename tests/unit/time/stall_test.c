#include "tests/support/unit.h"

#include "common/time/stall.h"

/* Until the monotonic clock is a millisecond further. */
static void let_time_pass(void)
{
    xcy_sleep_until(xcy_mono_add(xcy_mono_now(), XCY_NS_PER_MS), -1);
}

static void without_a_stall_it_is_the_monotonic_clock(void **state)
{
    (void)state;
    struct xcy_stall *stall = xcy_stall_new();
    struct xcy_mono before = xcy_mono_now();
    struct xcy_stall_reading r = xcy_stall_read(stall);
    assert_int_equal(r.mono.ns, r.time.ns);
    assert_true(r.mono.ns >= before.ns);
    assert_false(r.is_on);
    assert_int_equal(xcy_stall_when(stall, (struct xcy_mono){123}).ns, 123);
    r = xcy_stall_read(NULL);
    assert_int_equal(r.mono.ns, r.time.ns);
    assert_int_equal(xcy_stall_when(NULL, (struct xcy_mono){123}).ns, 123);
    xcy_stall_free(stall);
}

static void it_stands_still_and_goes_on_where_it_stood(void **state)
{
    (void)state;
    struct xcy_stall *stall = xcy_stall_new();
    struct xcy_mono from;
    struct xcy_mono to;
    int64_t stalled_ns = 0;
    for (int i = 0; i < 3; i++) {
        assert_true(xcy_stall_set(stall, true, &from));
        assert_int_equal(from.ns % XCY_NS_PER_US, 0);
        struct xcy_stall_reading first = xcy_stall_read(stall);
        let_time_pass();
        struct xcy_stall_reading second = xcy_stall_read(stall);
        assert_true(first.is_on && second.is_on);
        assert_int_equal(first.time.ns, from.ns - stalled_ns);
        assert_int_equal(second.time.ns, first.time.ns);
        assert_true(second.mono.ns > first.mono.ns);
        assert_true(xcy_stall_set(stall, false, &to));
        stalled_ns += xcy_mono_diff_ns(to, from);
        struct xcy_stall_reading after = xcy_stall_read(stall);
        assert_false(after.is_on);
        assert_int_equal(after.mono.ns - after.time.ns, stalled_ns);
    }
    xcy_stall_free(stall);
}

static void only_a_change_is_one(void **state)
{
    (void)state;
    struct xcy_stall *stall = xcy_stall_new();
    struct xcy_mono at = {7};
    assert_false(xcy_stall_set(stall, false, &at));
    assert_int_equal(at.ns, 7);
    assert_true(xcy_stall_set(stall, true, &at));
    struct xcy_mono first = at;
    assert_false(xcy_stall_set(stall, true, &at));
    assert_int_equal(at.ns, first.ns);
    xcy_stall_free(stall);
}

static void what_is_to_come_has_no_instant_until_the_end(void **state)
{
    (void)state;
    struct xcy_stall *stall = xcy_stall_new();
    struct xcy_mono from;
    struct xcy_mono to;
    struct xcy_mono past = xcy_stall_read(stall).time;
    let_time_pass();
    xcy_stall_set(stall, true, &from);
    struct xcy_mono future = xcy_mono_add(xcy_stall_read(stall).time, 5 * XCY_NS_PER_MS);
    assert_int_equal(xcy_stall_when(stall, past).ns, past.ns);
    assert_int_equal(xcy_stall_when(stall, future).ns, INT64_MAX);
    xcy_stall_set(stall, false, &to);
    assert_int_equal(xcy_stall_when(stall, future).ns, to.ns + 5 * XCY_NS_PER_MS);
    xcy_stall_free(stall);
}

static void count(void *ctx)
{
    ++*(int *)ctx;
}

static void watchers_are_told_of_each_end_until_they_leave(void **state)
{
    (void)state;
    struct xcy_stall *stall = xcy_stall_new();
    struct xcy_mono at;
    int first = 0;
    int second = 0;
    xcy_stall_watch(stall, count, &first);
    xcy_stall_watch(stall, count, &second);
    xcy_stall_set(stall, true, &at);
    assert_int_equal(first + second, 0);
    xcy_stall_set(stall, false, &at);
    assert_true(first == 1 && second == 1);
    xcy_stall_unwatch(stall, &first);
    xcy_stall_unwatch(stall, &first); /* not there any more */
    xcy_stall_set(stall, true, &at);
    xcy_stall_set(stall, false, &at);
    assert_true(first == 1 && second == 2);
    xcy_stall_unwatch(stall, &second);
    xcy_stall_watch(NULL, count, &first);
    xcy_stall_unwatch(NULL, &first);
    xcy_stall_free(stall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_stall_it_is_the_monotonic_clock),
        cmocka_unit_test(it_stands_still_and_goes_on_where_it_stood),
        cmocka_unit_test(only_a_change_is_one),
        cmocka_unit_test(what_is_to_come_has_no_instant_until_the_end),
        cmocka_unit_test(watchers_are_told_of_each_end_until_they_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
