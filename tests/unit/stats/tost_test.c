#include "tests/support/golden.h"
#include "tests/support/unit.h"

#include "common/stats/tost.h"

#include <math.h>

/* Alpha is half of what the golden interval leaves out; the p value does not depend on it. */
static void it_agrees_with_two_one_sided_tests_of_r(void **state)
{
    (void)state;
    struct golden *g = golden_open("stats/welch.csv");
    size_t n_equivalent = 0;
    while (golden_next(g)) {
        double alpha = (1 - golden_number(g, "confidence")) / 2;
        struct xcy_tost got = xcy_tost_welch(golden_values(g, "from"), golden_values(g, "to"),
                                             golden_number(g, "margin"), alpha);
        golden_assert_near(g, "low", got.log_ratio.low, golden_number(g, "low"), 1e-9, 1e-3);
        golden_assert_near(g, "high", got.log_ratio.high, golden_number(g, "high"), 1e-9, 1e-3);
        golden_assert_near(g, "p", got.p, golden_number(g, "tost_p"), 1e-9, 1e-9);
        assert_int_equal(got.verdict == XCY_TOST_EQUIVALENT, got.p <= alpha);
        n_equivalent += got.verdict == XCY_TOST_EQUIVALENT;
    }
    golden_close(g);
    assert_true(n_equivalent >= 1);
}

static void the_verdict_is_where_the_interval_lies(void **state)
{
    (void)state;
    static const struct {
        struct xcy_interval log_ratio;
        const char *verdict;
    } cases[] = {
        {{-0.01, 0.015}, "equivalent"},       {{-0.01, 0.03}, "undecided"},
        {{-0.5, 0.5}, "undecided"},           {{0.025, 0.03}, "different"},
        {{-0.9, -0.02}, "different"},         {{-0.03, 0.0}, "undecided"},
        {{-INFINITY, INFINITY}, "undecided"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum xcy_tost_verdict got = xcy_tost_verdict_of(cases[i].log_ratio, 0.02);
        assert_string_equal(xcy_tost_verdict_names[got], cases[i].verdict);
    }
    double limit = log1p(0.02);
    assert_int_equal(xcy_tost_verdict_of((struct xcy_interval){-limit, limit}, 0.02),
                     XCY_TOST_EQUIVALENT);
}

static void one_round_decides_nothing(void **state)
{
    (void)state;
    const double values[] = {1, 1, 1};
    struct xcy_values one = {values, 1};
    struct xcy_values three = {values, 3};
    struct xcy_tost got = xcy_tost_welch(one, three, 0.02, 0.05);
    assert_true(got.verdict == XCY_TOST_UNDECIDED && got.p == 1);
    assert_int_equal(xcy_tost_welch(three, three, 0.02, 0.05).verdict, XCY_TOST_EQUIVALENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_agrees_with_two_one_sided_tests_of_r),
        cmocka_unit_test(the_verdict_is_where_the_interval_lies),
        cmocka_unit_test(one_round_decides_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
