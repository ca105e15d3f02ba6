#include "sandbox/regions/ordered.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

enum { MANY = 5000 };

static char values[MANY];

/* Adds MANY keys, all different, in an order that is neither theirs nor the reverse. */
static struct xcy_ordered *filled(void)
{
    struct xcy_ordered *o = xcy_ordered_new();
    for (int i = 0; i < MANY; i++) {
        char key[16];
        int shuffled = (int)((int64_t)i * 2477 % MANY); /* 2477 and 5000 share no factor */
        snprintf(key, sizeof key, "%05d", shuffled);
        xcy_ordered_put(o, key, &values[shuffled]);
    }
    return o;
}

static void what_was_put_is_found(void **state)
{
    (void)state;
    struct xcy_ordered *o = filled();
    assert_int_equal(xcy_ordered_size(o), MANY);
    assert_ptr_equal(xcy_ordered_find(o, "00000"), &values[0]);
    assert_ptr_equal(xcy_ordered_find(o, "02476"), &values[2476]);
    assert_null(xcy_ordered_find(o, "0247"));
    assert_null(xcy_ordered_find(o, "99999"));
    xcy_ordered_free(o);
}

static void a_walk_meets_every_key_in_order(void **state)
{
    (void)state;
    struct xcy_ordered *o = filled();
    const char *key = NULL;
    void *value;
    int n = 0;
    while (xcy_ordered_next(o, key, &key, &value)) {
        assert_ptr_equal(value, &values[n]);
        n++;
    }
    assert_int_equal(n, MANY);
    xcy_ordered_free(o);
}

static void a_walk_goes_on_behind_a_key_that_is_gone(void **state)
{
    (void)state;
    struct xcy_ordered *o = filled();
    const char *key;
    void *value;
    assert_ptr_equal(xcy_ordered_remove(o, "01000"), &values[1000]);
    assert_null(xcy_ordered_remove(o, "01000"));
    assert_true(xcy_ordered_next(o, "01000", &key, &value));
    assert_string_equal(key, "01001");
    assert_true(xcy_ordered_next(o, "00999", &key, &value));
    assert_string_equal(key, "01001");
    assert_false(xcy_ordered_next(o, "04999", &key, &value));
    xcy_ordered_free(o);
}

static void removing_all_leaves_none(void **state)
{
    (void)state;
    struct xcy_ordered *o = filled();
    for (int i = 0; i < MANY; i++) {
        char key[16];
        snprintf(key, sizeof key, "%05d", i);
        assert_ptr_equal(xcy_ordered_remove(o, key), &values[i]);
    }
    const char *key;
    void *value;
    assert_int_equal(xcy_ordered_size(o), 0);
    assert_false(xcy_ordered_next(o, NULL, &key, &value));
    xcy_ordered_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_found),
        cmocka_unit_test(a_walk_meets_every_key_in_order),
        cmocka_unit_test(a_walk_goes_on_behind_a_key_that_is_gone),
        cmocka_unit_test(removing_all_leaves_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
