#include "tests/unit/plotconf/scratch.h"

#include "plotconf/medians.h"

#include <math.h>
#include <stdio.h>

static struct xcy_median_plot plot_of_windows(void)
{
    struct xcy_median_plot plot;
    xcy_median_plot_init(&plot, &xcy_consistency_window);
    return plot;
}

/* Adds a run of those values; bounds and uncut values may be NULL. */
static void add_known(struct xcy_median_plot *plot, enum xcy_post_storage storage,
                      enum xcy_side side, const double *values, size_t n, const double *least,
                      const double *most, const double *uncut)
{
    const struct xcy_gathered g = {
        .post_storage = storage, .notification_storage = XCY_NOTIFICATION_SNS, .side = side};
    struct xcy_traces rows = {0};
    for (size_t i = 0; i < n; i++) {
        xcy_traces_add(&rows, values[i], NAN);
        rows.least_ms[i] = least ? least[i] : -INFINITY;
        rows.most_ms[i] = most ? most[i] : INFINITY;
        rows.uncut_ms[i] = uncut ? uncut[i] : NAN;
    }
    assert_true(xcy_median_plot_add(plot, &g, &rows, NULL));
    xcy_traces_clear(&rows);
}

static void add(struct xcy_median_plot *plot, enum xcy_post_storage storage, enum xcy_side side,
                const double *values, size_t n)
{
    add_known(plot, storage, side, values, n, NULL, NULL, NULL);
}

/* A store whose sides have one row each. */
static struct xcy_median_plot pair_of(double original_ms, double antipode_ms)
{
    struct xcy_median_plot plot = plot_of_windows();
    add(&plot, XCY_POST_CACHE, XCY_SIDE_ORIGINAL, &original_ms, 1);
    add(&plot, XCY_POST_CACHE, XCY_SIDE_ANTIPODE, &antipode_ms, 1);
    xcy_median_plot_compute(&plot);
    return plot;
}

static void add_script(const struct xcy_median_plot *plot, struct xcy_buf *text)
{
    struct xcy_chart chart;
    xcy_median_plot_chart(plot, &chart);
    xcy_chart_script(&chart, text);
}

static char *json_of(const struct xcy_median_plot *plot)
{
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    struct xcy_json *json = xcy_median_plot_to_json(plot);
    xcy_json_format(json, false, &text);
    xcy_json_free(json);
    return xcy_buf_take(&text);
}

static struct xcy_overhead overhead_of(const struct xcy_median_plot *plot)
{
    return xcy_median_overhead(&plot->groups[0], XCY_SIDE_ANTIPODE);
}

static void rounds_of_a_side_are_pooled_before_the_median(void **state)
{
    (void)state;
    struct xcy_median_plot plot = plot_of_windows();
    add(&plot, XCY_POST_DYNAMO, XCY_SIDE_ORIGINAL, (const double[]){900, 100, 110},
        3);                                                                        /* median 110 */
    add(&plot, XCY_POST_DYNAMO, XCY_SIDE_ORIGINAL, (const double[]){130, 120}, 2); /* median 125 */
    xcy_median_plot_compute(&plot);
    const struct xcy_median_bar *bar = &plot.groups[0].sides[XCY_SIDE_ORIGINAL];
    assert_int_equal(plot.n_groups, 1);
    assert_int_equal(bar->rows.n, 5);
    assert_true(bar->median_ms == 120);
    xcy_median_plot_clear(&plot);
}

static void stores_stand_in_the_order_of_their_first_appearance(void **state)
{
    (void)state;
    static const enum xcy_post_storage order[] = {XCY_POST_CACHE, XCY_POST_S3, XCY_POST_DYNAMO,
                                                  XCY_POST_MYSQL};
    double value = 5;
    struct xcy_median_plot plot = plot_of_windows();
    for (size_t i = 0; i < 4; i++) {
        add(&plot, order[i], i % 2 == 0 ? XCY_SIDE_ANTIPODE : XCY_SIDE_ORIGINAL, &value, 1);
        add(&plot, order[0], XCY_SIDE_ORIGINAL, &value, 1);
    }
    assert_int_equal(plot.n_groups, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(plot.groups[i].post_storage, order[i]);
    }
    assert_int_equal(plot.groups[0].sides[XCY_SIDE_ORIGINAL].rows.n, 4);
    xcy_median_plot_clear(&plot);
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
        struct xcy_median_plot plot = plot_of_windows();
        add(&plot, XCY_POST_S3, XCY_SIDE_ANTIPODE, (const double[]){cases[i].low, cases[i].high},
            2);
        xcy_median_plot_compute(&plot);
        const struct xcy_median_bar *bar = &plot.groups[0].sides[XCY_SIDE_ANTIPODE];
        char rounded[32];
        snprintf(rounded, sizeof rounded, "%.0f", bar->rounded_ms);
        assert_string_equal(rounded, cases[i].rounded);
        assert_true(bar->median_ms == (cases[i].low + cases[i].high) / 2);
        xcy_median_plot_clear(&plot);
    }
}

static void the_overhead_is_that_of_the_rounded_medians(void **state)
{
    (void)state;
    struct xcy_median_plot plot = plot_of_windows();
    add(&plot, XCY_POST_CACHE, XCY_SIDE_ORIGINAL, (const double[]){334, 335},
        2); /* 334.5, rounded 334 */
    add(&plot, XCY_POST_CACHE, XCY_SIDE_ANTIPODE, (const double[]){335, 336},
        2); /* 335.5, rounded 336 */
    xcy_median_plot_compute(&plot);
    assert_true(overhead_of(&plot).rounded_ms == 2);
    char *json = json_of(&plot);
    assert_has(json, "\"label_overhead\":\"+ 2\"");
    free(json);
    xcy_median_plot_clear(&plot);
}

static void the_published_overhead_is_never_below_0_but_the_difference_is(void **state)
{
    (void)state;
    struct xcy_median_plot plot = pair_of(420, 300);
    assert_true(overhead_of(&plot).published_ms == 0);
    assert_true(overhead_of(&plot).rounded_ms == -120);
    char *json = json_of(&plot);
    assert_has(json, "\"label_overhead\":\"+ 0\"");
    assert_has(json, "\"overhead_ms\":-120");
    free(json);
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    xcy_median_plot_print(&plot, &text);
    assert_has(text.ptr, "+ 0");
    assert_has(text.ptr, "-120");
    xcy_buf_reset(&text);
    add_script(&plot, &text);
    assert_has(text.ptr, "set label '+ 0 ms (-120 ms)'");
    xcy_buf_clear(&text);
    xcy_median_plot_clear(&plot);
}

/* Of four rows the middle two decide: as small as 90 and 190, as large as 202 and 302; the one without
 * a bound is beyond both. */
static void a_median_is_bounded_by_the_clocks_of_its_rows(void **state)
{
    (void)state;
    const double values[] = {300, 100, 200, 1000};
    const double least[] = {190, 90, 180, -INFINITY};
    const double most[] = {302, 102, 202, INFINITY};
    struct xcy_median_plot plot = plot_of_windows();
    add_known(&plot, XCY_POST_CACHE, XCY_SIDE_ORIGINAL, values, 4, least, most, NULL);
    add_known(&plot, XCY_POST_CACHE, XCY_SIDE_ANTIPODE, values, 1, least, most, NULL);
    xcy_median_plot_compute(&plot);
    const struct xcy_median_bar *bar = &plot.groups[0].sides[XCY_SIDE_ORIGINAL];
    assert_true(bar->median_ms == 250);
    assert_true(bar->clock_low_ms == 90 - 250 && bar->clock_high_ms == 302 - 250);
    char *json = json_of(&plot);
    assert_has(json, "\"original_clock_low_ms\":-160,\"original_clock_high_ms\":52");
    assert_has(json, "\"antipode_clock_low_ms\":-110,\"antipode_clock_high_ms\":2");
    assert_has(json, "\"overhead_clock_low_ms\":-162,\"overhead_clock_high_ms\":162");
    free(json);
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    xcy_median_plot_print(&plot, &text);
    assert_has(text.ptr, "+52.0/-160.0");
    assert_has(text.ptr, "+162.0/-162.0");
    xcy_buf_reset(&text);
    add_script(&plot, &text);
    assert_has(text.ptr, "'bound of the clocks on each median, in ms: +52.0/-160.0'");
    xcy_buf_clear(&text);
    xcy_median_plot_clear(&plot);
}

/* 335.5 - 334.5 is 1, which the rounded medians make 2: the bound is of what is told. */
static void the_bound_of_an_overhead_is_of_the_rounded_one(void **state)
{
    (void)state;
    struct xcy_median_plot plot = plot_of_windows();
    for (int side = 0; side < 2; side++) {
        const double values[] = {334 + side, 335 + side};
        const double least[] = {333 + side, 334 + side};
        const double most[] = {335 + side, 336 + side};
        add_known(&plot, XCY_POST_CACHE, side == 1 ? XCY_SIDE_ANTIPODE : XCY_SIDE_ORIGINAL, values,
                  2, least, most, NULL);
    }
    xcy_median_plot_compute(&plot);
    struct xcy_overhead o = overhead_of(&plot);
    assert_true(o.rounded_ms == 2 && o.exact_ms == 1);
    assert_true(2 + o.clock_low_ms == 334 - 336 && 2 + o.clock_high_ms == 337 - 333);
    xcy_median_plot_clear(&plot);
}

static void a_median_without_bounds_says_so(void **state)
{
    (void)state;
    struct xcy_median_plot plot = pair_of(420, 300);
    char *json = json_of(&plot);
    assert_has(json, "\"original_clock_low_ms\":null,\"original_clock_high_ms\":null");
    assert_has(json, "\"overhead_clock_low_ms\":null,\"overhead_clock_high_ms\":null");
    free(json);
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    xcy_median_plot_print(&plot, &text);
    assert_has(text.ptr, "unbounded");
    xcy_buf_clear(&text);
    xcy_median_plot_clear(&plot);
}

static void a_missing_side_is_drawn_as_missing_and_has_no_overhead(void **state)
{
    (void)state;
    double value = 300;
    struct xcy_buf text;
    struct xcy_median_plot plot = plot_of_windows();
    xcy_buf_init(&text, 1 << 16);
    add(&plot, XCY_POST_S3, XCY_SIDE_ANTIPODE, &value, 1);
    xcy_median_plot_compute(&plot);
    assert_false(overhead_of(&plot).exists);
    char *json = json_of(&plot);
    assert_has(json, "\"original_median\":null");
    assert_has(json, "\"rows_original\":0");
    assert_has(json, "\"antipode_median\":300");
    assert_has(json, "\"label_overhead\":null");
    free(json);
    struct xcy_chart chart;
    xcy_median_plot_chart(&plot, &chart);
    xcy_chart_data(&chart, &text);
    assert_has(text.ptr, "-0.2\tS3\tOriginal\t?\t?\t?\t?\t?\n0.2\tS3\tAntipode\t300\t?\t?\t?\t?\n");
    xcy_buf_reset(&text);
    add_script(&plot, &text);
    assert_has(text.ptr, "set label 'no data'");
    assert_null(strstr(text.ptr, "set label '+ "));
    xcy_buf_clear(&text);
    xcy_median_plot_clear(&plot);
}

static void other_notification_storages_take_no_part(void **state)
{
    (void)state;
    static const enum xcy_notification_storage others[] = {XCY_NOTIFICATION_DYNAMO,
                                                           XCY_NOTIFICATION_MQ};
    struct xcy_median_plot plot = plot_of_windows();
    for (size_t i = 0; i < 2; i++) {
        const struct xcy_gathered g = {.notification_storage = others[i]};
        const struct xcy_traces rows = {0};
        assert_false(xcy_median_plot_add(&plot, &g, &rows, NULL));
    }
    assert_int_equal(plot.n_groups, 0);
    xcy_median_plot_clear(&plot);
}

/* Of 6 values all but 2 × 2^-6 = 3.1 % of orders have the median between the ends; of 5 only 93.75 %. */
static void an_interval_needs_six_rows(void **state)
{
    (void)state;
    double values[] = {60, 50, 40, 30, 20, 10};
    for (size_t n = 5; n <= 6; n++) {
        struct xcy_median_plot plot = plot_of_windows();
        add(&plot, XCY_POST_MYSQL, XCY_SIDE_ORIGINAL, values, n);
        xcy_median_plot_compute(&plot);
        const struct xcy_median_bar *bar = &plot.groups[0].sides[XCY_SIDE_ORIGINAL];
        assert_int_equal(!isnan(bar->ci_low_ms), n == 6);
        struct xcy_buf text;
        xcy_buf_init(&text, 1 << 16);
        xcy_median_plot_print(&plot, &text);
        assert_has(text.ptr, n == 6 ? "10..60" : "n too small");
        xcy_buf_clear(&text);
        char *json = json_of(&plot);
        assert_has(json, n == 6 ? "\"original_ci95_low_ms\":10" : "\"original_ci95_low_ms\":null");
        free(json);
        xcy_median_plot_clear(&plot);
    }
}

static void values_that_a_log_axis_has_not_are_labelled_at_its_foot(void **state)
{
    (void)state;
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    struct xcy_median_plot plot = pair_of(-40, 0);
    add_script(&plot, &text);
    assert_has(text.ptr, "set label '-40 ms' at -0.2, 0.1 ");
    assert_has(text.ptr, "set label '0 ms' at 0.2, 0.1 ");
    assert_has(text.ptr, "set yrange [0.0999:");
    xcy_median_plot_clear(&plot);
    xcy_buf_clear(&text);
}

static void a_run_without_rows_still_has_an_axis(void **state)
{
    (void)state;
    struct xcy_buf text;
    struct xcy_median_plot plot = plot_of_windows();
    xcy_buf_init(&text, 1 << 16);
    add(&plot, XCY_POST_S3, XCY_SIDE_ORIGINAL, NULL, 0);
    xcy_median_plot_compute(&plot);
    add_script(&plot, &text);
    assert_has(text.ptr, "set yrange [0.0999:");
    assert_null(strstr(text.ptr, "inf"));
    assert_null(strstr(text.ptr, "nan"));
    assert_null(strstr(text.ptr, "clocks"));
    xcy_median_plot_clear(&plot);
    xcy_buf_clear(&text);
}

static void long_values_are_labelled_in_seconds(void **state)
{
    (void)state;
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    struct xcy_median_plot plot = pair_of(99999, 4265409);
    add_script(&plot, &text);
    assert_has(text.ptr, "set label '99999 ms' at");
    assert_has(text.ptr, "set label '4265.4 s' at");
    assert_has(text.ptr, "set label '+ 4165.4 s' at");
    xcy_median_plot_clear(&plot);
    xcy_buf_clear(&text);
}

/* The rows are cut to 146 and 147; as measured their median is 147.2. */
static void a_bar_is_labelled_by_the_uncut_median_where_it_is_known(void **state)
{
    (void)state;
    const double cut[] = {146, 147};
    const double uncut[] = {146.9, 147.5};
    struct xcy_buf text;
    struct xcy_median_plot plot = plot_of_windows();
    xcy_buf_init(&text, 1 << 16);
    add_known(&plot, XCY_POST_CACHE, XCY_SIDE_ORIGINAL, cut, 2, NULL, NULL, uncut);
    add_known(&plot, XCY_POST_CACHE, XCY_SIDE_ANTIPODE, (const double[]){200, 201}, 2, NULL, NULL,
              (const double[]){200.1, 201.1});
    xcy_median_plot_compute(&plot);
    struct xcy_overhead o = overhead_of(&plot);
    assert_true(o.published_ms == 200 - 146);
    assert_true(fabs(o.exact_ms - (200.6 - 147.2)) < 1e-9);
    add_script(&plot, &text);
    assert_has(text.ptr, "set label '147 ms' at -0.2");
    assert_has(text.ptr, "set label '+ 54 ms (53 ms)'");
    char *json = json_of(&plot);
    assert_has(json, "\"original_median\":146,");
    assert_has(json, "\"original_median_uncut_ms\":147.2");
    free(json);
    xcy_buf_clear(&text);
    xcy_median_plot_clear(&plot);
}

/* Of 7 values the 97.5 % interval of the median is the least to the greatest: 2 x 2^-7 = 1.6 %. */
static void the_overhead_has_the_interval_of_both_medians(void **state)
{
    (void)state;
    const double original[] = {10, 20, 30, 40, 50, 60, 70};
    const double antipode[] = {110, 120, 130, 140, 150, 160, 170};
    struct xcy_median_plot plot = plot_of_windows();
    add(&plot, XCY_POST_S3, XCY_SIDE_ORIGINAL, original, 7);
    add(&plot, XCY_POST_S3, XCY_SIDE_ANTIPODE, antipode, 7);
    xcy_median_plot_compute(&plot);
    struct xcy_overhead o = overhead_of(&plot);
    assert_true(o.exact_ms == 100);
    assert_true(o.ci_low_ms == 110 - 70 && o.ci_high_ms == 170 - 10);
    xcy_median_plot_clear(&plot);
}

/* Three windows: found at once, within 40; between 50 and 60; not visible after 90. */
static void the_true_window_is_an_interval(void **state)
{
    (void)state;
    struct xcy_span items[] = {{0, 40, 0, 41}, {50, 60, 49, 61}, {90, INFINITY, 89, INFINITY}};
    const struct xcy_spans spans = {items, 3};
    const struct xcy_gathered g = {.post_storage = XCY_POST_S3,
                                   .notification_storage = XCY_NOTIFICATION_SNS};
    struct xcy_traces rows = {0};
    struct xcy_median_plot plot = plot_of_windows();
    xcy_traces_add(&rows, 5, NAN);
    assert_true(xcy_median_plot_add(&plot, &g, &rows, &spans));
    xcy_median_plot_compute(&plot);
    char *json = json_of(&plot);
    assert_has(json, "\"original_window_n\":3,\"original_window_low_ms\":50,"
                     "\"original_window_high_ms\":60,\"original_window_ci95_low_ms\":null");
    assert_has(json, "\"original_window_clock_low_ms\":-1,\"original_window_clock_high_ms\":1");
    free(json);
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 16);
    xcy_median_plot_print(&plot, &text);
    assert_has(text.ptr, "50.0..60.0");
    xcy_buf_clear(&text);
    xcy_traces_clear(&rows);
    xcy_median_plot_clear(&plot);
}

static void rendezvous_takes_antipodes_place_and_name(void **state)
{
    (void)state;
    const double values[] = {20, 50};
    struct xcy_median_plot plot;
    xcy_median_plot_init(&plot, &xcy_write_post_overhead);
    add(&plot, XCY_POST_MYSQL, XCY_SIDE_ORIGINAL, &values[0], 1);
    add(&plot, XCY_POST_MYSQL, XCY_SIDE_RENDEZVOUS, &values[1], 1);
    xcy_median_plot_compute(&plot);
    char *json = json_of(&plot);
    assert_has(json, "\"rendezvous_median\":50");
    assert_has(json, "\"rows_rendezvous\":1");
    assert_has(json, "\"label_overhead\":\"+ 30\"");
    /* both points are the writer's: its clock need not be bounded */
    assert_has(json, "\"original_clock_low_ms\":0,\"original_clock_high_ms\":0");
    assert_null(strstr(json, "antipode"));
    assert_null(strstr(json, "window"));
    free(json);
    xcy_median_plot_clear(&plot);
}

static void what_a_reader_must_know_is_noted(void **state)
{
    (void)state;
    struct xcy_buf text;
    struct xcy_notes notes;
    struct xcy_median_plot plot = pair_of(420, 300);
    const double value = 1;
    add(&plot, XCY_POST_S3, XCY_SIDE_RENDEZVOUS, &value, 1);
    xcy_median_plot_compute(&plot);
    xcy_notes_init(&notes);
    xcy_median_plot_note(&plot, &notes);
    struct xcy_json *list = xcy_notes_take(&notes);
    xcy_buf_init(&text, 1 << 16);
    xcy_json_format(list, false, &text);
    assert_has(text.ptr, "Redis: the overhead of Antipode is -120 ms, published as + 0");
    assert_has(text.ptr, "S3: no row of Original");
    assert_has(text.ptr, "mixed_consistencies");
    xcy_json_free(list);
    xcy_buf_clear(&text);
    xcy_median_plot_clear(&plot);
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
        cmocka_unit_test(a_bar_is_labelled_by_the_uncut_median_where_it_is_known),
        cmocka_unit_test(the_overhead_has_the_interval_of_both_medians),
        cmocka_unit_test(the_true_window_is_an_interval),
        cmocka_unit_test(rendezvous_takes_antipodes_place_and_name),
        cmocka_unit_test(what_a_reader_must_know_is_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
