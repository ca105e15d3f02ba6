#include "tests/support/golden.h"
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
    struct golden *g = golden_open("stats/rounds.csv");
    while (golden_next(g)) {
        struct xcy_values values = golden_values(g, "values");
        struct xcy_rounds r = xcy_rounds_of(values.at, values.n, golden_number(g, "confidence"));
        assert_int_equal(r.kind, XCY_ROUNDS_T);
        golden_assert_near(g, "mean", r.mean, golden_number(g, "mean"), 1e-12, 0);
        golden_assert_near(g, "low", r.low, golden_number(g, "low"), 1e-8, r.mean);
        golden_assert_near(g, "high", r.high, golden_number(g, "high"), 1e-8, r.mean);
    }
    golden_close(g);
    const double same[] = {3, 3, 3};
    struct xcy_rounds point = xcy_rounds_of(same, 3, 0.95);
    assert_true(point.low == 3 && point.high == 3);
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
