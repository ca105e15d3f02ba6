#include "common/base/stop.h"
#include "common/run/requests.h"
#include "loadgen/drive/load.h"
#include "tests/unit/loadgen/folder.h"
#include "tests/unit/loadgen/scripted.h"

#include <string.h>

/* A run as a test sees it: plan in, sums and rows out. */
struct trial {
    struct xcy_plan plan;
    const struct xcy_engine *engine;
    struct xcy_target target;
    struct xcy_sent *sent;
    struct xcy_recorder total;
    struct xcy_requests *rows;
};

static const struct xcy_plan usual = {.run = "a-run",
                                      .seed = 1,
                                      .schedule = {.rate_per_s = 1000, .n_slots = 40},
                                      .threads = 2,
                                      .max_in_flight = 100,
                                      .connect_timeout_ns = 60 * XCY_NS_PER_S,
                                      .total_timeout_ns = 60 * XCY_NS_PER_S,
                                      .grace_ns = 60 * XCY_NS_PER_S,
                                      .lag_bound_ns = 10 * XCY_NS_PER_MS};

static struct xcy_journal *journal_in(const char *folder)
{
    struct xcy_journal *journal = NULL;
    struct xcy_error err;
    struct xcy_buf header;
    char *path = xcy_format("%s/requests.csv", folder);
    xcy_buf_init(&header, 4096);
    xcy_requests_header(&header);
    assert_ok(xcy_journal_create(path, xcy_buf_bytes(&header), 1 << 20, &journal, &err), &err);
    xcy_buf_clear(&header);
    free(path);
    return journal;
}

static void run(struct trial *t, const char *folder)
{
    struct xcy_error err;
    bool torn = false;
    struct xcy_anchor anchor = xcy_anchor_now();
    struct xcy_journal *journal = journal_in(folder);
    assert_ok(xcy_sent_create(folder, t->plan.schedule.n_slots, &t->sent, &err), &err);
    struct xcy_load_setting setting = {.plan = &t->plan,
                                       .engine = t->engine,
                                       .target = &t->target,
                                       .anchor = anchor,
                                       .sent = t->sent,
                                       .journal = journal};
    struct xcy_load *load = xcy_load_open(&setting);
    struct xcy_progress *progress = xcy_progress_start(false);
    xcy_recorder_init(&t->total, anchor, NULL);
    assert_ok(xcy_load_run(load, xcy_mono_now(), progress, &t->total, &err), &err);
    xcy_progress_end(progress);
    xcy_load_close(load);
    assert_ok(xcy_journal_finish(journal, &err), &err);
    xcy_journal_close(journal);
    assert_ok(xcy_requests_read(folder, &t->rows, &torn, &err), &err);
    assert_false(torn);
}

static void trial_clear(struct trial *t)
{
    xcy_requests_free(t->rows);
    xcy_recorder_clear(&t->total);
    xcy_sent_close(t->sent);
    xcy_target_clear(&t->target);
}

/* Each slot has one row, or none if it was skipped, and is marked in sent.bin if it was sent. */
static void assert_rows_and_marks_agree(const struct trial *t)
{
    int64_t n = t->plan.schedule.n_slots;
    int64_t marked = 0;
    int *rows = xcy_alloc_array((size_t)n, sizeof *rows);
    for (size_t r = 0; r < xcy_requests_count(t->rows); r++) {
        const struct xcy_request_row *row = xcy_requests_at(t->rows, r);
        assert_int_equal(rows[row->id.i]++, 0);
        assert_string_equal(row->id.run, t->plan.run[0] ? row->id.run : "");
        assert_int_equal(row->points.us[XCY_POINT_SENT], xcy_sent_get(t->sent, row->id.i));
    }
    for (int64_t slot = 0; slot < n; slot++) {
        bool is_sent = xcy_sent_get(t->sent, slot) != 0;
        marked += is_sent;
        assert_true(rows[slot] == 1 || !is_sent);
    }
    free(rows);
    const struct xcy_counts *c = &t->total.counts;
    assert_int_equal(marked, c->sent);
    assert_int_equal(xcy_counts_slots(c), n);
    assert_int_equal(xcy_requests_count(t->rows), n - c->outcomes[XCY_OUTCOME_SKIPPED]);
}

static void the_null_engine_sends_every_slot_once(void **state)
{
    struct trial t = {.plan = usual, .engine = &xcy_engine_null};
    t.plan.threads = 3;
    t.plan.schedule = (struct xcy_schedule){.rate_per_s = 50000, .n_slots = 5000};
    run(&t, *state);
    assert_rows_and_marks_agree(&t);
    assert_int_equal(t.total.counts.sent, 5000);
    assert_int_equal(t.total.counts.outcomes[XCY_OUTCOME_OK], 5000);
    assert_int_equal(xcy_hist_count(t.total.start_lag), 5000);
    trial_clear(&t);
}

static void no_slot_is_sent_before_it_is_due(void **state)
{
    struct trial t = {.plan = usual, .engine = &xcy_engine_null};
    run(&t, *state);
    for (size_t r = 0; r < xcy_requests_count(t.rows); r++) {
        const struct xcy_request_row *row = xcy_requests_at(t.rows, r);
        assert_true(row->points.us[XCY_POINT_SENT] >= row->points.us[XCY_POINT_DUE]);
        assert_true(row->points.us[XCY_POINT_ACKED] >= row->points.us[XCY_POINT_SENT]);
    }
    int64_t first_us = 0;
    for (size_t r = 0; r < xcy_requests_count(t.rows); r++) {
        const struct xcy_request_row *row = xcy_requests_at(t.rows, r);
        int64_t zero_us = row->points.us[XCY_POINT_DUE] - row->id.i * 1000;
        first_us = first_us ? first_us : zero_us;
        assert_in_range(zero_us - first_us + 1, 0, 2);
    }
    trial_clear(&t);
}

static enum scripted_act reply_always(struct scripted *s, int64_t i)
{
    (void)s;
    (void)i;
    return SCRIPTED_REPLY;
}

static enum scripted_act hold_always(struct scripted *s, int64_t i)
{
    (void)s;
    (void)i;
    return SCRIPTED_HOLD;
}

static enum scripted_act drop_odd(struct scripted *s, int64_t i)
{
    (void)s;
    return i % 2 ? SCRIPTED_DROP : SCRIPTED_REPLY;
}

static enum scripted_act throttle_odd(struct scripted *s, int64_t i)
{
    (void)s;
    return i % 2 ? SCRIPTED_THROTTLE : SCRIPTED_REPLY;
}

/* Runs 40 requests against a server that decides so; each is received once at most. */
static struct scripted *play(struct trial *t, const char *folder,
                             enum scripted_act (*decide)(struct scripted *s, int64_t i),
                             int64_t release_at)
{
    struct scripted *s = xcy_alloc(sizeof *s);
    s->decide = decide;
    s->release_at = release_at;
    s->wake_fd = -1;
    scripted_start(s);
    scripted_target(s, &t->target);
    t->engine = &xcy_engine_lambda;
    run(t, folder);
    scripted_stop(s);
    for (int i = 0; i < SCRIPTED_MAX; i++) {
        assert_in_range(s->invocations[i], 0, 1);
    }
    assert_rows_and_marks_agree(t);
    return s;
}

static void every_request_is_invoked_once_and_told_of(void **state)
{
    struct trial t = {.plan = usual};
    struct scripted *s = play(&t, *state, reply_always, 0);
    assert_int_equal(s->received, 40);
    assert_int_equal(t.total.counts.outcomes[XCY_OUTCOME_OK], 40);
    const struct xcy_request_row *row = xcy_requests_at(t.rows, 0);
    assert_int_equal(row->points.us[XCY_POINT_WROTE], 1700000000000000 + XCY_POINT_WROTE);
    assert_string_equal(row->exec, "exec");
    assert_string_equal(row->writer_instance, "instance");
    assert_int_equal(row->http_status, 200);
    free(s);
    trial_clear(&t);
}

static void an_event_is_ok_when_it_is_accepted(void **state)
{
    struct trial t = {.plan = usual};
    t.plan.is_async = true;
    struct scripted *s = play(&t, *state, reply_always, 0);
    assert_int_equal(t.total.counts.outcomes[XCY_OUTCOME_OK], 40);
    assert_int_equal(xcy_requests_at(t.rows, 0)->http_status, 202);
    free(s);
    trial_clear(&t);
}

/* A closed loop would wait for an answer that only comes once all are sent. */
static void a_server_that_stalls_does_not_slow_the_schedule(void **state)
{
    struct trial t = {.plan = usual};
    struct scripted *s = play(&t, *state, hold_always, 40);
    assert_int_equal(s->received, 40);
    assert_int_equal(t.total.counts.outcomes[XCY_OUTCOME_OK], 40);
    assert_int_equal(t.total.counts.skipped_in_flight, 0);
    free(s);
    trial_clear(&t);
}

static void a_connection_closed_after_acting_is_a_reset_and_never_two_invocations(void **state)
{
    struct trial t = {.plan = usual};
    t.plan.threads = 1;
    struct scripted *s = play(&t, *state, drop_odd, 0);
    assert_int_equal(s->received, 40);
    assert_int_equal(t.total.counts.outcomes[XCY_OUTCOME_OK], 20);
    assert_int_equal(t.total.counts.outcomes[XCY_OUTCOME_RESET], 20);
    free(s);
    trial_clear(&t);
}

static void throttled_requests_are_counted_with_their_reason(void **state)
{
    struct trial t = {.plan = usual};
    struct scripted *s = play(&t, *state, throttle_odd, 0);
    assert_int_equal(t.total.counts.outcomes[XCY_OUTCOME_THROTTLED], 20);
    assert_string_equal(t.total.counts.reasons[XCY_OUTCOME_THROTTLED],
                        "ReservedFunctionConcurrentInvocationLimitExceeded");
    free(s);
    trial_clear(&t);
}

static void slots_beyond_those_in_flight_are_skipped_and_the_rest_ends_with_the_grace(void **state)
{
    struct trial t = {.plan = usual};
    t.plan.max_in_flight = 5;
    t.plan.grace_ns = XCY_NS_PER_MS;
    struct scripted *s = play(&t, *state, hold_always, 0);
    const struct xcy_counts *c = &t.total.counts;
    assert_int_equal(c->skipped_in_flight, 35);
    assert_int_equal(c->outcomes[XCY_OUTCOME_GENERATOR] + c->skipped_stopped, 5);
    assert_int_equal(c->outcomes[XCY_OUTCOME_GENERATOR], c->sent);
    free(s);
    trial_clear(&t);
}

static void where_nobody_listens_every_request_fails_to_connect(void **state)
{
    struct trial t = {.plan = usual, .engine = &xcy_engine_lambda};
    struct scripted s = {.decide = reply_always, .wake_fd = -1};
    scripted_start(&s);
    scripted_target(&s, &t.target);
    scripted_stop(&s);
    run(&t, *state);
    assert_rows_and_marks_agree(&t);
    assert_int_equal(t.total.counts.outcomes[XCY_OUTCOME_CONNECT], 40);
    assert_int_equal(t.total.counts.sent, 0);
    trial_clear(&t);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(the_null_engine_sends_every_slot_once),
        WITH_FOLDER(no_slot_is_sent_before_it_is_due),
        WITH_FOLDER(every_request_is_invoked_once_and_told_of),
        WITH_FOLDER(an_event_is_ok_when_it_is_accepted),
        WITH_FOLDER(a_server_that_stalls_does_not_slow_the_schedule),
        WITH_FOLDER(a_connection_closed_after_acting_is_a_reset_and_never_two_invocations),
        WITH_FOLDER(throttled_requests_are_counted_with_their_reason),
        WITH_FOLDER(slots_beyond_those_in_flight_are_skipped_and_the_rest_ends_with_the_grace),
        WITH_FOLDER(where_nobody_listens_every_request_fails_to_connect),
    };
    xcy_stop_watch();
    return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
