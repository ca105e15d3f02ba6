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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_paths_are_as_rfc_3986_resolves_them),
        cmocka_unit_test(canonical_queries_are_sorted_and_encoded_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
