/* text_test.c - widths, and words wrapped into lines. */

#include "tests/support/unit.h"

#include "common/cli/text.h"

static void assert_wrapped(const char *text, size_t column, struct xcy_wrap wrap,
                           const char *expected)
{
    struct xcy_buf out;
    xcy_buf_init(&out, 10000);
    xcy_text_wrap(xcy_bytes_of(text), column, wrap, &out);
    assert_string_equal(out.ptr, expected);
    xcy_buf_clear(&out);
}

static void width_counts_characters_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(xcy_text_width(xcy_bytes_of("")), 0);
    assert_int_equal(xcy_text_width(xcy_bytes_of("\xC2\xB5s")), 2);
    assert_int_equal(xcy_text_width(xcy_bytes_of("a\xE2\x82\xACz")), 3);
}

static void a_fit_never_cuts_a_character(void **state)
{
    (void)state;
    assert_int_equal(xcy_text_fit(xcy_bytes_of("a\xC2\xB5z"), 2), 3);
    assert_int_equal(xcy_text_fit(xcy_bytes_of("a\xC2\xB5z"), 1), 1);
    assert_int_equal(xcy_text_fit(xcy_bytes_of("a\xC2\xB5z"), 9), 4);
    assert_int_equal(xcy_text_fit(xcy_bytes_of("abc"), 0), 0);
}

static void words_fill_lines_up_to_the_width(void **state)
{
    (void)state;
    const struct xcy_wrap wrap = {.width = 10};
    assert_wrapped("", 0, wrap, "");
    assert_wrapped("   ", 0, wrap, "");
    assert_wrapped("one two", 0, wrap, "one two");
    assert_wrapped("0123456789", 0, wrap, "0123456789");
    assert_wrapped("01234 6789", 0, wrap, "01234 6789");
    assert_wrapped("01234 67890", 0, wrap, "01234\n67890");
    assert_wrapped("  a   b\n c\t", 0, wrap, "a b c");
    assert_wrapped("\xC2\xB5\xC2\xB5\xC2\xB5\xC2\xB5\xC2\xB5 6789", 0, wrap,
                   "\xC2\xB5\xC2\xB5\xC2\xB5\xC2\xB5\xC2\xB5 6789");
}

static void lines_after_the_first_are_indented(void **state)
{
    (void)state;
    const struct xcy_wrap wrap = {.indent = 2, .width = 10};
    assert_wrapped("one two three", 4, wrap, "one\n  two\n  three");
    assert_wrapped("wide78901", 4, wrap, "\n  wide7890\n  1");
}

static void a_word_wider_than_a_line_is_cut(void **state)
{
    (void)state;
    const struct xcy_wrap wrap = {.width = 5};
    assert_wrapped("abcdefghijkl", 0, wrap, "abcde\nfghij\nkl");
    assert_wrapped("x abcdefgh y", 0, wrap, "x\nabcde\nfgh y");
}

static void blank_lines_part_paragraphs(void **state)
{
    (void)state;
    const struct xcy_wrap wrap = {.indent = 1, .width = 10};
    assert_wrapped("one\ntwo\n\n\nthree\n\n", 0, wrap, "one two\n\n three");
}

static void a_line_that_goes_on_may_say_so(void **state)
{
    (void)state;
    const struct xcy_wrap wrap = {.indent = 2, .width = 12, .continuation = " \\"};
    assert_wrapped("loadgen -r 1000", 0, wrap, "loadgen -r \\\n  1000");
    assert_wrapped("loadgen -rr 1", 0, wrap, "loadgen \\\n  -rr 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(width_counts_characters_not_bytes),
        cmocka_unit_test(a_fit_never_cuts_a_character),
        cmocka_unit_test(words_fill_lines_up_to_the_width),
        cmocka_unit_test(lines_after_the_first_are_indented),
        cmocka_unit_test(a_word_wider_than_a_line_is_cut),
        cmocka_unit_test(blank_lines_part_paragraphs),
        cmocka_unit_test(a_line_that_goes_on_may_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
