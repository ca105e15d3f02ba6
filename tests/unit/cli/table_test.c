/* table_test.c - aligned columns. */

#include "tests/support/unit.h"

#include "common/cli/table.h"

static void assert_table(struct xcy_table *taken, const char *expected)
{
    struct xcy_buf out;
    xcy_buf_init(&out, 10000);
    xcy_table_format(taken, &out);
    assert_string_equal(out.ptr, expected);
    xcy_buf_clear(&out);
    xcy_table_free(taken);
}

static void add_row(struct xcy_table *table, const char *a, const char *b, const char *c)
{
    xcy_table_add_cell(table, "%s", a);
    xcy_table_add_cell(table, "%s", b);
    xcy_table_add_cell(table, "%s", c);
}

static void columns_are_as_wide_as_their_widest_cell(void **state)
{
    (void)state;
    struct xcy_table *table = xcy_table_new("lrl");
    add_row(table, "class", "n", "note");
    xcy_table_add_rule(table);
    add_row(table, "consistent", "7", "");
    add_row(table, "", "1000", "x");
    assert_table(table, "class          n  note\n"
                        "----------------------\n"
                        "consistent     7\n"
                        "            1000  x\n");
}

static void characters_are_counted_not_bytes(void **state)
{
    (void)state;
    struct xcy_table *table = xcy_table_new("rrl");
    add_row(table, "\xC2\xB5s", "a", "|");
    add_row(table, "abc", "\xC2\xB1", "|");
    assert_table(table, " \xC2\xB5s  a  |\n"
                        "abc  \xC2\xB1  |\n");
}

static void cells_are_formatted_and_stay_on_one_line(void **state)
{
    (void)state;
    struct xcy_table *table = xcy_table_new("lr");
    xcy_table_add_cell(table, "%s\n%s", "two", "lines");
    xcy_table_add_cell(table, "%.2f %%", 12.345);
    assert_table(table, "two lines  12.35 %\n");
}

static void an_unfinished_row_and_no_row_print_too(void **state)
{
    (void)state;
    struct xcy_table *table = xcy_table_new("ll");
    assert_table(table, "");
    table = xcy_table_new("lll");
    add_row(table, "a", "b", "c");
    xcy_table_add_cell(table, "alone");
    assert_table(table, "a      b  c\n"
                        "alone\n");
    xcy_table_free(NULL);
}

static void many_rows_are_kept(void **state)
{
    (void)state;
    struct xcy_table *table = xcy_table_new("r");
    struct xcy_buf expected;
    xcy_buf_init(&expected, 100000);
    for (int i = 0; i < 1000; i++) {
        xcy_table_add_cell(table, "%d", i);
        xcy_buf_addf(&expected, "%3d\n", i);
    }
    assert_table(table, expected.ptr);
    xcy_buf_clear(&expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_as_wide_as_their_widest_cell),
        cmocka_unit_test(characters_are_counted_not_bytes),
        cmocka_unit_test(cells_are_formatted_and_stay_on_one_line),
        cmocka_unit_test(an_unfinished_row_and_no_row_print_too),
        cmocka_unit_test(many_rows_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
