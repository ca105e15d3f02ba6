#include "tests/support/unit.h"

#include "common/stats/proportion.h"

#include <math.h>
#include <stdbool.h>

static void assert_near(double got, double expected, double relative)
{
    if (!(fabs(got - expected) <= relative * fabs(expected))) {
        fail_msg("%.17g, expected %.17g", got, expected);
    }
}

struct interval_case {
    int64_t events;
    int64_t n;
    double confidence;
    double low;
    double high;
};

static void clopper_pearson_agrees_with_scipy(void **state)
{
    (void)state;
    /* from scipy.stats import beta; t = (1 - confidence) / 2
     * low = beta.ppf(t, x, n - x + 1); high = beta.isf(t, x + 1, n - x); 0 and 1 at the edges */
    static const struct interval_case cases[] = {
        {0, 1, 0.95, 0, 0.975},
        {1, 1, 0.95, 0.025, 1},
        {0, 1000, 0.95, 0, 0.003682083896865671},
        {3, 100, 0.95, 0.006229971538306397, 0.08517605297428002},
        {5000, 10000, 0.95, 0.4901513805899805, 0.5098486194100196},
        {81, 263, 0.99, 0.2368373581655392, 0.386258325669745},
        {5000000, 10000000, 0.95, 0.4996900525213711, 0.5003099474786289},
        {999999, 1000000, 0.9, 0.9999952561443618, 0.9999999487067069},
    };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        const struct interval_case *c = &cases[n];
        struct xcy_interval got = xcy_clopper_pearson(c->events, c->n, c->confidence);
        assert_near(got.low, c->low, 1e-9);
        assert_near(got.high, c->high, 1e-9);
    }
}

static void wilson_agrees_with_scipy(void **state)
{
    (void)state;
    /* from scipy.stats import binomtest
     * binomtest(x, n).proportion_ci(confidence, method='wilson') */
    static const struct interval_case cases[] = {
        {0, 1000, 0.95, 0, 0.0038267584855551234},
        {1, 10, 0.95, 0.017876213095072896, 0.4041500267952385},
        {81, 263, 0.95, 0.2552885198782742, 0.36620957698280004},
        {500, 1000, 0.99, 0.45940700521208483, 0.5405929947879151},
        {1000, 1000, 0.95, 0.9961732415144449, 1.0},
    };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        const struct interval_case *c = &cases[n];
        struct xcy_interval got = xcy_wilson(c->events, c->n, c->confidence);
        assert_near(got.low, c->low, 1e-12);
        assert_near(got.high, c->high, 1e-12);
    }
}

static void without_events_counted_nothing_is_known(void **state)
{
    (void)state;
    struct xcy_interval wilson = xcy_wilson(0, 0, 0.95);
    struct xcy_interval exact = xcy_clopper_pearson(0, 0, 0.95);
    assert_true(wilson.low == 0 && wilson.high == 1);
    assert_true(exact.low == 0 && exact.high == 1);
}

static double log_factorial(int64_t n)
{
    int sign;
    return lgamma_r((double)n + 1, &sign);
}

static double probability(int64_t x, int64_t n, double p)
{
    return exp(log_factorial(n) - log_factorial(x) - log_factorial(n - x) + (double)x * log(p) +
               (double)(n - x) * log1p(-p));
}

typedef struct xcy_interval interval_fn(int64_t events, int64_t n, double confidence);

enum { MAX_N = 1000 };

static void all_intervals(interval_fn *interval, int64_t n, double confidence,
                          struct xcy_interval to[MAX_N + 1])
{
    for (int64_t x = 0; x <= n; x++) {
        to[x] = interval(x, n, confidence);
    }
}

/* The probability that the interval holds p: all outcomes enumerated, nothing simulated. */
static double coverage(const struct xcy_interval *intervals, int64_t n, double p)
{
    double sum = 0;
    for (int64_t x = 0; x <= n; x++) {
        if (intervals[x].low <= p && p <= intervals[x].high) {
            sum += probability(x, n, p);
        }
    }
    return sum;
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
        all_intervals(xcy_wilson, cases[c].n, 0.95, intervals);
        assert_near(coverage(intervals, cases[c].n, cases[c].p), cases[c].covered, 1e-9);
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
        all_intervals(xcy_clopper_pearson, n, confidence, intervals);
        for (int step = 1; step < 170; step++) {
            assert_true(coverage(intervals, n, step / 170.3) >= confidence - 1e-9);
        }
    }
}

static void events_and_their_absence_mirror_each_other(void **state)
{
    (void)state;
    static interval_fn *const methods[] = {xcy_wilson, xcy_clopper_pearson};
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
