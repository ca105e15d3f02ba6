#include "tests/support/unit.h"

#include "common/data/csv.h"
#include "common/data/number.h"
#include "common/run/line.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BYTES = 1 << 20 };

static void integers_are_written_as_printf_does(void **state)
{
    (void)state;
    static const int64_t fixed[] = {0,   1,    9,         10,        99,        100,
                                    101, 1000, INT64_MAX, INT64_MIN, INT32_MIN, 1795100010245589};
    uint64_t random = 88172645463325252U;
    for (size_t n = 0; n < 2000; n++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        size_t n_fixed = sizeof fixed / sizeof *fixed;
        int64_t value = n < n_fixed ? fixed[n] : (int64_t)random >> (n % 60);
        char expected[64];
        struct xcy_line line;
        struct xcy_buf out;
        snprintf(expected, sizeof expected, "%lld,%lld\n", (long long)value,
                 (long long)-(value / 2));
        xcy_buf_init(&out, MAX_BYTES);
        xcy_line_begin(&line, &out);
        xcy_line_add_int(&line, value);
        xcy_line_add_separator(&line);
        xcy_line_add_int(&line, -(value / 2));
        xcy_line_end(&line);
        assert_string_equal(out.ptr, expected);
        xcy_buf_clear(&out);
    }
}

static void assert_double(double value)
{
    char expected[XCY_DOUBLE_TEXT_BYTES];
    struct xcy_line line;
    struct xcy_buf out;
    xcy_double_format(value, expected);
    xcy_buf_init(&out, MAX_BYTES);
    xcy_line_begin(&line, &out);
    xcy_line_add_double(&line, value);
    xcy_line_end(&line);
    out.ptr[out.len - 1] = '\0'; /* its line end */
    assert_string_equal(out.ptr, expected);
    xcy_buf_clear(&out);
}

/* Fast and slow way agree: whole microseconds, their neighbours among the doubles, whole seconds, and
 * the ends of the range of the fast one. */
static void doubles_are_the_shortest_that_read_back(void **state)
{
    (void)state;
    static const double fixed[] = {0.0,
                                   -0.0,
                                   1.0,
                                   1.5,
                                   -1.5,
                                   0.1,
                                   -0.1,
                                   -1795100010.245589,
                                   0.0001,
                                   -0.000101,
                                   0.000099,
                                   5.0,
                                   1e16,
                                   1e-5,
                                   NAN,
                                   INFINITY,
                                   -INFINITY,
                                   0.999999,
                                   1.000001,
                                   1795100010.0,
                                   1795100010.1,
                                   1795100010.245589,
                                   8589934591.999999,
                                   8589934592.0,
                                   8589934592.000001,
                                   4294967296.000001,
                                   DBL_MIN,
                                   DBL_MAX,
                                   0.000001,
                                   123456.7};
    for (size_t n = 0; n < sizeof fixed / sizeof *fixed; n++) {
        assert_double(fixed[n]);
        assert_double(nextafter(fixed[n], INFINITY));
        assert_double(nextafter(fixed[n], 0));
    }
    uint64_t random = 88172645463325252U;
    for (int n = 0; n < 3000; n++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        double value = (double)(random % UINT64_C(8589934592000000)) / 1e6;
        assert_double(value);
        assert_double(nextafter(value, INFINITY));
        assert_double((double)(random % 100000000) / 1e6);
    }
}

static void a_text_is_quoted_as_csv_wants_it(void **state)
{
    (void)state;
    static const char *const texts[] = {"",           "plain",   "a,b",        "say \"no\"", "\"",
                                        "two\nlines", "\r",      "déjà vu",    " blanks ",   "'",
                                        "a;b",        "\"\"\",", "ends in \"", ",",          "\t"};
    struct xcy_line line;
    struct xcy_buf out;
    struct xcy_buf expected;
    xcy_buf_init(&out, MAX_BYTES);
    xcy_buf_init(&expected, MAX_BYTES);
    xcy_line_begin(&line, &out);
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        xcy_line_add_text(&line, texts[t], strlen(texts[t]) + 1);
        xcy_line_add_separator(&line);
        xcy_csv_add_field(&expected, xcy_bytes_of(texts[t]), ',');
        xcy_buf_add_char(&expected, ',');
    }
    xcy_line_end(&line);
    xcy_buf_add_char(&expected, '\n');
    assert_string_equal(out.ptr, expected.ptr);
    xcy_buf_clear(&out);
    xcy_buf_clear(&expected);
}

static void a_text_that_fills_its_array_needs_no_zero(void **state)
{
    (void)state;
    static const char full[3] = {'a', 'b', 'c'};
    struct xcy_line line;
    struct xcy_buf out;
    xcy_buf_init(&out, MAX_BYTES);
    xcy_line_begin(&line, &out);
    xcy_line_add_text(&line, full, sizeof full);
    xcy_line_end(&line);
    assert_string_equal(out.ptr, "abc\n");
    xcy_buf_clear(&out);
}

/* Every field once with each length of the fields before it, around the size of the line's storage. */
static void a_line_may_be_longer_than_its_storage(void **state)
{
    (void)state;
    char filler[3 * XCY_LINE_BYTES + 1];
    for (size_t n = 0; n < sizeof filler; n += n % XCY_LINE_BYTES < XCY_LINE_BYTES - 40 ? 97 : 1) {
        struct xcy_line line;
        struct xcy_buf out;
        memset(filler, 'x', n);
        filler[n] = '\0';
        xcy_buf_init(&out, MAX_BYTES);
        xcy_line_begin(&line, &out);
        xcy_line_add_text(&line, filler, sizeof filler);
        xcy_line_add_separator(&line);
        xcy_line_add_int(&line, 1795100010245589);
        xcy_line_add_separator(&line);
        xcy_line_add_double(&line, 1795100010.245589);
        xcy_line_add_separator(&line);
        xcy_line_add_text(&line, "a\"b", 4);
        xcy_line_end(&line);
        assert_memory_equal(out.ptr, filler, n);
        assert_string_equal(out.ptr + n, ",1795100010245589,1795100010.245589,\"a\"\"b\"\n");
        xcy_buf_clear(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_written_as_printf_does),
        cmocka_unit_test(doubles_are_the_shortest_that_read_back),
        cmocka_unit_test(a_text_is_quoted_as_csv_wants_it),
        cmocka_unit_test(a_text_that_fills_its_array_needs_no_zero),
        cmocka_unit_test(a_line_may_be_longer_than_its_storage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
