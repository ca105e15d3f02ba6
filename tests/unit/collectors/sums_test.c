#include "tests/support/unit.h"

#include "collectors/derive.h"
#include "collectors/sums.h"

static struct xcy_derived books(void)
{
    struct xcy_derived d = {.joined = {.n = 10, .n_warmup = 2}};
    d.joined.counts[XCY_CLASS_CONSISTENT] = 5;
    d.joined.counts[XCY_CLASS_LOST] = 3;
    for (int m = 0; m < 6; m++) {
        xcy_tally_add(&d.tally, m < 5 ? XCY_MESSAGE_MATCHED : XCY_MESSAGE_DUPLICATE);
    }
    return d;
}

static void books_that_balance_are_valid(void **state)
{
    struct xcy_derived d = books();
    (void)state;
    xcy_derived_judge(&d);
    assert_true(d.is_valid);
    assert_string_equal(d.why_invalid, "");
}

static void a_broken_sum_of_requests_is_named_with_its_terms(void **state)
{
    struct xcy_derived d = books();
    (void)state;
    d.joined.counts[XCY_CLASS_LOST]--;
    xcy_derived_judge(&d);
    assert_false(d.is_valid);
    assert_string_equal(d.why_invalid,
                        "the books do not balance: planned = warm-up + consistent + inconsistent + "
                        "lost + failed + skipped: 10 is not 2 + 5 + 0 + 2 + 0 + 0 = 9");
}

static void a_broken_sum_of_messages_is_named_with_its_terms(void **state)
{
    struct xcy_derived d = books();
    (void)state;
    d.tally.counts[XCY_MESSAGE_FOREIGN]++;
    xcy_derived_judge(&d);
    assert_false(d.is_valid);
    assert_string_equal(d.why_invalid,
                        "the books do not balance: received = matched + duplicate + foreign + "
                        "malformed: 6 is not 5 + 1 + 1 + 0 = 7");
}

static void what_the_queue_gave_has_a_sum_of_its_own(void **state)
{
    struct xcy_receive_result result = {.n_received = 9,
                                        .finish = {.deleted = 5, .given_back = 3, .undeleted = 1}};
    struct xcy_buf line;
    (void)state;
    xcy_buf_init(&line, 1000);
    struct xcy_sum sum = xcy_sum_of_queue(&result);
    xcy_sum_format(&sum, &line);
    assert_string_equal(line.ptr, "taken = deleted + given back + undeleted: 9 = 5 + 3 + 1");
    assert_true(xcy_sum_holds(&sum));
    result.n_received++;
    sum = xcy_sum_of_queue(&result);
    assert_false(xcy_sum_holds(&sum));
    xcy_buf_clear(&line);
}

static void a_negative_term_does_not_hold_though_it_adds_up(void **state)
{
    struct xcy_receive_result result = {.n_received = 4,
                                        .finish = {.deleted = 5, .given_back = -1}};
    struct xcy_sum sum = xcy_sum_of_queue(&result);
    (void)state;
    assert_false(xcy_sum_holds(&sum));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(books_that_balance_are_valid),
        cmocka_unit_test(a_broken_sum_of_requests_is_named_with_its_terms),
        cmocka_unit_test(a_broken_sum_of_messages_is_named_with_its_terms),
        cmocka_unit_test(what_the_queue_gave_has_a_sum_of_its_own),
        cmocka_unit_test(a_negative_term_does_not_hold_though_it_adds_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
