#include "tests/support/golden.h"
#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/stats/turnbull.h"

#include <math.h>
#include <stdlib.h>

/* The expected mass of stretches that end at or below x. */
static double expected_at_most(struct xcy_values highs, struct xcy_values masses, double x)
{
    double sum = 0;
    for (size_t j = 0; j < highs.n; j++) {
        sum += highs.at[j] <= x ? masses.at[j] : 0;
    }
    return sum;
}

static double log_likelihood(const struct xcy_turnbull *t, struct xcy_values lows,
                             struct xcy_values highs)
{
    double sum = 0;
    for (size_t i = 0; i < lows.n; i++) {
        double inside = 0;
        for (size_t j = 0; j < t->n; j++) {
            struct xcy_interval w = t->masses[j].where;
            inside += w.low >= lows.at[i] && w.high <= highs.at[i] ? t->masses[j].share : 0;
        }
        sum += log(inside);
    }
    return sum / (double)lows.n;
}

static void assert_as_npsurv(struct golden *g, const struct xcy_turnbull *t)
{
    struct xcy_values lows = golden_values(g, "low");
    struct xcy_values highs = golden_values(g, "high");
    struct xcy_values ends = golden_values(g, "mass_high");
    struct xcy_values masses = golden_values(g, "mass");
    for (size_t i = 0; i < highs.n; i++) {
        double expected = expected_at_most(ends, masses, highs.at[i]);
        double got = xcy_turnbull_at_most(t, highs.at[i]).low;
        golden_assert_near(g, "share", got, expected, 1e-3, 1);
    }
    struct xcy_turnbull theirs = {.n = masses.n,
                                  .masses = xcy_alloc_array(masses.n, sizeof *theirs.masses)};
    struct xcy_values begins = golden_values(g, "mass_low");
    for (size_t j = 0; j < masses.n; j++) {
        theirs.masses[j] = (struct xcy_turnbull_mass){{begins.at[j], ends.at[j]}, masses.at[j]};
    }
    double lost = log_likelihood(&theirs, lows, highs) - log_likelihood(t, lows, highs);
    xcy_turnbull_clear(&theirs);
    assert_true(lost <= 2 * XCY_TURNBULL_GAP);
}

static void it_agrees_with_npsurv_of_r(void **state)
{
    (void)state;
    struct golden *g = golden_open("stats/turnbull.csv");
    while (golden_next(g)) {
        struct xcy_values lows = golden_values(g, "low");
        struct xcy_values highs = golden_values(g, "high");
        struct xcy_interval *intervals = xcy_alloc_array(lows.n, sizeof *intervals);
        for (size_t i = 0; i < lows.n; i++) {
            intervals[i] = (struct xcy_interval){lows.at[i], highs.at[i]};
        }
        struct xcy_turnbull t;
        xcy_turnbull_init(&t, intervals, lows.n);
        assert_true(t.gap <= XCY_TURNBULL_GAP && t.steps < XCY_TURNBULL_STEPS);
        assert_as_npsurv(g, &t);
        xcy_turnbull_clear(&t);
        free(intervals);
    }
    golden_close(g);
}

/* An exact value at the end of an interval lies within it; one at its beginning does not. */
static void intervals_have_their_high_end_and_not_their_low_one(void **state)
{
    (void)state;
    static const struct xcy_interval intervals[] = {{2, 2}, {1, 2}, {2, 3}};
    struct xcy_turnbull t;
    xcy_turnbull_init(&t, intervals, 3);
    assert_int_equal(t.n, 2);
    assert_true(t.masses[0].where.low == 2 && t.masses[0].where.high == 2);
    assert_true(fabs(t.masses[0].share - 2.0 / 3) < 1e-12);
    assert_true(t.masses[1].where.low == 2 && t.masses[1].where.high == 3);
    struct xcy_interval at_2 = xcy_turnbull_at_most(&t, 2);
    assert_true(fabs(at_2.low - 2.0 / 3) < 1e-12 && at_2.high == at_2.low);
    struct xcy_interval within = xcy_turnbull_at_most(&t, 2.5);
    assert_true(fabs(within.low - 2.0 / 3) < 1e-12 && fabs(within.high - 1) < 1e-12);
    xcy_turnbull_clear(&t);
}

static void censored_mass_stays_where_nobody_looked(void **state)
{
    (void)state;
    static const struct xcy_interval intervals[] = {
        {-INFINITY, 0}, {1, 2}, {5, INFINITY}, {6, INFINITY}, {-INFINITY, INFINITY}};
    struct xcy_turnbull t;
    xcy_turnbull_init(&t, intervals, 5);
    assert_int_equal(t.n, 3);
    struct xcy_interval first = xcy_turnbull_quantile(&t, 0.25);
    struct xcy_interval middle = xcy_turnbull_quantile(&t, 0.4);
    struct xcy_interval last = xcy_turnbull_quantile(&t, 0.9);
    assert_true(first.low == -INFINITY && first.high == 0);
    assert_true(middle.low == 1 && middle.high == 2);
    assert_true(last.low == 6 && last.high == INFINITY);
    assert_true(fabs(t.masses[0].share - 0.25) < 1e-9 && fabs(t.masses[2].share - 0.5) < 1e-9);
    xcy_turnbull_clear(&t);
}

static void exact_values_give_their_own_distribution_in_one_step(void **state)
{
    (void)state;
    static const struct xcy_interval intervals[] = {{3, 3}, {1, 1}, {3, 3}, {-2, -2}};
    struct xcy_turnbull t;
    xcy_turnbull_init(&t, intervals, 4);
    assert_int_equal(t.n, 3);
    assert_true(t.masses[0].where.low == -2 && fabs(t.masses[0].share - 0.25) < 1e-12);
    assert_true(t.masses[2].where.high == 3 && fabs(t.masses[2].share - 0.5) < 1e-12);
    struct xcy_interval median = xcy_turnbull_quantile(&t, 0.5);
    assert_true(median.low == 1 && median.high == 1);
    xcy_turnbull_clear(&t);
}

/* k / n, and k shares of 1 / n added up, differ by rounding. */
static void rounding_lifts_no_quantile_to_the_next_value(void **state)
{
    (void)state;
    enum { MOST = 60 };
    for (size_t n = 2; n <= MOST; n++) {
        struct xcy_interval intervals[MOST];
        for (size_t i = 0; i < n; i++) {
            intervals[i] = (struct xcy_interval){(double)i + 1, (double)i + 1};
        }
        struct xcy_turnbull t;
        xcy_turnbull_init(&t, intervals, n);
        for (size_t k = 1; k < n; k++) {
            assert_true(xcy_turnbull_quantile(&t, (double)k / (double)n).high == (double)k);
        }
        xcy_turnbull_clear(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_agrees_with_npsurv_of_r),
        cmocka_unit_test(intervals_have_their_high_end_and_not_their_low_one),
        cmocka_unit_test(censored_mass_stays_where_nobody_looked),
        cmocka_unit_test(exact_values_give_their_own_distribution_in_one_step),
        cmocka_unit_test(rounding_lifts_no_quantile_to_the_next_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
