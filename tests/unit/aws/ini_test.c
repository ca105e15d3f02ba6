#include "tests/support/unit.h"

#include "common/aws/ini.h"
#include "common/base/buf.h"

#include <stdio.h>

static void check_value(const struct xcy_ini *ini, const char *section, const char *key,
                        const char *value)
{
    const char *got = xcy_ini_get(ini, section, key);
    if (!value) {
        assert_null(got);
        return;
    }
    assert_non_null(got);
    assert_string_equal(got, value);
}

static void sections_settings_and_comments_are_told_apart(void **state)
{
    (void)state;
    struct xcy_ini *ini = xcy_ini_parse(
        xcy_bytes_of("early = 1\n# [no]\n[a]\nKey = v#1 ;c\r\n ; x = 1\nempty =\n[ b c ] # note\n"
                     "url = http://h/?a=b\n[broken\nlost = 1\n[a]\nkey=last"));
    assert_true(xcy_ini_has(ini, "a"));
    assert_true(xcy_ini_has(ini, "b c"));
    assert_false(xcy_ini_has(ini, "no"));
    assert_false(xcy_ini_has(ini, "broken"));
    check_value(ini, "a", "key", "last");
    check_value(ini, "a", "KEY", "last");
    check_value(ini, "a", "empty", NULL);
    check_value(ini, "a", "lost", NULL);
    check_value(ini, "b c", "lost", NULL);
    check_value(ini, "b c", "url", "http://h/?a=b");
    check_value(ini, "", "early", NULL);
    xcy_ini_free(ini);
}

static void indented_settings_belong_to_the_one_above(void **state)
{
    (void)state;
    struct xcy_ini *ini = xcy_ini_parse(
        xcy_bytes_of("[x]\n  orphan = 1\ns3 =\n  endpoint_url = u\n\tmore = m\nplain = p\n"));
    check_value(ini, "x", "s3.endpoint_url", "u");
    check_value(ini, "x", "s3.more", "m");
    check_value(ini, "x", "endpoint_url", NULL);
    check_value(ini, "x", "orphan", "1");
    check_value(ini, "x", "plain", "p");
    xcy_ini_free(ini);
}

static void a_file_may_be_indented_throughout(void **state)
{
    (void)state;
    struct xcy_ini *ini = xcy_ini_parse(xcy_bytes_of(
        "[x]\n  a = 1\n  b = 2\n  s3 =\n    c = 3\n  d = 4\n\n  [y]\n\ta = 5\n\tb = 6\n"));
    check_value(ini, "x", "a", "1");
    check_value(ini, "x", "b", "2");
    check_value(ini, "x", "s3.c", "3");
    check_value(ini, "x", "d", "4");
    check_value(ini, "y", "a", "5");
    check_value(ini, "y", "b", "6");
    xcy_ini_free(ini);
}

static void names_of_sections_are_words(void **state)
{
    (void)state;
    struct xcy_ini *ini = xcy_ini_parse(xcy_bytes_of(
        "[profile \t two]\nk = 1\n[profile \"my  dev\"]\nk = 2\n[\"three\"]\nk = 3\n"));
    check_value(ini, "profile two", "k", "1");
    check_value(ini, "profile my  dev", "k", "2");
    check_value(ini, "three", "k", "3");
    xcy_ini_free(ini);
}

static void lines_with_a_zero_byte_are_passed_over(void **state)
{
    (void)state;
    static const char text[] = "[a]\nk = 1\nk = \0002\nk\0 = 3\n[a\0b]\nk = 4\n";
    struct xcy_ini *ini = xcy_ini_parse(xcy_bytes(text, sizeof text - 1));
    check_value(ini, "a", "k", "1");
    xcy_ini_free(ini);
}

static void no_file_is_an_empty_one(void **state)
{
    (void)state;
    assert_false(xcy_ini_has(NULL, "a"));
    assert_null(xcy_ini_get(NULL, "a", "b"));
    xcy_ini_free(NULL);
    struct xcy_ini *ini = xcy_ini_parse(xcy_bytes(NULL, 0));
    assert_false(xcy_ini_has(ini, ""));
    xcy_ini_free(ini);
}

static void many_sections_and_settings_are_kept(void **state)
{
    (void)state;
    enum { N = 100 };
    struct xcy_buf text;
    xcy_buf_init(&text, (size_t)N * 40);
    for (int i = 0; i < N; i++) {
        xcy_buf_addf(&text, "[s%d]\nk%d = v%d\n", i, i, i);
    }
    struct xcy_ini *ini = xcy_ini_parse(xcy_buf_bytes(&text));
    for (int i = 0; i < N; i++) {
        char section[16];
        char key[16];
        char value[16];
        snprintf(section, sizeof section, "s%d", i);
        snprintf(key, sizeof key, "k%d", i);
        snprintf(value, sizeof value, "v%d", i);
        check_value(ini, section, key, value);
    }
    xcy_buf_clear(&text);
    xcy_ini_free(ini);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_settings_and_comments_are_told_apart),
        cmocka_unit_test(indented_settings_belong_to_the_one_above),
        cmocka_unit_test(a_file_may_be_indented_throughout),
        cmocka_unit_test(names_of_sections_are_words),
        cmocka_unit_test(lines_with_a_zero_byte_are_passed_over),
        cmocka_unit_test(no_file_is_an_empty_one),
        cmocka_unit_test(many_sections_and_settings_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
