#include "tests/support/golden.h"
#include "tests/support/unit.h"

#include "common/stats/welch.h"

#include <math.h>

static void it_agrees_with_r(void **state)
{
    (void)state;
    struct golden *g = golden_open("stats/welch.csv");
    while (golden_next(g)) {
        struct xcy_values from = golden_values(g, "from");
        struct xcy_values to = golden_values(g, "to");
        struct xcy_welch got = xcy_welch(from, to, golden_number(g, "confidence"));
        assert_true(got.exists);
        double scale = got.error;
        golden_assert_near(g, "difference", got.difference, golden_number(g, "difference"), 1e-8,
                           scale);
        golden_assert_near(g, "error", got.error, golden_number(g, "error"), 1e-8, 0);
        golden_assert_near(g, "freedom", got.freedom, golden_number(g, "freedom"), 1e-8, 0);
        golden_assert_near(g, "low", got.interval.low, golden_number(g, "low"), 1e-8, scale);
        golden_assert_near(g, "high", got.interval.high, golden_number(g, "high"), 1e-8, scale);
        golden_assert_near(g, "p", got.p, golden_number(g, "p"), 1e-8, 0);
    }
    golden_close(g);
}

static void below_two_values_there_is_no_interval(void **state)
{
    (void)state;
    const double values[] = {1, 4, 6};
    struct xcy_welch got =
        xcy_welch((struct xcy_values){values, 1}, (struct xcy_values){values, 3}, 0.95);
    assert_true(!got.exists && got.p == 1 && fabs(got.difference - 8.0 / 3) < 1e-12);
    assert_true(got.interval.low == -INFINITY && got.interval.high == INFINITY);
    struct xcy_welch none =
        xcy_welch((struct xcy_values){values, 3}, (struct xcy_values){NULL, 0}, 0.95);
    assert_true(!none.exists && none.p == 1 && isnan(none.difference));
}

static void values_that_never_vary_differ_for_sure_or_not_at_all(void **state)
{
    (void)state;
    const double threes[] = {3, 3};
    const double fours[] = {4, 4, 4};
    struct xcy_values three = {threes, 2};
    struct xcy_values four = {fours, 3};
    struct xcy_welch other = xcy_welch(three, four, 0.95);
    assert_true(other.exists && other.p == 0 && other.interval.low == 1 &&
                other.interval.high == 1);
    assert_true(xcy_welch(four, three, 0.95).p == 0);
    assert_true(xcy_welch(three, three, 0.95).p == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_agrees_with_r),
        cmocka_unit_test(below_two_values_there_is_no_interval),
        cmocka_unit_test(values_that_never_vary_differ_for_sure_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
