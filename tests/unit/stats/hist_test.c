#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/stats/hist.h"
#include "common/stats/stream.h"

#include <math.h>
#include <stdlib.h>

static const int64_t minute_ns = INT64_C(60000000000);

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t draw(struct xcy_stream *stream, int shape)
{
    switch (shape % 4) {
    case 0:
        return (int64_t)(xcy_stream_uniform(stream) * 300);
    case 1:
        return (int64_t)xcy_stream_exponential(stream, 5e6);
    case 2:
        return (int64_t)xcy_stream_lognormal(stream, 1e6, 1e8);
    default:
        return (int64_t)exp(xcy_stream_uniform(stream) * 24);
    }
}

/* The definition itself: the smallest value with at least pct percent at or below it. */
static int64_t exact_percentile(const int64_t *sorted, size_t n, double pct)
{
    size_t k = 1;
    while (k < n && (double)k * 100 < pct * (double)n) {
        k++;
    }
    return sorted[k - 1];
}

static void percentiles_are_within_the_promised_error(void **state)
{
    (void)state;
    static const double pcts[] = {0, 1, 25, 50, 75, 90, 99, 99.9, 100};
    struct xcy_stream *stream = xcy_stream_new(7, "hist");
    for (int set = 0; set < 160; set++) {
        int bits = 1 + set % 16;
        size_t n = 1 + (size_t)(xcy_stream_uniform(stream) * 500);
        int64_t *values = xcy_alloc_array(n, sizeof *values);
        struct xcy_hist *h = xcy_hist_new(minute_ns, bits);
        for (size_t v = 0; v < n; v++) {
            values[v] = draw(stream, set / 16);
            assert_true(xcy_hist_add(h, values[v]));
        }
        qsort(values, n, sizeof *values, compare);
        for (size_t p = 0; p < sizeof pcts / sizeof pcts[0]; p++) {
            int64_t exact = exact_percentile(values, n, pcts[p]);
            int64_t got = xcy_hist_percentile(h, pcts[p]);
            assert_true(got >= exact);
            assert_true((double)(got - exact) <= ldexp((double)exact, -bits));
            assert_true(got <= values[n - 1]);
        }
        assert_int_equal(xcy_hist_min(h), values[0]);
        assert_int_equal(xcy_hist_max(h), values[n - 1]);
        xcy_hist_free(h);
        free(values);
    }
    xcy_stream_free(stream);
}

static void every_single_value_is_reported_within_the_error(void **state)
{
    (void)state;
    static const int all_bits[] = {1, 2, 7, 11};
    for (size_t b = 0; b < sizeof all_bits / sizeof all_bits[0]; b++) {
        int bits = all_bits[b];
        for (int64_t value = 1; value > 0 && value < INT64_MAX / 3; value = value * 2 + value / 3) {
            for (int64_t near = value - 1; near <= value + 1; near++) {
                struct xcy_hist *h = xcy_hist_new(INT64_MAX, bits);
                assert_true(xcy_hist_add(h, near));
                assert_true(xcy_hist_add(h, INT64_MAX)); /* so that the maximum does not help */
                int64_t got = xcy_hist_percentile(h, 50);
                assert_true(got >= near);
                assert_true((double)(got - near) <= ldexp((double)near, -bits));
                xcy_hist_free(h);
            }
        }
    }
}

static void small_values_are_exact(void **state)
{
    (void)state;
    struct xcy_hist *h = xcy_hist_new(minute_ns, 7);
    for (int64_t value = 0; value < 256; value++) {
        assert_true(xcy_hist_add(h, value));
    }
    for (int64_t value = 0; value < 256; value++) {
        double pct = (double)(value + 1) * 100 / 256;
        assert_int_equal(xcy_hist_percentile(h, pct), value);
    }
    xcy_hist_free(h);
}

/* 29 / 100.0 * 100 is a little above 29: the 30th value would be wrong. */
static void a_whole_rank_is_not_lifted_by_rounding(void **state)
{
    (void)state;
    struct xcy_hist *h = xcy_hist_new(minute_ns, 7);
    for (int64_t value = 1; value <= 100; value++) {
        assert_true(xcy_hist_add(h, value));
    }
    for (int pct = 1; pct <= 100; pct++) {
        assert_int_equal(xcy_hist_percentile(h, pct), pct);
    }
    xcy_hist_free(h);
}

static void what_does_not_fit_is_counted_outside(void **state)
{
    (void)state;
    struct xcy_hist *h = xcy_hist_new(1000, 7);
    assert_false(xcy_hist_add(h, -1));
    assert_false(xcy_hist_add(h, INT64_MIN));
    assert_false(xcy_hist_add(h, 1001));
    assert_true(xcy_hist_add(h, 0));
    assert_true(xcy_hist_add(h, 1000));
    assert_int_equal(xcy_hist_outside(h), 3);
    assert_int_equal(xcy_hist_count(h), 2);
    assert_int_equal(xcy_hist_min(h), 0);
    assert_int_equal(xcy_hist_max(h), 1000);
    xcy_hist_free(h);
}

static void an_empty_histogram_answers_zero(void **state)
{
    (void)state;
    struct xcy_hist *h = xcy_hist_new(1000, 7);
    assert_int_equal(xcy_hist_count(h), 0);
    assert_int_equal(xcy_hist_min(h), 0);
    assert_int_equal(xcy_hist_max(h), 0);
    assert_int_equal(xcy_hist_percentile(h, 50), 0);
    assert_true(xcy_hist_mean(h) == 0);
    xcy_hist_free(h);
    xcy_hist_free(NULL);
}

static void merged_parts_equal_the_whole(void **state)
{
    (void)state;
    struct xcy_stream *stream = xcy_stream_new(11, "merge");
    struct xcy_hist *whole = xcy_hist_new(minute_ns, 7);
    struct xcy_hist *sum = xcy_hist_new(minute_ns, 7);
    for (int part = 0; part < 4; part++) {
        struct xcy_hist *h = xcy_hist_new(minute_ns, 7);
        for (int n = 0; part > 0 && n < 500; n++) {
            int64_t value = draw(stream, part) - (n == 0);
            (void)xcy_hist_add(h, n == 1 ? -5 : value);
            (void)xcy_hist_add(whole, n == 1 ? -5 : value);
        }
        xcy_hist_merge(sum, h); /* the first is empty */
        xcy_hist_free(h);
    }
    assert_int_equal(xcy_hist_count(sum), xcy_hist_count(whole));
    assert_int_equal(xcy_hist_outside(sum), xcy_hist_outside(whole));
    assert_int_equal(xcy_hist_min(sum), xcy_hist_min(whole));
    assert_int_equal(xcy_hist_max(sum), xcy_hist_max(whole));
    assert_true(xcy_hist_mean(sum) == xcy_hist_mean(whole));
    for (int pct = 0; pct <= 100; pct++) {
        assert_int_equal(xcy_hist_percentile(sum, pct), xcy_hist_percentile(whole, pct));
    }
    xcy_hist_free(whole);
    xcy_hist_free(sum);
    xcy_stream_free(stream);
}

static void the_mean_is_exact_and_does_not_overflow(void **state)
{
    (void)state;
    struct xcy_hist *h = xcy_hist_new(INT64_MAX, 7);
    for (int n = 0; n < 10; n++) {
        assert_true(xcy_hist_add(h, INT64_MAX));
    }
    assert_true(xcy_hist_mean(h) == (double)INT64_MAX);
    struct xcy_hist *doubled = xcy_hist_new(INT64_MAX, 7);
    for (int n = 0; n < 5; n++) {
        xcy_hist_merge(doubled, h);
    }
    assert_true(xcy_hist_mean(doubled) == (double)INT64_MAX);
    xcy_hist_free(h);
    xcy_hist_free(doubled);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentiles_are_within_the_promised_error),
        cmocka_unit_test(every_single_value_is_reported_within_the_error),
        cmocka_unit_test(small_values_are_exact),
        cmocka_unit_test(a_whole_rank_is_not_lifted_by_rounding),
        cmocka_unit_test(what_does_not_fit_is_counted_outside),
        cmocka_unit_test(an_empty_histogram_answers_zero),
        cmocka_unit_test(merged_parts_equal_the_whole),
        cmocka_unit_test(the_mean_is_exact_and_does_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
