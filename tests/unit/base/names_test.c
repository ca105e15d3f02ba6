#include "tests/support/unit.h"

#include "common/base/names.h"

#include <stdio.h>

enum { MANY = 20000 };

static void text_of(int i, char to[32])
{
    snprintf(to, 32, "%d-%.*s", i, i % 20, "abcdefghijklmnopqrst");
}

static void a_text_has_one_number_however_often_it_comes(void **state)
{
    (void)state;
    struct xcy_names *names = xcy_names_new();
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < MANY; i++) {
            char text[32];
            text_of(i, text);
            assert_int_equal(xcy_names_add(names, text), i);
        }
    }
    assert_int_equal(xcy_names_count(names), MANY);
    for (int i = 0; i < MANY; i++) {
        char text[32];
        text_of(i, text);
        assert_int_equal(xcy_names_find(names, text), i);
        assert_string_equal(xcy_names_at(names, (size_t)i), text);
    }
    xcy_names_free(names);
}

static void a_text_that_never_came_has_none(void **state)
{
    (void)state;
    struct xcy_names *names = xcy_names_new();
    assert_true(xcy_names_find(names, "") == XCY_NAMES_NONE);
    assert_int_equal(xcy_names_add(names, ""), 0);
    assert_int_equal(xcy_names_find(names, ""), 0);
    assert_true(xcy_names_find(names, "a") == XCY_NAMES_NONE);
    assert_int_equal(xcy_names_count(names), 1);
    xcy_names_free(names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_has_one_number_however_often_it_comes),
        cmocka_unit_test(a_text_that_never_came_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
