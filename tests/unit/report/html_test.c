#include "tests/support/unit.h"

#include "report/html.h"

static void formatted_text_is_escaped_with_what_was_put_in(void **state)
{
    (void)state;
    struct xcy_buf out;
    xcy_buf_init(&out, 4096);
    xcy_html_addf(&out, "%s & %d", "<b>", 7);
    assert_string_equal(out.ptr, "&lt;b&gt; &amp; 7");
    xcy_buf_clear(&out);
}

static void a_csv_link_holds_the_bytes_and_breaks_no_attribute(void **state)
{
    (void)state;
    struct xcy_buf out;
    xcy_buf_init(&out, 4096);
    xcy_html_add_csv_link(&out, "a\"b.csv", xcy_bytes_of("x,y\n1.5,\"<\xc3\xbc% #\"\n"));
    assert_string_equal(out.ptr, "<a class=\"csv\" download=\"a&quot;b.csv\" "
                                 "href=\"data:text/csv;charset=utf-8,x,y%0A1.5,%22%3C%C3%BC%25%20%"
                                 "23%22%0A\">CSV</a>");
    xcy_buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formatted_text_is_escaped_with_what_was_put_in),
        cmocka_unit_test(a_csv_link_holds_the_bytes_and_breaks_no_attribute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
