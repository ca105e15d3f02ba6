#include "functions/backoff.h"
#include "tests/support/unit.h"

static struct xcy_backoff backoff_of(int64_t first_ms, int64_t max_ms, int64_t left_ns)
{
    struct xcy_environment environment = {.poll_first_ms = first_ms, .poll_max_ms = max_ms};
    struct xcy_backoff backoff;
    xcy_backoff_init(&backoff, &environment, xcy_mono_add(xcy_mono_now(), left_ns));
    return backoff;
}

static void pauses_grow_by_half_up_to_the_maximum(void **state)
{
    (void)state;
    struct xcy_backoff backoff = backoff_of(0, 1, XCY_NS_PER_S);
    backoff.pause_ns = 400000;
    const int64_t expected_ns[] = {600000, 900000, 1000000, 1000000};
    for (size_t e = 0; e < sizeof expected_ns / sizeof expected_ns[0]; e++) {
        assert_true(xcy_backoff_wait(&backoff));
        assert_int_equal(backoff.pause_ns, expected_ns[e]);
    }
}

static void wait_lasts_at_least_its_pause(void **state)
{
    (void)state;
    struct xcy_backoff backoff = backoff_of(2, 2, XCY_NS_PER_S);
    struct xcy_mono before = xcy_mono_now();
    assert_true(xcy_backoff_wait(&backoff));
    assert_true(xcy_mono_diff_ns(xcy_mono_now(), before) >= 2 * XCY_NS_PER_MS);
}

static void wait_is_cut_at_the_deadline_and_then_refused(void **state)
{
    (void)state;
    struct xcy_backoff backoff = backoff_of(3600000, 3600000, 2 * XCY_NS_PER_MS);
    assert_true(xcy_backoff_wait(&backoff));
    assert_false(xcy_mono_before(xcy_mono_now(), backoff.deadline));
    assert_false(xcy_backoff_wait(&backoff));
}

static void deadline_in_the_past_is_refused_at_once(void **state)
{
    (void)state;
    struct xcy_backoff backoff = backoff_of(3600000, 3600000, -1);
    assert_false(xcy_backoff_wait(&backoff));
}

static void interval_of_zero_is_no_busy_loop(void **state)
{
    (void)state;
    struct xcy_backoff backoff = backoff_of(0, 0, XCY_NS_PER_S);
    assert_true(backoff.pause_ns > 0);
    assert_true(xcy_backoff_wait(&backoff));
    assert_true(backoff.pause_ns > 0);
}

static void only_failures_that_may_pass_are_tried_again(void **state)
{
    (void)state;
    assert_true(xcy_is_passing_failure(XCY_ENET));
    assert_true(xcy_is_passing_failure(XCY_EREMOTE));
    assert_true(xcy_is_passing_failure(XCY_ETIMEOUT));
    assert_false(xcy_is_passing_failure(XCY_EAUTH));
    assert_false(xcy_is_passing_failure(XCY_ENOTFOUND));
    assert_false(xcy_is_passing_failure(XCY_OK));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pauses_grow_by_half_up_to_the_maximum),
        cmocka_unit_test(wait_lasts_at_least_its_pause),
        cmocka_unit_test(wait_is_cut_at_the_deadline_and_then_refused),
        cmocka_unit_test(deadline_in_the_past_is_refused_at_once),
        cmocka_unit_test(interval_of_zero_is_no_busy_loop),
        cmocka_unit_test(only_failures_that_may_pass_are_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
