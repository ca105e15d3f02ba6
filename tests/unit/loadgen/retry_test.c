#include "loadgen/drive/retry.h"
#include "tests/support/unit.h"

#include <stdlib.h>

#define MS_NS     INT64_C(1000000)
#define HOUR_NS   (INT64_C(3600) * 1000 * MS_NS)
#define MANY      10000
#define N_BUCKETS 10

static void what_a_later_attempt_may_mend_is_repeated_and_nothing_else(void **state)
{
    (void)state;
    static const enum xcy_outcome repeated[] = {XCY_OUTCOME_DNS,
                                                XCY_OUTCOME_CONNECT,
                                                XCY_OUTCOME_TLS,
                                                XCY_OUTCOME_SEND,
                                                XCY_OUTCOME_FIRST_BYTE_TIMEOUT,
                                                XCY_OUTCOME_TOTAL_TIMEOUT,
                                                XCY_OUTCOME_RESET,
                                                XCY_OUTCOME_THROTTLED,
                                                XCY_OUTCOME_SERVER_ERROR};
    bool expected[XCY_N_OUTCOMES] = {false};
    for (size_t i = 0; i < sizeof repeated / sizeof repeated[0]; i++) {
        expected[repeated[i]] = true;
    }
    for (int outcome = 0; outcome < XCY_N_OUTCOMES; outcome++) {
        if (xcy_outcome_may_mend((enum xcy_outcome)outcome) != expected[outcome]) {
            fail_msg("%s", xcy_outcome_names[outcome]);
        }
    }
}

static void waits_are_spread_evenly_below_a_bound_that_doubles(void **state)
{
    (void)state;
    for (int64_t attempt = 1; attempt <= 6; attempt++) {
        int64_t bound_ns = 100 * MS_NS << (attempt - 1);
        int count[N_BUCKETS] = {0};
        for (int64_t slot = 0; slot < MANY; slot++) {
            int64_t wait_ns = xcy_retry_wait_ns(100 * MS_NS, 7, slot, attempt);
            assert_in_range(wait_ns, 0, bound_ns - 1);
            count[wait_ns * N_BUCKETS / bound_ns]++;
        }
        for (int b = 0; b < N_BUCKETS; b++) {
            assert_in_range(count[b], MANY / N_BUCKETS - 150, MANY / N_BUCKETS + 150); /* 5 sigma */
        }
    }
}

static void a_wait_depends_on_seed_slot_and_attempt(void **state)
{
    (void)state;
    int64_t wait_ns = xcy_retry_wait_ns(HOUR_NS, 1, 2, 1);
    assert_int_equal(xcy_retry_wait_ns(HOUR_NS, 1, 2, 1), wait_ns);
    assert_int_not_equal(xcy_retry_wait_ns(HOUR_NS, 2, 2, 1), wait_ns);
    assert_int_not_equal(xcy_retry_wait_ns(HOUR_NS, 1, 3, 1), wait_ns);
    assert_int_not_equal(xcy_retry_wait_ns(HOUR_NS, 1, 2, 2), wait_ns);
}

static void a_wait_is_an_hour_at_most_and_none_without_a_delay(void **state)
{
    (void)state;
    int64_t longest_ns = 0;
    for (int64_t slot = 0; slot < MANY; slot++) {
        int64_t wait_ns = xcy_retry_wait_ns(INT64_MAX / 2, 1, slot, 1000);
        assert_in_range(wait_ns, 0, HOUR_NS);
        longest_ns = wait_ns > longest_ns ? wait_ns : longest_ns;
        assert_int_equal(xcy_retry_wait_ns(0, 1, slot, 1000), 0);
    }
    assert_true(longest_ns > HOUR_NS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_later_attempt_may_mend_is_repeated_and_nothing_else),
        cmocka_unit_test(waits_are_spread_evenly_below_a_bound_that_doubles),
        cmocka_unit_test(a_wait_depends_on_seed_slot_and_attempt),
        cmocka_unit_test(a_wait_is_an_hour_at_most_and_none_without_a_delay),
    };
    return cmocka_run_group_tests_name("retry", tests, NULL, NULL);
}
