#include "common/run/requests.h"
#include "loadgen/record/recorder.h"
#include "tests/unit/loadgen/folder.h"

#include <string.h>

static const struct xcy_anchor anchor = {.mono = {1000000000}, .wall = {1700000000000000000}};

static struct xcy_call call_at(int64_t i, int64_t due_ms, int64_t sent_ms)
{
    struct xcy_call call = {.id = {.i = i, .key = "k"}};
    call.due = xcy_mono_add(anchor.mono, due_ms * XCY_NS_PER_MS);
    call.started = call.due;
    if (sent_ms >= 0) {
        call.sent = xcy_mono_add(anchor.mono, sent_ms * XCY_NS_PER_MS);
    }
    return call;
}

static void play(struct xcy_recorder *r, int64_t i, int64_t due_ms, int64_t sent_ms,
                 int64_t acked_ms, enum xcy_outcome outcome)
{
    struct xcy_call call = call_at(i, due_ms, sent_ms);
    struct xcy_answer answer = {.outcome = outcome,
                                .acked = xcy_mono_add(anchor.mono, acked_ms * XCY_NS_PER_MS)};
    xcy_recorder_started(r, &call);
    if (sent_ms >= 0) {
        xcy_recorder_sent(r, &call);
    }
    xcy_recorder_done(r, &call, &answer);
}

static void every_slot_is_counted_once(void **state)
{
    (void)state;
    struct xcy_recorder r;
    xcy_recorder_init(&r, anchor, NULL);
    play(&r, 0, 0, 0, 5, XCY_OUTCOME_OK);
    play(&r, 1, 10, 12, 20, XCY_OUTCOME_OK);
    play(&r, 2, 20, 21, 30, XCY_OUTCOME_THROTTLED);
    play(&r, 3, 30, -1, 31, XCY_OUTCOME_CONNECT);
    play(&r, 4, 40, 40, 50, XCY_OUTCOME_GENERATOR);
    play(&r, 5, 50, -1, 51, XCY_OUTCOME_GENERATOR);
    xcy_recorder_skip(&r, XCY_SKIP_IN_FLIGHT);
    xcy_recorder_skip(&r, XCY_SKIP_STOPPED);
    const struct xcy_counts *c = &r.counts;
    assert_int_equal(xcy_counts_slots(c), 8);
    assert_int_equal(c->outcomes[XCY_OUTCOME_OK], 2);
    assert_int_equal(xcy_counts_failed(c), 3);
    assert_int_equal(c->outcomes[XCY_OUTCOME_SKIPPED], 3);
    assert_int_equal(c->skipped_in_flight, 1);
    assert_int_equal(c->skipped_stopped, 2);
    assert_int_equal(c->sent, 4);
    xcy_recorder_clear(&r);
}

static void late_is_more_than_a_millisecond(void **state)
{
    (void)state;
    struct xcy_recorder r;
    xcy_recorder_init(&r, anchor, NULL);
    play(&r, 0, 10, 11, 20, XCY_OUTCOME_OK);
    assert_int_equal(r.counts.late, 0);
    play(&r, 1, 10, 12, 20, XCY_OUTCOME_OK);
    assert_int_equal(r.counts.late, 1);
    xcy_recorder_clear(&r);
}

static void response_counts_from_due_and_service_from_sent(void **state)
{
    (void)state;
    struct xcy_recorder r;
    xcy_recorder_init(&r, anchor, NULL);
    play(&r, 0, 10, 30, 100, XCY_OUTCOME_OK);
    play(&r, 1, 10, 10, 5000, XCY_OUTCOME_TOTAL_TIMEOUT);
    assert_int_equal(xcy_hist_count(r.response), 1);
    assert_int_equal(xcy_hist_max(r.response), 90 * XCY_NS_PER_MS);
    assert_int_equal(xcy_hist_max(r.service), 70 * XCY_NS_PER_MS);
    assert_int_equal(xcy_hist_max(r.send_lag), 20 * XCY_NS_PER_MS);
    assert_int_equal(xcy_hist_count(r.send_lag), 2);
    assert_int_equal(xcy_hist_max(r.start_lag), 0);
    xcy_recorder_clear(&r);
}

static void merged_sums_are_the_sums(void **state)
{
    (void)state;
    struct xcy_recorder one;
    struct xcy_recorder two;
    xcy_recorder_init(&one, anchor, NULL);
    xcy_recorder_init(&two, anchor, NULL);
    play(&one, 0, 10, 10, 20, XCY_OUTCOME_OK);
    play(&two, 1, 5, 8, 30, XCY_OUTCOME_OK);
    play(&two, 2, 15, 15, 30, XCY_OUTCOME_RESET);
    xcy_recorder_skip(&two, XCY_SKIP_IN_FLIGHT);
    xcy_recorder_merge(&one, &two);
    assert_int_equal(xcy_counts_slots(&one.counts), 4);
    assert_int_equal(one.counts.sent, 3);
    assert_int_equal(one.counts.late, 1);
    assert_int_equal(one.counts.skipped_in_flight, 1);
    assert_int_equal(xcy_mono_diff_ns(one.counts.first_sent, anchor.mono), 8 * XCY_NS_PER_MS);
    assert_int_equal(xcy_mono_diff_ns(one.counts.last_sent, anchor.mono), 15 * XCY_NS_PER_MS);
    assert_int_equal(xcy_hist_count(one.response), 2);
    xcy_recorder_clear(&one);
    xcy_recorder_clear(&two);
}

static struct xcy_journal *journal_in(const char *folder)
{
    struct xcy_journal *journal = NULL;
    struct xcy_error err;
    struct xcy_buf header;
    char *path = xcy_format("%s/requests.csv", folder);
    xcy_buf_init(&header, 4096);
    xcy_requests_header(&header);
    assert_ok(xcy_journal_create(path, xcy_buf_bytes(&header), 4096, &journal, &err), &err);
    xcy_buf_clear(&header);
    free(path);
    return journal;
}

static void rows_are_readable_and_in_wall_time(void **state)
{
    struct xcy_recorder r;
    struct xcy_sent *sent = NULL;
    struct xcy_requests *rows = NULL;
    struct xcy_error err;
    bool torn = true;
    struct xcy_journal *journal = journal_in(*state);
    assert_ok(xcy_sent_create(*state, 3, &sent, &err), &err);
    xcy_recorder_init(&r, anchor, sent);
    play(&r, 2, 10, 11, 20, XCY_OUTCOME_OK);
    play(&r, 1, 30, -1, 40, XCY_OUTCOME_CONNECT);
    play(&r, 0, 50, -1, 60, XCY_OUTCOME_GENERATOR);
    xcy_recorder_flush(&r, journal);
    xcy_recorder_flush(&r, journal);
    assert_ok(xcy_requests_read(*state, &rows, &torn, &err), &err);
    assert_false(torn);
    assert_int_equal(xcy_requests_count(rows), 2);
    const struct xcy_request_row *row = xcy_requests_at(rows, 0);
    assert_int_equal(row->id.i, 2);
    assert_int_equal(row->attempt, 1);
    assert_int_equal(row->points.us[XCY_POINT_DUE], 1700000000010000);
    assert_int_equal(row->points.us[XCY_POINT_SENT], 1700000000011000);
    assert_int_equal(row->points.us[XCY_POINT_ACKED], 1700000000020000);
    assert_int_equal(xcy_requests_at(rows, 1)->points.us[XCY_POINT_SENT], 0);
    assert_int_equal(xcy_sent_get(sent, 2), 1700000000011000);
    assert_int_equal(xcy_sent_get(sent, 1), 0);
    assert_int_equal(xcy_sent_get(sent, 0), 0);
    xcy_requests_free(rows);
    xcy_recorder_clear(&r);
    xcy_sent_close(sent);
    xcy_journal_close(journal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_slot_is_counted_once),
        cmocka_unit_test(late_is_more_than_a_millisecond),
        cmocka_unit_test(response_counts_from_due_and_service_from_sent),
        cmocka_unit_test(merged_sums_are_the_sums),
        cmocka_unit_test_setup_teardown(rows_are_readable_and_in_wall_time, folder_make,
                                        folder_remove),
    };
    return cmocka_run_group_tests_name("recorder", tests, NULL, NULL);
}
