#include "tests/support/unit.h"

#include "collectors/tally.h"

static void received_is_the_sum_of_the_four_kinds(void **state)
{
    (void)state;
    struct xcy_tally tally = {0};
    assert_true(xcy_tally_adds_up(&tally));
    for (int kind = 0; kind < XCY_N_MESSAGE_KINDS; kind++) {
        for (int times = 0; times <= kind; times++) {
            xcy_tally_add(&tally, (enum xcy_message_kind)kind);
        }
    }
    assert_int_equal(tally.received, 1 + 2 + 3 + 4);
    assert_int_equal(tally.counts[XCY_MESSAGE_MATCHED], 1);
    assert_int_equal(tally.counts[XCY_MESSAGE_MALFORMED], 4);
    assert_true(xcy_tally_adds_up(&tally));
}

static void a_message_that_was_not_sorted_breaks_the_sum(void **state)
{
    (void)state;
    struct xcy_tally tally = {0};
    xcy_tally_add(&tally, XCY_MESSAGE_MATCHED);
    tally.received++;
    assert_false(xcy_tally_adds_up(&tally));
}

static void more_refused_than_malformed_breaks_it_too(void **state)
{
    (void)state;
    struct xcy_tally tally = {.refused = 1};
    assert_false(xcy_tally_adds_up(&tally));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(received_is_the_sum_of_the_four_kinds),
        cmocka_unit_test(a_message_that_was_not_sorted_breaks_the_sum),
        cmocka_unit_test(more_refused_than_malformed_breaks_it_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
