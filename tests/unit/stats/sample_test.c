#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/stats/quantile.h"
#include "common/stats/sample.h"
#include "common/stats/stream.h"

#include <math.h>
#include <stdlib.h>

enum { MANY = 300000 };

/* Latencies with a tail, some negative, some far away, some censored. */
static int64_t drawn(struct xcy_stream *stream)
{
    double kind = xcy_stream_uniform(stream);
    if (kind < 0.01) {
        return kind < 0.005 ? XCY_SAMPLE_BELOW : XCY_SAMPLE_ABOVE;
    }
    if (kind < 0.02) {
        return (int64_t)(xcy_stream_uniform(stream) * 1e15) - (int64_t)5e14;
    }
    return (int64_t)xcy_stream_lognormal(stream, 1000, 60000) - 500;
}

static double as_double(int64_t value)
{
    if (value == XCY_SAMPLE_BELOW || value == XCY_SAMPLE_ABOVE) {
        return value == XCY_SAMPLE_BELOW ? -INFINITY : INFINITY;
    }
    return (double)value;
}

static void assert_same(const struct xcy_sample *sample, const double *sorted, size_t n)
{
    assert_int_equal(xcy_sample_size(sample), n);
    for (size_t i = 0; i < n; i++) {
        assert_true(xcy_sample_at(sample, (int64_t)i) == sorted[i]);
    }
    static const double quantiles[] = {1e-9, 0.001, 0.5, 0.9, 0.99, 0.9999};
    for (size_t q = 0; q < sizeof quantiles / sizeof *quantiles; q++) {
        assert_true(xcy_sample_quantile(sample, quantiles[q]) ==
                    xcy_quantile(sorted, n, quantiles[q]));
    }
}

static void a_sample_has_every_value_as_often_as_it_came(void **state)
{
    (void)state;
    struct xcy_stream *stream = xcy_stream_new(1, "sample");
    struct xcy_sample sample = {0};
    double *all = xcy_alloc_array(MANY, sizeof *all);
    for (size_t i = 0; i < MANY; i++) {
        int64_t value = drawn(stream);
        all[i] = as_double(value);
        xcy_sample_add(&sample, value);
    }
    xcy_sample_settle(&sample);
    xcy_sort(all, MANY);
    assert_same(&sample, all, MANY);
    assert_true(sample.n_steps < MANY / 2);
    free(all);
    xcy_sample_clear(&sample);
    xcy_stream_free(stream);
}

static void merged_samples_are_as_one(void **state)
{
    (void)state;
    enum { PARTS = 3 };
    struct xcy_stream *stream = xcy_stream_new(2, "sample");
    struct xcy_sample parts[PARTS] = {{0}};
    struct xcy_sample whole = {0};
    for (size_t i = 0; i < MANY; i++) {
        int64_t value = drawn(stream);
        xcy_sample_add(&whole, value);
        xcy_sample_add(&parts[i % PARTS], value);
    }
    xcy_sample_settle(&whole);
    struct xcy_sample merged = {0};
    for (size_t p = 0; p < PARTS; p++) {
        if (p == 1) { /* it may be, and need not be */
            xcy_sample_settle(&parts[p]);
        }
        xcy_sample_merge(&merged, &parts[p]);
        assert_int_equal(xcy_sample_size(&parts[p]), 0);
    }
    xcy_sample_settle(&merged);
    assert_int_equal(merged.n_steps, whole.n_steps);
    assert_memory_equal(merged.steps, whole.steps, whole.n_steps * sizeof *whole.steps);
    xcy_sample_clear(&merged);
    xcy_sample_clear(&whole);
    xcy_stream_free(stream);
}

static void counts_up_to_a_value_include_it(void **state)
{
    (void)state;
    static const int64_t values[] = {5, -3, 5, 9};
    struct xcy_sample sample = {0};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        xcy_sample_add(&sample, values[i]);
    }
    xcy_sample_settle(&sample);
    assert_int_equal(xcy_sample_at_most(&sample, -4), 0);
    assert_int_equal(xcy_sample_at_most(&sample, -3), 1);
    assert_int_equal(xcy_sample_at_most(&sample, 5), 3);
    assert_int_equal(xcy_sample_at_most(&sample, 8), 3);
    assert_int_equal(xcy_sample_at_most(&sample, XCY_SAMPLE_ABOVE), 4);
    assert_true(xcy_sample_mean(&sample) == 4);
    xcy_sample_clear(&sample);
}

static void an_empty_sample_has_nothing(void **state)
{
    (void)state;
    struct xcy_sample sample = {0};
    struct xcy_sample other = {0};
    xcy_sample_settle(&sample);
    xcy_sample_merge(&sample, &other);
    assert_int_equal(xcy_sample_size(&sample), 0);
    assert_int_equal(xcy_sample_at_most(&sample, 0), 0);
    assert_true(isnan(xcy_sample_mean(&sample)));
    xcy_sample_clear(&sample);
}

/* A million values of a thousand kinds take the room of the thousand. */
static void memory_follows_the_different_values(void **state)
{
    (void)state;
    struct xcy_sample sample = {0};
    for (int64_t i = 0; i < 1000000; i++) {
        xcy_sample_add(&sample, i % 1000);
    }
    assert_true(sample.capacity <= 1 << 16);
    xcy_sample_settle(&sample);
    assert_int_equal(sample.n_steps, 1000);
    assert_int_equal(xcy_sample_at_most(&sample, 499), 500000);
    xcy_sample_clear(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sample_has_every_value_as_often_as_it_came),
        cmocka_unit_test(merged_samples_are_as_one),
        cmocka_unit_test(counts_up_to_a_value_include_it),
        cmocka_unit_test(an_empty_sample_has_nothing),
        cmocka_unit_test(memory_follows_the_different_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
