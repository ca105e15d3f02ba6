#include "sandbox/front/canonical.h"
#include "tests/support/unit.h"

static void canonical_paths_are_as_rfc_3986_resolves_them(void **state)
{
    (void)state;
    static const struct {
        const char *raw;
        bool is_s3;
        const char *canonical;
    } cases[] = {
        {"", false, "/"},
        {"/", false, "/"},
        {"//", false, "/"},
        {"/a/b", false, "/a/b"},
        {"/a/b/", false, "/a/b/"},
        {"/a/./b/..", false, "/a/"},
        {"/../x", false, "/x"},
        {"/a%20b~c", false, "/a%2520b~c"},
        {"/a%20b//c", true, "/a%20b//c"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xcy_buf out;
        xcy_buf_init(&out, 1024);
        xcy_canonical_add_path(&out, cases[i].raw, cases[i].is_s3);
        assert_string_equal(out.ptr, cases[i].canonical);
        xcy_buf_clear(&out);
    }
}

static void canonical_queries_are_sorted_and_encoded_once(void **state)
{
    (void)state;
    static const struct {
        const char *raw;
        const char *canonical;
    } cases[] = {
        {"", ""},
        {"b=2&a=1", "a=1&b=2"},
        {"a=2&a=1&A=3", "A=3&a=1&a=2"},
        {"delete", "delete="},
        {"Qualifier=$LATEST", "Qualifier=%24LATEST"},
        {"a=%7e%2f", "a=~%2F"},
        {"a-b=1&a=2", "a=2&a-b=1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xcy_buf out;
        xcy_buf_init(&out, 1024);
        xcy_canonical_add_query(&out, cases[i].raw);
        assert_string_equal(out.ptr, cases[i].canonical);
        xcy_buf_clear(&out);
    }
}

/* What is left out of the canonical request is not signed. */
static void nothing_of_a_long_path_or_query_is_left_out(void **state)
{
    (void)state;
    enum { N = 1000, LONG = 200000 };
    struct xcy_buf raw;
    struct xcy_buf out;
    xcy_buf_init(&raw, 1 << 20);
    xcy_buf_init(&out, 1 << 20);
    for (int i = 0; i < N; i++) {
        xcy_buf_addf(&raw, "/%d", i);
    }
    xcy_canonical_add_path(&out, raw.ptr, false);
    assert_string_equal(out.ptr, raw.ptr);
    xcy_buf_reset(&raw);
    xcy_buf_reset(&out);
    xcy_buf_add_text(&raw, "a=");
    for (int i = 0; i < LONG; i++) {
        xcy_buf_add_char(&raw, 'x');
    }
    xcy_canonical_add_query(&out, raw.ptr);
    assert_string_equal(out.ptr, raw.ptr);
    xcy_buf_clear(&out);
    xcy_buf_clear(&raw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_paths_are_as_rfc_3986_resolves_them),
        cmocka_unit_test(canonical_queries_are_sorted_and_encoded_once),
        cmocka_unit_test(nothing_of_a_long_path_or_query_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
