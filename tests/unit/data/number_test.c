/* number_test.c - doubles as Python writes them, and back; integers. */

#include "tests/support/unit.h"

#include "common/data/number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>

static void doubles_print_as_pythons_repr(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        /* python3 -c 'print(repr(x))' */
        {0, "0.0"},
        {-0.0, "-0.0"},
        {5, "5.0"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1795100010.245589, "1795100010.245589"},
        {-12.5, "-12.5"},
        {1e15, "1000000000000000.0"},
        {123456789012345.6, "123456789012345.6"},
        {9999999999999998.0, "9999999999999998.0"},
        {1e16, "1e+16"},
        {1.5e300, "1.5e+300"},
        {0.0001, "0.0001"},
        {0.00001, "1e-05"},
        {0.000123456, "0.000123456"},
        {5e-324, "5e-324"},
        {DBL_MIN, "2.2250738585072014e-308"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {9007199254740993.0, "9007199254740992.0"},
        {0x1p-1017, "7.120236347223045e-307"}, /* 16 digits, though not the nearest 16 */
        {NAN, "nan"},
        {-NAN, "nan"},
        {INFINITY, "inf"},
        {-INFINITY, "-inf"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[XCY_DOUBLE_TEXT_BYTES];
        xcy_double_format(cases[i].value, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void every_printed_double_reads_back_the_same(void **state)
{
    (void)state;
    uint64_t bits = 1;
    for (int i = 0; i < 20000; i++) {
        bits = bits * 6364136223846793005U + 1442695040888963407U;
        double value = 0;
        double back = 0;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) {
            continue;
        }
        char text[XCY_DOUBLE_TEXT_BYTES];
        xcy_double_format(value, text);
        assert_true(xcy_double_parse(xcy_bytes_of(text), &back));
        assert_memory_equal(&back, &value, sizeof value);
    }
}

static void decimal_texts_parse(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"0", 0},   {"-1.5", -1.5}, {"+2", 2},         {".5", 0.5},
        {"5.", 5},  {"1e3", 1000},  {"1E-3", 0.001},   {"1e+2", 100},
        {"007", 7}, {"1e-999", 0},  {"inf", INFINITY}, {"-inf", -INFINITY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = 99;
        assert_true(xcy_double_parse(xcy_bytes_of(cases[i].text), &value));
        assert_true(value == cases[i].value);
    }
    double nan = 0;
    assert_true(xcy_double_parse(xcy_bytes_of("nan"), &nan));
    assert_true(isnan(nan));
}

static void what_is_no_decimal_is_refused_and_the_value_kept(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",      " 1",    "1 ",  "1,5", "0x10",     "1e",    "e5",  ".",   "-",          "+-1",
        "1.2.3", "1e5.0", "1_0", "NaN", "infinity", "1e999", "--1", "1\n", "\xC2\xA0 1",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        double value = 99;
        assert_false(xcy_double_parse(xcy_bytes_of(texts[i]), &value));
        assert_true(value == 99);
    }
}

static void only_the_bytes_of_the_view_count(void **state)
{
    (void)state;
    double value = 0;
    int64_t number = 0;
    assert_true(xcy_double_parse(xcy_bytes("1.257", 4), &value));
    assert_true(value == 1.25);
    assert_true(xcy_int64_parse(xcy_bytes("1234", 2), &number));
    assert_int_equal(number, 12);
    assert_false(xcy_int64_parse(xcy_bytes("12\0"
                                           "4",
                                           4),
                                 &number));
}

static void integers_parse_to_both_ends_of_their_range(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } cases[] = {
        {"0", 0},
        {"-17", -17},
        {"+17", 17},
        {"00017", 17},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t value = 99;
        assert_true(xcy_int64_parse(xcy_bytes_of(cases[i].text), &value));
        assert_true(value == cases[i].value);
    }
}

static void what_is_no_integer_is_refused_and_the_value_kept(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "-",
        "+",
        " 1",
        "1 ",
        "1.0",
        "1e3",
        "0x1F",
        "one",
        "9223372036854775808",
        "-9223372036854775809",
        "--1",
        "1-",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t value = 99;
        assert_false(xcy_int64_parse(xcy_bytes_of(texts[i]), &value));
        assert_int_equal(value, 99);
    }
}

static void hundreds_of_digits_do_no_harm(void **state)
{
    (void)state;
    char text[1000];
    memset(text, '1', sizeof text);
    double value = 0;
    int64_t number = 0;
    assert_true(xcy_double_parse(xcy_bytes(text, 300), &value));
    assert_false(xcy_double_parse(xcy_bytes(text, sizeof text), &value));
    assert_false(xcy_int64_parse(xcy_bytes(text, sizeof text), &number));
}

static void a_locale_with_commas_changes_nothing(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "pt_PT.UTF-8"};
    const char *set = NULL;
    for (size_t i = 0; !set && i < sizeof names / sizeof names[0]; i++) {
        set = setlocale(LC_ALL, names[i]); /* NOLINT(concurrency-mt-unsafe): one thread */
    }
    if (!set) {
        skip();
    }
    char text[XCY_DOUBLE_TEXT_BYTES];
    double value = 0;
    xcy_double_format(1234.5, text);
    bool parsed = xcy_double_parse(xcy_bytes_of("1234.5"), &value);
    setlocale(LC_ALL, "C"); /* NOLINT(concurrency-mt-unsafe): one thread */
    assert_string_equal(text, "1234.5");
    assert_true(parsed && value == 1234.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_print_as_pythons_repr),
        cmocka_unit_test(every_printed_double_reads_back_the_same),
        cmocka_unit_test(decimal_texts_parse),
        cmocka_unit_test(what_is_no_decimal_is_refused_and_the_value_kept),
        cmocka_unit_test(only_the_bytes_of_the_view_count),
        cmocka_unit_test(integers_parse_to_both_ends_of_their_range),
        cmocka_unit_test(what_is_no_integer_is_refused_and_the_value_kept),
        cmocka_unit_test(hundreds_of_digits_do_no_harm),
        cmocka_unit_test(a_locale_with_commas_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
