#include "common/base/stop.h"
#include "loadgen/schedule/parts.h"
#include "tests/support/folder.h"
#include "tests/unit/loadgen/puppet.h"
#include "tests/unit/loadgen/trial.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

/* What a run is to do with slots, against an engine that does as it is told. */

enum { N = 40 };

#define HOUR_NS (3600 * XCY_NS_PER_S)

static struct puppet puppet;

static void init(struct trial *t)
{
    trial_init(t);
    memset(&puppet, 0, sizeof puppet);
    puppet_begin(&puppet);
    t->engine = &puppet_engine;
}

static struct puppet_act hold(int64_t slot, int64_t attempt)
{
    (void)slot;
    (void)attempt;
    return (struct puppet_act){.is_held = true};
}

static struct puppet_act throttle(int64_t slot, int64_t attempt)
{
    (void)slot;
    (void)attempt;
    return (struct puppet_act){.outcome = XCY_OUTCOME_THROTTLED};
}

/* One burst is due long before the run begins, the next when it does. */
static void two_bursts(struct trial *t)
{
    t->schedule.arrivals = "burst:50";
    t->schedule.rate_per_s = 50.0 / 50;
    t->schedule.requests = 100;
    t->begun_ago_ns = 50 * XCY_NS_PER_S;
    t->plan.late_after_ns = 25 * XCY_NS_PER_S;
}

static void slots_that_come_too_late_are_skipped_where_the_plan_says_so(void **state)
{
    struct trial t;
    init(&t);
    two_bursts(&t);
    t.plan.late = XCY_LATE_SKIP;
    trial_run(&t, *state);
    assert_int_equal(t.all.skipped[XCY_SKIP_LATE], 50);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_SKIPPED], 50);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_OK], 50);
    for (int64_t slot = 0; slot < 100; slot++) {
        assert_int_equal(atomic_load(&puppet.attempts[slot]), slot >= 50);
    }
    trial_assert_sums(&t);
    trial_clear(&t);
}

static void late_slots_are_sent_at_once_and_counted_otherwise(void **state)
{
    struct trial t;
    init(&t);
    two_bursts(&t);
    trial_run(&t, *state);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_OK], 100);
    assert_in_range(t.all.late, 50, 100);
    trial_assert_sums(&t);
    trial_clear(&t);
}

static void slots_beyond_those_in_flight_are_skipped_and_the_rest_ends_with_the_grace(void **state)
{
    struct trial t;
    init(&t);
    puppet.decide = hold;
    t.plan.max_in_flight = 5;
    t.plan.grace_ns = XCY_NS_PER_MS;
    trial_run(&t, *state);
    assert_int_equal(t.all.skipped[XCY_SKIP_IN_FLIGHT], N - 5);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_SKIPPED], N - 5);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_GENERATOR], 5);
    assert_int_equal(t.all.sent, 5);
    assert_int_equal(atomic_load(&puppet.most_in_engine), 5);
    trial_assert_sums(&t);
    trial_clear(&t);
}

static void the_warmup_is_marked_and_left_out_of_figures(void **state)
{
    struct trial t;
    init(&t);
    t.schedule.warmup_ns = 10 * XCY_NS_PER_MS;
    trial_run(&t, *state);
    assert_int_equal(t.n_slots, N + 10);
    assert_int_equal(t.total.warmup.outcomes[XCY_OUTCOME_OK], 10);
    assert_int_equal(t.total.measured.outcomes[XCY_OUTCOME_OK], N);
    assert_int_equal(xcy_hist_count(t.total.start_lag), N);
    assert_int_equal(xcy_hist_count(t.total.latency[XCY_OUTCOME_OK].of[XCY_RESPONSE]), N);
    for (size_t r = 0; r < xcy_requests_count(t.rows); r++) {
        const struct xcy_request_row *row = xcy_requests_at(t.rows, r);
        assert_int_equal(row->is_warmup, row->id.i < 10);
    }
    trial_assert_sums(&t);
    trial_clear(&t);
}

/* Slot i fails its first i % 4 attempts. */
static struct puppet_act fail_some(int64_t slot, int64_t attempt)
{
    bool fails = attempt <= slot % 4;
    return (struct puppet_act){.outcome = fails ? XCY_OUTCOME_SERVER_ERROR : XCY_OUTCOME_OK,
                               .is_unsent = fails && attempt == 1};
}

static void what_fails_is_tried_again_as_often_as_allowed(void **state)
{
    struct trial t;
    init(&t);
    puppet.decide = fail_some;
    t.plan.retries = 2;
    t.plan.retry_delay_ns = XCY_NS_PER_MS;
    trial_run(&t, *state);
    for (int64_t slot = 0; slot < N; slot++) {
        int64_t failing = slot % 4;
        assert_int_equal(atomic_load(&puppet.attempts[slot]), failing < 2 ? failing + 1 : 3);
    }
    assert_int_equal(t.all.retries, N / 4 * (0 + 1 + 2 + 2));
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_OK], N / 4 * 3);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_SERVER_ERROR], N / 4);
    assert_string_equal(t.total.reasons[XCY_OUTCOME_SERVER_ERROR], "attempt 3");
    assert_int_equal(t.all.sent, N); /* the second attempts of those whose first was not */
    trial_assert_sums(&t);
    for (size_t r = 0; r < xcy_requests_count(t.rows); r++) {
        const struct xcy_request_row *row = xcy_requests_at(t.rows, r);
        bool fails = row->attempt <= row->id.i % 4;
        assert_int_equal(row->outcome, fails ? XCY_OUTCOME_SERVER_ERROR : XCY_OUTCOME_OK);
        assert_int_equal(row->points.us[XCY_POINT_SENT] != 0, !fails || row->attempt > 1);
    }
    trial_clear(&t);
}

static struct puppet_act refuse(int64_t slot, int64_t attempt)
{
    (void)slot;
    (void)attempt;
    return (struct puppet_act){.outcome = XCY_OUTCOME_STATUS};
}

static void what_would_fail_again_is_not_tried_again(void **state)
{
    struct trial t;
    init(&t);
    puppet.decide = refuse;
    t.plan.retries = 5;
    trial_run(&t, *state);
    assert_int_equal(t.all.retries, 0);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_STATUS], N);
    assert_int_equal(atomic_load(&puppet.n_started), N);
    trial_assert_sums(&t);
    trial_clear(&t);
}

static void calls_that_wait_to_be_repeated_are_in_flight(void **state)
{
    struct trial t;
    init(&t);
    puppet.decide = throttle;
    t.plan.retries = 1;
    t.plan.retry_delay_ns = HOUR_NS;
    t.plan.max_in_flight = 6;
    t.plan.grace_ns = XCY_NS_PER_MS;
    trial_run(&t, *state);
    assert_int_equal(atomic_load(&puppet.n_started), 6);
    assert_int_equal(t.all.skipped[XCY_SKIP_IN_FLIGHT], N - 6);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_THROTTLED], 6);
    assert_int_equal(t.all.retries, 0);
    trial_assert_sums(&t);
    trial_clear(&t);
}

/* What the looks saw. */
struct watched {
    int64_t stop_at_in_flight; /* 0: never */
    int64_t n_looks;
    int64_t n_seconds;
    int64_t last_second;
    bool is_in_order;
    bool was_stopping;
};

static enum xcy_look watch(void *ctx, const struct xcy_view *view)
{
    struct watched *w = ctx;
    w->n_looks++;
    w->was_stopping = view->is_stopping;
    if (view->is_new_second) {
        w->is_in_order =
            w->is_in_order && view->second && view->second_number == w->last_second + 1;
        w->last_second = view->second_number;
        w->n_seconds++;
    }
    return w->stop_at_in_flight > 0 && view->in_flight >= w->stop_at_in_flight ? XCY_LOOK_STOP
                                                                               : XCY_LOOK_GO_ON;
}

/* The worker itself stands still, over the border of two seconds. */
static struct puppet_act stall_at_85(int64_t slot, int64_t attempt)
{
    (void)attempt;
    if (slot == 85) {
        xcy_sleep_until(xcy_mono_add(xcy_mono_now(), 600 * XCY_NS_PER_MS), -1);
    }
    return (struct puppet_act){.outcome = XCY_OUTCOME_OK};
}

static void what_was_sent_before_a_stall_counts_in_its_own_second(void **state)
{
    struct trial t;
    init(&t);
    puppet.decide = stall_at_85;
    t.plan.threads = 1;
    t.schedule.rate_per_s = 100;
    t.schedule.requests = 150;
    trial_run(&t, *state);
    int64_t end_us = xcy_requests_at(t.rows, 0)->points.us[XCY_POINT_DUE] + 1000000;
    int64_t n = 0;
    for (size_t r = 0; r < xcy_requests_count(t.rows); r++) {
        n += xcy_requests_at(t.rows, r)->points.us[XCY_POINT_SENT] < end_us;
    }
    assert_in_range(t.seconds[0].sent, n,
                    n + 4); /* those that were begun together, and in its hands */
    trial_assert_sums(&t);
    trial_clear(&t);
}

static void a_stop_ends_the_waiting_as_their_last_attempt_did(void **state)
{
    struct trial t;
    struct watched w = {.stop_at_in_flight = 10, .last_second = -1};
    init(&t);
    puppet.decide = throttle;
    t.look = watch;
    t.ctx = &w;
    t.schedule.requests = 10;
    t.plan.retries = 3;
    t.plan.retry_delay_ns = HOUR_NS;
    trial_run(&t, *state);
    assert_int_equal(atomic_load(&puppet.n_started), 10);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_THROTTLED], 10);
    assert_int_equal(t.all.retries, 0);
    assert_string_equal(t.total.reasons[XCY_OUTCOME_THROTTLED], "attempt 1");
    assert_int_equal(xcy_hist_count(t.total.latency[XCY_OUTCOME_THROTTLED].of[XCY_SERVICE]), 10);
    assert_true(w.was_stopping);
    trial_assert_sums(&t);
    trial_clear(&t);
}

static void a_look_that_says_stop_ends_the_run_in_order(void **state)
{
    struct trial t;
    struct watched w = {.stop_at_in_flight = 5, .last_second = -1};
    init(&t);
    puppet.decide = hold;
    t.look = watch;
    t.ctx = &w;
    t.schedule.rate_per_s = 100;
    t.schedule.requests = 4000;
    t.plan.max_in_flight = 4000; /* however late the look comes */
    t.plan.grace_ns = XCY_NS_PER_MS;
    trial_run(&t, *state);
    assert_true(t.all.sent >= 5 && t.all.sent < 4000);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_GENERATOR], t.all.sent);
    assert_int_equal(t.all.skipped[XCY_SKIP_STOPPED], 4000 - t.all.sent);
    assert_true(w.was_stopping);
    trial_assert_sums(&t);
    trial_clear(&t);
}

static void every_second_is_looked_at_once_and_they_add_up(void **state)
{
    struct trial t;
    struct watched w = {.is_in_order = true, .last_second = -1};
    init(&t);
    t.look = watch;
    t.ctx = &w;
    t.schedule.requests = 3050;
    t.schedule.warmup_ns = XCY_NS_PER_S;
    t.plan.threads = 3;
    t.begun_ago_ns = 3900 * XCY_NS_PER_MS;
    trial_run(&t, *state);
    assert_true(w.is_in_order);
    assert_int_equal(w.n_seconds, t.n_seconds);
    assert_true(t.n_seconds >= 4 && w.n_looks > w.n_seconds);
    for (size_t i = 0; i < t.n_seconds; i++) {
        assert_int_equal(t.seconds[i].is_warmup, i == 0);
        assert_true(t.seconds[i].asked_per_s == (i <= 4 ? 1000 : 0));
    }
    trial_assert_sums(&t);
    trial_clear(&t);
}

static void what_a_second_asks_is_the_rate_in_its_middle(void **state)
{
    struct trial t;
    init(&t);
    t.schedule.arrivals = "ramp:0..1000";
    t.schedule.is_rate_given = false;
    t.schedule.requests = 0;
    t.schedule.duration_ns = 2 * XCY_NS_PER_S;
    t.begun_ago_ns = 2 * XCY_NS_PER_S;
    trial_run(&t, *state);
    assert_true(t.n_seconds >= 2);
    assert_true(t.seconds[0].asked_per_s == 250 && t.seconds[1].asked_per_s == 750);
    trial_assert_sums(&t);
    trial_clear(&t);
}

static void a_closed_loop_keeps_so_many_in_flight(void **state)
{
    struct trial t;
    init(&t);
    puppet.decide = hold;
    puppet.release_at = 7; /* nothing is answered with fewer in flight, until all are begun */
    puppet.release_all_at = 500;
    t.schedule.arrivals = "closed:7";
    t.schedule.requests = 500;
    t.plan.max_in_flight = 7;
    trial_run(&t, *state);
    assert_int_equal(atomic_load(&puppet.most_in_engine), 7);
    assert_int_equal(t.n_slots, 500);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_OK], 500);
    for (int64_t slot = 0; slot < 500; slot++) {
        assert_int_equal(atomic_load(&puppet.attempts[slot]), 1);
    }
    trial_assert_sums(&t);
    trial_clear(&t);
}

/* Else a fast target would find fewer in flight than were asked for. */
static void a_closed_loop_replaces_an_answered_request_before_the_next_answer(void **state)
{
    struct trial t;
    init(&t);
    puppet.decide = hold;
    puppet.release_at = 1; /* all that are there, in one run of the engine */
    t.schedule.arrivals = "closed:7";
    t.schedule.requests = 500;
    t.plan.max_in_flight = 7;
    t.plan.threads = 1;
    trial_run(&t, *state);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_OK], 500);
    assert_in_range(atomic_load(&puppet.n_unreplaced), 1, 7); /* at the end, one each */
    trial_assert_sums(&t);
    trial_clear(&t);
}

static void a_closed_loop_repeats_too_and_has_room_for_nothing_else_meanwhile(void **state)
{
    struct trial t;
    init(&t);
    puppet.decide = fail_some;
    t.schedule.arrivals = "closed:3";
    t.schedule.requests = 100;
    t.plan.max_in_flight = 3;
    t.plan.retries = 2;
    t.plan.retry_delay_ns = XCY_NS_PER_MS;
    trial_run(&t, *state);
    assert_int_equal(t.n_slots, 100);
    assert_int_equal(t.all.retries, 100 / 4 * (0 + 1 + 2 + 2));
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_SERVER_ERROR], 25);
    assert_in_range(atomic_load(&puppet.most_in_engine), 1, 3);
    trial_assert_sums(&t);
    trial_clear(&t);
}

static void a_closed_loop_with_more_workers_than_requests_in_flight_ends(void **state)
{
    struct trial t;
    init(&t);
    t.schedule.arrivals = "closed:1";
    t.schedule.requests = 20;
    t.plan.max_in_flight = 1;
    t.plan.threads = 3;
    trial_run(&t, *state);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_OK], 20);
    assert_int_equal(atomic_load(&puppet.most_in_engine), 1);
    trial_assert_sums(&t);
    trial_clear(&t);
}

static struct puppet_act take_a_millisecond(int64_t slot, int64_t attempt)
{
    (void)slot;
    (void)attempt;
    return (struct puppet_act){.after_ns = XCY_NS_PER_MS};
}

static void a_closed_loop_ends_with_its_time_and_says_how_many_there_were(void **state)
{
    struct trial t;
    init(&t);
    puppet.decide = take_a_millisecond;
    t.schedule.arrivals = "closed:4";
    t.schedule.requests = 0;
    t.schedule.duration_ns = 50 * XCY_NS_PER_MS;
    t.plan.max_in_flight = 4;
    trial_run(&t, *state);
    assert_in_range(t.n_slots, 4, 4 * 51);
    assert_int_equal(t.n_slots, atomic_load(&puppet.n_started));
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_OK], t.n_slots);
    trial_assert_sums(&t);
    trial_clear(&t);
}

static void the_warmup_of_a_closed_loop_is_a_prefix_of_its_slots(void **state)
{
    struct trial t;
    struct xcy_error err;
    init(&t);
    puppet.decide = take_a_millisecond;
    t.schedule.arrivals = "closed:4";
    t.schedule.requests = 0;
    t.schedule.duration_ns = 30 * XCY_NS_PER_MS;
    t.schedule.warmup_ns = 30 * XCY_NS_PER_MS;
    assert_ok(xcy_schedule_build(&t.schedule, &t.plan.schedule, &err), &err);
    t.plan.max_in_flight = 4;
    trial_run(&t, *state);
    int64_t n_warmup = xcy_counts_slots(&t.total.warmup);
    for (size_t r = 0; r < xcy_requests_count(t.rows); r++) {
        const struct xcy_request_row *row = xcy_requests_at(t.rows, r);
        assert_int_equal(row->is_warmup, row->id.i < n_warmup);
    }
    trial_assert_sums(&t);
    trial_clear(&t);
}

static void a_stopped_closed_loop_skips_the_rest_of_its_number(void **state)
{
    struct trial t;
    struct watched w = {.stop_at_in_flight = 4, .last_second = -1};
    init(&t);
    puppet.decide = hold;
    t.look = watch;
    t.ctx = &w;
    t.schedule.arrivals = "closed:4";
    t.schedule.requests = 1000;
    t.plan.max_in_flight = 4;
    t.plan.grace_ns = XCY_NS_PER_MS;
    trial_run(&t, *state);
    assert_int_equal(t.n_slots, 1000);
    assert_int_equal(t.all.outcomes[XCY_OUTCOME_GENERATOR], 4);
    assert_int_equal(t.all.skipped[XCY_SKIP_STOPPED], 996);
    trial_assert_sums(&t);
    trial_clear(&t);
}

/* Files may not grow beyond so much, which stands for a full disk. */
static struct rlimit limit_files(rlim_t bytes)
{
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit limited = {.rlim_cur = bytes, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limited), 0);
    return before;
}

static void a_closed_loop_that_has_no_room_for_its_stamps_ends_in_order(void **state)
{
    struct trial t;
    init(&t);
    t.schedule.arrivals = "closed:4";
    t.schedule.requests = 0;
    t.schedule.duration_ns = HOUR_NS;
    t.plan.max_in_flight = 4;
    t.expected = XCY_EIO;
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit before = limit_files(1 << 16);
    trial_run(&t, *state);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_non_null(strstr(t.err.text, "sent.bin"));
    assert_int_equal(t.n_slots, 0);
    trial_assert_sums(&t);
    trial_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(slots_that_come_too_late_are_skipped_where_the_plan_says_so),
        WITH_FOLDER(late_slots_are_sent_at_once_and_counted_otherwise),
        WITH_FOLDER(slots_beyond_those_in_flight_are_skipped_and_the_rest_ends_with_the_grace),
        WITH_FOLDER(the_warmup_is_marked_and_left_out_of_figures),
        WITH_FOLDER(what_fails_is_tried_again_as_often_as_allowed),
        WITH_FOLDER(what_would_fail_again_is_not_tried_again),
        WITH_FOLDER(calls_that_wait_to_be_repeated_are_in_flight),
        WITH_FOLDER(what_was_sent_before_a_stall_counts_in_its_own_second),
        WITH_FOLDER(a_stop_ends_the_waiting_as_their_last_attempt_did),
        WITH_FOLDER(a_look_that_says_stop_ends_the_run_in_order),
        WITH_FOLDER(every_second_is_looked_at_once_and_they_add_up),
        WITH_FOLDER(what_a_second_asks_is_the_rate_in_its_middle),
        WITH_FOLDER(a_closed_loop_keeps_so_many_in_flight),
        WITH_FOLDER(a_closed_loop_replaces_an_answered_request_before_the_next_answer),
        WITH_FOLDER(a_closed_loop_repeats_too_and_has_room_for_nothing_else_meanwhile),
        WITH_FOLDER(a_closed_loop_with_more_workers_than_requests_in_flight_ends),
        WITH_FOLDER(a_closed_loop_ends_with_its_time_and_says_how_many_there_were),
        WITH_FOLDER(the_warmup_of_a_closed_loop_is_a_prefix_of_its_slots),
        WITH_FOLDER(a_stopped_closed_loop_skips_the_rest_of_its_number),
        WITH_FOLDER(a_closed_loop_that_has_no_room_for_its_stamps_ends_in_order),
    };
    return cmocka_run_group_tests_name("load_policy", tests, NULL, NULL);
}
