#include "tests/support/golden.h"
#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/stats/hodges_lehmann.h"
#include "common/stats/quantile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double *sorted(struct xcy_values v)
{
    double *copy = xcy_alloc_array(v.n, sizeof *copy);
    memcpy(copy, v.at, v.n * sizeof *copy);
    xcy_sort(copy, v.n);
    return copy;
}

/* Where R is exact, its interval is ours; else it solves for a root, near the same ranks. */
static void assert_as_r(struct golden *g, const struct xcy_hodges_lehmann *got)
{
    double width = got->interval.high - got->interval.low;
    double unit = width > 0 ? width : 1;
    bool is_exact = golden_count(g, "is_exact") != 0;
    double near = is_exact ? 1e-12 : 0.15;
    golden_assert_near(g, "low beside wilcox.test",
                       (got->interval.low - golden_number(g, "r_low")) / unit, 0, near, 1);
    golden_assert_near(g, "high beside wilcox.test",
                       (got->interval.high - golden_number(g, "r_high")) / unit, 0, near, 1);
}

static void it_agrees_with_r(void **state)
{
    (void)state;
    struct golden *g = golden_open("stats/hodges_lehmann.csv");
    while (golden_next(g)) {
        struct xcy_values from = golden_values(g, "from");
        struct xcy_values to = golden_values(g, "to");
        double *ones = sorted(from);
        double *twos = sorted(to);
        struct xcy_hodges_lehmann got =
            xcy_hodges_lehmann((struct xcy_values){ones, from.n}, (struct xcy_values){twos, to.n},
                               golden_number(g, "confidence"));
        assert_int_equal(got.exists, golden_count(g, "exists"));
        golden_assert_near(g, "estimate", got.estimate.low, golden_number(g, "estimate"), 1e-12, 1);
        golden_assert_near(g, "estimate", got.estimate.high, got.estimate.low, 0, 0);
        golden_assert_near(g, "low", got.interval.low, golden_number(g, "low"), 1e-12, 1);
        golden_assert_near(g, "high", got.interval.high, golden_number(g, "high"), 1e-12, 1);
        if (got.exists) {
            assert_as_r(g, &got);
        }
        free(ones);
        free(twos);
    }
    golden_close(g);
}

static void too_few_values_give_no_interval(void **state)
{
    (void)state;
    const double from[] = {1, 2, 3};
    const double to[] = {4, 6, 8};
    struct xcy_values one = {from, 3};
    struct xcy_values two = {to, 3};
    struct xcy_hodges_lehmann got = xcy_hodges_lehmann(one, two, 0.95);
    assert_true(!got.exists && got.interval.low == -INFINITY && got.interval.high == INFINITY);
    assert_true(got.estimate.low == 4 && got.estimate.high == 4);
    struct xcy_hodges_lehmann none = xcy_hodges_lehmann(one, (struct xcy_values){NULL, 0}, 0.9);
    assert_true(!none.exists && none.estimate.low == -INFINITY && none.estimate.high == INFINITY);
    /* 1 / choose(6, 3) a side: 90 % is just possible, from the least to the largest difference. */
    struct xcy_hodges_lehmann at_90 = xcy_hodges_lehmann(one, two, 0.9);
    assert_true(at_90.exists && at_90.interval.low == 1 && at_90.interval.high == 7);
}

/* from 1..8, to 11..18 with the last two censored: their differences are at least 16 - from. */
static void a_censored_value_opens_the_end_that_it_may_move(void **state)
{
    (void)state;
    const double from[] = {1, 2, 3, 4, 5, 6, 7, 8};
    const double to[] = {11, 12, 13, 14, 15, 16, INFINITY, INFINITY};
    const double least[] = {11, 12, 13, 14, 15, 16, 16, 16};
    struct xcy_values one = {from, 8};
    struct xcy_hodges_lehmann got = xcy_hodges_lehmann(one, (struct xcy_values){to, 8}, 0.95);
    struct xcy_hodges_lehmann low = xcy_hodges_lehmann(one, (struct xcy_values){least, 8}, 0.95);
    assert_true(got.exists && got.interval.low == low.interval.low && isfinite(low.interval.low));
    assert_true(got.interval.high == INFINITY);
    assert_true(got.estimate.low == low.estimate.low);
    assert_true(got.estimate.high >= got.estimate.low && isfinite(got.estimate.high));
    /* Mirrored, it is the low end. */
    struct xcy_hodges_lehmann mirrored = xcy_hodges_lehmann((struct xcy_values){to, 8}, one, 0.95);
    assert_true(mirrored.interval.low == -INFINITY && mirrored.interval.high == -low.interval.low);
    assert_true(mirrored.estimate.low == -got.estimate.high);
}

/* Most of `to` are censored: each is at least 11, so that the differences are at least 3 .. 10,
 * seven times each, and 1 .. 8; the 14th of them is 4, the middle 6. */
static void what_was_watched_still_bounds_censored_values_on_the_other_side(void **state)
{
    (void)state;
    const double inf = INFINITY;
    const double from[] = {1, 2, 3, 4, 5, 6, 7, 8};
    const double to[] = {9, 11, inf, inf, inf, inf, inf, inf};
    struct xcy_hodges_lehmann late =
        xcy_hodges_lehmann((struct xcy_values){from, 8}, (struct xcy_values){to, 8}, 0.95);
    assert_true(late.interval.low == 4 && late.interval.high == inf);
    assert_true(late.estimate.low == 6 && late.estimate.high == inf);
    /* Left-censored, with all signs turned. */
    const double from_early[] = {-8, -7, -6, -5, -4, -3, -2, -1};
    const double to_early[] = {-inf, -inf, -inf, -inf, -inf, -inf, -11, -9};
    struct xcy_hodges_lehmann early = xcy_hodges_lehmann((struct xcy_values){from_early, 8},
                                                         (struct xcy_values){to_early, 8}, 0.95);
    assert_true(early.interval.low == -inf && early.interval.high == -4);
    assert_true(early.estimate.low == -inf && early.estimate.high == -6);
}

/* Of four differences two have no low end: the middle is between one of them and 3. */
static void a_middle_beside_no_bound_has_none(void **state)
{
    (void)state;
    const double from[] = {1, 2};
    const double to[] = {-INFINITY, 5};
    struct xcy_hodges_lehmann got =
        xcy_hodges_lehmann((struct xcy_values){from, 2}, (struct xcy_values){to, 2}, 0.5);
    assert_true(got.estimate.low == -INFINITY && got.estimate.high == 3.5);
}

static void samples_without_a_finite_value_have_no_bound(void **state)
{
    (void)state;
    const double censored[] = {INFINITY, INFINITY, INFINITY, INFINITY, INFINITY};
    struct xcy_values all = {censored, 5};
    struct xcy_hodges_lehmann got = xcy_hodges_lehmann(all, all, 0.95);
    assert_true(got.exists && got.interval.low == -INFINITY && got.interval.high == INFINITY);
    assert_true(got.estimate.low == -INFINITY && got.estimate.high == INFINITY);
}

/* from is 0, 1, .. n - 1, to is 0.25 more: the differences are whole numbers + 0.25, symmetric. */
static void pairs_without_number_take_no_memory(void **state)
{
    (void)state;
    const size_t n = 300000;
    double *from = xcy_alloc_array(n, sizeof *from);
    double *to = xcy_alloc_array(n, sizeof *to);
    for (size_t i = 0; i < n; i++) {
        from[i] = (double)i;
        to[i] = (double)i + 0.25;
    }
    struct xcy_hodges_lehmann got =
        xcy_hodges_lehmann((struct xcy_values){from, n}, (struct xcy_values){to, n}, 0.95);
    free(from);
    free(to);
    assert_true(got.estimate.low == 0.25 && got.estimate.high == 0.25);
    /* Near 0 there are n pairs at each difference: so many steps are z sigma of the rank, each
     * way. */
    double size = (double)n;
    double steps = 1.959964 * sqrt(size * size * (2 * size + 1) / 12) / size;
    assert_true(fabs(got.interval.low - (0.25 - steps)) < 2);
    assert_true(fabs(got.interval.high - (0.25 + steps)) < 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_agrees_with_r),
        cmocka_unit_test(too_few_values_give_no_interval),
        cmocka_unit_test(a_censored_value_opens_the_end_that_it_may_move),
        cmocka_unit_test(what_was_watched_still_bounds_censored_values_on_the_other_side),
        cmocka_unit_test(a_middle_beside_no_bound_has_none),
        cmocka_unit_test(samples_without_a_finite_value_have_no_bound),
        cmocka_unit_test(pairs_without_number_take_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
