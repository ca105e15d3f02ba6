#include "tests/support/golden.h"
#include "tests/support/unit.h"

#include "common/stats/mann_whitney.h"

#include <math.h>

static void it_agrees_with_r(void **state)
{
    (void)state;
    struct golden *g = golden_open("stats/mann_whitney.csv");
    while (golden_next(g)) {
        struct xcy_values from = golden_values(g, "from");
        struct xcy_values to = golden_values(g, "to");
        struct xcy_mann_whitney got = xcy_mann_whitney(from, to);
        assert_int_equal(got.is_exact, golden_count(g, "is_exact"));
        golden_assert_near(g, "u", got.u, golden_number(g, "u"), 0, 0);
        golden_assert_near(g, "p", got.p, golden_number(g, "p"), 1e-9, 1e-12);
        struct xcy_mann_whitney other = xcy_mann_whitney(to, from);
        golden_assert_near(g, "u of both", other.u + got.u, (double)(from.n * to.n), 0, 0);
        golden_assert_near(g, "p the other way round", other.p, got.p, 1e-12, 0);
    }
    golden_close(g);
}

static void censored_values_rank_highest_and_tie(void **state)
{
    (void)state;
    const double from[] = {1, 2, 3, INFINITY};
    const double to[] = {5, INFINITY, INFINITY};
    const double from_finite[] = {1, 2, 3, 9};
    const double to_finite[] = {5, 9, 9};
    struct xcy_mann_whitney got =
        xcy_mann_whitney((struct xcy_values){from, 4}, (struct xcy_values){to, 3});
    struct xcy_mann_whitney same =
        xcy_mann_whitney((struct xcy_values){from_finite, 4}, (struct xcy_values){to_finite, 3});
    assert_true(got.u == 3 + 2 * 3.5 && !got.is_exact);
    assert_true(got.u == same.u && got.p == same.p);
}

static void what_cannot_differ_has_p_1(void **state)
{
    (void)state;
    const double values[] = {4, 4, 4};
    struct xcy_values three = {values, 3};
    struct xcy_values none = {NULL, 0};
    assert_true(xcy_mann_whitney(three, three).p == 1);
    assert_true(xcy_mann_whitney(three, none).p == 1);
    assert_true(xcy_mann_whitney(none, three).p == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_agrees_with_r),
        cmocka_unit_test(censored_values_rank_highest_and_tie),
        cmocka_unit_test(what_cannot_differ_has_p_1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
