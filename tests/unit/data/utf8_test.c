/* utf8_test.c - which bytes are a character. */

#include "tests/support/unit.h"

#include "common/data/utf8.h"

static void characters_have_their_length_and_code(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n;
        uint32_t code;
    } cases[] = {
        {"a", 1, 'a'},
        {"\x7F", 1, 0x7F},
        {"\xC2\x80", 2, 0x80},
        {"\xC3\xA9", 2, 0xE9},
        {"\xDF\xBF", 2, 0x7FF},
        {"\xE0\xA0\x80", 3, 0x800},
        {"\xE2\x82\xAC", 3, 0x20AC},
        {"\xED\x9F\xBF", 3, 0xD7FF},
        {"\xEE\x80\x80", 3, 0xE000},
        {"\xF0\x90\x80\x80", 4, 0x10000},
        {"\xF4\x8F\xBF\xBF", 4, 0x10FFFF},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t code = 0;
        assert_int_equal(xcy_utf8_read(xcy_bytes_of(cases[i].text), 0, &code), cases[i].n);
        assert_int_equal(code, cases[i].code);
        assert_int_equal(xcy_utf8_read(xcy_bytes_of(cases[i].text), 0, NULL), cases[i].n);
    }
    uint32_t code = 99;
    assert_int_equal(xcy_utf8_read(xcy_bytes("\0", 1), 0, &code), 1);
    assert_int_equal(code, 0);
}

static void what_the_standard_forbids_is_no_character(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "\x80",             /* a continuation alone */
        "\xBF",             /* the same */
        "\xC0\x80",         /* overlong */
        "\xC1\xBF",         /* overlong */
        "\xE0\x9F\xBF",     /* overlong */
        "\xF0\x8F\xBF\xBF", /* overlong */
        "\xED\xA0\x80",     /* a surrogate */
        "\xED\xBF\xBF",     /* a surrogate */
        "\xF4\x90\x80\x80", /* past the last code point */
        "\xF5\x80\x80\x80", /* the same */
        "\xFF",             /* never used */
        "\xC3",             /* cut */
        "\xE2\x82",         /* cut */
        "\xF0\x9F\x98",     /* cut */
        "\xC3(",            /* no continuation follows */
        "\xE2\x82(",        /* the same */
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        uint32_t code = 0;
        assert_int_equal(xcy_utf8_read(xcy_bytes_of(texts[i]), 0, &code), 0);
    }
}

static void reading_stays_inside_the_view(void **state)
{
    (void)state;
    assert_int_equal(xcy_utf8_read(xcy_bytes("\xC3\xA9", 1), 0, NULL), 0);
    assert_int_equal(xcy_utf8_read(xcy_bytes("a\xC3\xA9", 3), 1, NULL), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_have_their_length_and_code),
        cmocka_unit_test(what_the_standard_forbids_is_no_character),
        cmocka_unit_test(reading_stays_inside_the_view),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
