#include "scratch.h"

#include "collectors/slots.h"

static struct xcy_slots *warm_slots_of(int64_t planned, int64_t warmup_slots,
                                       const struct xcy_request_row *rows, size_t n,
                                       const struct xcy_sent *sent)
{
    struct xcy_error err;
    struct xcy_slots *slots = NULL;
    assert_ok(xcy_slots_new(planned, warmup_slots, requests_of(rows, n), sent, &slots, &err), &err);
    return slots;
}

static struct xcy_slots *slots_of(int64_t planned, const struct xcy_request_row *rows, size_t n,
                                  const struct xcy_sent *sent)
{
    return warm_slots_of(planned, 0, rows, n, sent);
}

/* One of several attempts, each sent and answered a second after the one before. */
static struct xcy_request_row attempt(int64_t i, int64_t number, enum xcy_outcome outcome)
{
    struct xcy_request_row row = plain_row(i, outcome);
    row.attempt = number;
    for (int point = XCY_POINT_SENT; point <= XCY_POINT_ENDED; point++) {
        row.points.us[point] += row.points.us[point] != 0 ? (number - 1) * 1000000 : 0;
    }
    return row;
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
    char *folder = folder_new();
    assert_ok(xcy_sent_create(folder, 2, &sent, &err), &err);
    xcy_sent_set(sent, 0, started_us + 7);
    struct xcy_slots *slots = slots_of(2, NULL, 0, sent);
    assert_int_equal(slots->slots[0].outcome, XCY_OUTCOME_GENERATOR);
    assert_int_equal(slots->slots[0].sent_us, started_us + 7);
    assert_int_equal(slots->slots[1].outcome, XCY_OUTCOME_SKIPPED);
    assert_int_equal(slots->slots[1].sent_us, 0);
    xcy_slots_free(slots);
    xcy_sent_close(sent);
    folder_free(folder);
}

static void of_several_attempts_the_last_decides_in_whatever_order_they_stand(void **state)
{
    (void)state;
    struct xcy_request_row rows[] = {
        attempt(0, 1, XCY_OUTCOME_THROTTLED), attempt(0, 2, XCY_OUTCOME_STATUS),
        attempt(0, 3, XCY_OUTCOME_OK),        attempt(1, 2, XCY_OUTCOME_STATUS),
        attempt(1, 1, XCY_OUTCOME_THROTTLED), attempt(1, 3, XCY_OUTCOME_THROTTLED)};
    struct xcy_slots *slots = slots_of(2, rows, 6, NULL);
    const struct xcy_slot *first = &slots->slots[0];
    const struct xcy_slot *second = &slots->slots[1];
    assert_int_equal(first->outcome, XCY_OUTCOME_OK);
    assert_int_equal(first->attempts, 3);
    assert_int_equal(first->sent_us, rows[2].points.us[XCY_POINT_SENT]);
    assert_int_equal(first->first_sent_us, rows[0].points.us[XCY_POINT_SENT]);
    assert_true(first->may_report);
    assert_int_equal(second->outcome, XCY_OUTCOME_THROTTLED);
    assert_int_equal(second->sent_us, rows[5].points.us[XCY_POINT_SENT]);
    assert_false(second->may_report);
    xcy_slots_free(slots);
}

/* What was throttled ran nowhere; of what timed out nobody knows. */
static void an_attempt_before_the_last_may_have_run_the_writer_and_report(void **state)
{
    (void)state;
    static const struct {
        enum xcy_outcome outcomes[2];
        bool may_report;
        bool may_have_run_before;
    } cases[] = {
        {{XCY_OUTCOME_THROTTLED, XCY_OUTCOME_OK}, true, false},
        {{XCY_OUTCOME_THROTTLED, XCY_OUTCOME_CONNECT}, false, false},
        {{XCY_OUTCOME_TOTAL_TIMEOUT, XCY_OUTCOME_OK}, true, true},
        {{XCY_OUTCOME_TOTAL_TIMEOUT, XCY_OUTCOME_THROTTLED}, true, true},
        {{XCY_OUTCOME_SERVER_ERROR, XCY_OUTCOME_SERVER_ERROR}, true, true},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        for (size_t swapped = 0; swapped < 2; swapped++) {
            struct xcy_request_row rows[2];
            rows[swapped] = attempt(0, 1, cases[c].outcomes[0]);
            rows[1 - swapped] = attempt(0, 2, cases[c].outcomes[1]);
            struct xcy_slots *slots = slots_of(1, rows, 2, NULL);
            assert_int_equal(slots->slots[0].outcome, cases[c].outcomes[1]);
            assert_int_equal(slots->slots[0].may_report, cases[c].may_report);
            assert_int_equal(slots->slots[0].may_have_run_before, cases[c].may_have_run_before);
            xcy_slots_free(slots);
        }
    }
}

/* Its line is written when the next attempt begins. */
static void a_failed_attempt_of_a_killed_load_was_not_the_last(void **state)
{
    (void)state;
    struct xcy_request_row rows[] = {
        attempt(0, 1, XCY_OUTCOME_THROTTLED), attempt(1, 1, XCY_OUTCOME_TOTAL_TIMEOUT),
        attempt(2, 1, XCY_OUTCOME_THROTTLED), attempt(2, 2, XCY_OUTCOME_THROTTLED),
        attempt(3, 1, XCY_OUTCOME_STATUS),    attempt(4, 1, XCY_OUTCOME_OK)};
    static const struct {
        enum xcy_outcome outcome;
        bool may_report;
        bool may_have_run_before;
    } expected[] = {{XCY_OUTCOME_GENERATOR, true, false},
                    {XCY_OUTCOME_GENERATOR, true, true},
                    {XCY_OUTCOME_THROTTLED, false, false},
                    {XCY_OUTCOME_STATUS, false, false},
                    {XCY_OUTCOME_OK, true, false}};
    struct xcy_slots *slots = slots_of(5, rows, 6, NULL);
    xcy_slots_reopen(slots, 1);
    for (int64_t i = 0; i < 5; i++) {
        assert_int_equal(slots->slots[i].outcome, expected[i].outcome);
        assert_int_equal(slots->slots[i].may_report, expected[i].may_report);
        assert_int_equal(slots->slots[i].may_have_run_before, expected[i].may_have_run_before);
    }
    xcy_slots_free(slots);
}

static void the_first_slots_are_warm_up_whether_they_have_a_line_or_not(void **state)
{
    (void)state;
    struct xcy_request_row rows[] = {plain_row(1, XCY_OUTCOME_OK), plain_row(3, XCY_OUTCOME_OK)};
    rows[0].is_warmup = 1;
    struct xcy_slots *slots = warm_slots_of(6, 3, rows, 2, NULL);
    for (int64_t i = 0; i < 6; i++) {
        assert_int_equal(slots->slots[i].is_warmup, i < 3);
    }
    assert_int_equal(slots->n_warmup, 3);
    xcy_slots_free(slots);
}

static void a_line_of_the_warm_up_tells_of_those_before_it(void **state)
{
    (void)state;
    struct xcy_request_row row = plain_row(2, XCY_OUTCOME_OK);
    row.is_warmup = 1;
    struct xcy_slots *slots = slots_of(4, &row, 1, NULL); /* run.yml knows of no warm-up */
    assert_int_equal(slots->n_warmup, 3);
    assert_false(slots->slots[3].is_warmup);
    xcy_slots_free(slots);
}

/* Room was made for many more slots than there were. */
static void a_killed_closed_loop_has_the_slots_there_are_signs_of(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_sent *sent = NULL;
    struct xcy_request_row row = plain_row(4, XCY_OUTCOME_CONNECT);
    char *folder = folder_new();
    assert_ok(xcy_sent_create(folder, 0, &sent, &err), &err);
    assert_ok(xcy_sent_reserve(sent, 1, &err), &err);
    xcy_sent_set(sent, 0, started_us);
    xcy_sent_set(sent, 2, started_us + 2000);
    struct xcy_slots *slots = slots_of(XCY_SLOTS_NOT_KNOWN, NULL, 0, sent);
    assert_int_equal(slots->n, 3);
    xcy_slots_free(slots);
    slots = slots_of(XCY_SLOTS_NOT_KNOWN, &row, 1, sent);
    assert_int_equal(slots->n, 5);
    assert_int_equal(slots->slots[2].outcome, XCY_OUTCOME_GENERATOR);
    assert_int_equal(slots->slots[3].outcome, XCY_OUTCOME_SKIPPED);
    assert_int_equal(slots->slots[4].outcome, XCY_OUTCOME_CONNECT);
    xcy_slots_free(slots);
    slots = slots_of(XCY_SLOTS_NOT_KNOWN, NULL, 0, NULL);
    assert_int_equal(slots->n, 0);
    xcy_slots_free(slots);
    xcy_sent_close(sent);
    folder_free(folder);
}

/* gather read run.yml while the load ran. */
static void what_was_planned_is_read_again_once_the_load_has_ended(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_slots *slots = NULL;
    struct xcy_request_row rows[] = {plain_row(0, XCY_OUTCOME_OK), plain_row(2, XCY_OUTCOME_OK)};
    struct xcy_manifest early = plain_manifest(0);
    struct xcy_manifest later = plain_manifest(4);
    char *folder = folder_new();
    rows[0].is_warmup = 1;
    later.state = XCY_RUN_COMPLETE;
    later.warmup_slots = 1;
    later.warmup_outcomes[XCY_OUTCOME_OK] = 1;
    later.outcomes[XCY_OUTCOME_OK] = 1;
    later.outcomes[XCY_OUTCOME_SKIPPED] = 2;
    write_requests(folder, rows, 2);
    assert_ok(xcy_slots_read(folder, &early, &slots, &err), &err);
    assert_int_equal(slots->n, 3);
    xcy_slots_free(slots);
    assert_ok(xcy_manifest_write(&later, folder, &err), &err);
    assert_ok(xcy_slots_read(folder, &early, &slots, &err), &err);
    assert_int_equal(slots->n, 4);
    assert_int_equal(slots->n_warmup, 1);
    assert_int_equal(slots->slots[3].outcome, XCY_OUTCOME_SKIPPED);
    xcy_slots_free(slots);
    folder_free(folder);
}

static void a_request_outside_the_plan_makes_the_run_invalid(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_slots *slots = NULL;
    struct xcy_request_row row = plain_row(2, XCY_OUTCOME_OK);
    assert_status(xcy_slots_new(2, 0, requests_of(&row, 1), NULL, &slots, &err), XCY_EINVALID,
                  &err);
    assert_non_null(strstr(err.text, "request 2"));
}

static void sent_bin_of_another_size_makes_it_invalid_too(void **state)
{
    (void)state;
    struct xcy_error err;
    struct xcy_sent *sent = NULL;
    struct xcy_slots *slots = NULL;
    char *folder = folder_new();
    assert_ok(xcy_sent_create(folder, 3, &sent, &err), &err);
    assert_status(xcy_slots_new(2, 0, NULL, sent, &slots, &err), XCY_EINVALID, &err);
    xcy_sent_close(sent);
    folder_free(folder);
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
        cmocka_unit_test(of_several_attempts_the_last_decides_in_whatever_order_they_stand),
        cmocka_unit_test(an_attempt_before_the_last_may_have_run_the_writer_and_report),
        cmocka_unit_test(a_failed_attempt_of_a_killed_load_was_not_the_last),
        cmocka_unit_test(the_first_slots_are_warm_up_whether_they_have_a_line_or_not),
        cmocka_unit_test(a_line_of_the_warm_up_tells_of_those_before_it),
        cmocka_unit_test(a_killed_closed_loop_has_the_slots_there_are_signs_of),
        cmocka_unit_test(what_was_planned_is_read_again_once_the_load_has_ended),
        cmocka_unit_test(a_request_outside_the_plan_makes_the_run_invalid),
        cmocka_unit_test(sent_bin_of_another_size_makes_it_invalid_too),
        cmocka_unit_test(who_was_refused_or_never_arrived_cannot_report),
        cmocka_unit_test(the_last_point_is_the_farthest_along_the_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
