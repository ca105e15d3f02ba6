#include "common/base/mem.h"
#include "common/base/stop.h"
#include "tests/support/folder.h"
#include "tests/unit/loadgen/scripted.h"
#include "tests/unit/loadgen/trial.h"

static void the_null_engine_sends_every_slot_once(void **state)
{
    struct trial t;
    trial_init(&t);
    t.engine = &xcy_engine_null;
    t.plan.threads = 3;
    t.schedule.rate_per_s = 50000;
    t.schedule.requests = 5000;
    trial_run(&t, *state);
    trial_assert_sums(&t);
    assert_int_equal(t.all.sent, 5000);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_OK], 5000);
    assert_int_equal(xcy_hist_count(t.total.start_lag), 5000);
    trial_clear(&t);
}

static void no_slot_is_sent_before_it_is_due(void **state)
{
    struct trial t;
    trial_init(&t);
    t.engine = &xcy_engine_null;
    trial_run(&t, *state);
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
    trial_run(t, folder);
    scripted_stop(s);
    for (int i = 0; i < SCRIPTED_MAX; i++) {
        assert_in_range(s->invocations[i], 0, 1);
    }
    trial_assert_sums(t);
    return s;
}

static void every_request_is_invoked_once_and_told_of(void **state)
{
    struct trial t;
    trial_init(&t);
    struct scripted *s = play(&t, *state, reply_always, 0);
    assert_int_equal(s->received, 40);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_OK], 40);
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
    struct trial t;
    trial_init(&t);
    t.plan.is_async = true;
    struct scripted *s = play(&t, *state, reply_always, 0);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_OK], 40);
    assert_int_equal(xcy_requests_at(t.rows, 0)->http_status, 202);
    free(s);
    trial_clear(&t);
}

/* A closed loop would wait for an answer that only comes once all are sent. */
static void a_server_that_stalls_does_not_slow_the_schedule(void **state)
{
    struct trial t;
    trial_init(&t);
    struct scripted *s = play(&t, *state, hold_always, 40);
    assert_int_equal(s->received, 40);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_OK], 40);
    assert_int_equal(t.all.skipped[XCY_SKIP_IN_FLIGHT], 0);
    free(s);
    trial_clear(&t);
}

static void a_connection_closed_after_acting_is_a_reset_and_never_two_invocations(void **state)
{
    struct trial t;
    trial_init(&t);
    t.plan.threads = 1;
    struct scripted *s = play(&t, *state, drop_odd, 0);
    assert_int_equal(s->received, 40);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_OK], 20);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_RESET], 20);
    free(s);
    trial_clear(&t);
}

static void throttled_requests_are_counted_with_their_reason(void **state)
{
    struct trial t;
    trial_init(&t);
    struct scripted *s = play(&t, *state, throttle_odd, 0);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_THROTTLED], 20);
    assert_string_equal(t.total.reasons[XCY_OUTCOME_THROTTLED],
                        "ReservedFunctionConcurrentInvocationLimitExceeded");
    free(s);
    trial_clear(&t);
}

static void where_nobody_listens_every_request_fails_to_connect(void **state)
{
    struct trial t;
    trial_init(&t);
    t.engine = &xcy_engine_lambda;
    struct scripted s = {.decide = reply_always, .wake_fd = -1};
    scripted_start(&s);
    scripted_target(&s, &t.target);
    scripted_stop(&s);
    trial_run(&t, *state);
    trial_assert_sums(&t);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_CONNECT], 40);
    assert_int_equal(t.all.sent, 0);
    trial_clear(&t);
}

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
        WITH_FOLDER(where_nobody_listens_every_request_fails_to_connect),
    };
    xcy_stop_watch();
    return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
