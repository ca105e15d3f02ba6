#include "tests/support/unit.h"

#include "collectors/describe.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/data/csv.h"
#include "common/data/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define GOLDEN "../../golden/gather/describe" /* by make.py there, with pandas 3.1.1 */

static void check_column(const double *figures, size_t n, const char *const expected[])
{
    char cells[XCY_DESCRIBE_ROWS][XCY_DESCRIBE_CELL_BYTES];
    xcy_describe_format(figures, n, cells);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(cells[i], expected[i]);
    }
}

static void two_decimals_unless_all_end_in_zero(void **state)
{
    (void)state;
    check_column((double[]){1.25, 3}, 2, (const char *[]){" 1.25", " 3.00"});
    check_column((double[]){1.5, 3}, 2, (const char *[]){" 1.5", " 3.0"});
    check_column((double[]){10, 300}, 2, (const char *[]){" 10.0", " 300.0"});
    check_column((double[]){0, 0}, 2, (const char *[]){" 0.0", " 0.0"});
    check_column((double[]){-1.5, 2}, 2, (const char *[]){"-1.5", " 2.0"});
}

static void missing_figures_are_nan_and_trim_nothing(void **state)
{
    (void)state;
    check_column((double[]){1.25, NAN}, 2, (const char *[]){" 1.25", "NaN"});
    check_column((double[]){1, NAN}, 2, (const char *[]){" 1.0", "NaN"});
}

static void a_small_value_makes_the_whole_column_scientific(void **state)
{
    (void)state;
    check_column((double[]){0.009, 30}, 2, (const char *[]){" 9.00e-03", " 3.00e+01"});
    check_column((double[]){-0.009, 0}, 2, (const char *[]){"-9.00e-03", " 0.00e+00"});
    check_column((double[]){0.01, 30}, 2, (const char *[]){" 0.01", " 30.00"});
    check_column((double[]){0, 30}, 2, (const char *[]){" 0.0", " 30.0"});
}

static void a_large_value_does_so_when_its_text_is_long(void **state)
{
    (void)state;
    check_column((double[]){1795100010.25, 1}, 2, (const char *[]){" 1.80e+09", " 1.00e+00"});
    check_column((double[]){1000000, 1}, 2, (const char *[]){" 1000000.0", " 1.0"});
    check_column((double[]){1000000.5, 1}, 2, (const char *[]){" 1.00e+06", " 1.00e+00"});
    check_column((double[]){123456.25, 1}, 2, (const char *[]){" 123456.25", " 1.00"});
}

static void one_value_has_no_deviation(void **state)
{
    (void)state;
    double figures[XCY_DESCRIBE_ROWS];
    xcy_describe_figures((double[]){7}, 1, figures);
    assert_true(figures[0] == 1 && figures[1] == 7 && isnan(figures[2]) && figures[9] == 7);
}

static void no_value_has_only_a_count(void **state)
{
    (void)state;
    double figures[XCY_DESCRIBE_ROWS];
    xcy_describe_figures((double[]){NAN}, 1, figures);
    assert_true(figures[0] == 0 && isnan(figures[1]) && isnan(figures[9]));
}

enum { MAX_COLUMNS = 8, MAX_ROWS = 1000 };

static void check_golden(int number)
{
    struct xcy_error err;
    struct xcy_csv *csv = NULL;
    struct xcy_buf expected;
    struct xcy_buf text;
    struct xcy_describe_column columns[MAX_COLUMNS];
    double *values = xcy_alloc_array((size_t)MAX_COLUMNS * MAX_ROWS, sizeof *values);
    size_t n_rows = 0;
    char *path = xcy_format(GOLDEN "/%02d.csv", number);
    char *info = xcy_format(GOLDEN "/%02d.info", number);
    assert_ok(xcy_csv_open(path, ';', &csv, &err), &err);
    size_t n = xcy_csv_columns(csv);
    assert_true(n <= MAX_COLUMNS);
    for (; xcy_csv_next(csv, &err) == XCY_CSV_RECORD; n_rows++) {
        assert_true(n_rows < MAX_ROWS);
        for (size_t c = 0; c < n; c++) {
            double *value = &values[c * MAX_ROWS + n_rows];
            struct xcy_bytes field = xcy_csv_field(csv, c);
            *value = NAN;
            assert_true(field.len == 0 || xcy_double_parse(field, value));
        }
    }
    for (size_t c = 0; c < n; c++) {
        columns[c] = (struct xcy_describe_column){.name = xcy_csv_column_name(csv, c),
                                                  .values = &values[c * MAX_ROWS]};
    }
    xcy_buf_init(&expected, 1 << 20);
    xcy_buf_init(&text, 1 << 20);
    assert_ok(xcy_file_read(info, &expected, &err), &err);
    xcy_describe(columns, n, n_rows, &text);
    assert_string_equal(text.ptr, expected.ptr);
    xcy_csv_close(csv);
    xcy_buf_clear(&expected);
    xcy_buf_clear(&text);
    free(values);
    free(path);
    free(info);
}

static void the_text_is_that_of_pandas(void **state)
{
    (void)state;
    for (int number = 0; number < 30; number++) {
        check_golden(number);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_decimals_unless_all_end_in_zero),
        cmocka_unit_test(missing_figures_are_nan_and_trim_nothing),
        cmocka_unit_test(a_small_value_makes_the_whole_column_scientific),
        cmocka_unit_test(a_large_value_does_so_when_its_text_is_long),
        cmocka_unit_test(one_value_has_no_deviation),
        cmocka_unit_test(no_value_has_only_a_count),
        cmocka_unit_test(the_text_is_that_of_pandas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
