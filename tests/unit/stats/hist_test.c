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

static void assert_same(const struct xcy_hist *a, const struct xcy_hist *b)
{
    assert_int_equal(xcy_hist_count(a), xcy_hist_count(b));
    assert_int_equal(xcy_hist_outside(a), xcy_hist_outside(b));
    assert_int_equal(xcy_hist_min(a), xcy_hist_min(b));
    assert_int_equal(xcy_hist_max(a), xcy_hist_max(b));
    assert_true(xcy_hist_mean(a) == xcy_hist_mean(b));
    for (int pct = 0; pct <= 100; pct++) {
        assert_int_equal(xcy_hist_percentile(a, pct), xcy_hist_percentile(b, pct));
    }
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
    assert_same(sum, whole);
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

/* Whatever was counted before, and far away: a reset histogram is as a new one. */
static void a_reset_one_counts_as_a_new_one(void **state)
{
    (void)state;
    struct xcy_stream *stream = xcy_stream_new(13, "reset");
    struct xcy_hist *used = xcy_hist_new(minute_ns, 8);
    for (int round = 0; round < 20; round++) {
        struct xcy_hist *fresh = xcy_hist_new(minute_ns, 8);
        xcy_hist_reset(used);
        for (int n = 0; n < round * 10; n++) {
            int64_t value = draw(stream, round + n % 2) - (n == 3) * minute_ns;
            assert_int_equal(xcy_hist_add(used, value), xcy_hist_add(fresh, value));
        }
        assert_same(used, fresh);
        xcy_hist_free(fresh);
    }
    xcy_hist_free(used);
    xcy_stream_free(stream);
}

static void a_count_is_as_many_single_values(void **state)
{
    (void)state;
    struct xcy_stream *stream = xcy_stream_new(17, "count");
    struct xcy_hist *singly = xcy_hist_new(minute_ns, 8);
    struct xcy_hist *at_once = xcy_hist_new(minute_ns, 8);
    for (int n = 0; n < 200; n++) {
        int64_t value = n == 7 ? -1 : draw(stream, n);
        int64_t count = n % 5;
        for (int64_t c = 0; c < count; c++) {
            (void)xcy_hist_add(singly, value);
        }
        (void)xcy_hist_add_count(at_once, value, count);
    }
    assert_same(at_once, singly);
    xcy_hist_free(singly);
    xcy_hist_free(at_once);
    xcy_stream_free(stream);
}

/* Every value lies in the bucket that counts it, buckets come upwards and none is empty. */
static void walking_the_buckets_finds_every_value_once(void **state)
{
    (void)state;
    struct xcy_stream *stream = xcy_stream_new(19, "walk");
    for (int set = 0; set < 32; set++) {
        int64_t values[100];
        struct xcy_hist *h = xcy_hist_new(minute_ns, 1 + set % 16);
        for (int n = 0; n < 100; n++) {
            values[n] = draw(stream, set + n / 50);
            assert_true(xcy_hist_add(h, values[n]));
        }
        struct xcy_hist_bucket bucket;
        int64_t seen = 0;
        int64_t last = -1;
        for (size_t at = 0; xcy_hist_next(h, &at, &bucket);) {
            int64_t expected = 0;
            for (int n = 0; n < 100; n++) {
                expected += values[n] >= bucket.lowest && values[n] <= bucket.highest;
            }
            assert_true(bucket.lowest > last && bucket.count > 0);
            assert_int_equal(bucket.count, expected);
            seen += bucket.count;
            last = bucket.highest;
        }
        assert_int_equal(seen, 100);
        xcy_hist_free(h);
    }
    xcy_stream_free(stream);
}

static struct xcy_hist *rebuild(const struct xcy_hist *h)
{
    struct xcy_hist *again = xcy_hist_new(xcy_hist_limit(h), xcy_hist_bits(h));
    struct xcy_hist_bucket bucket;
    struct xcy_hist_facts facts;
    for (size_t at = 0; xcy_hist_next(h, &at, &bucket);) {
        assert_true(xcy_hist_add_count(again, bucket.lowest, bucket.count));
    }
    xcy_hist_get_facts(h, &facts);
    assert_true(xcy_hist_restore_facts(again, &facts));
    return again;
}

static void buckets_and_facts_make_the_same_histogram_again(void **state)
{
    (void)state;
    struct xcy_stream *stream = xcy_stream_new(23, "facts");
    for (int set = 0; set < 32; set++) {
        struct xcy_hist *h = xcy_hist_new(set % 7 == 0 ? INT64_MAX : minute_ns, 1 + set % 9);
        for (int n = 0; n < set * 3; n++) {
            (void)xcy_hist_add(h, n == 5 ? -1 : n == 6 ? INT64_MAX : draw(stream, set));
        }
        struct xcy_hist *again = rebuild(h);
        assert_same(again, h);
        xcy_hist_free(again);
        xcy_hist_free(h);
    }
    xcy_stream_free(stream);
}

static void facts_that_the_buckets_cannot_have_are_refused(void **state)
{
    (void)state;
    struct xcy_hist *h = xcy_hist_new(minute_ns, 7);
    assert_true(xcy_hist_add_count(h, 1000, 2)); /* 1000..1003 */
    assert_true(xcy_hist_add(h, 5000));          /* 4992..5023 */
    static const struct xcy_hist_facts good = {.min = 1001, .max = 5001, .sum = "7003"};
    static const struct xcy_hist_facts bad[] = {
        {.min = 999, .max = 5001, .sum = "7003"},
        {.min = 1004, .max = 5001, .sum = "7003"},
        {.min = 1001, .max = 4991, .sum = "7003"},
        {.min = 1001, .max = 5024, .sum = "7003"},
        {.min = 1001, .max = 5001, .sum = "6991"},
        {.min = 1001, .max = 5001, .sum = "7030"},
        {.min = 1001, .max = 5001, .sum = ""},
        {.min = 1001, .max = 5001, .sum = "-7003"},
        {.min = 1001, .max = 5001, .sum = "7e3"},
        {.min = 1001, .max = 5001, .sum = "340282366920938463463374607431768218459"},
        {.min = 1001, .max = 5001, .sum = "7003", .outside = -1},
        {.min = -1, .max = 5001, .sum = "7003"},
        {.min = 1001, .max = INT64_MAX, .sum = "7003"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(xcy_hist_restore_facts(h, &bad[i]));
        assert_int_equal(xcy_hist_min(h), 1000);
        assert_int_equal(xcy_hist_max(h), 5000);
    }
    assert_true(xcy_hist_restore_facts(h, &good));
    assert_int_equal(xcy_hist_max(h), 5001);
    xcy_hist_reset(h);
    assert_false(xcy_hist_restore_facts(h, &good));
    xcy_hist_free(h);
}

static void a_sum_beyond_64_bits_is_written_whole(void **state)
{
    (void)state;
    struct xcy_hist *h = xcy_hist_new(INT64_MAX, 7);
    struct xcy_hist_facts facts;
    assert_true(xcy_hist_add_count(h, INT64_MAX, 1000));
    xcy_hist_get_facts(h, &facts);
    assert_string_equal(facts.sum, "9223372036854775807000");
    assert_true(xcy_hist_restore_facts(h, &facts));
    xcy_hist_free(h);
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
        cmocka_unit_test(a_reset_one_counts_as_a_new_one),
        cmocka_unit_test(a_count_is_as_many_single_values),
        cmocka_unit_test(walking_the_buckets_finds_every_value_once),
        cmocka_unit_test(buckets_and_facts_make_the_same_histogram_again),
        cmocka_unit_test(facts_that_the_buckets_cannot_have_are_refused),
        cmocka_unit_test(a_sum_beyond_64_bits_is_written_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
