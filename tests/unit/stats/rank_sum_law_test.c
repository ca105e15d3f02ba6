#include "tests/support/unit.h"

#include "common/stats/rank_sum_law.h"

#include <math.h>

static void assert_near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-12 * fabs(expected))) {
        fail_msg("%.17g, expected %.17g", got, expected);
    }
}

/* Of choose(5, 2) = 10 arrangements, U = 0 .. 6 have 1, 1, 2, 2, 2, 1, 1. */
static void small_ones_are_counted_by_hand(void **state)
{
    (void)state;
    static const double counts[] = {1, 2, 4, 6, 8, 9, 10, 10};
    for (size_t u = 0; u < 8; u++) {
        assert_near(xcy_rank_sum_at_most(u, 2, 3), counts[u] / 10);
        assert_near(xcy_rank_sum_at_most(u, 3, 2), counts[u] / 10);
    }
    for (size_t u = 0; u < 9; u++) {
        assert_near(xcy_rank_sum_at_most(u, 1, 8), (double)(u + 1) / 9);
    }
}

/* 1 / choose(98, 49), and R: pwilcox(900, 49, 49), pwilcox(400, 49, 49) */
static void large_ones_keep_their_digits(void **state)
{
    (void)state;
    assert_near(xcy_rank_sum_at_most(0, 49, 49), 3.9250145964816453e-29);
    assert_near(xcy_rank_sum_at_most(900, 49, 49), 0.016308863525874184);
    assert_near(xcy_rank_sum_at_most(400, 49, 49), 9.597679831677936e-10);
}

/* R: qwilcox(0.025, n, m), which is the least u with more than the tail at or below it */
static void ranks_leave_at_most_the_tail(void **state)
{
    (void)state;
    assert_int_equal(xcy_rank_sum_ranks(0.025, 10, 10), 24);
    assert_int_equal(xcy_rank_sum_ranks(0.025, 5, 6), 4);
    assert_int_equal(xcy_rank_sum_ranks(0.05, 30, 40), 461);
    assert_int_equal(xcy_rank_sum_ranks(0.025, 3, 3), 0);
    /* 1 / choose(6, 3) = 0.05 exactly: rounding must not take the rank away. */
    assert_int_equal(xcy_rank_sum_ranks(0.05, 3, 3), 1);
    assert_int_equal(xcy_rank_sum_ranks(0.4999, 1, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_ones_are_counted_by_hand),
        cmocka_unit_test(large_ones_keep_their_digits),
        cmocka_unit_test(ranks_leave_at_most_the_tail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
