#include "common/run/requests.h"
#include "tests/support/folder.h"
#include "tests/unit/loadgen/played.h"

#include <string.h>

static int tally_make(void **state)
{
    struct xcy_tally *t = xcy_alloc(sizeof *t);
    xcy_tally_init(t);
    *state = t;
    return 0;
}

static int tally_free(void **state)
{
    xcy_tally_clear(*state);
    free(*state);
    return 0;
}

static void every_slot_is_counted_once(void **state)
{
    struct xcy_tally *t = *state;
    play(t, (struct play){.i = 0, .due_ms = 0, .sent_ms = 0, .acked_ms = 5});
    play(t, (struct play){.i = 1, .due_ms = 10, .sent_ms = 12, .acked_ms = 20});
    play(t, (struct play){2, 20, 21, 30, XCY_OUTCOME_THROTTLED, 1, false});
    play(t, (struct play){3, 30, -1, 31, XCY_OUTCOME_CONNECT, 1, false});
    play(t, (struct play){4, 40, 40, 50, XCY_OUTCOME_GENERATOR, 1, false});
    play(t, (struct play){5, 50, -1, 51, XCY_OUTCOME_GENERATOR, 1, false});
    xcy_tally_skip(t, XCY_SKIP_IN_FLIGHT, false);
    xcy_tally_skip(t, XCY_SKIP_STOPPED, false);
    xcy_tally_skip(t, XCY_SKIP_LATE, false);
    const struct xcy_counts *c = &t->measured;
    assert_int_equal(xcy_counts_slots(c), 9);
    assert_int_equal(c->outcomes[XCY_OUTCOME_OK], 2);
    assert_int_equal(xcy_counts_failed(c), 3);
    assert_int_equal(c->outcomes[XCY_OUTCOME_SKIPPED], 4);
    assert_int_equal(c->skipped[XCY_SKIP_LATE], 1);
    assert_int_equal(c->skipped[XCY_SKIP_IN_FLIGHT], 1);
    assert_int_equal(c->skipped[XCY_SKIP_STOPPED], 2);
    assert_int_equal(c->sent, 4);
    assert_int_equal(xcy_counts_slots(&t->warmup), 0);
}

static void late_is_more_than_a_millisecond(void **state)
{
    struct xcy_tally *t = *state;
    play(t, (struct play){.due_ms = 10, .sent_ms = 11, .acked_ms = 20});
    assert_int_equal(t->measured.late, 0);
    play(t, (struct play){.due_ms = 10, .sent_ms = 12, .acked_ms = 20});
    assert_int_equal(t->measured.late, 1);
}

static void each_outcome_has_its_own_latencies(void **state)
{
    struct xcy_tally *t = *state;
    play(t, (struct play){0, 10, 30, 100, XCY_OUTCOME_OK, 1, false});
    play(t, (struct play){1, 10, 11, 5000, XCY_OUTCOME_TOTAL_TIMEOUT, 1, false});
    play(t, (struct play){2, 10, -1, 50, XCY_OUTCOME_CONNECT, 1, false});
    assert_int_equal(latency_max_ms(t, XCY_OUTCOME_OK, XCY_RESPONSE), 90);
    assert_int_equal(latency_max_ms(t, XCY_OUTCOME_OK, XCY_SERVICE), 70);
    assert_int_equal(latency_max_ms(t, XCY_OUTCOME_OK, XCY_LAG), 20);
    assert_int_equal(latency_max_ms(t, XCY_OUTCOME_TOTAL_TIMEOUT, XCY_RESPONSE), 4990);
    assert_int_equal(latency_max_ms(t, XCY_OUTCOME_TOTAL_TIMEOUT, XCY_LAG), 1);
    assert_int_equal(latency_max_ms(t, XCY_OUTCOME_CONNECT, XCY_RESPONSE), 40);
    assert_null(t->latency[XCY_OUTCOME_CONNECT].of[XCY_SERVICE]);
    assert_null(t->latency[XCY_OUTCOME_CONNECT].of[XCY_LAG]);
    assert_null(t->latency[XCY_OUTCOME_THROTTLED].of[XCY_RESPONSE]);
    assert_int_equal(xcy_hist_count(t->start_lag), 3);
    assert_int_equal(xcy_hist_max(t->start_lag), 0);
}

static void warmup_is_counted_apart_and_not_measured(void **state)
{
    struct xcy_tally *t = *state;
    play(t, (struct play){0, 0, 2, 9, XCY_OUTCOME_OK, 1, true});
    play(t, (struct play){1, 0, 0, 9, XCY_OUTCOME_RESET, 1, true});
    play(t, (struct play){2, 0, -1, 9, XCY_OUTCOME_GENERATOR, 1, true});
    xcy_tally_skip(t, XCY_SKIP_LATE, true);
    assert_int_equal(xcy_counts_slots(&t->measured), 0);
    assert_int_equal(xcy_counts_slots(&t->warmup), 4);
    assert_int_equal(t->warmup.sent, 2);
    assert_int_equal(t->warmup.late, 1);
    assert_int_equal(t->warmup.skipped[XCY_SKIP_STOPPED], 1);
    assert_int_equal(t->warmup.skipped[XCY_SKIP_LATE], 1);
    assert_int_equal(xcy_hist_count(t->start_lag), 0);
    for (size_t kind = 0; kind < XCY_N_LATENCIES; kind++) {
        assert_null(t->latency[XCY_OUTCOME_OK].of[kind]);
        assert_null(t->latency[XCY_OUTCOME_RESET].of[kind]);
    }
    assert_int_equal(t->first_sent.ns, 0);
    assert_int_equal(t->last_acked.ns, 0);
}

/* Throttled at 12, again at 40, ok at 50: one slot, sent once, whose lag is the first attempt's,
 * whose service is the last one's, and whose response began when it was due. */
static void a_slot_that_is_tried_again_counts_once(void **state)
{
    struct xcy_tally *t = *state;
    play_failed_attempt(t, (struct play){7, 10, 12, 20, XCY_OUTCOME_THROTTLED, 1, false});
    assert_int_equal(xcy_counts_slots(&t->measured), 0);
    play_again(t, (struct play){7, 10, 40, 50, XCY_OUTCOME_OK, 2, false}, 12);
    assert_int_equal(xcy_counts_slots(&t->measured), 1);
    assert_int_equal(t->measured.outcomes[XCY_OUTCOME_OK], 1);
    assert_int_equal(t->measured.sent, 1);
    assert_int_equal(t->measured.late, 1);
    assert_int_equal(t->measured.retries, 1);
    assert_int_equal(latency_max_ms(t, XCY_OUTCOME_OK, XCY_RESPONSE), 40);
    assert_int_equal(latency_max_ms(t, XCY_OUTCOME_OK, XCY_SERVICE), 10);
    assert_int_equal(latency_count(t, XCY_OUTCOME_OK, XCY_LAG), 1);
    assert_int_equal(latency_max_ms(t, XCY_OUTCOME_OK, XCY_LAG), 2);
    assert_null(t->latency[XCY_OUTCOME_THROTTLED].of[XCY_LAG]);
    assert_null(t->latency[XCY_OUTCOME_THROTTLED].of[XCY_RESPONSE]);
    assert_int_equal(xcy_hist_count(t->start_lag), 1);
}

/* Its first attempt has a row already, so it was not skipped. */
static void a_slot_that_is_cancelled_before_it_is_tried_again_was_sent(void **state)
{
    struct xcy_tally *t = *state;
    play_failed_attempt(t, (struct play){7, 10, 12, 20, XCY_OUTCOME_RESET, 1, false});
    play_again(t, (struct play){7, 10, -1, 30, XCY_OUTCOME_GENERATOR, 2, false}, 12);
    assert_int_equal(t->measured.outcomes[XCY_OUTCOME_GENERATOR], 1);
    assert_int_equal(t->measured.outcomes[XCY_OUTCOME_SKIPPED], 0);
    assert_int_equal(t->measured.sent, 1);
}

/* No connection at first: what was sent, and when, is the second attempt's. */
static void a_slot_whose_second_attempt_was_sent_was_sent(void **state)
{
    struct xcy_tally *t = *state;
    play_failed_attempt(t, (struct play){7, 10, -1, 20, XCY_OUTCOME_CONNECT, 1, false});
    assert_int_equal(t->measured.sent, 0);
    play(t, (struct play){7, 10, 40, 50, XCY_OUTCOME_OK, 2, false});
    assert_int_equal(t->measured.sent, 1);
    assert_int_equal(latency_max_ms(t, XCY_OUTCOME_OK, XCY_LAG), 30);
}

static void merged_sums_are_the_sums(void **state)
{
    struct xcy_tally *one = *state;
    struct xcy_tally two;
    xcy_tally_init(&two);
    play(one, (struct play){0, 10, 10, 20, XCY_OUTCOME_OK, 1, false});
    play(&two, (struct play){1, 5, 8, 30, XCY_OUTCOME_OK, 1, false});
    play(&two, (struct play){2, 15, 15, 31, XCY_OUTCOME_RESET, 1, false});
    play(&two, (struct play){3, 15, 15, 40, XCY_OUTCOME_OK, 1, true});
    play_failed_attempt(&two, (struct play){4, 15, 15, 40, XCY_OUTCOME_RESET, 1, true});
    xcy_tally_skip(&two, XCY_SKIP_IN_FLIGHT, false);
    one->busiest_cpu_share = 0.25;
    two.busiest_cpu_share = 0.75;
    one->realtime_threads = two.realtime_threads = 1;
    xcy_tally_merge(one, &two);
    assert_int_equal(xcy_counts_slots(&one->measured), 4);
    assert_int_equal(xcy_counts_slots(&one->warmup), 1);
    assert_int_equal(one->warmup.retries, 1);
    assert_int_equal(one->measured.sent, 3);
    assert_int_equal(one->measured.late, 1);
    assert_int_equal(one->measured.skipped[XCY_SKIP_IN_FLIGHT], 1);
    assert_int_equal(xcy_mono_diff_ns(one->first_sent, at_ms(8)), 0);
    assert_int_equal(xcy_mono_diff_ns(one->last_sent, at_ms(15)), 0);
    assert_int_equal(xcy_mono_diff_ns(one->last_acked, at_ms(31)), 0);
    assert_int_equal(latency_count(one, XCY_OUTCOME_OK, XCY_RESPONSE), 2);
    assert_int_equal(latency_count(one, XCY_OUTCOME_RESET, XCY_RESPONSE), 1);
    assert_int_equal(xcy_hist_count(one->start_lag), 3);
    assert_true(one->busiest_cpu_share == 0.75);
    assert_int_equal(one->realtime_threads, 2);
    xcy_tally_clear(&two);
}

/* As far as anyone can see: it counts on as a new one does, and merging it adds nothing. */
static void a_reset_tally_is_as_a_new_one(void **state)
{
    struct xcy_tally *t = *state;
    struct xcy_tally sum;
    xcy_tally_init(&sum);
    play(t, (struct play){1, 5, 80, 300, XCY_OUTCOME_OK, 1, false});
    play(t, (struct play){2, 5, 80, 300, XCY_OUTCOME_RESET, 1, true});
    strcpy(t->reasons[XCY_OUTCOME_RESET], "connection reset");
    t->in_flight = 3;
    t->busiest_cpu_share = 1;
    t->realtime_threads = 1;
    xcy_tally_reset(t);
    assert_int_equal(t->rows.len, 0);
    assert_int_equal(t->in_flight, 0);
    xcy_tally_merge(&sum, t);
    assert_int_equal(xcy_counts_slots(&sum.measured) + xcy_counts_slots(&sum.warmup), 0);
    assert_int_equal(sum.measured.sent + sum.measured.late + sum.realtime_threads, 0);
    assert_null(sum.latency[XCY_OUTCOME_OK].of[XCY_RESPONSE]);
    assert_string_equal(sum.reasons[XCY_OUTCOME_RESET], "");
    assert_int_equal(sum.first_sent.ns + sum.last_sent.ns + sum.last_acked.ns, 0);
    assert_true(sum.busiest_cpu_share == 0);
    play(t, (struct play){3, 10, 11, 13, XCY_OUTCOME_OK, 1, false});
    assert_int_equal(latency_count(t, XCY_OUTCOME_OK, XCY_RESPONSE), 1);
    assert_int_equal(latency_max_ms(t, XCY_OUTCOME_OK, XCY_RESPONSE), 3);
    xcy_tally_clear(&sum);
}

static void the_first_reason_heard_is_kept(void **state)
{
    struct xcy_tally *t = *state;
    static const char *const reasons[] = {"", "timed out", "reset by peer"};
    for (size_t i = 0; i < 3; i++) {
        struct play p = {(int64_t)i, 0, 1, 2, XCY_OUTCOME_RESET, 1, false};
        struct xcy_call call = call_of(&p);
        struct xcy_answer answer = answer_of(&p);
        memcpy(answer.reason, reasons[i], strlen(reasons[i]));
        xcy_tally_done(t, anchor, &call, &answer);
    }
    assert_string_equal(t->reasons[XCY_OUTCOME_RESET], "timed out");
}

/* 5 sent from 0 to 40 ms: 4 gaps of 10 ms, 100 a second; 4 ok until 50 ms: 80 a second. */
static void rates_are_counted_between_the_instants(void **state)
{
    struct xcy_tally *t = *state;
    assert_true(xcy_tally_achieved_rate(t) == 0 && xcy_tally_throughput(t) == 0);
    for (int64_t i = 0; i < 5; i++) {
        enum xcy_outcome outcome = i == 4 ? XCY_OUTCOME_RESET : XCY_OUTCOME_OK;
        play(t, (struct play){i, i * 10, i * 10, i * 10 + 10, outcome, 1, false});
        if (i == 0) {
            assert_true(xcy_tally_achieved_rate(t) == 0);
        }
    }
    play(t, (struct play){9, 1, 500, 700, XCY_OUTCOME_OK, 1, true});
    assert_true(xcy_tally_achieved_rate(t) == 100);
    assert_true(xcy_tally_throughput(t) == 80);
}

static struct xcy_requests *read_rows(const char *folder, const struct xcy_tally *t)
{
    struct xcy_requests *rows = NULL;
    struct xcy_error err;
    struct xcy_buf text;
    bool torn = true;
    char *path = xcy_format("%s/requests.csv", folder);
    xcy_buf_init(&text, 1 << 20);
    xcy_requests_header(&text);
    xcy_buf_add(&text, xcy_buf_bytes(&t->rows));
    assert_ok(xcy_file_replace(path, xcy_buf_bytes(&text), 0644, &err), &err);
    assert_ok(xcy_requests_read(folder, &rows, &torn, &err), &err);
    assert_false(torn);
    xcy_buf_clear(&text);
    free(path);
    return rows;
}

static void every_attempt_has_a_row_in_wall_time_and_skipped_slots_none(void **state)
{
    struct xcy_tally t;
    xcy_tally_init(&t);
    play_failed_attempt(&t, (struct play){2, 10, 11, 20, XCY_OUTCOME_THROTTLED, 1, false});
    play(&t, (struct play){2, 10, 30, 40, XCY_OUTCOME_OK, 2, false});
    play(&t, (struct play){1, 30, -1, 40, XCY_OUTCOME_CONNECT, 1, true});
    play(&t, (struct play){0, 50, -1, 60, XCY_OUTCOME_GENERATOR, 1, false});
    xcy_tally_skip(&t, XCY_SKIP_LATE, false);
    struct xcy_requests *rows = read_rows(*state, &t);
    assert_int_equal(xcy_requests_count(rows), 3);
    const struct xcy_request_row *row = xcy_requests_at(rows, 0);
    assert_int_equal(row->id.i, 2);
    assert_int_equal(row->attempt, 1);
    assert_int_equal(row->is_warmup, 0);
    assert_int_equal(row->outcome, XCY_OUTCOME_THROTTLED);
    assert_int_equal(row->points.us[XCY_POINT_DUE], 1700000000010000);
    assert_int_equal(row->points.us[XCY_POINT_SENT], 1700000000011000);
    assert_int_equal(row->points.us[XCY_POINT_ACKED], 1700000000020000);
    row = xcy_requests_at(rows, 1);
    assert_int_equal(row->attempt, 2);
    assert_int_equal(row->points.us[XCY_POINT_DUE], 1700000000010000);
    assert_int_equal(row->points.us[XCY_POINT_SENT], 1700000000030000);
    row = xcy_requests_at(rows, 2);
    assert_int_equal(row->is_warmup, 1);
    assert_int_equal(row->points.us[XCY_POINT_SENT], 0);
    xcy_requests_free(rows);
    xcy_tally_clear(&t);
}

static void what_the_writer_told_stands_in_the_row(void **state)
{
    struct xcy_tally t;
    struct play p = {3, 10, 11, 20, XCY_OUTCOME_OK, 1, false};
    struct xcy_call call = call_of(&p);
    struct xcy_answer answer = answer_of(&p);
    answer.has_event = true;
    answer.http_status = 200;
    strcpy(answer.event.exec, "e1");
    strcpy(answer.event.instance, "w1");
    answer.event.points.us[XCY_POINT_WROTE] = 1700000000015000;
    xcy_tally_init(&t);
    xcy_tally_done(&t, anchor, &call, &answer);
    struct xcy_requests *rows = read_rows(*state, &t);
    const struct xcy_request_row *row = xcy_requests_at(rows, 0);
    assert_string_equal(row->exec, "e1");
    assert_string_equal(row->writer_instance, "w1");
    assert_int_equal(row->http_status, 200);
    assert_int_equal(row->points.us[XCY_POINT_WROTE], 1700000000015000);
    assert_int_equal(row->points.us[XCY_POINT_DUE], 1700000000010000);
    xcy_requests_free(rows);
    xcy_tally_clear(&t);
}

static void rows_that_find_no_room_are_left_out_whole_and_counted(void **state)
{
    struct xcy_tally t;
    xcy_tally_init(&t);
    play(&t, (struct play){0, 10, 11, 20, XCY_OUTCOME_OK, 1, false});
    t.rows.max = t.rows.len + t.rows.len / 2;
    play(&t, (struct play){1, 10, 11, 20, XCY_OUTCOME_OK, 1, false});
    play(&t, (struct play){2, 10, 11, 20, XCY_OUTCOME_OK, 1, false});
    assert_int_equal(t.rows_lost, 2);
    struct xcy_requests *rows = read_rows(*state, &t);
    assert_int_equal(xcy_requests_count(rows), 1);
    xcy_requests_free(rows);
    xcy_tally_clear(&t);
}

#define WITH_TALLY(test) cmocka_unit_test_setup_teardown(test, tally_make, tally_free)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_TALLY(every_slot_is_counted_once),
        WITH_TALLY(late_is_more_than_a_millisecond),
        WITH_TALLY(each_outcome_has_its_own_latencies),
        WITH_TALLY(warmup_is_counted_apart_and_not_measured),
        WITH_TALLY(a_slot_that_is_tried_again_counts_once),
        WITH_TALLY(a_slot_whose_second_attempt_was_sent_was_sent),
        WITH_TALLY(a_slot_that_is_cancelled_before_it_is_tried_again_was_sent),
        WITH_TALLY(merged_sums_are_the_sums),
        WITH_TALLY(a_reset_tally_is_as_a_new_one),
        WITH_TALLY(the_first_reason_heard_is_kept),
        WITH_TALLY(rates_are_counted_between_the_instants),
        WITH_FOLDER(every_attempt_has_a_row_in_wall_time_and_skipped_slots_none),
        WITH_FOLDER(what_the_writer_told_stands_in_the_row),
        WITH_FOLDER(rows_that_find_no_room_are_left_out_whole_and_counted),
    };
    return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
