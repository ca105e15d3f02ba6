#include "tests/support/unit.h"

#include "plotconf/consistency_window.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A gathered run of those values; borrowed. */
static struct xcy_gathered run_of(enum xcy_post_storage storage, bool has_antipode, double *values,
                                  size_t n)
{
    return (struct xcy_gathered){.post_storage = storage,
                                 .notification_storage = XCY_NOTIFICATION_SNS,
                                 .has_antipode = has_antipode,
                                 .window_ms = values,
                                 .n = n};
}

static void add(struct xcy_window_plot *plot, enum xcy_post_storage storage, bool has_antipode,
                double *values, size_t n)
{
    struct xcy_gathered g = run_of(storage, has_antipode, values, n);
    assert_true(xcy_window_plot_add(plot, &g));
}

/* A store whose sides have one row each. */
static struct xcy_window_plot pair_of(double original_ms, double antipode_ms)
{
    struct xcy_window_plot plot = {0};
    add(&plot, XCY_POST_CACHE, false, &original_ms, 1);
    add(&plot, XCY_POST_CACHE, true, &antipode_ms, 1);
    xcy_window_plot_compute(&plot);
    return plot;
}

static char *json_of(const struct xcy_window_plot *plot)
{
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    struct xcy_json *json = xcy_window_plot_to_json(plot);
    xcy_json_format(json, false, &text);
    xcy_json_free(json);
    return xcy_buf_take(&text);
}

static void assert_has(const char *text, const char *words)
{
    if (!strstr(text, words)) {
        fail_msg("no '%s' in: %s", words, text);
    }
}

static void rounds_of_a_side_are_pooled_before_the_median(void **state)
{
    (void)state;
    struct xcy_window_plot plot = {0};
    add(&plot, XCY_POST_DYNAMO, false, (double[]){900, 100, 110}, 3); /* median 110 */
    add(&plot, XCY_POST_DYNAMO, false, (double[]){130, 120}, 2);      /* median 125 */
    xcy_window_plot_compute(&plot);
    const struct xcy_window_bar *bar = &plot.groups[0].sides[XCY_WINDOW_ORIGINAL];
    assert_int_equal(plot.n_groups, 1);
    assert_int_equal(bar->n, 5);
    assert_true(bar->median_ms == 120);
    xcy_window_plot_clear(&plot);
}

static void stores_stand_in_the_order_of_their_first_appearance(void **state)
{
    (void)state;
    static const enum xcy_post_storage order[] = {XCY_POST_CACHE, XCY_POST_S3, XCY_POST_DYNAMO,
                                                  XCY_POST_MYSQL};
    double value = 5;
    struct xcy_window_plot plot = {0};
    for (size_t i = 0; i < 4; i++) {
        add(&plot, order[i], i % 2 == 0, &value, 1);
        add(&plot, order[0], false, &value, 1);
    }
    assert_int_equal(plot.n_groups, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(plot.groups[i].post_storage, order[i]);
    }
    assert_int_equal(plot.groups[0].sides[XCY_WINDOW_ORIGINAL].n, 4);
    xcy_window_plot_clear(&plot);
}

static void a_median_is_rounded_half_to_even(void **state)
{
    (void)state;
    static const struct {
        double low;
        double high;
        const char *rounded;
    } cases[] = {{334, 335, "334"}, {335, 336, "336"}, {334, 336, "335"}, {0, 1, "0"},
                 {1, 2, "2"},       {-1, 0, "0"},      {-2, -1, "-2"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xcy_window_plot plot = {0};
        add(&plot, XCY_POST_S3, true, (double[]){cases[i].low, cases[i].high}, 2);
        xcy_window_plot_compute(&plot);
        const struct xcy_window_bar *bar = &plot.groups[0].sides[XCY_WINDOW_ANTIPODE];
        char rounded[32];
        snprintf(rounded, sizeof rounded, "%.0f", bar->rounded_ms);
        assert_string_equal(rounded, cases[i].rounded);
        assert_true(bar->median_ms == (cases[i].low + cases[i].high) / 2);
        xcy_window_plot_clear(&plot);
    }
}

static void the_overhead_is_that_of_the_rounded_medians(void **state)
{
    (void)state;
    struct xcy_window_plot plot = {0};
    add(&plot, XCY_POST_CACHE, false, (double[]){334, 335}, 2); /* 334.5, rounded 334 */
    add(&plot, XCY_POST_CACHE, true, (double[]){335, 336}, 2);  /* 335.5, rounded 336 */
    xcy_window_plot_compute(&plot);
    assert_true(xcy_window_overhead_ms(&plot.groups[0]) == 2);
    char *json = json_of(&plot);
    assert_has(json, "\"label_overhead\":\"+ 2\"");
    free(json);
    xcy_window_plot_clear(&plot);
}

static void the_published_overhead_is_never_below_0_but_the_difference_is(void **state)
{
    (void)state;
    struct xcy_window_plot plot = pair_of(420, 300);
    assert_true(xcy_window_overhead_as_published_ms(&plot.groups[0]) == 0);
    assert_true(xcy_window_overhead_ms(&plot.groups[0]) == -120);
    char *json = json_of(&plot);
    assert_has(json, "\"label_overhead\":\"+ 0\"");
    assert_has(json, "\"overhead_ms\":-120");
    free(json);
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    xcy_window_plot_print(&plot, &text);
    assert_has(text.ptr, "+ 0");
    assert_has(text.ptr, "-120");
    xcy_buf_reset(&text);
    xcy_window_plot_script(&plot, "name", &text);
    assert_has(text.ptr, "set label '+ 0 ms (-120 ms)'");
    xcy_buf_clear(&text);
    xcy_window_plot_clear(&plot);
}

/* Of four rows the middle two decide: as small as 90 and 190, as large as 202 and 302; the one without
 * a bound is beyond both. */
static void a_median_is_bounded_by_the_clocks_of_its_rows(void **state)
{
    (void)state;
    double values[] = {300, 100, 200, 1000};
    double least[] = {190, 90, 180, -INFINITY};
    double most[] = {302, 102, 202, INFINITY};
    struct xcy_window_plot plot = {0};
    struct xcy_gathered g = run_of(XCY_POST_CACHE, false, values, 4);
    g.least_ms = least;
    g.most_ms = most;
    assert_true(xcy_window_plot_add(&plot, &g));
    g.has_antipode = true;
    g.n = 1; /* 300, 190..302 */
    assert_true(xcy_window_plot_add(&plot, &g));
    xcy_window_plot_compute(&plot);
    const struct xcy_window_bar *bar = &plot.groups[0].sides[XCY_WINDOW_ORIGINAL];
    assert_true(bar->median_ms == 250);
    assert_true(bar->clock_low_ms == 90 - 250 && bar->clock_high_ms == 302 - 250);
    char *json = json_of(&plot);
    assert_has(json, "\"original_clock_low_ms\":-160,\"original_clock_high_ms\":52");
    assert_has(json, "\"antipode_clock_low_ms\":-110,\"antipode_clock_high_ms\":2");
    assert_has(json, "\"overhead_clock_low_ms\":-162,\"overhead_clock_high_ms\":162");
    free(json);
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    xcy_window_plot_print(&plot, &text);
    assert_has(text.ptr, "+52.0/-160.0");
    assert_has(text.ptr, "+162.0/-162.0");
    xcy_buf_reset(&text);
    xcy_window_plot_script(&plot, "name", &text);
    assert_has(text.ptr, "'bound of the clocks on each median, in ms: +52.0/-160.0'");
    xcy_buf_clear(&text);
    xcy_window_plot_clear(&plot);
}

/* 335.5 - 334.5 is 1, which the rounded medians make 2: the bound is of what is told. */
static void the_bound_of_an_overhead_is_of_the_rounded_one(void **state)
{
    (void)state;
    double low_ms = 0;
    double high_ms = 0;
    struct xcy_window_plot plot = {0};
    for (int side = 0; side < 2; side++) {
        double values[] = {334 + side, 335 + side};
        double least[] = {333 + side, 334 + side};
        double most[] = {335 + side, 336 + side};
        struct xcy_gathered g = run_of(XCY_POST_CACHE, side == 1, values, 2);
        g.least_ms = least;
        g.most_ms = most;
        assert_true(xcy_window_plot_add(&plot, &g));
    }
    xcy_window_plot_compute(&plot);
    assert_true(xcy_window_overhead_ms(&plot.groups[0]) == 2);
    xcy_window_overhead_clock_ms(&plot.groups[0], &low_ms, &high_ms);
    assert_true(2 + low_ms == 334 - 336 && 2 + high_ms == 337 - 333);
    xcy_window_plot_clear(&plot);
}

static void a_median_without_bounds_says_so(void **state)
{
    (void)state;
    struct xcy_window_plot plot = pair_of(420, 300);
    char *json = json_of(&plot);
    assert_has(json, "\"original_clock_low_ms\":null,\"original_clock_high_ms\":null");
    assert_has(json, "\"overhead_clock_low_ms\":null,\"overhead_clock_high_ms\":null");
    free(json);
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    xcy_window_plot_print(&plot, &text);
    assert_has(text.ptr, "unbounded");
    xcy_buf_clear(&text);
    xcy_window_plot_clear(&plot);
}

static void a_missing_side_is_drawn_as_missing_and_has_no_overhead(void **state)
{
    (void)state;
    double value = 300;
    struct xcy_buf text;
    struct xcy_window_plot plot = {0};
    xcy_buf_init(&text, 1 << 16);
    add(&plot, XCY_POST_S3, true, &value, 1);
    xcy_window_plot_compute(&plot);
    assert_false(xcy_window_has_both(&plot.groups[0]));
    char *json = json_of(&plot);
    assert_has(json, "\"original_median\":null");
    assert_has(json, "\"rows_original\":0");
    assert_has(json, "\"antipode_median\":300");
    assert_has(json, "\"label_overhead\":null");
    free(json);
    xcy_window_plot_data(&plot, &text);
    assert_has(text.ptr,
               "0\tS3\tOriginal\t0\t?\t?\t?\t?\t?\n0\tS3\tAntipode\t1\t300\t?\t?\t?\t?\n");
    xcy_buf_reset(&text);
    xcy_window_plot_script(&plot, "name", &text);
    assert_has(text.ptr, "set label 'no data'");
    assert_null(strstr(text.ptr, "set label '+ "));
    xcy_buf_clear(&text);
    xcy_window_plot_clear(&plot);
}

static void other_notification_storages_take_no_part(void **state)
{
    (void)state;
    static const enum xcy_notification_storage others[] = {XCY_NOTIFICATION_DYNAMO,
                                                           XCY_NOTIFICATION_MQ};
    double value = 1;
    struct xcy_window_plot plot = {0};
    for (size_t i = 0; i < 2; i++) {
        struct xcy_gathered g = run_of(XCY_POST_DYNAMO, false, &value, 1);
        g.notification_storage = others[i];
        assert_false(xcy_window_plot_add(&plot, &g));
    }
    assert_int_equal(plot.n_groups, 0);
    xcy_window_plot_clear(&plot);
}

/* Of 6 values all but 2 × 2^-6 = 3.1 % of orders have the median between the ends; of 5 only 93.75 %. */
static void an_interval_needs_six_rows(void **state)
{
    (void)state;
    double values[] = {60, 50, 40, 30, 20, 10};
    for (size_t n = 5; n <= 6; n++) {
        struct xcy_window_plot plot = {0};
        add(&plot, XCY_POST_MYSQL, false, values, n);
        xcy_window_plot_compute(&plot);
        const struct xcy_window_bar *bar = &plot.groups[0].sides[XCY_WINDOW_ORIGINAL];
        assert_int_equal(bar->has_interval, n == 6);
        struct xcy_buf text;
        xcy_buf_init(&text, 1 << 16);
        xcy_window_plot_print(&plot, &text);
        assert_has(text.ptr, n == 6 ? "10..60" : "n too small");
        xcy_buf_clear(&text);
        char *json = json_of(&plot);
        assert_has(json, n == 6 ? "\"original_ci95_low_ms\":10" : "\"original_ci95_low_ms\":null");
        free(json);
        xcy_window_plot_clear(&plot);
    }
}

static void values_that_a_log_axis_has_not_are_labelled_at_its_foot(void **state)
{
    (void)state;
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    struct xcy_window_plot plot = pair_of(-40, 0);
    xcy_window_plot_script(&plot, "name", &text);
    assert_has(text.ptr, "set label '-40 ms' at -0.2, 0.1 ");
    assert_has(text.ptr, "set label '0 ms' at 0.2, 0.1 ");
    assert_has(text.ptr, "set yrange [0.0999:");
    xcy_window_plot_clear(&plot);
    xcy_buf_clear(&text);
}

static void a_run_without_rows_still_has_an_axis(void **state)
{
    (void)state;
    struct xcy_buf text;
    struct xcy_window_plot plot = {0};
    xcy_buf_init(&text, 1 << 16);
    add(&plot, XCY_POST_S3, false, NULL, 0);
    xcy_window_plot_compute(&plot);
    xcy_window_plot_script(&plot, "name", &text);
    assert_has(text.ptr, "set yrange [0.0999:");
    assert_null(strstr(text.ptr, "inf"));
    assert_null(strstr(text.ptr, "nan"));
    assert_null(strstr(text.ptr, "clocks"));
    xcy_window_plot_clear(&plot);
    xcy_buf_clear(&text);
}

static void long_values_are_labelled_in_seconds(void **state)
{
    (void)state;
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    struct xcy_window_plot plot = pair_of(99999, 4265409);
    xcy_window_plot_script(&plot, "name", &text);
    assert_has(text.ptr, "set label '99999 ms' at");
    assert_has(text.ptr, "set label '4265.4 s' at");
    assert_has(text.ptr, "set label '+ 4165.4 s' at");
    xcy_window_plot_clear(&plot);
    xcy_buf_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounds_of_a_side_are_pooled_before_the_median),
        cmocka_unit_test(stores_stand_in_the_order_of_their_first_appearance),
        cmocka_unit_test(a_median_is_rounded_half_to_even),
        cmocka_unit_test(the_overhead_is_that_of_the_rounded_medians),
        cmocka_unit_test(the_published_overhead_is_never_below_0_but_the_difference_is),
        cmocka_unit_test(a_median_is_bounded_by_the_clocks_of_its_rows),
        cmocka_unit_test(the_bound_of_an_overhead_is_of_the_rounded_one),
        cmocka_unit_test(a_median_without_bounds_says_so),
        cmocka_unit_test(a_missing_side_is_drawn_as_missing_and_has_no_overhead),
        cmocka_unit_test(other_notification_storages_take_no_part),
        cmocka_unit_test(an_interval_needs_six_rows),
        cmocka_unit_test(values_that_a_log_axis_has_not_are_labelled_at_its_foot),
        cmocka_unit_test(a_run_without_rows_still_has_an_axis),
        cmocka_unit_test(long_values_are_labelled_in_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
