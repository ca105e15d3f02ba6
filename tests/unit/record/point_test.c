#include "tests/support/unit.h"

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
        cmocka_unit_test(every_outcome_and_class_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
