#include "loadgen/engines/engine.h"
#include "tests/support/unit.h"

#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { MAX_CALLS = 64 };

/* The engines that ask nobody, and what was heard from them. */
struct rig {
    const struct xcy_engine *engine;
    void *state;
    struct xcy_call calls[MAX_CALLS];
    struct xcy_answer answers[MAX_CALLS]; /* in the order they ended */
    int64_t ended[MAX_CALLS];             /* the calls' numbers */
    int n_sent;
    int n_ended;
    int n_again; /* so many calls are followed by another, from `done` */
    int n_started;
    int wake_fd;
};

static void start(struct rig *r)
{
    struct xcy_call *call = &r->calls[r->n_started];
    struct xcy_error err;
    call->id.i = r->n_started++;
    call->started = xcy_mono_now();
    assert_ok(r->engine->start(r->state, call, &err), &err);
}

static void on_sent(void *ctx, struct xcy_call *call, struct xcy_mono sent)
{
    struct rig *r = ctx;
    assert_int_equal(call->id.i, r->n_sent++);
    assert_true(sent.ns >= call->started.ns && sent.ns <= xcy_mono_now().ns);
    call->sent = sent;
}

static void on_done(void *ctx, struct xcy_call *call, const struct xcy_answer *answer)
{
    struct rig *r = ctx;
    assert_true(call->sent.ns > 0);
    assert_true(call->id.i < r->n_sent);
    r->ended[r->n_ended] = call->id.i;
    r->answers[r->n_ended++] = *answer;
    if (r->n_again > 0) {
        r->n_again--;
        start(r);
        if (r->n_again == 0 && r->wake_fd >= 0) {
            uint64_t one = 1;
            assert_int_equal(write(r->wake_fd, &one, sizeof one), sizeof one);
        }
    }
}

static void rig_open(struct rig *r, const struct xcy_engine *engine, int64_t sleep_ns)
{
    struct xcy_engine_setting setting = {
        .sleep_ns = sleep_ns, .sent = on_sent, .done = on_done, .ctx = r};
    *r = (struct rig){.engine = engine, .wake_fd = -1};
    r->state = engine->open(&setting);
}

static void rig_close(struct rig *r)
{
    r->engine->close(r->state);
}

static const struct xcy_mono never = {INT64_MAX};

static void each_sleeper_ends_not_before_its_instant_and_in_order(void **state)
{
    (void)state;
    static const int64_t lengths_ns[] = {2 * XCY_NS_PER_MS, 500 * XCY_NS_PER_US, 0};
    for (size_t l = 0; l < sizeof lengths_ns / sizeof lengths_ns[0]; l++) {
        struct rig r;
        rig_open(&r, &xcy_engine_sleep, lengths_ns[l]);
        for (int i = 0; i < 10; i++) {
            start(&r);
            r.engine->run(r.state, xcy_mono_add(xcy_mono_now(), 100 * XCY_NS_PER_US), -1, false);
        }
        while (r.n_ended < 10) {
            r.engine->run(r.state, never, -1, true);
        }
        assert_int_equal(r.n_sent, 10);
        for (int i = 0; i < 10; i++) {
            const struct xcy_answer *a = &r.answers[i];
            assert_int_equal(r.ended[i], i);
            assert_int_equal(a->outcome, XCY_OUTCOME_OK);
            assert_true(a->was_sent);
            assert_int_equal(a->sent.ns, r.calls[i].sent.ns);
            assert_true(a->sent.ns >= r.calls[i].started.ns);
            assert_true(a->acked.ns - a->sent.ns >= lengths_ns[l]);
            assert_true(i == 0 || a->acked.ns >= r.answers[i - 1].acked.ns);
        }
        rig_close(&r);
    }
}

static void sent_is_told_by_the_next_run_with_the_instant_of_the_start(void **state)
{
    (void)state;
    struct rig r;
    rig_open(&r, &xcy_engine_sleep, 3600 * XCY_NS_PER_S);
    start(&r);
    struct xcy_mono after = xcy_mono_now();
    assert_int_equal(r.n_sent, 0);
    r.engine->run(r.state, (struct xcy_mono){0}, -1, false);
    assert_int_equal(r.n_sent, 1);
    assert_true(r.calls[0].sent.ns <= after.ns);
    assert_int_equal(r.n_ended, 0);
    r.engine->cancel(r.state);
    rig_close(&r);
}

static void cancelled_calls_were_sent_and_end_with_outcome_generator(void **state)
{
    (void)state;
    struct rig r;
    rig_open(&r, &xcy_engine_sleep, 3600 * XCY_NS_PER_S);
    start(&r);
    r.engine->run(r.state, (struct xcy_mono){0}, -1, false);
    start(&r);
    r.engine->cancel(r.state);
    assert_int_equal(r.n_sent, 2);
    assert_int_equal(r.n_ended, 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(r.answers[i].outcome, XCY_OUTCOME_GENERATOR);
        assert_true(r.answers[i].was_sent);
        assert_string_equal(r.answers[i].reason, "");
    }
    start(&r);
    assert_int_equal(r.n_ended, 2);
    r.engine->cancel(r.state);
    assert_int_equal(r.n_ended, 3);
    rig_close(&r);
}

static void null_answers_all_that_were_started_without_waiting(void **state)
{
    (void)state;
    struct rig r;
    rig_open(&r, &xcy_engine_null, 0);
    for (int i = 0; i < 5; i++) {
        start(&r);
    }
    assert_int_equal(r.n_ended, 0);
    r.engine->run(r.state, never, -1, true);
    assert_int_equal(r.n_ended, 5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(r.ended[i], i);
        assert_int_equal(r.answers[i].outcome, XCY_OUTCOME_OK);
        assert_int_equal(r.answers[i].http_status, 0);
        assert_false(r.answers[i].has_event);
        assert_true(r.answers[i].acked.ns >= r.answers[i].sent.ns);
    }
    r.engine->run(r.state, never, -1, true); /* none is in flight */
    assert_int_equal(r.n_ended, 5);
    rig_close(&r);
}

static void calls_that_follow_each_other_without_end_do_not_hide_a_wake_up(void **state)
{
    (void)state;
    struct rig r;
    rig_open(&r, &xcy_engine_null, 0);
    r.wake_fd = eventfd(0, EFD_CLOEXEC);
    r.n_again = 40;
    start(&r);
    r.engine->run(r.state, never, r.wake_fd, false);
    assert_in_range(r.n_ended, 40, 41);
    r.engine->run(r.state, never, -1, true);
    assert_int_equal(r.n_ended, 41);
    assert_int_equal(r.n_sent, 41);
    rig_close(&r);
    close(r.wake_fd);
}

static void a_wake_up_ends_a_wait(void **state)
{
    (void)state;
    struct rig r;
    uint64_t one = 1;
    rig_open(&r, &xcy_engine_sleep, 3600 * XCY_NS_PER_S);
    int wake_fd = eventfd(0, EFD_CLOEXEC);
    assert_int_equal(write(wake_fd, &one, sizeof one), sizeof one);
    start(&r);
    r.engine->run(r.state, never, wake_fd, false);
    r.engine->run(r.state, never, wake_fd, true);
    assert_int_equal(r.n_ended, 0);
    r.engine->cancel(r.state);
    rig_close(&r);
    close(wake_fd);
}

static void a_run_lasts_until_its_instant(void **state)
{
    (void)state;
    static const struct xcy_engine *const engines[] = {&xcy_engine_null, &xcy_engine_sleep};
    for (size_t e = 0; e < 2; e++) {
        struct rig r;
        rig_open(&r, engines[e], XCY_NS_PER_MS);
        start(&r);
        struct xcy_mono until = xcy_mono_add(xcy_mono_now(), 3 * XCY_NS_PER_MS);
        r.engine->run(r.state, until, -1, false);
        assert_true(xcy_mono_now().ns >= until.ns);
        assert_int_equal(r.n_ended, 1);
        rig_close(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sleeper_ends_not_before_its_instant_and_in_order),
        cmocka_unit_test(sent_is_told_by_the_next_run_with_the_instant_of_the_start),
        cmocka_unit_test(cancelled_calls_were_sent_and_end_with_outcome_generator),
        cmocka_unit_test(null_answers_all_that_were_started_without_waiting),
        cmocka_unit_test(calls_that_follow_each_other_without_end_do_not_hide_a_wake_up),
        cmocka_unit_test(a_wake_up_ends_a_wait),
        cmocka_unit_test(a_run_lasts_until_its_instant),
    };
    return cmocka_run_group_tests_name("engine_sleep", tests, NULL, NULL);
}
