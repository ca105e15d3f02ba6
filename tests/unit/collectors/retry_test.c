#include "tests/support/unit.h"

#include "collectors/retry.h"

static const struct xcy_retry_plan at_once = {.attempts = 4};

static int calls_of(enum xcy_status status)
{
    struct xcy_retry retry = xcy_retry_begin(&at_once);
    int calls = 0;
    do {
        calls++;
    } while (xcy_retry_again(&retry, status));
    return calls;
}

static void a_failure_that_may_pass_is_tried_again_up_to_the_bound(void **state)
{
    (void)state;
    assert_int_equal(calls_of(XCY_ENET), 4);
    assert_int_equal(calls_of(XCY_ETIMEOUT), 4);
    assert_int_equal(calls_of(XCY_EREMOTE), 4);
}

static void success_and_what_stays_wrong_are_not(void **state)
{
    (void)state;
    assert_int_equal(calls_of(XCY_OK), 1);
    assert_int_equal(calls_of(XCY_EAUTH), 1);
    assert_int_equal(calls_of(XCY_ENOTFOUND), 1);
    assert_int_equal(calls_of(XCY_ESTOPPED), 1);
    assert_int_equal(calls_of(XCY_EFULL), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_that_may_pass_is_tried_again_up_to_the_bound),
        cmocka_unit_test(success_and_what_stays_wrong_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
