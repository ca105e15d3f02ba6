#include "tests/support/golden.h"
#include "tests/support/unit.h"

#include "common/stats/needed.h"
#include "common/stats/welch.h"

#include <string.h>

static int64_t for_quantile(struct golden *g)
{
    return xcy_needed_for_quantile(golden_number(g, "bound"), golden_number(g, "confidence"));
}

static int64_t for_share(struct golden *g)
{
    return xcy_needed_for_share(golden_count(g, "events"), golden_number(g, "bound"),
                                golden_number(g, "confidence"));
}

static int64_t for_dkw(struct golden *g)
{
    return xcy_needed_for_dkw(golden_number(g, "bound"), golden_number(g, "confidence"));
}

static const struct {
    const char *claim;
    int64_t (*needed)(struct golden *g);
} claims[] = {{"quantile", for_quantile}, {"share", for_share}, {"dkw", for_dkw}};

static int64_t needed_for(struct golden *g)
{
    const char *claim = golden_word(g, "claim");
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
        if (strcmp(claims[i].claim, claim) == 0) {
            return claims[i].needed(g);
        }
    }
    fail_msg("no claim %s", claim);
    return 0;
}

static void it_is_the_first_n_at_which_scipy_makes_the_claim(void **state)
{
    (void)state;
    struct golden *g = golden_open("stats/needed.csv");
    while (golden_next(g)) {
        golden_assert_near(g, "n", (double)needed_for(g), golden_number(g, "n"), 0, 0);
    }
    golden_close(g);
}

/* ln(0.025) / ln(0.9999) = 36886.95; ln(0.025) / ln(1 - 10^-6) = 3688877.6 */
static void rare_ones_need_many(void **state)
{
    (void)state;
    assert_int_equal(xcy_needed_for_quantile(0.9999, 0.95), 36887);
    assert_int_equal(xcy_needed_for_share(0, 1e-6, 0.95), 3688878);
}

/* Means 0 and 1 apart of standard deviations 2 and 4. */
static const struct xcy_moments from = {10, 4};
static const struct xcy_moments to = {11, 16};

static bool rounds_are_enough(size_t n, double limit)
{
    const size_t both[2] = {n, n};
    struct xcy_welch w = xcy_welch_of_moments(from, to, both, 0.9);
    return -limit <= w.interval.low && w.interval.high <= limit;
}

static void rounds_are_enough_from_the_number_on_and_not_before(void **state)
{
    (void)state;
    static const double limits[] = {1.01, 1.5, 3, 50};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        size_t n = (size_t)xcy_needed_rounds(from, to, limits[i], 0.9);
        assert_true(n >= 2 && rounds_are_enough(n, limits[i]));
        assert_false(n > 2 && rounds_are_enough(n - 1, limits[i]));
    }
    /* 1 + 1.645 sqrt(20 / n) <= 1.5, of many rounds: n >= 216.5 */
    assert_int_equal(xcy_needed_rounds(from, to, 1.5, 0.9), 218);
}

static void no_number_of_rounds_shows_what_is_not_so(void **state)
{
    (void)state;
    assert_int_equal(xcy_needed_rounds(from, to, 0.99, 0.9), 0);
    assert_int_equal(xcy_needed_rounds(from, to, 1, 0.9), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_first_n_at_which_scipy_makes_the_claim),
        cmocka_unit_test(rare_ones_need_many),
        cmocka_unit_test(rounds_are_enough_from_the_number_on_and_not_before),
        cmocka_unit_test(no_number_of_rounds_shows_what_is_not_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
