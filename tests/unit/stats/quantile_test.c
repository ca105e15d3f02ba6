#include "tests/support/golden.h"
#include "tests/support/unit.h"

#include "common/stats/quantile.h"

#include <math.h>

static const double sample[] = {0.4, 2.65, 3.1, 9.79, 15.9, 35.8};

static void sorting_puts_infinities_at_the_ends(void **state)
{
    (void)state;
    double values[] = {3, INFINITY, -1, 2, -INFINITY, 2};
    static const double expected[] = {-INFINITY, -1, 2, 2, 3, INFINITY};
    xcy_sort(values, 6);
    assert_memory_equal(values, expected, sizeof expected);
    xcy_sort(values, 0);
}

static void a_quantile_is_the_smallest_value_with_enough_below(void **state)
{
    (void)state;
    assert_true(xcy_quantile(sample, 6, 0.5) == 3.1);
    assert_true(xcy_quantile(sample, 6, 0.51) == 9.79);
    assert_true(xcy_quantile(sample, 6, 1e-9) == 0.4);
    assert_true(xcy_quantile(sample, 6, 1 - 1e-9) == 35.8);
    assert_true(xcy_quantile(sample, 1, 0.99) == 0.4);
}

/* 0.07 * 100 is a little above 7: the 8th value would be wrong. */
static void a_whole_rank_is_not_lifted_by_rounding(void **state)
{
    (void)state;
    double values[1000];
    for (int n = 0; n < 1000; n++) {
        values[n] = n + 1;
    }
    for (int n = 1; n < 1000; n++) {
        assert_true(xcy_quantile(values, 1000, n / 1000.0) == n);
    }
    for (int n = 1; n < 100; n++) {
        assert_true(xcy_quantile(values, 100, n / 100.0) == n);
    }
}

static void linear_quantiles_agree_with_numpy(void **state)
{
    (void)state;
    /* import numpy; numpy.percentile(sample, p) */
    static const double expected[][2] = {
        {0, 0.4},
        {0.25, 2.7625},
        {0.5, 6.444999999999999},
        {0.75, 14.3725},
        {0.9, 25.849999999999998},
        {0.99, 34.805},
        {1, 35.8},
    };
    for (size_t n = 0; n < sizeof expected / sizeof expected[0]; n++) {
        assert_true(xcy_quantile_linear(sample, 6, expected[n][0]) == expected[n][1]);
    }
    assert_true(xcy_quantile_linear(sample, 1, 0.5) == 0.4);
}

static void linear_quantiles_of_censored_values_are_no_nan(void **state)
{
    (void)state;
    static const double values[] = {-INFINITY, -INFINITY, 1, INFINITY, INFINITY};
    static const double expected[] = {-INFINITY, -INFINITY, -INFINITY, -INFINITY, 1,
                                      INFINITY,  INFINITY,  INFINITY,  INFINITY};
    for (int n = 0; n <= 8; n++) {
        assert_true(xcy_quantile_linear(values, 5, n / 8.0) == expected[n]);
    }
}

static void ranks_agree_with_scipy(void **state)
{
    (void)state;
    struct golden *g = golden_open("stats/quantile_ranks.csv");
    while (golden_next(g)) {
        struct xcy_quantile_interval got = xcy_quantile_ranks(
            (size_t)golden_count(g, "n"), golden_number(g, "q"), golden_number(g, "confidence"));
        double low = got.exists ? (double)got.low_index + 1 : 0;
        double high = got.exists ? (double)got.high_index + 1 : 0;
        golden_assert_near(g, "low rank", low, golden_number(g, "low_rank"), 0, 0);
        golden_assert_near(g, "high rank", high, golden_number(g, "high_rank"), 0, 0);
    }
    golden_close(g);
}

static void of_nothing_there_is_no_interval(void **state)
{
    (void)state;
    assert_false(xcy_quantile_ranks(0, 0.5, 0.95).exists);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorting_puts_infinities_at_the_ends),
        cmocka_unit_test(a_quantile_is_the_smallest_value_with_enough_below),
        cmocka_unit_test(a_whole_rank_is_not_lifted_by_rounding),
        cmocka_unit_test(linear_quantiles_agree_with_numpy),
        cmocka_unit_test(linear_quantiles_of_censored_values_are_no_nan),
        cmocka_unit_test(ranks_agree_with_scipy),
        cmocka_unit_test(of_nothing_there_is_no_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
