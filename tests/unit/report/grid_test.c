#include "tests/support/unit.h"

#include "report/grid.h"

static const struct xcy_grid_column columns[] = {
    {.name = "p50.high_ms"}, {.name = "twice", .is_computed = true}, {.name = "n"}};

/* Two rows of a tree: one with all numbers, one without most. */
static struct xcy_grid grid_of(struct xcy_json **tree)
{
    struct xcy_error err;
    struct xcy_grid grid = {.labels = "metric", .columns = columns, .n_columns = 3};
    assert_ok(xcy_json_parse(xcy_bytes_of("{\"rows\":[{\"p50\":{\"high_ms\":1.25},\"n\":3},"
                                          "{\"p50\":{\"high_ms\":null},\"n\":2000000}]}"),
                             tree, &err),
              &err);
    struct xcy_branch root = xcy_branch_root(*tree);
    struct xcy_branch rows = xcy_branch_get(&root, "rows");
    struct xcy_branch first = xcy_branch_at(&rows, 0);
    struct xcy_branch second = xcy_branch_at(&rows, 1);
    struct xcy_grid_row *row = xcy_grid_add(&grid, "a, \"b\" <c>", &first);
    row->values[1] = 2 * row->values[0];
    xcy_grid_add(&grid, "d", &second);
    return grid;
}

static void numbers_come_from_the_tree_and_the_rest_is_computed(void **state)
{
    (void)state;
    struct xcy_json *tree = NULL;
    struct xcy_grid grid = grid_of(&tree);
    assert_int_equal(grid.n_rows, 2);
    assert_true(grid.rows[0].values[0] == 1.25 && grid.rows[0].values[1] == 2.5);
    assert_true(grid.rows[1].values[0] != grid.rows[1].values[0]);
    assert_string_equal(grid.rows[1].path, "rows.1");
    xcy_grid_clear(&grid);
    xcy_json_free(tree);
}

static void the_table_names_the_path_of_what_stands_in_the_tree_alone(void **state)
{
    (void)state;
    struct xcy_json *tree = NULL;
    struct xcy_grid grid = grid_of(&tree);
    struct xcy_buf out;
    xcy_buf_init(&out, 1 << 16);
    xcy_grid_add_table(&grid, &out);
    assert_string_equal(
        out.ptr,
        "<table class=\"sortable\"><thead><tr><th scope=\"col\">metric</th>"
        "<th scope=\"col\" class=\"number\" data-key=\"p50.high_ms\">p50.high_ms</th>"
        "<th scope=\"col\" class=\"number\">twice</th>"
        "<th scope=\"col\" class=\"number\" data-key=\"n\">n</th></tr></thead>\n<tbody>\n"
        "<tr data-path=\"rows.0\"><th scope=\"row\">a, &quot;b&quot; &lt;c&gt;</th>"
        "<td class=\"number\">1.25</td><td class=\"number\">2.5</td><td class=\"number\">3</td>"
        "</tr>\n<tr data-path=\"rows.1\"><th scope=\"row\">d</th><td class=\"number\"></td>"
        "<td class=\"number\"></td><td class=\"number\">2000000</td></tr>\n</tbody></table>");
    xcy_buf_clear(&out);
    xcy_grid_clear(&grid);
    xcy_json_free(tree);
}

static void the_csv_has_the_same_numbers(void **state)
{
    (void)state;
    struct xcy_json *tree = NULL;
    struct xcy_grid grid = grid_of(&tree);
    struct xcy_buf out;
    xcy_buf_init(&out, 1 << 16);
    xcy_grid_add_csv(&grid, &out);
    assert_string_equal(out.ptr, "metric,p50.high_ms,twice,n\n"
                                 "\"a, \"\"b\"\" <c>\",1.25,2.5,3\n"
                                 "d,,,2000000\n");
    xcy_buf_clear(&out);
    xcy_grid_clear(&grid);
    xcy_json_free(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_come_from_the_tree_and_the_rest_is_computed),
        cmocka_unit_test(the_table_names_the_path_of_what_stands_in_the_tree_alone),
        cmocka_unit_test(the_csv_has_the_same_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
