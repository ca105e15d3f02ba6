#include "tests/support/unit.h"

#include "common/record/order.h"
#include "common/record/outcome.h"
#include "common/record/point.h"

#include <string.h>

static void every_point_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int p = 0; p < XCY_N_POINTS; p++) {
        assert_non_null(xcy_points[p].name);
        assert_non_null(xcy_points[p].meaning);
        for (int other = 0; other < p; other++) {
            assert_string_not_equal(xcy_points[p].name, xcy_points[other].name);
        }
    }
}

static void points_belong_to_the_clock_that_stamps_them(void **state)
{
    (void)state;
    assert_int_equal(xcy_points[XCY_POINT_SENT].domain, XCY_DOMAIN_CLIENT);
    assert_int_equal(xcy_points[XCY_POINT_WROTE].domain, XCY_DOMAIN_WRITER);
    assert_int_equal(xcy_points[XCY_POINT_ENDED].domain, XCY_DOMAIN_WRITER);
    assert_int_equal(xcy_points[XCY_POINT_SEEN].domain, XCY_DOMAIN_READER);
    assert_int_equal(xcy_points[XCY_POINT_REPORTED].domain, XCY_DOMAIN_READER);
    assert_int_equal(xcy_points[XCY_POINT_GOT].domain, XCY_DOMAIN_CLIENT);
}

static void a_stamp_of_zero_did_not_happen(void **state)
{
    (void)state;
    const struct xcy_stamps stamps = {.us = {[XCY_POINT_SEEN] = 1}};
    assert_true(xcy_stamps_has(&stamps, XCY_POINT_SEEN));
    assert_false(xcy_stamps_has(&stamps, XCY_POINT_READ));
}

/* Every point a microsecond after the one before, in the order of the table: of a read that missed. */
static struct xcy_stamps ordered_stamps(void)
{
    struct xcy_stamps stamps;
    for (int p = 0; p < XCY_N_POINTS; p++) {
        stamps.us[p] = 1000 + p;
    }
    stamps.us[XCY_POINT_MISSED] = stamps.us[XCY_POINT_ASKED];
    return stamps;
}

/* Each pair of one clock that the programs stamp one after the other. */
static void a_point_before_one_that_must_precede_it_is_told(void **state)
{
    (void)state;
    static const enum xcy_point pairs[][2] = {
        {XCY_POINT_DUE, XCY_POINT_SENT},       {XCY_POINT_SENT, XCY_POINT_ACKED},
        {XCY_POINT_START, XCY_POINT_WROTE},    {XCY_POINT_WROTE, XCY_POINT_NOTED},
        {XCY_POINT_NOTED, XCY_POINT_ENDED},    {XCY_POINT_SEEN, XCY_POINT_READY},
        {XCY_POINT_READY, XCY_POINT_ASKED},    {XCY_POINT_ASKED, XCY_POINT_READ},
        {XCY_POINT_READ, XCY_POINT_REPORTED},  {XCY_POINT_ASKED, XCY_POINT_MISSED},
        {XCY_POINT_MISSED, XCY_POINT_VISIBLE}, {XCY_POINT_VISIBLE, XCY_POINT_REPORTED},
        {XCY_POINT_READ, XCY_POINT_VISIBLE},   {XCY_POINT_START, XCY_POINT_ENDED},
        {XCY_POINT_SEEN, XCY_POINT_REPORTED},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct xcy_stamps stamps = {.us = {0}};
        struct xcy_disorder broken = {XCY_N_POINTS, XCY_N_POINTS, 0};
        stamps.us[pairs[i][0]] = 5000;
        stamps.us[pairs[i][1]] = 5000;
        assert_true(xcy_stamps_in_order(&stamps, &broken));
        stamps.us[pairs[i][0]] += 7;
        assert_false(xcy_stamps_in_order(&stamps, &broken));
        assert_int_equal(broken.before, pairs[i][0]);
        assert_int_equal(broken.after, pairs[i][1]);
        assert_true(broken.by_us == 7);
    }
}

static void points_of_other_clocks_are_not_compared(void **state)
{
    (void)state;
    struct xcy_disorder broken;
    struct xcy_stamps stamps = ordered_stamps();
    assert_true(xcy_stamps_in_order(&stamps, &broken));
    for (int p = XCY_POINT_START; p <= XCY_POINT_ENDED; p++) {
        stamps.us[p] += 50000;
    }
    for (int p = XCY_POINT_SEEN; p <= XCY_POINT_REPORTED; p++) {
        stamps.us[p] -= 500;
    }
    assert_true(xcy_stamps_in_order(&stamps, &broken));
}

static void every_outcome_and_class_has_a_name(void **state)
{
    (void)state;
    for (int n = 0; n < XCY_N_OUTCOMES; n++) {
        assert_non_null(xcy_outcome_names[n]);
    }
    for (int n = 0; n < XCY_N_CLASSES; n++) {
        assert_non_null(xcy_class_names[n]);
    }
    assert_null(xcy_outcome_names[XCY_N_OUTCOMES]);
    assert_null(xcy_class_names[XCY_N_CLASSES]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_point_has_a_name_of_its_own),
        cmocka_unit_test(points_belong_to_the_clock_that_stamps_them),
        cmocka_unit_test(a_stamp_of_zero_did_not_happen),
        cmocka_unit_test(a_point_before_one_that_must_precede_it_is_told),
        cmocka_unit_test(points_of_other_clocks_are_not_compared),
        cmocka_unit_test(every_outcome_and_class_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
