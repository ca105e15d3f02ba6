#include "tests/support/environment.h"
#include "tests/support/unit.h"

#include "common/aws/retry.h"

#include <stdlib.h>
#include <string.h>

static const struct xcy_retry_plan at_once = {.attempts = 4};

static int calls_of(enum xcy_status status)
{
    struct xcy_retry retry = xcy_retry_begin(&at_once);
    struct xcy_error err;
    int calls = 0;
    do {
        calls++;
        xcy_fail(&err, status, "it failed");
    } while (xcy_retry_again(&retry, status, &err));
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

static void what_the_peer_will_always_refuse_is_not(void **state)
{
    struct xcy_retry retry = xcy_retry_begin(&at_once);
    struct xcy_error err;
    (void)state;
    xcy_fail(&err, XCY_EREMOTE, "SQS ReceiveMessage: InvalidParameterValue");
    err.is_lasting = true;
    assert_false(xcy_retry_again(&retry, XCY_EREMOTE, &err));
}

static void how_often_is_as_every_tool_of_aws_is_told(void **state)
{
    static const struct {
        const char *text;
        int attempts; /* 0: refused */
    } cases[] = {{NULL, XCY_RETRY_ATTEMPTS},
                 {"", XCY_RETRY_ATTEMPTS},
                 {"1", 1},
                 {"100", 100},
                 {"0", 0},
                 {"-1", 0},
                 {"101", 0},
                 {"3.5", 0},
                 {"three", 0},
                 {" 3", 0}};
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct xcy_error err;
        int attempts = -1;
        put_variable("AWS_MAX_ATTEMPTS", cases[c].text);
        enum xcy_status status = xcy_retry_attempts(&attempts, &err);
        if (cases[c].attempts > 0) {
            assert_ok(status, &err);
            assert_int_equal(attempts, cases[c].attempts);
        } else {
            assert_status(status, XCY_EUSAGE, &err);
            assert_non_null(strstr(err.text, "AWS_MAX_ATTEMPTS: '"));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_that_may_pass_is_tried_again_up_to_the_bound),
        cmocka_unit_test(success_and_what_stays_wrong_are_not),
        cmocka_unit_test(what_the_peer_will_always_refuse_is_not),
        cmocka_unit_test(how_often_is_as_every_tool_of_aws_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
