#include "tests/support/unit.h"

#include "report/axis.h"

#include <float.h>
#include <math.h>

static void assert_ticks(struct xcy_axis axis, const double *expected, size_t n)
{
    assert_int_equal(axis.n_ticks, n);
    for (size_t i = 0; i < n; i++) {
        assert_true(axis.ticks[i] == expected[i]);
    }
    assert_true(axis.low == expected[0] && axis.high == expected[n - 1]);
}

#define ASSERT_TICKS(axis, ...)                                                                    \
    do {                                                                                           \
        const double expected_[] = {__VA_ARGS__};                                                  \
        assert_ticks(axis, expected_, sizeof expected_ / sizeof *expected_);                       \
    } while (0)

static void ticks_are_round_numbers_around_the_values(void **state)
{
    (void)state;
    ASSERT_TICKS(xcy_axis_linear(0, 47.8, 5), 0, 10, 20, 30, 40, 50);
    ASSERT_TICKS(xcy_axis_linear(0, 0.2, 5), 0, 0.05, 0.1, 0.15, 0.2);
    ASSERT_TICKS(xcy_axis_linear(-3, 8, 5), -5, 0, 5, 10);
    ASSERT_TICKS(xcy_axis_linear(1234, 1239, 5), 1234, 1236, 1238, 1240);
}

static void a_tick_is_the_nearest_number_to_its_decimals(void **state)
{
    (void)state;
    ASSERT_TICKS(xcy_axis_linear(0, 0.6, 5), 0, 0.2, 0.4, 0.6); /* 3 * 0.2 is not 0.6 */
    ASSERT_TICKS(xcy_axis_linear(0, 0.45, 5), 0, 0.1, 0.2, 0.3, 0.4, 0.5);
}

static void one_value_alone_has_room_around_it(void **state)
{
    (void)state;
    static const double values[] = {0, 5, -5, 1e-300, 1e300, 7e-9};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct xcy_axis axis = xcy_axis_linear(values[i], values[i], 5);
        assert_true(axis.low < axis.high);
        assert_true(axis.low <= values[i] && values[i] <= axis.high);
        assert_true(values[i] < 0 || values[i] == 0 || axis.low >= 0);
    }
}

static void assert_sound(const struct xcy_axis *axis, double low, double high)
{
    assert_in_range(axis->n_ticks, 2, XCY_AXIS_MAX_TICKS);
    assert_true(axis->low <= low && axis->high >= high);
    for (size_t i = 1; i < axis->n_ticks; i++) {
        assert_true(axis->ticks[i] > axis->ticks[i - 1]);
    }
    assert_true(xcy_axis_at(axis, axis->low) == 0 && xcy_axis_at(axis, axis->high) == 1);
}

static void every_range_has_a_few_ticks_that_hold_it(void **state)
{
    (void)state;
    for (int i = 0; i < 28; i++) {
        for (int k = 0; k < 25; k++) {
            double low = 1e-7 * pow(3.7, i);
            double factor = 1.01 * pow(2.3, k);
            for (size_t n = 2; n <= 8; n++) {
                struct xcy_axis linear = xcy_axis_linear(low, low * factor, n);
                struct xcy_axis logarithmic = xcy_axis_log(low, low * factor, n);
                assert_sound(&linear, low, low * factor);
                assert_sound(&logarithmic, low, low * factor);
                assert_true(logarithmic.n_ticks <= n + 1);
            }
        }
    }
}

static void values_beside_which_a_step_vanishes_end_it_all_the_same(void **state)
{
    (void)state;
    struct xcy_axis axis = xcy_axis_linear(1e20, nextafter(1e20, INFINITY), 5);
    assert_in_range(axis.n_ticks, 1, XCY_AXIS_MAX_TICKS);
}

static void decades_are_ticks_of_a_logarithmic_axis(void **state)
{
    (void)state;
    ASSERT_TICKS(xcy_axis_log(0.04, 900, 6), 0.01, 0.1, 1, 10, 100, 1000);
    ASSERT_TICKS(xcy_axis_log(90, 130, 5), 50, 100, 200);
    ASSERT_TICKS(xcy_axis_log(100, 100, 5), 100, 200);
    ASSERT_TICKS(xcy_axis_log(1e-6, 1e6, 5), 1e-6, 1e-3, 1, 1e3, 1e6);
}

static void decades_are_equally_far_apart(void **state)
{
    (void)state;
    struct xcy_axis axis = xcy_axis_log(0.1, 1000, 5);
    assert_true(fabs(xcy_axis_at(&axis, 10) - 0.5) < 1e-12);
    assert_true(xcy_axis_at(&axis, 0) == 0);
    assert_true(xcy_axis_at(&axis, -5) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ticks_are_round_numbers_around_the_values),
        cmocka_unit_test(a_tick_is_the_nearest_number_to_its_decimals),
        cmocka_unit_test(one_value_alone_has_room_around_it),
        cmocka_unit_test(every_range_has_a_few_ticks_that_hold_it),
        cmocka_unit_test(values_beside_which_a_step_vanishes_end_it_all_the_same),
        cmocka_unit_test(decades_are_ticks_of_a_logarithmic_axis),
        cmocka_unit_test(decades_are_equally_far_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
