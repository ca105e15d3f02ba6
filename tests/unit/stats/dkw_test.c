#include "tests/support/golden.h"
#include "tests/support/unit.h"

#include "common/stats/dkw.h"

#include <math.h>

static void it_agrees_with_the_formula_turned_round(void **state)
{
    (void)state;
    struct golden *g = golden_open("stats/dkw.csv");
    while (golden_next(g)) {
        size_t n = (size_t)golden_count(g, "n");
        double confidence = golden_number(g, "confidence");
        double epsilon = xcy_dkw_epsilon(n, confidence);
        struct xcy_interval band = xcy_dkw_band((size_t)golden_count(g, "count"), n, confidence);
        golden_assert_near(g, "epsilon", epsilon, golden_number(g, "epsilon"), 1e-12, 0);
        golden_assert_near(g, "low", band.low, golden_number(g, "low"), 1e-12, 1);
        golden_assert_near(g, "high", band.high, golden_number(g, "high"), 1e-12, 1);
    }
    golden_close(g);
}

static void a_thousand_values_bound_it_by_4_3_percent(void **state)
{
    (void)state;
    assert_true(fabs(xcy_dkw_epsilon(1000, 0.95) - 0.0429) < 0.0001);
}

static void a_band_stays_within_0_and_1(void **state)
{
    (void)state;
    struct xcy_interval top = xcy_dkw_band(100, 100, 0.95);
    struct xcy_interval bottom = xcy_dkw_band(0, 100, 0.95);
    assert_true(top.high == 1 && top.low < 0.9 && bottom.low == 0 && bottom.high > 0.1);
}

static void nothing_bounds_nothing(void **state)
{
    (void)state;
    struct xcy_interval band = xcy_dkw_band(0, 0, 0.95);
    assert_true(band.low == 0 && band.high == 1 && xcy_dkw_epsilon(0, 0.95) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_agrees_with_the_formula_turned_round),
        cmocka_unit_test(a_thousand_values_bound_it_by_4_3_percent),
        cmocka_unit_test(a_band_stays_within_0_and_1),
        cmocka_unit_test(nothing_bounds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
