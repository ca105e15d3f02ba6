#include "tests/support/unit.h"

#include "collectors/foreign.h"

static const struct xcy_mono start = {1000};

static void the_first_time_it_goes_back_at_once_then_for_longer_and_longer(void **state)
{
    (void)state;
    struct xcy_foreign *foreign = xcy_foreign_new();
    static const int hidden_s[] = {0, 1, 2, 2, 2};
    for (size_t n = 0; n < sizeof hidden_s / sizeof *hidden_s; n++) {
        assert_int_equal(xcy_foreign_came(foreign, "m1", "h", start), hidden_s[n]);
    }
    assert_int_equal(xcy_foreign_came(foreign, "m2", "h", start), 0);
    xcy_foreign_free(foreign);
}

static void only_what_is_still_hidden_is_given_free_by_its_newest_handle(void **state)
{
    (void)state;
    struct xcy_foreign *foreign = xcy_foreign_new();
    const char *handles[4];
    xcy_foreign_came(foreign, "seen once", "h1", start);
    xcy_foreign_came(foreign, "hidden", "h2", start);
    xcy_foreign_came(foreign, "hidden", "h3", start);
    xcy_foreign_came(foreign, "over", "h4", start);
    struct xcy_mono later = xcy_mono_add(start, XCY_NS_PER_S / 2);
    assert_int_equal(xcy_foreign_take_hidden(foreign, later, handles, 4), 1);
    assert_string_equal(handles[0], "h3");
    assert_int_equal(xcy_foreign_take_hidden(foreign, later, handles, 4), 0);
    xcy_foreign_free(foreign);
}

static void many_are_told_a_batch_at_a_time(void **state)
{
    (void)state;
    struct xcy_foreign *foreign = xcy_foreign_new();
    const char *handles[10];
    for (int round = 0; round < 2; round++) {
        for (char id[] = "a"; id[0] < 'a' + 23; id[0]++) {
            xcy_foreign_came(foreign, id, id, start);
        }
    }
    assert_int_equal(xcy_foreign_take_hidden(foreign, start, handles, 10), 10);
    assert_int_equal(xcy_foreign_take_hidden(foreign, start, handles, 10), 10);
    assert_int_equal(xcy_foreign_take_hidden(foreign, start, handles, 10), 3);
    xcy_foreign_free(foreign);
    xcy_foreign_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_time_it_goes_back_at_once_then_for_longer_and_longer),
        cmocka_unit_test(only_what_is_still_hidden_is_given_free_by_its_newest_handle),
        cmocka_unit_test(many_are_told_a_batch_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
