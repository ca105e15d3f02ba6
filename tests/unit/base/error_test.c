/* error_test.c - codes, texts and contexts of errors. */

#include "tests/support/unit.h"

#include <errno.h>
#include <string.h>

static void a_failure_carries_its_code_and_its_text(void **state)
{
    (void)state;
    struct xcy_error err;
    assert_int_equal(xcy_fail(&err, XCY_EPARSE, "line %d: %s", 7, "no colon"), XCY_EPARSE);
    assert_int_equal(err.status, XCY_EPARSE);
    assert_string_equal(err.text, "line 7: no colon");
}

static void an_errno_becomes_words_and_a_full_disk_a_code_of_its_own(void **state)
{
    (void)state;
    struct xcy_error err;
    assert_int_equal(xcy_fail_errno(&err, EACCES, "%s", "/x"), XCY_EIO);
    assert_string_equal(err.text, "/x: Permission denied");
    assert_int_equal(xcy_fail_errno(&err, ENOSPC, "/x"), XCY_EFULL);
    assert_int_equal(xcy_fail_errno(&err, EDQUOT, "/x"), XCY_EFULL);
}

static void context_is_put_before_and_the_code_stays(void **state)
{
    (void)state;
    struct xcy_error err;
    assert_int_equal(xcy_fail(&err, XCY_EUSAGE, "rate must be 1..9"), XCY_EUSAGE);
    assert_int_equal(xcy_error_context(&err, "line %d", 7), XCY_EUSAGE);
    assert_int_equal(xcy_error_context(&err, "plan %s", "demo.yml"), XCY_EUSAGE);
    assert_string_equal(err.text, "plan demo.yml: line 7: rate must be 1..9");
}

static void a_text_longer_than_the_room_is_cut_and_stays_terminated(void **state)
{
    (void)state;
    struct xcy_error err;
    char text[3000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(xcy_fail(&err, XCY_EFAIL, "%s", text), XCY_EFAIL);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    assert_int_equal(xcy_error_context(&err, "%s", "head"), XCY_EFAIL);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    assert_memory_equal(err.text, "head: xxx", 9);
    assert_int_equal(xcy_error_context(&err, "%s", text), XCY_EFAIL);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    assert_int_equal(xcy_fail_errno(&err, EACCES, "%s", text), XCY_EIO);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

static void each_status_has_the_exit_code_of_the_manual(void **state)
{
    (void)state;
    static const struct {
        enum xcy_status status;
        int exit_code;
    } cases[] = {
        {XCY_OK, 0},      {XCY_EFAIL, 1},      {XCY_EUSAGE, 2}, {XCY_EINVALID, 3},
        {XCY_EEXPECT, 4}, {XCY_ESTOPPED, 130}, {XCY_EIO, 1},    {XCY_ENET, 1},
        {XCY_EAUTH, 1},   {XCY_ENOTFOUND, 1},  {XCY_EFULL, 1},  {XCY_ETIMEOUT, 1},
        {XCY_EPARSE, 1},  {XCY_EREMOTE, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(xcy_exit_code(cases[i].status), cases[i].exit_code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_carries_its_code_and_its_text),
        cmocka_unit_test(an_errno_becomes_words_and_a_full_disk_a_code_of_its_own),
        cmocka_unit_test(context_is_put_before_and_the_code_stays),
        cmocka_unit_test(a_text_longer_than_the_room_is_cut_and_stays_terminated),
        cmocka_unit_test(each_status_has_the_exit_code_of_the_manual),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
