#include "tests/support/unit.h"

#include "common/stats/rounds.h"

#include <math.h>

static void assert_near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-9 * fmax(1, fabs(expected)))) {
        fail_msg("%.17g, expected %.17g", got, expected);
    }
}

static void no_round_says_nothing(void **state)
{
    (void)state;
    struct xcy_rounds r = xcy_rounds_of(NULL, 0, 0.95);
    assert_int_equal(r.kind, XCY_ROUNDS_NONE);
    assert_true(r.n == 0 && isnan(r.mean) && isnan(r.low) && isnan(r.high));
}

static void below_three_rounds_there_is_the_spread_only(void **state)
{
    (void)state;
    const double values[] = {0.6, 0.5};
    struct xcy_rounds one = xcy_rounds_of(values, 1, 0.95);
    assert_int_equal(one.kind, XCY_ROUNDS_SPREAD);
    assert_true(one.mean == 0.6 && one.low == 0.6 && one.high == 0.6);
    struct xcy_rounds two = xcy_rounds_of(values, 2, 0.95);
    assert_int_equal(two.kind, XCY_ROUNDS_SPREAD);
    assert_near(two.mean, 0.55);
    assert_true(two.low == 0.5 && two.high == 0.6);
}

static void from_three_rounds_on_the_interval_is_students(void **state)
{
    (void)state;
    /* mean -+ t s / sqrt(n); t inverted by bisection from the distribution's closed forms, in Python:
     * 0.975 of 2 degrees of freedom 4.302652729749461, of 4 2.776445105197791, 0.95 of 3 2.35336343480182 */
    static const struct {
        double values[5];
        size_t n;
        double confidence;
        double mean;
        double low;
        double high;
    } cases[] = {
        {{0.5, 0.55, 0.6}, 3, 0.95, 0.55, 0.42579311441248346, 0.6742068855875164},
        {{101, 95, 99, 104, 97}, 5, 0.95, 99.2, 94.86305410339128, 103.53694589660873},
        {{1, 2, 4, 8}, 4, 0.9, 3.75, 0.10735118849461767, 7.392648811505382},
        {{3, 3, 3}, 3, 0.95, 3, 3, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_rounds r = xcy_rounds_of(cases[i].values, cases[i].n, cases[i].confidence);
        assert_int_equal(r.kind, XCY_ROUNDS_T);
        assert_near(r.mean, cases[i].mean);
        assert_near(r.low, cases[i].low);
        assert_near(r.high, cases[i].high);
    }
}

static void from_ten_rounds_on_it_is_the_bootstrap_and_always_the_same(void **state)
{
    (void)state;
    const double values[] = {4, 8, 15, 16, 23, 42, 4, 8, 15, 16};
    struct xcy_rounds first = xcy_rounds_of(values, 10, 0.95);
    struct xcy_rounds again = xcy_rounds_of(values, 10, 0.95);
    assert_int_equal(first.kind, XCY_ROUNDS_BOOTSTRAP);
    assert_near(first.mean, 15.1);
    assert_true(first.low == again.low && first.high == again.high);
    /* The resampled means are nearly normal: sd = sqrt(population variance / 10) = 3.41; 1.96 of it
     * each way, skewed to the right. */
    assert_true(first.low > 8 && first.low < 10.5);
    assert_true(first.high > 20.5 && first.high < 24);
    struct xcy_rounds wider = xcy_rounds_of(values, 10, 0.99);
    assert_true(wider.low < first.low && wider.high > first.high);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_round_says_nothing),
        cmocka_unit_test(below_three_rounds_there_is_the_spread_only),
        cmocka_unit_test(from_three_rounds_on_the_interval_is_students),
        cmocka_unit_test(from_ten_rounds_on_it_is_the_bootstrap_and_always_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
