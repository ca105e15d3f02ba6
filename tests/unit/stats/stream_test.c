#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/stats/quantile.h"
#include "common/stats/stream.h"

#include <math.h>
#include <stdlib.h>

enum { N = 40000 };

static void the_first_values_are_those_of_mt19937(void **state)
{
    (void)state;
    /* M = 2**64 - 1
     * def mix(x):
     *     x = (x + 0x9e3779b97f4a7c15) & M
     *     x = ((x ^ (x >> 30)) * 0xbf58476d1ce4e5b9) & M
     *     x = ((x ^ (x >> 27)) * 0x94d049bb133111eb) & M
     *     return x ^ (x >> 31)
     * h = 0xcbf29ce484222325
     * for c in b"lag:eu-us": h = ((h ^ c) * 0x100000001b3) & M
     * numpy.random.RandomState(mix(mix(42) ^ h) >> 32).randint(0, 2**32, size=3, dtype="uint32") */
    static const double expected[] = {591295294, 4206442492, 725743432};
    struct xcy_stream *stream = xcy_stream_new(42, "lag:eu-us");
    for (int n = 0; n < 3; n++) {
        assert_true(xcy_stream_uniform(stream) == expected[n] / 4294967296.0);
    }
    xcy_stream_free(stream);
}

static void a_seed_and_purpose_repeat_their_values(void **state)
{
    (void)state;
    struct xcy_stream *a = xcy_stream_new(1, "delivery");
    struct xcy_stream *b = xcy_stream_new(1, "delivery");
    for (int n = 0; n < 1000; n++) {
        assert_true(xcy_stream_lognormal(a, 90, 300) == xcy_stream_lognormal(b, 90, 300));
        assert_true(xcy_stream_exponential(a, 5) == xcy_stream_exponential(b, 5));
        assert_true(xcy_stream_uniform(a) == xcy_stream_uniform(b));
    }
    xcy_stream_free(a);
    xcy_stream_free(b);
    xcy_stream_free(NULL);
}

/* Correlation of two independent uniform streams: standard error 1/sqrt(N). */
static void other_seeds_and_purposes_are_unrelated(void **state)
{
    (void)state;
    struct xcy_stream *s[] = {xcy_stream_new(1, "a"), xcy_stream_new(1, "b"),
                              xcy_stream_new(2, "a"), xcy_stream_new(0, "a")};
    double sum[4][4] = {{0}};
    for (int n = 0; n < N; n++) {
        double u[4];
        for (int k = 0; k < 4; k++) {
            u[k] = (xcy_stream_uniform(s[k]) - 0.5) * sqrt(12);
        }
        for (int k = 0; k < 16; k++) {
            sum[k / 4][k % 4] += u[k / 4] * u[k % 4] / N;
        }
    }
    for (int k = 0; k < 16; k++) {
        bool is_same = k / 4 == k % 4;
        assert_true(fabs(sum[k / 4][k % 4] - (is_same ? 1 : 0)) < 5 / sqrt(N));
    }
    for (int k = 0; k < 4; k++) {
        xcy_stream_free(s[k]);
    }
}

static void uniform_values_lie_within_0_and_1(void **state)
{
    (void)state;
    struct xcy_stream *stream = xcy_stream_new(3, "uniform");
    for (int n = 0; n < N; n++) {
        double u = xcy_stream_uniform(stream);
        assert_true(u > 0 && u < 1);
    }
    xcy_stream_free(stream);
}

/* The true quantile must lie within the sample's exact interval at 99.99 %. */
static void assert_quantile(const double *sorted, double q, double truth)
{
    struct xcy_quantile_interval i = xcy_quantile_ranks(N, q, 0.9999);
    assert_true(i.exists);
    assert_true(sorted[i.low_index] <= truth && truth <= sorted[i.high_index]);
}

static void a_lognormal_stream_has_the_percentiles_asked_for(void **state)
{
    (void)state;
    struct xcy_stream *stream = xcy_stream_new(4, "lognormal");
    double *values = xcy_alloc_array(N, sizeof *values);
    for (int n = 0; n < N; n++) {
        values[n] = xcy_stream_lognormal(stream, 120, 600);
    }
    xcy_sort(values, N);
    assert_quantile(values, 0.5, 120);
    assert_quantile(values, 0.99, 600);
    assert_quantile(values, 0.01, 120 * 120 / 600.0);
    assert_true(fabs(xcy_stream_lognormal(stream, 5, 5) - 5) < 1e-12);
    free(values);
    xcy_stream_free(stream);
}

static void an_exponential_stream_has_the_quantiles_of_its_mean(void **state)
{
    (void)state;
    struct xcy_stream *stream = xcy_stream_new(6, "exponential");
    double *values = xcy_alloc_array(N, sizeof *values);
    for (int n = 0; n < N; n++) {
        values[n] = xcy_stream_exponential(stream, 30);
    }
    xcy_sort(values, N);
    assert_quantile(values, 0.5, 30 * log(2));
    assert_quantile(values, 0.99, 30 * log(100));
    free(values);
    xcy_stream_free(stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_values_are_those_of_mt19937),
        cmocka_unit_test(a_seed_and_purpose_repeat_their_values),
        cmocka_unit_test(other_seeds_and_purposes_are_unrelated),
        cmocka_unit_test(uniform_values_lie_within_0_and_1),
        cmocka_unit_test(a_lognormal_stream_has_the_percentiles_asked_for),
        cmocka_unit_test(an_exponential_stream_has_the_quantiles_of_its_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
