#include "common/cli/text.h"
#include "loadgen/report/figures.h"
#include "loadgen/report/live.h"
#include "tests/support/unit.h"

#include <string.h>

enum { MAX_LINE_BYTES = 512 };

/* A run of 30 s at 1000/s after 5 s of warm-up, 17 s after its start, all of it well. */
struct fixture {
    struct xcy_plan plan;
    struct xcy_tally total;
    struct xcy_tally second;
    struct xcy_view view;
    struct xcy_buf line;
};

static void plan_load(struct fixture *f, const struct xcy_schedule_options *options)
{
    struct xcy_error err;
    xcy_schedule_free(f->plan.schedule);
    f->plan.schedule = NULL;
    assert_ok(xcy_schedule_build(options, &f->plan.schedule, &err), &err);
}

static void setup(struct fixture *f)
{
    *f = (struct fixture){.plan = {.schedule = NULL}};
    struct xcy_schedule_options options = {
        .rate_per_s = 1000, .duration_ns = 30 * XCY_NS_PER_S, .warmup_ns = 5 * XCY_NS_PER_S};
    plan_load(f, &options);
    xcy_tally_init(&f->total);
    xcy_tally_init(&f->second);
    xcy_buf_init(&f->line, MAX_LINE_BYTES);
    f->total.warmup.outcomes[XCY_OUTCOME_OK] = 5000;
    f->total.measured.outcomes[XCY_OUTCOME_OK] = 11966;
    f->second.measured.sent = 998;
    for (int i = 0; i < 96; i++) {
        xcy_latency_add(&f->second.latency[XCY_OUTCOME_OK], XCY_RESPONSE, 12300000);
    }
    for (int i = 0; i < 4; i++) {
        xcy_latency_add(&f->second.latency[XCY_OUTCOME_OK], XCY_RESPONSE, 1256000000);
    }
    f->view = (struct xcy_view){.plan = &f->plan,
                                .total = &f->total,
                                .second = &f->second,
                                .second_number = 16,
                                .elapsed_ns = 17 * XCY_NS_PER_S + XCY_NS_PER_S / 5,
                                .in_flight = 34};
}

static void teardown(struct fixture *f)
{
    xcy_schedule_free(f->plan.schedule);
    xcy_tally_clear(&f->total);
    xcy_tally_clear(&f->second);
    xcy_buf_clear(&f->line);
}

static const char *format(struct fixture *f)
{
    xcy_buf_reset(&f->line);
    xcy_live_format(&f->view, &f->line);
    assert_false(f->line.overflowed);
    return f->line.ptr;
}

static void the_line_of_a_run_that_goes_well_fits_into_eighty_columns(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    const char *line = format(&f);
    assert_string_equal(line,
                        "18s left  998 of 1000/s  34 in flight  0 failed  p50 12.3ms p99 1.26s");
    assert_true(xcy_text_width(xcy_bytes_of(line)) < 80);
    teardown(&f);
}

static void of_few_replies_the_longest_is_told_not_a_percentile(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    xcy_latency_clear(&f.second.latency[XCY_OUTCOME_OK]);
    for (int i = 1; i <= 99; i++) {
        xcy_latency_add(&f.second.latency[XCY_OUTCOME_OK], XCY_RESPONSE, i * XCY_NS_PER_MS);
    }
    assert_string_equal(format(&f),
                        "18s left  998 of 1000/s  34 in flight  0 failed  p50 50.1ms max 99.0ms");
    teardown(&f);
}

static void troubles_are_counted_with_the_commonest_cause(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    f.total.measured.outcomes[XCY_OUTCOME_THROTTLED] = 3;
    assert_string_equal(format(&f),
                        "18s left  998 of 1000/s  34 in flight  3 throttled  p50 12.3ms p99 1.26s");
    f.total.warmup.outcomes[XCY_OUTCOME_RESET] = 4;
    f.total.measured.outcomes[XCY_OUTCOME_SKIPPED] = 2;
    assert_string_equal(format(&f),
                        "18s left  998 of 1000/s  34 in flight  7 failed (reset)  2 skipped  p50 "
                        "12.3ms p99 1.26s");
    teardown(&f);
}

static void before_the_start_it_says_when(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    f.view.elapsed_ns = -90 * XCY_NS_PER_S + 1;
    assert_string_equal(format(&f), "starts in 1m30s");
    teardown(&f);
}

static void the_warm_up_is_told_apart_and_a_first_second_has_no_figures(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    f.view.second = NULL;
    f.view.elapsed_ns = XCY_NS_PER_S / 2;
    assert_string_equal(format(&f), "warm-up, 35s left  1000/s asked  34 in flight  0 failed");
    f.view.second = &f.second;
    f.view.second_number = 0;
    f.view.elapsed_ns = 5 * XCY_NS_PER_S - 1;
    xcy_tally_reset(&f.second);
    f.second.warmup.sent = 1000;
    assert_string_equal(format(&f), "warm-up, 31s left  1000 of 1000/s  34 in flight  0 failed");
    teardown(&f);
}

static void the_end_is_told_from_a_stop(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    f.view.elapsed_ns = 36 * XCY_NS_PER_S;
    assert_int_equal(strncmp(format(&f), "ending  998 of ", 15), 0);
    f.view.is_stopping = true;
    assert_int_equal(strncmp(format(&f), "stopping  998 of ", 17), 0);
    teardown(&f);
}

static void a_ramp_is_asked_what_it_wants_in_the_second_that_is_shown(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    struct xcy_schedule_options options = {
        .arrivals = "ramp:0..300", .rate_per_s = 100, .duration_ns = 30 * XCY_NS_PER_S};
    plan_load(&f, &options);
    f.second.measured.sent = 164;
    assert_int_equal(strncmp(format(&f), "13s left  164 of 165/s  ", 24), 0);
    options = (struct xcy_schedule_options){.rate_per_s = 0.05, .duration_ns = XCY_NS_PER_S * 7200};
    plan_load(&f, &options);
    f.second.measured.sent = 0;
    assert_int_equal(strncmp(format(&f), "1h59m left  0 of 0.05/s  ", 25), 0);
    teardown(&f);
}

static void a_closed_loop_is_asked_for_no_rate_and_estimates_by_its_speed(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    struct xcy_schedule_options options = {
        .arrivals = "closed:34", .rate_per_s = 100, .requests = 33932};
    plan_load(&f, &options);
    f.total.warmup.outcomes[XCY_OUTCOME_OK] = 0;
    f.total.measured.outcomes[XCY_OUTCOME_OK] = 16966;
    f.view.elapsed_ns = 17 * XCY_NS_PER_S;
    assert_int_equal(strncmp(format(&f), "17s left  998/s  34 in flight", 29), 0);
    f.total.measured.outcomes[XCY_OUTCOME_OK] = 0;
    assert_int_equal(strncmp(format(&f), "17s so far  998/s  34 in flight", 31), 0);
    teardown(&f);
}

static void large_numbers_do_not_break_the_line(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    struct xcy_schedule_options options = {.rate_per_s = 150000,
                                           .duration_ns = 3600 * XCY_NS_PER_S};
    plan_load(&f, &options);
    f.second.measured.sent = 149999;
    f.view.in_flight = 12345678;
    f.total.measured.outcomes[XCY_OUTCOME_FUNCTION_ERROR] = 7654321;
    f.total.measured.outcomes[XCY_OUTCOME_SKIPPED] = 9999;
    const char *line = format(&f);
    assert_string_equal(line, "59m43s left  149k of 150k/s  12M in flight  7654k function_error  "
                              "9999 skipped  p50 12.3ms p99 1.26s");
    assert_true(xcy_text_width(xcy_bytes_of(line)) <= 100);
    teardown(&f);
}

static void durations_have_three_digits_and_the_unit_that_suits_them(void **state)
{
    (void)state;
    static const struct {
        double ns;
        const char *text;
        const char *ms;
    } cases[] = {
        {0, "0.000us", "0.000"},      {45, "0.045us", "0.000"},     {45000, "45.0us", "0.045"},
        {999499, "999us", "0.999"},   {999500, "1.00ms", "1.00"},   {1234567, "1.23ms", "1.23"},
        {9994999, "9.99ms", "9.99"},  {9996000, "10.0ms", "10.0"},  {99960000, "100ms", "100"},
        {999499999, "999ms", "999"},  {999500000, "1.00s", "1000"}, {12345678901, "12.3s", "12346"},
        {3600e9, "3600s", "3600000"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[XCY_DURATION_BYTES];
        xcy_duration_format(cases[i].ns, text);
        assert_string_equal(text, cases[i].text);
        xcy_duration_format_ms(cases[i].ns, text);
        assert_string_equal(text, cases[i].ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_of_a_run_that_goes_well_fits_into_eighty_columns),
        cmocka_unit_test(of_few_replies_the_longest_is_told_not_a_percentile),
        cmocka_unit_test(troubles_are_counted_with_the_commonest_cause),
        cmocka_unit_test(before_the_start_it_says_when),
        cmocka_unit_test(the_warm_up_is_told_apart_and_a_first_second_has_no_figures),
        cmocka_unit_test(the_end_is_told_from_a_stop),
        cmocka_unit_test(a_ramp_is_asked_what_it_wants_in_the_second_that_is_shown),
        cmocka_unit_test(a_closed_loop_is_asked_for_no_rate_and_estimates_by_its_speed),
        cmocka_unit_test(large_numbers_do_not_break_the_line),
        cmocka_unit_test(durations_have_three_digits_and_the_unit_that_suits_them),
    };
    return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
