#include "scratch.h"

#include "collectors/slots.h"

static struct xcy_slots *slots_of(int64_t planned, const struct xcy_request_row *rows, size_t n,
                                  const struct xcy_sent *sent)
{
    struct xcy_error err;
    struct xcy_slots *slots = NULL;
    assert_ok(xcy_slots_new(planned, requests_of(rows, n), sent, &slots, &err), &err);
    return slots;
}

static void a_line_tells_the_outcome_and_when_it_was_sent(void **state)
{
    (void)state;
    struct xcy_request_row row = plain_row(1, XCY_OUTCOME_THROTTLED);
    struct xcy_slots *slots = slots_of(2, &row, 1, NULL);
    assert_int_equal(slots->slots[1].outcome, XCY_OUTCOME_THROTTLED);
    assert_int_equal(slots->slots[1].sent_us, row.points.us[XCY_POINT_SENT]);
    assert_int_equal(slots->slots[1].attempts, 1);
    xcy_slots_free(slots);
}

static void sent_without_a_line_is_the_generators_failure_and_else_skipped(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_sent *sent = NULL;
    char *folder = scratch_make();
    assert_ok(xcy_sent_create(folder, 2, &sent, &err), &err);
    xcy_sent_set(sent, 0, started_us + 7);
    struct xcy_slots *slots = slots_of(2, NULL, 0, sent);
    assert_int_equal(slots->slots[0].outcome, XCY_OUTCOME_GENERATOR);
    assert_int_equal(slots->slots[0].sent_us, started_us + 7);
    assert_int_equal(slots->slots[1].outcome, XCY_OUTCOME_SKIPPED);
    assert_int_equal(slots->slots[1].sent_us, 0);
    xcy_slots_free(slots);
    xcy_sent_close(sent);
    scratch_remove(folder);
}

static void of_several_attempts_the_ok_one_decides_else_the_last(void **state)
{
    (void)state;
    struct xcy_request_row rows[] = {plain_row(0, XCY_OUTCOME_RESET), plain_row(0, XCY_OUTCOME_OK),
                                     plain_row(0, XCY_OUTCOME_STATUS),
                                     plain_row(1, XCY_OUTCOME_STATUS),
                                     plain_row(1, XCY_OUTCOME_RESET)};
    rows[1].attempt = 2;
    rows[2].attempt = 3;
    rows[3].attempt = 2; /* attempts need not stand in order */
    struct xcy_slots *slots = slots_of(2, rows, 5, NULL);
    assert_int_equal(slots->slots[0].outcome, XCY_OUTCOME_OK);
    assert_int_equal(slots->slots[0].attempts, 3);
    assert_int_equal(slots->slots[1].outcome, XCY_OUTCOME_STATUS);
    xcy_slots_free(slots);
}

static void a_request_outside_the_plan_makes_the_run_invalid(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_slots *slots = NULL;
    struct xcy_request_row row = plain_row(2, XCY_OUTCOME_OK);
    assert_status(xcy_slots_new(2, requests_of(&row, 1), NULL, &slots, &err), XCY_EINVALID, &err);
    assert_non_null(strstr(err.text, "request 2"));
}

static void sent_bin_of_another_size_makes_it_invalid_too(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_sent *sent = NULL;
    struct xcy_slots *slots = NULL;
    char *folder = scratch_make();
    assert_ok(xcy_sent_create(folder, 3, &sent, &err), &err);
    assert_status(xcy_slots_new(2, NULL, sent, &slots, &err), XCY_EINVALID, &err);
    xcy_sent_close(sent);
    scratch_remove(folder);
}

static void who_was_refused_or_never_arrived_cannot_report(void **state)
{
    (void)state;
    static const enum xcy_outcome never[] = {
        XCY_OUTCOME_DNS,       XCY_OUTCOME_CONNECT, XCY_OUTCOME_TLS,    XCY_OUTCOME_AUTH,
        XCY_OUTCOME_THROTTLED, XCY_OUTCOME_STATUS,  XCY_OUTCOME_SKIPPED};
    static const enum xcy_outcome maybe[] = {
        XCY_OUTCOME_OK,           XCY_OUTCOME_RESET,          XCY_OUTCOME_FIRST_BYTE_TIMEOUT,
        XCY_OUTCOME_SERVER_ERROR, XCY_OUTCOME_FUNCTION_ERROR, XCY_OUTCOME_TOTAL_TIMEOUT,
        XCY_OUTCOME_SEND,         XCY_OUTCOME_BAD_REPLY,      XCY_OUTCOME_GENERATOR};
    assert_int_equal(sizeof never / sizeof *never + sizeof maybe / sizeof *maybe, XCY_N_OUTCOMES);
    for (size_t o = 0; o < sizeof never / sizeof *never; o++) {
        assert_false(xcy_outcome_may_report(never[o]));
    }
    for (size_t o = 0; o < sizeof maybe / sizeof *maybe; o++) {
        assert_true(xcy_outcome_may_report(maybe[o]));
    }
}

static void the_last_point_is_the_farthest_along_the_way(void **state)
{
    (void)state;
    struct xcy_request_row row = plain_row(0, XCY_OUTCOME_OK);
    struct xcy_slot slot = {.row = &row, .sent_us = row.points.us[XCY_POINT_SENT]};
    assert_int_equal(xcy_slot_last_point(&slot), XCY_POINT_ENDED);
    row.points.us[XCY_POINT_ENDED] = 0;
    assert_int_equal(xcy_slot_last_point(&slot), XCY_POINT_NOTED);
    row = plain_row(0, XCY_OUTCOME_TOTAL_TIMEOUT);
    assert_int_equal(xcy_slot_last_point(&slot), XCY_POINT_ACKED);
    slot.row = NULL;
    assert_int_equal(xcy_slot_last_point(&slot), XCY_POINT_SENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_tells_the_outcome_and_when_it_was_sent),
        cmocka_unit_test(sent_without_a_line_is_the_generators_failure_and_else_skipped),
        cmocka_unit_test(of_several_attempts_the_ok_one_decides_else_the_last),
        cmocka_unit_test(a_request_outside_the_plan_makes_the_run_invalid),
        cmocka_unit_test(sent_bin_of_another_size_makes_it_invalid_too),
        cmocka_unit_test(who_was_refused_or_never_arrived_cannot_report),
        cmocka_unit_test(the_last_point_is_the_farthest_along_the_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
