#include "tests/support/unit.h"

#include "analyzers/compare/shift.h"
#include "common/stats/holm.h"
#include "common/stats/quantile.h"
#include "common/stats/stream.h"

#include <math.h>

enum { MOST = 64, REPETITIONS = 1000 };

/* A sample, and the polls between which each of its values was seen. */
struct sample {
    double at[MOST];
    double low[MOST];
    double high[MOST];
    size_t n;
};

/* Lognormal times the factor, plus the shift; polled each step, 0: known exactly. */
struct law {
    size_t n;
    double shift;
    double factor;
    double step;
};

static struct sample draw(struct xcy_stream *stream, struct law law)
{
    struct sample s = {.n = law.n};
    for (size_t i = 0; i < law.n; i++) {
        s.at[i] = law.factor * xcy_stream_lognormal(stream, 100, 300) + law.shift;
        double step = law.step > 0 ? law.step : 1;
        s.low[i] = step * floor(s.at[i] / step);
        s.high[i] = s.low[i] + step;
    }
    xcy_sort(s.at, s.n);
    xcy_sort(s.low, s.n);
    xcy_sort(s.high, s.n);
    return s;
}

static struct xcy_ends points(const struct sample *s)
{
    return (struct xcy_ends){{s->at, s->n}, {s->at, s->n}};
}

static struct xcy_ends polled(const struct sample *s)
{
    return (struct xcy_ends){{s->low, s->n}, {s->high, s->n}};
}

/* How often of REPETITIONS a thing of the given probability may happen and be chance: four sigma. */
static double at_most(double probability)
{
    return REPETITIONS * probability + 4 * sqrt(REPETITIONS * probability * (1 - probability));
}

/* How often the interval of a true shift by 25 misses it. */
static int misses(const struct xcy_method *method, size_t n, double step)
{
    struct xcy_stream *stream = xcy_stream_new(1, "shift");
    int n_missed = 0;
    for (int i = 0; i < REPETITIONS; i++) {
        struct sample a = draw(stream, (struct law){n, 0, 1, step});
        struct sample b = draw(stream, (struct law){n, 25, 1, step});
        struct xcy_shift s = step > 0 ? xcy_shift_of(method, polled(&a), polled(&b), 0.95)
                                      : xcy_shift_of(method, points(&a), points(&b), 0.95);
        assert_true(s.exists);
        n_missed += s.interval.low > 25 || s.interval.high < 25 ? 1 : 0;
    }
    xcy_stream_free(stream);
    return n_missed;
}

static void a_shift_lies_in_its_interval_as_often_as_claimed(void **state)
{
    (void)state;
    assert_true(misses(&xcy_method_ranks, 60, 0) <= at_most(0.05));
    assert_true(misses(&xcy_method_ranks, 12, 0) <= at_most(0.05));
    /* Not so wide that this proves nothing. */
    assert_true(misses(&xcy_method_ranks, 60, 0) >= REPETITIONS * 0.02);
}

static void so_does_that_of_rounds(void **state)
{
    (void)state;
    assert_true(misses(&xcy_method_means, 20, 0) <= at_most(0.05));
    assert_true(misses(&xcy_method_means, 20, 0) >= REPETITIONS * 0.02);
}

static void polls_widen_an_interval_and_never_lose_the_shift(void **state)
{
    (void)state;
    assert_true(misses(&xcy_method_ranks, 60, 20) <= at_most(0.05));
}

static int findings(const struct xcy_method *method, size_t n, double shift)
{
    struct xcy_stream *stream = xcy_stream_new(2, "null");
    int n_found = 0;
    for (int i = 0; i < REPETITIONS; i++) {
        struct sample a = draw(stream, (struct law){n, 0, 1, 0});
        struct sample b = draw(stream, (struct law){n, shift, 1, 0});
        n_found += xcy_shift_test_of(method, points(&a), points(&b)).p <= 0.05 ? 1 : 0;
    }
    xcy_stream_free(stream);
    return n_found;
}

static void equal_distributions_are_found_different_as_often_as_allowed(void **state)
{
    (void)state;
    assert_true(findings(&xcy_method_ranks, 60, 0) <= at_most(0.05));
    assert_true(findings(&xcy_method_means, 10, 0) <= at_most(0.05));
    assert_true(findings(&xcy_method_ranks, 60, 0) >= REPETITIONS * 0.02);
}

struct least {
    double p;
    double p_adjusted;
};

/* The least p of twelve figures of nothing. */
static struct least least_of_matrix(struct xcy_stream *stream)
{
    enum { FIGURES = 12, REQUESTS = 60 };
    double p[FIGURES];
    struct least least = {1, 1};
    for (size_t i = 0; i < FIGURES; i++) {
        struct sample a = draw(stream, (struct law){REQUESTS, 0, 1, 0});
        struct sample b = draw(stream, (struct law){REQUESTS, 0, 1, 0});
        p[i] = xcy_shift_test_of(&xcy_method_ranks, points(&a), points(&b)).p;
        least.p = fmin(least.p, p[i]);
    }
    xcy_holm(p, FIGURES, p);
    for (size_t i = 0; i < FIGURES; i++) {
        least.p_adjusted = fmin(least.p_adjusted, p[i]);
    }
    return least;
}

/* Unadjusted, 1 - 0.95^12 = 46 % of them would claim something. */
static void a_matrix_of_nothing_claims_anything_as_rarely_as_promised(void **state)
{
    (void)state;
    struct xcy_stream *stream = xcy_stream_new(4, "matrix");
    int n_loud = 0;
    int n_loud_without = 0;
    for (int i = 0; i < REPETITIONS; i++) {
        struct least least = least_of_matrix(stream);
        n_loud += least.p_adjusted <= 0.05 ? 1 : 0;
        n_loud_without += least.p <= 0.05 ? 1 : 0;
    }
    xcy_stream_free(stream);
    assert_true(n_loud <= at_most(0.05));
    assert_true(n_loud_without > REPETITIONS * 0.3);
}

static void a_large_shift_is_found_nearly_always(void **state)
{
    (void)state;
    assert_true(findings(&xcy_method_ranks, 60, 60) > REPETITIONS * 0.95);
    assert_true(findings(&xcy_method_means, 20, 100) > REPETITIONS * 0.95);
}

static void a_ratio_lies_in_the_interval_of_the_logarithms(void **state)
{
    (void)state;
    struct xcy_stream *stream = xcy_stream_new(3, "ratio");
    int n_missed = 0;
    for (int i = 0; i < REPETITIONS; i++) {
        struct sample a = draw(stream, (struct law){60, 0, 1, 0});
        struct sample b = draw(stream, (struct law){60, 0, 1.3, 0});
        struct xcy_shift s;
        assert_true(xcy_shift_of_logs(&xcy_method_ranks, points(&a), points(&b), 0.95, &s));
        n_missed += exp(s.interval.low) > 1.3 || exp(s.interval.high) < 1.3 ? 1 : 0;
    }
    xcy_stream_free(stream);
    assert_true(n_missed <= at_most(0.05));
}

static void negative_values_have_no_ratio(void **state)
{
    (void)state;
    static const double a[] = {-1, 2};
    static const double b[] = {1, 2};
    struct xcy_ends negative = {{a, 2}, {a, 2}};
    struct xcy_ends positive = {{b, 2}, {b, 2}};
    struct xcy_shift s;
    assert_false(xcy_shift_of_logs(&xcy_method_ranks, negative, positive, 0.95, &s));
    assert_false(xcy_shift_of_logs(&xcy_method_ranks, positive, negative, 0.95, &s));
}

/* Every value of A lies below every one of B, and yet all could be equal. */
static void ends_that_allow_both_signs_prove_nothing(void **state)
{
    (void)state;
    static const double low_a[] = {1, 2, 3, 4, 5, 6};
    static const double low_b[] = {11, 12, 13, 14, 15, 16};
    static const double high[] = {20, 21, 22, 23, 24, 25};
    struct xcy_ends a = {{low_a, 6}, {low_a, 6}};
    struct xcy_ends b = {{low_b, 6}, {low_b, 6}};
    struct xcy_ends open_a = {{low_a, 6}, {high, 6}};
    struct xcy_ends open_b = {{low_b, 6}, {high, 6}};
    assert_true(xcy_shift_test_of(&xcy_method_ranks, a, b).p < 0.01);
    assert_true(xcy_shift_test_of(&xcy_method_ranks, open_a, open_b).p == 1);
    assert_true(xcy_shift_test_of(&xcy_method_means, open_a, open_b).p == 1);
    struct xcy_shift s = xcy_shift_of(&xcy_method_ranks, open_a, open_b, 0.95);
    assert_true(s.estimate.low < 0 && s.estimate.high > 0);
}

/* The p of ends on one side of zero is that of the nearer ones. */
static void the_least_certain_ends_decide(void **state)
{
    (void)state;
    static const double a[] = {1, 2, 3, 4, 5, 6};
    static const double near[] = {4.5, 5.5, 6.5, 7.5, 8.5, 9.5};
    static const double far[] = {11, 12, 13, 14, 15, 16};
    struct xcy_ends from = {{a, 6}, {a, 6}};
    struct xcy_ends open = {{near, 6}, {far, 6}};
    struct xcy_ends nearer = {{near, 6}, {near, 6}};
    double p = xcy_shift_test_of(&xcy_method_ranks, from, open).p;
    assert_true(p == xcy_shift_test_of(&xcy_method_ranks, from, nearer).p);
    assert_true(p > 0.01 && p < 0.05);
}

static void a_round_without_a_bound_allows_no_test(void **state)
{
    (void)state;
    static const double a[] = {1, 2, 3};
    static const double b[] = {1, 2, INFINITY};
    struct xcy_ends known = {{a, 3}, {a, 3}};
    struct xcy_ends censored = {{b, 3}, {b, 3}};
    struct xcy_ends none = {{NULL, 0}, {NULL, 0}};
    assert_true(isnan(xcy_shift_test_of(&xcy_method_means, known, censored).p));
    assert_false(xcy_shift_of(&xcy_method_means, known, censored, 0.95).exists);
    assert_true(isnan(xcy_shift_test_of(&xcy_method_ranks, known, none).p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shift_lies_in_its_interval_as_often_as_claimed),
        cmocka_unit_test(so_does_that_of_rounds),
        cmocka_unit_test(polls_widen_an_interval_and_never_lose_the_shift),
        cmocka_unit_test(equal_distributions_are_found_different_as_often_as_allowed),
        cmocka_unit_test(a_matrix_of_nothing_claims_anything_as_rarely_as_promised),
        cmocka_unit_test(a_large_shift_is_found_nearly_always),
        cmocka_unit_test(a_ratio_lies_in_the_interval_of_the_logarithms),
        cmocka_unit_test(negative_values_have_no_ratio),
        cmocka_unit_test(ends_that_allow_both_signs_prove_nothing),
        cmocka_unit_test(the_least_certain_ends_decide),
        cmocka_unit_test(a_round_without_a_bound_allows_no_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
