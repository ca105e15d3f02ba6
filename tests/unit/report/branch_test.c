#include "tests/support/unit.h"

#include "report/branch.h"

#include <math.h>

static struct xcy_json *tree_of(const char *text)
{
    struct xcy_error err;
    struct xcy_json *tree = NULL;
    assert_ok(xcy_json_parse(xcy_bytes_of(text), &tree, &err), &err);
    return tree;
}

static int make(void **state)
{
    *state = tree_of("{\"metrics\":{\"window\":{\"p50\":{\"low_ms\":0.30000000000000004,"
                     "\"high_ms\":null}}},\"timeline\":[{\"n\":5},{\"n\":7,\"share\":0.125}]}");
    return 0;
}

static int clear(void **state)
{
    xcy_json_free(*state);
    return 0;
}

static void a_number_is_found_under_its_keys(void **state)
{
    struct xcy_branch root = xcy_branch_root(*state);
    struct xcy_branch window = xcy_branch_get(&root, "metrics.window");
    assert_string_equal(window.path, "metrics.window");
    assert_true(xcy_branch_number(&window, "p50.low_ms") == 0.1 + 0.2);
    assert_true(isnan(xcy_branch_number(&window, "p50.high_ms")));
    assert_true(isnan(xcy_branch_number(&window, "p99.low_ms")));
    assert_true(isnan(xcy_branch_number(&root, "metrics")));
}

static void elements_of_lists_have_their_index_in_the_path(void **state)
{
    struct xcy_branch root = xcy_branch_root(*state);
    struct xcy_branch timeline = xcy_branch_get(&root, "timeline");
    struct xcy_branch second = xcy_branch_at(&timeline, 1);
    assert_string_equal(second.path, "timeline.1");
    assert_true(xcy_branch_number(&second, "n") == 7);
    struct xcy_branch third = xcy_branch_at(&timeline, 2);
    assert_null(third.node);
    assert_true(isnan(xcy_branch_number(&third, "n")));
}

static void a_number_is_shown_with_its_path_and_in_full_precision(void **state)
{
    struct xcy_branch root = xcy_branch_root(*state);
    struct xcy_branch p50 = xcy_branch_get(&root, "metrics.window.p50");
    struct xcy_buf out;
    xcy_buf_init(&out, 4096);
    xcy_branch_show(&p50, "low_ms", &out, "<= %.1f", 0.3);
    assert_string_equal(out.ptr, "<data data-path=\"metrics.window.p50.low_ms\" "
                                 "value=\"0.30000000000000004\">&lt;= 0.3</data>");
    xcy_buf_reset(&out);
    xcy_branch_show_ms(&p50, "high_ms", "unbounded", &out);
    assert_string_equal(out.ptr, "<data data-path=\"metrics.window.p50.high_ms\" "
                                 "value=\"\">unbounded</data>");
    xcy_buf_clear(&out);
}

static void shares_counts_and_times_are_shown_as_people_write_them(void **state)
{
    struct xcy_branch root = xcy_branch_root(*state);
    struct xcy_buf out;
    xcy_buf_init(&out, 4096);
    xcy_branch_show_share(&root, "timeline.1.share", 1, &out); /* lists are not named by keys */
    assert_string_equal(out.ptr, "<data data-path=\"timeline.1.share\" value=\"\">-</data>");
    struct xcy_branch timeline = xcy_branch_get(&root, "timeline");
    struct xcy_branch second = xcy_branch_at(&timeline, 1);
    xcy_buf_reset(&out);
    xcy_branch_show_share(&second, "share", 1, &out);
    xcy_branch_show_count(&second, "n", &out);
    xcy_branch_show_ms(&second, "n", "-", &out);
    assert_string_equal(out.ptr, "<data data-path=\"timeline.1.share\" value=\"0.125\">12.5%</data>"
                                 "<data data-path=\"timeline.1.n\" value=\"7\">7</data>"
                                 "<data data-path=\"timeline.1.n\" value=\"7\">7.00 ms</data>");
    xcy_buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_number_is_found_under_its_keys, make, clear),
        cmocka_unit_test_setup_teardown(elements_of_lists_have_their_index_in_the_path, make,
                                        clear),
        cmocka_unit_test_setup_teardown(a_number_is_shown_with_its_path_and_in_full_precision, make,
                                        clear),
        cmocka_unit_test_setup_teardown(shares_counts_and_times_are_shown_as_people_write_them,
                                        make, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
