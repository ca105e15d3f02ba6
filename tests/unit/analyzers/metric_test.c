#include "tests/support/unit.h"

#include "analyzers/duration.h"
#include "analyzers/metric.h"

#include <math.h>

static struct xcy_value value_of(const char *name, const struct xcy_record *r,
                                 enum xcy_consistency consistency)
{
    struct xcy_value v = {.low_us = NAN, .high_us = NAN};
    assert_true(xcy_metric_of(xcy_metric_find(name), r, consistency, &v));
    return v;
}

static struct xcy_record missed_record(void)
{
    struct xcy_record r = {.klass = XCY_CLASS_INCONSISTENT};
    r.points.us[XCY_POINT_START] = 1000;
    r.points.us[XCY_POINT_WROTE] = 5000;
    r.points.us[XCY_POINT_ASKED] = 20000;
    r.points.us[XCY_POINT_READ] = 21000;
    r.points.us[XCY_POINT_MISSED] = 30000;
    r.points.us[XCY_POINT_VISIBLE] = 36000;
    return r;
}

static void a_polled_miss_is_an_interval(void **state)
{
    (void)state;
    struct xcy_record r = missed_record();
    struct xcy_value margin = value_of("race_margin", &r, XCY_CONSISTENCY_NONE);
    assert_true(margin.low_us == 10000 && margin.high_us == 16000);
    struct xcy_value window = value_of("window", &r, XCY_CONSISTENCY_NONE);
    assert_true(window.low_us == 25000 && window.high_us == 31000);
}

static void the_first_read_counts_as_the_first_failing_poll(void **state)
{
    (void)state;
    struct xcy_record r = missed_record();
    r.points.us[XCY_POINT_MISSED] = 0;
    struct xcy_value margin = value_of("race_margin", &r, XCY_CONSISTENCY_NONE);
    assert_true(margin.low_us == 0 && margin.high_us == 16000);
}

static void a_passed_deadline_is_right_censored(void **state)
{
    (void)state;
    struct xcy_record r = missed_record();
    r.points.us[XCY_POINT_VISIBLE] = 0;
    struct xcy_value window = value_of("window", &r, XCY_CONSISTENCY_NONE);
    assert_true(window.low_us == 25000 && isinf(window.high_us));
}

static void a_hit_is_left_censored(void **state)
{
    (void)state;
    struct xcy_record r = missed_record();
    r.klass = XCY_CLASS_CONSISTENT;
    r.points.us[XCY_POINT_MISSED] = 0;
    r.points.us[XCY_POINT_VISIBLE] = 0;
    struct xcy_value margin = value_of("race_margin", &r, XCY_CONSISTENCY_NONE);
    assert_true(isinf(margin.low_us) && margin.low_us < 0 && margin.high_us == 0);
    struct xcy_value window = value_of("window", &r, XCY_CONSISTENCY_NONE);
    assert_true(window.low_us == 0 && window.high_us == 16000);
}

static void the_published_window_ends_with_the_first_read_found_or_not(void **state)
{
    (void)state;
    struct xcy_record r = missed_record();
    struct xcy_value v = value_of("window_as_published", &r, XCY_CONSISTENCY_NONE);
    assert_true(v.low_us == 20000 && v.high_us == 20000);
}

static void what_does_not_apply_has_no_value(void **state)
{
    (void)state;
    struct xcy_record r = missed_record();
    struct xcy_value v = {0};
    r.points.us[XCY_POINT_SEEN] = 10000;
    r.points.us[XCY_POINT_READY] = 19000;
    assert_false(xcy_metric_of(xcy_metric_find("barrier_cost"), &r, XCY_CONSISTENCY_NONE, &v));
    assert_true(xcy_metric_of(xcy_metric_find("barrier_cost"), &r, XCY_CONSISTENCY_ANTIPODE, &v));
    assert_false(xcy_metric_of(xcy_metric_find("race_margin"), &r, XCY_CONSISTENCY_ANTIPODE, &v));
    r.flags = XCY_FLAG_MANY_EXECS;
    assert_false(xcy_metric_of(xcy_metric_find("window"), &r, XCY_CONSISTENCY_NONE, &v));
    r.flags = 0;
    r.klass = XCY_CLASS_FAILED;
    assert_false(xcy_metric_of(xcy_metric_find("window"), &r, XCY_CONSISTENCY_NONE, &v));
}

static void a_request_that_failed_has_no_reply_to_be_timed(void **state)
{
    (void)state;
    static const char *const of_a_reply[] = {"response", "service"};
    struct xcy_record r = {.klass = XCY_CLASS_FAILED, .attempts = 1};
    r.points.us[XCY_POINT_DUE] = 1000;
    r.points.us[XCY_POINT_SENT] = 1100;
    r.points.us[XCY_POINT_ACKED] = 2100;
    struct xcy_metric mine = *xcy_metric_find("service");
    mine.from = XCY_POINT_ACKED;
    mine.to = XCY_POINT_GOT;
    r.points.us[XCY_POINT_GOT] = 2500;
    for (int o = 0; o < XCY_N_OUTCOMES; o++) {
        struct xcy_value v;
        r.outcome = (enum xcy_outcome)o;
        for (size_t i = 0; i < sizeof of_a_reply / sizeof *of_a_reply; i++) {
            assert_int_equal(
                xcy_metric_of(xcy_metric_find(of_a_reply[i]), &r, XCY_CONSISTENCY_NONE, &v),
                r.outcome == XCY_OUTCOME_OK);
        }
        assert_int_equal(xcy_metric_of(&mine, &r, XCY_CONSISTENCY_NONE, &v),
                         r.outcome == XCY_OUTCOME_OK);
        assert_true(xcy_metric_of(xcy_metric_find("lag"), &r, XCY_CONSISTENCY_NONE, &v));
    }
}

static void an_evaluation_that_tells_not_when_it_asked_missed_after_it_was_seen(void **state)
{
    (void)state;
    struct xcy_record r = missed_record();
    r.flags = XCY_FLAG_NO_XCY;
    r.points.us[XCY_POINT_SEEN] = 10000;
    r.points.us[XCY_POINT_ASKED] = 0;
    r.points.us[XCY_POINT_MISSED] = 0;
    r.points.us[XCY_POINT_VISIBLE] = 0;
    struct xcy_value window = value_of("window", &r, XCY_CONSISTENCY_NONE);
    assert_true(window.low_us == 5000 && isinf(window.high_us));
}

static void a_barrier_that_gave_up_is_right_censored(void **state)
{
    (void)state;
    struct xcy_record r = missed_record();
    r.klass = XCY_CLASS_FAILED;
    r.flags = XCY_FLAG_BARRIER_TIMEOUT;
    r.points.us[XCY_POINT_SEEN] = 10000;
    r.points.us[XCY_POINT_READY] = 19000;
    struct xcy_value cost = value_of("barrier_cost", &r, XCY_CONSISTENCY_ANTIPODE);
    assert_true(cost.low_us == 9000 && isinf(cost.high_us));
    struct xcy_value window = value_of("window_as_published", &r, XCY_CONSISTENCY_ANTIPODE);
    assert_true(window.low_us == 20000 && isinf(window.high_us));
    struct xcy_value write = value_of("write_latency", &r, XCY_CONSISTENCY_ANTIPODE);
    assert_true(write.low_us == 4000 && write.high_us == 4000);
}

static void only_differences_between_processes_cross_clocks(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool crosses;
    } cases[] = {{"window_as_published", true},  {"window", true},        {"race_margin", false},
                 {"notification_latency", true}, {"barrier_cost", false}, {"lag", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(xcy_metric_crosses_clocks(xcy_metric_find(cases[i].name)),
                         cases[i].crosses);
    }
}

static void durations_have_three_digits_and_a_unit(void **state)
{
    (void)state;
    static const struct {
        double us;
        const char *text;
    } cases[] = {{153, "0.153 ms"},  {1549, "1.55 ms"},  {15490, "15.5 ms"},  {154900, "155 ms"},
                 {999499, "999 ms"}, {999500, "1.00 s"}, {1549000, "1.55 s"}, {-1549, "-1.55 ms"},
                 {0, "0.000 ms"},    {INFINITY, "inf"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[XCY_DURATION_TEXT_BYTES];
        xcy_duration_format(cases[i].us, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void the_ends_of_a_bound_are_rounded_outwards(void **state)
{
    (void)state;
    static const struct {
        double us;
        const char *lower;
        const char *upper;
    } cases[] = {{2011, "+2.01 ms", "+2.02 ms"},  {-2011, "-2.02 ms", "-2.01 ms"},
                 {2010, "+2.01 ms", "+2.01 ms"},  {-1001, "-1.01 ms", "-1.00 ms"},
                 {0.2, "+0.000 ms", "+0.001 ms"}, {0, "-0.000 ms", "+0.000 ms"},
                 {999400, "+999 ms", "+1000 ms"}, {1499900, "+1.49 s", "+1.50 s"},
                 {154200000, "+154 s", "+155 s"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[XCY_DURATION_TEXT_BYTES];
        xcy_duration_format_end(cases[i].us, false, text);
        assert_string_equal(text, cases[i].lower);
        xcy_duration_format_end(cases[i].us, true, text);
        assert_string_equal(text, cases[i].upper);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_polled_miss_is_an_interval),
        cmocka_unit_test(the_first_read_counts_as_the_first_failing_poll),
        cmocka_unit_test(a_passed_deadline_is_right_censored),
        cmocka_unit_test(a_hit_is_left_censored),
        cmocka_unit_test(the_published_window_ends_with_the_first_read_found_or_not),
        cmocka_unit_test(what_does_not_apply_has_no_value),
        cmocka_unit_test(a_request_that_failed_has_no_reply_to_be_timed),
        cmocka_unit_test(an_evaluation_that_tells_not_when_it_asked_missed_after_it_was_seen),
        cmocka_unit_test(a_barrier_that_gave_up_is_right_censored),
        cmocka_unit_test(only_differences_between_processes_cross_clocks),
        cmocka_unit_test(durations_have_three_digits_and_a_unit),
        cmocka_unit_test(the_ends_of_a_bound_are_rounded_outwards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
