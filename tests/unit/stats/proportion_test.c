#include "tests/support/enumerated.h"
#include "tests/support/golden.h"
#include "tests/support/unit.h"

#include "common/stats/proportion.h"

#include <math.h>
#include <stdbool.h>

enum { MAX_N = 1000 };

static void assert_as_golden(const char *name, interval_function *interval)
{
    struct golden *g = golden_open(name);
    while (golden_next(g)) {
        struct xcy_interval got = interval(golden_count(g, "events"), golden_count(g, "n"),
                                           golden_number(g, "confidence"));
        golden_assert_near(g, "low", got.low, golden_number(g, "low"), 1e-9, 1e-12);
        golden_assert_near(g, "high", got.high, golden_number(g, "high"), 1e-9, 1e-12);
    }
    golden_close(g);
}

static void clopper_pearson_agrees_with_scipy(void **state)
{
    (void)state;
    assert_as_golden("stats/clopper_pearson.csv", xcy_clopper_pearson);
}

static void wilson_agrees_with_scipy(void **state)
{
    (void)state;
    assert_as_golden("stats/wilson.csv", xcy_wilson);
}

static void without_events_counted_nothing_is_known(void **state)
{
    (void)state;
    struct xcy_interval wilson = xcy_wilson(0, 0, 0.95);
    struct xcy_interval exact = xcy_clopper_pearson(0, 0, 0.95);
    assert_true(wilson.low == 0 && wilson.high == 1);
    assert_true(exact.low == 0 && exact.high == 1);
}

struct coverage_case {
    int64_t n;
    double p;
    double covered;
};

static void wilson_covers_as_enumerated(void **state)
{
    (void)state;
    /* from scipy.stats import binom, binomtest
     * sum(binom.pmf(x, n, p) for x in range(n + 1) if (lambda r: r.low <= p <= r.high)(
     *     binomtest(x, n).proportion_ci(.95, method='wilson'))) */
    static const struct coverage_case cases[] = {
        {50, 0.1, 0.9703082890880887},
        {1000, 0.01, 0.9635363098183773},
        {200, 0.5, 0.9440342595057348},
        {20, 0.02, 0.9401010214510517},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct xcy_interval intervals[MAX_N + 1];
        enumerated_intervals(xcy_wilson, cases[c].n, 0.95, intervals);
        double covered = enumerated_coverage(intervals, cases[c].n, cases[c].p);
        assert_true(fabs(covered - cases[c].covered) < 1e-9);
    }
}

static void clopper_pearson_never_covers_less_than_it_says(void **state)
{
    (void)state;
    static const int64_t sizes[] = {1, 2, 7, 50, 200};
    static const double confidences[] = {0.8, 0.95, 0.99};
    for (size_t k = 0; k < 15; k++) {
        struct xcy_interval intervals[MAX_N + 1];
        int64_t n = sizes[k / 3];
        double confidence = confidences[k % 3];
        enumerated_intervals(xcy_clopper_pearson, n, confidence, intervals);
        for (int step = 1; step < 170; step++) {
            assert_true(enumerated_coverage(intervals, n, step / 170.3) >= confidence - 1e-9);
        }
    }
}

static void events_and_their_absence_mirror_each_other(void **state)
{
    (void)state;
    static interval_function *const methods[] = {xcy_wilson, xcy_clopper_pearson};
    for (size_t m = 0; m < 2; m++) {
        for (int64_t x = 0; x <= 40; x++) {
            struct xcy_interval a = methods[m](x, 40, 0.95);
            struct xcy_interval b = methods[m](40 - x, 40, 0.95);
            assert_true(fabs(a.low - (1 - b.high)) < 1e-12);
            assert_true(a.low <= (double)x / 40 && (double)x / 40 <= a.high);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clopper_pearson_agrees_with_scipy),
        cmocka_unit_test(wilson_agrees_with_scipy),
        cmocka_unit_test(without_events_counted_nothing_is_known),
        cmocka_unit_test(wilson_covers_as_enumerated),
        cmocka_unit_test(clopper_pearson_never_covers_less_than_it_says),
        cmocka_unit_test(events_and_their_absence_mirror_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
