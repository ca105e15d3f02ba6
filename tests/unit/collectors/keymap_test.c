#include "tests/support/unit.h"

#include "collectors/keymap.h"

#include <stdio.h>

static void what_was_put_is_found_and_nothing_else(void **state)
{
    (void)state;
    struct xcy_keymap *map = xcy_keymap_new();
    for (int n = 0; n < 5000; n++) {
        char text[32];
        snprintf(text, sizeof text, "message-%d", n);
        assert_null(xcy_keymap_find(map, xcy_bytes_of(text)));
        xcy_keymap_put(map, xcy_bytes_of(text), n);
    }
    assert_int_equal(xcy_keymap_size(map), 5000);
    for (int n = 0; n < 5000; n++) {
        char text[32];
        snprintf(text, sizeof text, "message-%d", n);
        const int64_t *value = xcy_keymap_find(map, xcy_bytes_of(text));
        assert_non_null(value);
        assert_int_equal(*value, n);
    }
    assert_null(xcy_keymap_find(map, xcy_bytes_of("message-5000")));
    xcy_keymap_free(map);
}

static void the_empty_text_is_a_key_and_a_value_can_be_changed(void **state)
{
    (void)state;
    struct xcy_keymap *map = xcy_keymap_new();
    xcy_keymap_put(map, xcy_bytes("", 0), 1);
    *xcy_keymap_find(map, xcy_bytes("", 0)) = 7;
    assert_int_equal(*xcy_keymap_find(map, xcy_bytes("", 0)), 7);
    xcy_keymap_free(map);
    xcy_keymap_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_found_and_nothing_else),
        cmocka_unit_test(the_empty_text_is_a_key_and_a_value_can_be_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
