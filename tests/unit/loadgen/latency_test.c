#include "loadgen/record/latency.h"
#include "tests/support/unit.h"

static void a_histogram_is_made_with_its_first_value(void **state)
{
    (void)state;
    struct xcy_latency l = {0};
    xcy_latency_add(&l, XCY_SERVICE, 1000);
    assert_null(l.of[XCY_RESPONSE]);
    assert_null(l.of[XCY_LAG]);
    assert_int_equal(xcy_hist_count(l.of[XCY_SERVICE]), 1);
    xcy_latency_clear(&l);
    assert_null(l.of[XCY_SERVICE]);
    xcy_latency_clear(&l);
}

static void merging_makes_only_what_has_values(void **state)
{
    (void)state;
    struct xcy_latency into = {0};
    struct xcy_latency from = {0};
    xcy_latency_add(&from, XCY_RESPONSE, 5);
    xcy_latency_add(&from, XCY_LAG, -5); /* outside, but not nothing */
    xcy_latency_add(&from, XCY_SERVICE, 5);
    xcy_hist_reset(from.of[XCY_SERVICE]);
    xcy_latency_merge(&into, &from);
    xcy_latency_merge(&into, &from);
    assert_int_equal(xcy_hist_count(into.of[XCY_RESPONSE]), 2);
    assert_int_equal(xcy_hist_outside(into.of[XCY_LAG]), 2);
    assert_null(into.of[XCY_SERVICE]);
    xcy_latency_clear(&into);
    xcy_latency_clear(&from);
}

static void resetting_keeps_the_histogram_and_forgets_its_values(void **state)
{
    (void)state;
    struct xcy_latency l = {0};
    xcy_latency_add(&l, XCY_LAG, 5);
    const struct xcy_hist *before = l.of[XCY_LAG];
    xcy_latency_reset(&l);
    assert_ptr_equal(l.of[XCY_LAG], before);
    assert_int_equal(xcy_hist_count(before), 0);
    xcy_latency_clear(&l);
}

static void a_day_is_measured_within_four_in_a_thousand(void **state)
{
    (void)state;
    const int64_t day_ns = INT64_C(86400) * 1000000000;
    struct xcy_latency l = {0};
    for (int64_t ns = 1; ns < day_ns; ns = ns * 3 / 2 + 1) {
        xcy_latency_add(&l, XCY_RESPONSE, ns);
        xcy_latency_add(&l, XCY_RESPONSE, day_ns);
        int64_t got = xcy_hist_percentile(l.of[XCY_RESPONSE], 50);
        assert_true(got >= ns && (double)(got - ns) <= (double)ns * 0.004);
        assert_int_equal(xcy_hist_outside(l.of[XCY_RESPONSE]), 0);
        xcy_latency_reset(&l);
    }
    xcy_latency_clear(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_histogram_is_made_with_its_first_value),
        cmocka_unit_test(merging_makes_only_what_has_values),
        cmocka_unit_test(resetting_keeps_the_histogram_and_forgets_its_values),
        cmocka_unit_test(a_day_is_measured_within_four_in_a_thousand),
    };
    return cmocka_run_group_tests_name("latency", tests, NULL, NULL);
}
