#include "tests/support/unit.h"

#include "common/stats/quantile.h"
#include "common/stats/stream.h"

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

struct rank_case {
    size_t n;
    double q;
    double confidence;
    bool exists;
    size_t low_index;
    size_t high_index;
};

static void ranks_agree_with_scipy(void **state)
{
    (void)state;
    /* from scipy.stats import binom; t = (1 - confidence) / 2
     * max(l for l in range(1, n + 1) if binom.cdf(l - 1, n, q) <= t) - 1
     * min(u for u in range(1, n + 1) if binom.sf(u - 1, n, q) <= t) - 1; none: does not exist */
    static const struct rank_case cases[] = {
        {10, 0.5, 0.95, true, 1, 8},       {100, 0.5, 0.95, true, 39, 60},
        {1000, 0.5, 0.95, true, 468, 531}, {1000, 0.99, 0.95, true, 982, 996},
        {1000, 0.999, 0.95, false, 0, 0},  {5, 0.5, 0.95, false, 0, 0},
        {6, 0.5, 0.95, true, 0, 5},        {368, 0.99, 0.95, true, 359, 367},
        {367, 0.99, 0.95, false, 0, 0},    {100000, 0.9, 0.99, true, 89754, 90244},
        {0, 0.5, 0.95, false, 0, 0},
    };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        const struct rank_case *c = &cases[n];
        struct xcy_quantile_interval got = xcy_quantile_ranks(c->n, c->q, c->confidence);
        assert_int_equal(got.exists, c->exists);
        assert_int_equal(got.low_index, c->low_index);
        assert_int_equal(got.high_index, c->high_index);
    }
}

/* Samples of an exponential distribution, whose quantiles are known. The share of intervals that
 * hold the true one may fall short of the confidence by four standard errors of the simulation. */
static void intervals_cover_at_least_what_they_say(void **state)
{
    (void)state;
    static const double quantiles[] = {0.1, 0.5, 0.9, 0.99};
    enum { ROUNDS = 1500, N = 400 };
    struct xcy_stream *stream = xcy_stream_new(5, "coverage");
    int held[4] = {0};
    for (int round = 0; round < ROUNDS; round++) {
        double values[N];
        for (int n = 0; n < N; n++) {
            values[n] = xcy_stream_exponential(stream, 1);
        }
        xcy_sort(values, N);
        for (int q = 0; q < 4; q++) {
            double truth = -log1p(-quantiles[q]);
            struct xcy_quantile_interval i = xcy_quantile_ranks(N, quantiles[q], 0.95);
            assert_true(i.exists);
            held[q] += values[i.low_index] <= truth && truth <= values[i.high_index];
        }
    }
    for (int q = 0; q < 4; q++) {
        double share = (double)held[q] / ROUNDS;
        assert_true(share >= 0.95 - 4 * sqrt(0.95 * 0.05 / ROUNDS));
        assert_true(share < 0.9999 || quantiles[q] > 0.9); /* and are not absurdly wide */
    }
    xcy_stream_free(stream);
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
        cmocka_unit_test(intervals_cover_at_least_what_they_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
