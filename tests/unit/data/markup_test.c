#include "tests/support/unit.h"

#include "common/data/markup.h"

static void assert_shown(const char *text, const char *expected)
{
    struct xcy_buf out;
    xcy_buf_init(&out, 4096);
    xcy_markup_add_text(&out, text);
    assert_string_equal(out.ptr, expected);
    xcy_buf_clear(&out);
}

static void markup_is_shown_as_text(void **state)
{
    (void)state;
    assert_shown("<script>alert('a' & \"b\")</script>",
                 "&lt;script&gt;alert(&#39;a&#39; &amp; &quot;b&quot;)&lt;/script&gt;");
    assert_shown("&lt;", "&amp;lt;");
}

static void other_characters_stay_as_they_are(void **state)
{
    (void)state;
    assert_shown("", "");
    assert_shown(NULL, "");
    assert_shown("a b\n\tc \xc3\xbc \xe2\x89\xa4 \xf0\x9f\x98\x80",
                 "a b\n\tc \xc3\xbc \xe2\x89\xa4 \xf0\x9f\x98\x80");
}

static void what_is_no_character_is_replaced(void **state)
{
    (void)state;
    assert_shown("a\x01"
                 "b\x7f",
                 "a\xef\xbf\xbd"
                 "b\xef\xbf\xbd");
    assert_shown("\xff<\xc3", "\xef\xbf\xbd&lt;\xef\xbf\xbd");
    assert_shown("\xef\xbf\xbe", "\xef\xbf\xbd"); /* U+FFFE, which XML does not take */
    assert_shown("\xc2\x85", "\xef\xbf\xbd");     /* U+0085, a control character of two bytes */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_is_shown_as_text),
        cmocka_unit_test(other_characters_stay_as_they_are),
        cmocka_unit_test(what_is_no_character_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
