#include "tests/support/unit.h"

#include "common/net/url.h"

static void all_but_unreserved_bytes_are_escaped_in_upper_case(void **state)
{
    (void)state;
    struct xcy_buf out;
    xcy_buf_init(&out, 1000);
    xcy_url_encode(&out, xcy_bytes_of("aZ09-._~ /:$+&=%\xc3\xa9"));
    assert_string_equal(out.ptr, "aZ09-._~%20%2F%3A%24%2B%26%3D%25%C3%A9");
    xcy_buf_clear(&out);
}

static void what_was_encoded_decodes_to_itself(void **state)
{
    (void)state;
    char all[256];
    for (int i = 0; i < 256; i++) {
        all[i] = (char)i;
    }
    struct xcy_buf encoded;
    struct xcy_buf decoded;
    xcy_buf_init(&encoded, 1000);
    xcy_buf_init(&decoded, 1000);
    xcy_url_encode(&encoded, xcy_bytes(all, sizeof all));
    assert_true(xcy_url_decode(&decoded, xcy_buf_bytes(&encoded), true));
    assert_int_equal(decoded.len, sizeof all);
    assert_memory_equal(decoded.ptr, all, sizeof all);
    xcy_buf_clear(&encoded);
    xcy_buf_clear(&decoded);
}

static void a_plus_is_a_blank_only_where_told(void **state)
{
    (void)state;
    struct xcy_buf out;
    xcy_buf_init(&out, 100);
    assert_true(xcy_url_decode(&out, xcy_bytes_of("a+b"), true));
    assert_true(xcy_url_decode(&out, xcy_bytes_of("a+b"), false));
    assert_string_equal(out.ptr, "a ba+b");
    xcy_buf_clear(&out);
}

static void a_broken_escape_is_refused_and_adds_nothing(void **state)
{
    (void)state;
    const char *const broken[] = {"ab%", "ab%4", "ab%4g", "ab%-1", "%%41"};
    struct xcy_buf out;
    xcy_buf_init(&out, 100);
    xcy_buf_add_text(&out, "before");
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        assert_false(xcy_url_decode(&out, xcy_bytes_of(broken[i]), false));
        assert_string_equal(out.ptr, "before");
    }
    xcy_buf_clear(&out);
}

static void a_name_of_a_query_is_found_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *query;
        const char *name;
        const char *value; /* NULL: absent */
    } cases[] = {
        {"a=1&b=2", "b", "2"},
        {"a=1&b=2", "c", NULL},
        {"a=1&a=2", "a", "1"},
        {"ab=1", "a", NULL},
        {"Attribute%2EName=x%2By+z", "Attribute.Name", "x+y z"},
        {"delete=", "delete", ""},
        {"delete", "delete", ""},
        {"&&a=1=2", "a", "1=2"},
        {"", "a", NULL},
        {"a=%zz", "a", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct xcy_buf out;
        xcy_buf_init(&out, 100);
        bool found = xcy_query_get(xcy_bytes_of(cases[i].query), cases[i].name, &out);
        assert_int_equal(found, cases[i].value != NULL);
        assert_string_equal(out.ptr, cases[i].value ? cases[i].value : "");
        xcy_buf_clear(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_but_unreserved_bytes_are_escaped_in_upper_case),
        cmocka_unit_test(what_was_encoded_decodes_to_itself),
        cmocka_unit_test(a_plus_is_a_blank_only_where_told),
        cmocka_unit_test(a_broken_escape_is_refused_and_adds_nothing),
        cmocka_unit_test(a_name_of_a_query_is_found_decoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
