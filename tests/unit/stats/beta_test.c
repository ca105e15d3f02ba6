#include "tests/support/unit.h"

#include "common/stats/beta.h"

#include <math.h>

static void assert_near(double got, double expected, double relative)
{
    if (!(fabs(got - expected) <= relative * fabs(expected))) {
        fail_msg("%.17g, expected %.17g", got, expected);
    }
}

struct beta_case {
    double x;
    double a;
    double b;
    double below;
    double above;
};

static void the_beta_distribution_agrees_with_scipy(void **state)
{
    (void)state;
    /* from scipy.stats import beta; beta.cdf(x, a, b), beta.sf(x, a, b)  (SciPy 1.x) */
    static const struct beta_case cases[] = {
        {0.5, 1, 1, 0.5, 0.5},
        {0.2, 2, 3, 0.18080000000000004, 0.8191999999999999},
        {1e-6, 1, 1000000, 0.632120742768355, 0.3678792572316451},
        {0.5, 5000000, 5000001, 0.5001261566229462, 0.49987384337705293},
        {0.4999, 5000000, 5000001, 0.26364791983793723, 0.7363520801620609},
        {0.9, 901, 100, 0.48458229043408024, 0.5154177095659194},
        {0.001, 0.5, 0.5, 0.020135041633377492, 0.9798649583666225},
        {0.99, 200, 3, 0.6712381710383889, 0.3287618289616111},
    };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        const struct beta_case *c = &cases[n];
        assert_near(xcy_beta_below(c->x, c->a, c->b), c->below, c->a > 1e6 ? 1e-7 : 1e-9);
        assert_near(xcy_beta_above(c->x, c->a, c->b), c->above, c->a > 1e6 ? 1e-7 : 1e-9);
    }
}

static void outside_of_its_range_the_beta_distribution_is_0_or_1(void **state)
{
    (void)state;
    assert_true(xcy_beta_below(0, 2, 3) == 0 && xcy_beta_above(0, 2, 3) == 1);
    assert_true(xcy_beta_below(1, 2, 3) == 1 && xcy_beta_above(1, 2, 3) == 0);
}

static void quantiles_invert_the_distribution(void **state)
{
    (void)state;
    static const double shapes[] = {1, 1.5, 2, 30, 1000, 500000};
    static const double tails[] = {1e-6, 0.005, 0.025, 0.5, 0.9};
    for (size_t s = 0; s < 36; s++) {
        double a = shapes[s / 6];
        double b = shapes[s % 6];
        for (size_t t = 0; t < sizeof tails / sizeof tails[0]; t++) {
            double low = xcy_beta_quantile_below(tails[t], a, b);
            double high = xcy_beta_quantile_above(tails[t], a, b);
            assert_near(xcy_beta_below(low, a, b), tails[t], low > 0.999999 ? 1e-3 : 1e-6);
            assert_near(xcy_beta_above(high, a, b), tails[t], high > 0.999999 ? 1e-3 : 1e-6);
        }
    }
}

struct binomial_case {
    int64_t k;
    int64_t n;
    double q;
    double at_most;
    double at_least;
};

static void the_binomial_distribution_agrees_with_scipy(void **state)
{
    (void)state;
    /* from scipy.stats import binom; binom.cdf(k, n, q), binom.sf(k - 1, n, q) */
    static const struct binomial_case cases[] = {
        {0, 10, 0.5, 0.0009765625, 1.0},
        {5, 10, 0.5, 0.623046875, 0.623046875},
        {989, 1000, 0.99, 0.4169591966989028, 0.697350086143104},
        {500000, 1000000, 0.5, 0.5003989421806654, 0.5003989421806654},
        {0, 1000, 0.001, 0.36769542477096406, 1.0},
    };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        const struct binomial_case *c = &cases[n];
        assert_near(xcy_binomial_at_most(c->k, c->n, c->q), c->at_most, 1e-9);
        assert_near(xcy_binomial_at_least(c->k, c->n, c->q), c->at_least, 1e-9);
    }
}

static void impossible_counts_have_probability_0_or_1(void **state)
{
    (void)state;
    assert_true(xcy_binomial_at_most(-1, 5, 0.5) == 0);
    assert_true(xcy_binomial_at_most(5, 5, 0.5) == 1);
    assert_true(xcy_binomial_at_least(0, 5, 0.5) == 1);
    assert_true(xcy_binomial_at_least(6, 5, 0.5) == 0);
    assert_true(xcy_binomial_at_most(0, 0, 0.5) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_beta_distribution_agrees_with_scipy),
        cmocka_unit_test(outside_of_its_range_the_beta_distribution_is_0_or_1),
        cmocka_unit_test(quantiles_invert_the_distribution),
        cmocka_unit_test(the_binomial_distribution_agrees_with_scipy),
        cmocka_unit_test(impossible_counts_have_probability_0_or_1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
