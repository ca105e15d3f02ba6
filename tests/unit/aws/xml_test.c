#include "tests/support/unit.h"

#include "common/aws/xml.h"

static void the_first_element_of_the_name_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *xml;
        const char *text; /* NULL: none */
    } cases[] = {
        {"<a><Code>one</Code><Code>two</Code></a>", "one"},
        {"<Code></Code>", ""},
        {"<Code>a &lt;b&gt; &amp;lt; &quot;c&apos; &#65; &</Code>", "a <b> &lt; \"c' A &"},
        {"<Code>&#233;&#x20AC;&#x1F600; &#0; &#xD800; &#x110000; &#x; &#12</Code>",
         "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 &#0; &#xD800; &#x110000; &#x; &#12"},
        {"<Codec>no</Codec><Code a='>' b=\"/\">attributes</Code >", "attributes"},
        {"<Code/><Code>second</Code>", ""},
        {"<Code>cut", NULL},
        {"<Code", NULL},
        {"<code>x</code>", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[64];
        bool found = xcy_xml_text(xcy_bytes_of(cases[i].xml), "Code", text, sizeof text);
        assert_int_equal(found, cases[i].text != NULL);
        if (found) {
            assert_string_equal(text, cases[i].text);
        }
    }
}

static void text_is_cut_to_its_room(void **state)
{
    (void)state;
    char text[4];
    assert_true(xcy_xml_text(xcy_bytes_of("<A>12345</A>"), "A", text, sizeof text));
    assert_string_equal(text, "123");
}

static void elements_come_one_after_another(void **state)
{
    (void)state;
    struct xcy_bytes rest = xcy_bytes_of("<L><K>1</K><X><K>2</K></X><K/><K>3</L>");
    struct xcy_bytes inner;
    assert_true(xcy_xml_next(&rest, "K", &inner));
    assert_true(xcy_bytes_equal(inner, xcy_bytes_of("1")));
    assert_true(xcy_xml_next(&rest, "K", &inner));
    assert_true(xcy_bytes_equal(inner, xcy_bytes_of("2")));
    assert_true(xcy_xml_next(&rest, "K", &inner));
    assert_int_equal(inner.len, 0);
    assert_false(xcy_xml_next(&rest, "K", &inner));
    assert_true(xcy_bytes_equal(rest, xcy_bytes_of("<K>3</L>")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_element_of_the_name_is_read),
        cmocka_unit_test(text_is_cut_to_its_room),
        cmocka_unit_test(elements_come_one_after_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
