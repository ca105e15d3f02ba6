#include "tests/support/unit.h"

#include "sandbox/services/lambda_pool.h"

#include <string.h>

enum { MAX_WORKERS = 32, MAX_WORK = 64 };

/* A pool whose actions are only written down. */
struct fixture {
    struct xcy_pool pool;
    struct xcy_pool_worker workers[MAX_WORKERS];
    size_t n_started;
    struct xcy_pool_work work[MAX_WORK];
    struct xcy_pool_worker *given_to[MAX_WORK]; /* by work; NULL: not yet */
    bool is_ended[MAX_WORKERS];
    bool is_killed[MAX_WORKERS];
    struct xcy_mono now;
};

static struct xcy_pool_worker *on_start(void *ctx)
{
    struct fixture *f = ctx;
    assert_true(f->n_started < MAX_WORKERS);
    return &f->workers[f->n_started++];
}

static void on_give(void *ctx, struct xcy_pool_worker *worker, struct xcy_pool_work *work)
{
    struct fixture *f = ctx;
    f->given_to[work - f->work] = worker;
}

static void on_end(void *ctx, struct xcy_pool_worker *worker, bool at_once)
{
    struct fixture *f = ctx;
    assert_false(f->is_ended[worker - f->workers]);
    f->is_ended[worker - f->workers] = true;
    f->is_killed[worker - f->workers] = at_once;
}

static const struct xcy_pool_actions actions = {on_start, on_give, on_end};

static void init(struct fixture *f, int64_t concurrency, int64_t slots)
{
    struct xcy_pool_limits limits = {.concurrency = concurrency,
                                     .slots = slots,
                                     .max_starting = 4,
                                     .init_timeout_ns = 10 * XCY_NS_PER_S,
                                     .idle_ns = 60 * XCY_NS_PER_S};
    memset(f, 0, sizeof *f);
    f->now = (struct xcy_mono){1000};
    xcy_pool_init(&f->pool, &limits, &actions, f);
}

static bool admit(struct fixture *f, size_t i)
{
    return xcy_pool_admit(&f->pool, &f->work[i], f->now);
}

static void ask(struct fixture *f, size_t worker)
{
    assert_true(xcy_pool_ask(&f->pool, &f->workers[worker], f->now));
}

static void done(struct fixture *f, size_t worker)
{
    xcy_pool_done(&f->pool, &f->workers[worker], f->now);
}

static void pass_s(struct fixture *f, int64_t seconds)
{
    f->now = xcy_mono_add(f->now, seconds * XCY_NS_PER_S);
    xcy_pool_tick(&f->pool, f->now);
}

static void a_cold_function_starts_a_process_and_serves_when_it_asks(void **state)
{
    (void)state;
    struct fixture f;
    init(&f, 10, 1);
    assert_true(admit(&f, 0));
    assert_int_equal(f.n_started, 1);
    assert_null(f.given_to[0]);
    ask(&f, 0);
    assert_ptr_equal(f.given_to[0], &f.workers[0]);
    done(&f, 0);
    assert_int_equal(f.pool.n_in_flight, 0);
}

static void a_warm_process_is_used_again(void **state)
{
    (void)state;
    struct fixture f;
    init(&f, 10, 1);
    for (size_t i = 0; i < 5; i++) {
        assert_true(admit(&f, i));
        if (i == 0) {
            ask(&f, 0);
        }
        assert_ptr_equal(f.given_to[i], &f.workers[0]);
        done(&f, 0);
        ask(&f, 0);
    }
    assert_int_equal(f.n_started, 1);
}

static void a_process_that_just_answered_is_waited_for_but_not_long(void **state)
{
    (void)state;
    struct fixture f;
    init(&f, 10, 1);
    admit(&f, 0);
    ask(&f, 0);
    done(&f, 0);
    admit(&f, 1);
    assert_int_equal(f.n_started, 1);
    f.now = xcy_mono_add(f.now, 21 * XCY_NS_PER_MS);
    xcy_pool_tick(&f.pool, f.now);
    assert_int_equal(f.n_started, 2);
}

static void beyond_the_limit_work_is_refused_until_some_is_done(void **state)
{
    (void)state;
    struct fixture f;
    init(&f, 2, 1);
    assert_true(admit(&f, 0));
    assert_true(admit(&f, 1));
    assert_false(admit(&f, 2)); /* waiting work counts: it was accepted */
    ask(&f, 0);
    ask(&f, 1);
    assert_false(admit(&f, 2));
    done(&f, 0);
    assert_true(admit(&f, 2));
    ask(&f, 0);
    assert_ptr_equal(f.given_to[2], &f.workers[0]);
}

static void waiting_work_is_served_in_order(void **state)
{
    (void)state;
    struct fixture f;
    init(&f, 10, 1);
    admit(&f, 0);
    admit(&f, 1);
    ask(&f, 1);
    assert_ptr_equal(f.given_to[0], &f.workers[1]);
    assert_null(f.given_to[1]);
    ask(&f, 0);
    assert_ptr_equal(f.given_to[1], &f.workers[0]);
}

static void only_so_many_start_at_a_time(void **state)
{
    (void)state;
    struct fixture f;
    init(&f, 20, 1);
    for (size_t i = 0; i < 8; i++) {
        assert_true(admit(&f, i));
    }
    assert_int_equal(f.n_started, 4);
    ask(&f, 0);
    assert_int_equal(f.n_started, 5); /* one start is over, one more begins */
    for (size_t i = 1; i < 8; i++) {
        ask(&f, i);
    }
    assert_int_equal(f.n_started, 8);
    assert_int_equal(f.pool.n_waiting, 0);
}

static void the_slots_of_a_starting_process_are_counted_on(void **state)
{
    (void)state;
    struct fixture f;
    init(&f, 100, 4);
    for (size_t i = 0; i < 5; i++) {
        assert_true(admit(&f, i));
    }
    assert_int_equal(f.n_started, 2); /* four slots, and one more */
    ask(&f, 0);
    ask(&f, 0);
    ask(&f, 0);
    ask(&f, 0);
    assert_false(xcy_pool_ask(&f.pool, &f.workers[0], f.now)); /* all four are busy */
    assert_int_equal(f.workers[0].n_busy, 4);
    ask(&f, 1);
    assert_int_equal(f.workers[1].n_busy, 1);
}

static void slots_that_never_ask_are_not_counted_on_for_ever(void **state)
{
    (void)state;
    struct fixture f;
    init(&f, 100, 4);
    admit(&f, 0);
    ask(&f, 0); /* one thread only */
    admit(&f, 1);
    assert_int_equal(f.n_started, 1);
    pass_s(&f, 2);
    assert_int_equal(f.n_started, 2);
}

static void the_last_used_serves_so_that_others_fall_idle(void **state)
{
    (void)state;
    struct fixture f;
    init(&f, 10, 1);
    admit(&f, 0);
    admit(&f, 1);
    ask(&f, 0);
    ask(&f, 1);
    done(&f, 0);
    ask(&f, 0);
    done(&f, 1);
    ask(&f, 1);
    for (size_t i = 2; i < 8; i++) {
        pass_s(&f, 15);
        admit(&f, i);
        assert_ptr_equal(f.given_to[i], &f.workers[1]);
        done(&f, 1);
        ask(&f, 1);
    }
    assert_true(f.is_ended[0]);
    assert_false(f.is_killed[0]);
    assert_false(f.is_ended[1]);
}

static void after_an_update_no_work_goes_to_old_processes(void **state)
{
    (void)state;
    struct fixture f;
    init(&f, 10, 1);
    for (size_t i = 0; i < 3; i++) {
        admit(&f, i);
        ask(&f, i);
    } /* worker 0 stays busy */
    done(&f, 1);
    ask(&f, 1);  /* worker 1 is idle */
    done(&f, 2); /* worker 2 is between its answer and its next request */
    xcy_pool_retire_all(&f.pool, f.now);
    assert_true(f.is_ended[1]);
    assert_true(f.is_ended[2]);
    assert_false(f.is_ended[0]);
    admit(&f, 3);
    assert_int_equal(f.n_started, 4);
    ask(&f, 2); /* too late */
    assert_null(f.given_to[3]);
    done(&f, 0);
    assert_true(f.is_ended[0]);
    assert_false(f.is_killed[0]);
    ask(&f, 0);
    assert_null(f.given_to[3]);
    ask(&f, 3);
    assert_ptr_equal(f.given_to[3], &f.workers[3]);
}

static void an_overdue_process_is_killed_once_its_other_work_is_done(void **state)
{
    (void)state;
    struct fixture f;
    init(&f, 10, 2);
    admit(&f, 0);
    admit(&f, 1);
    ask(&f, 0);
    ask(&f, 0);
    xcy_pool_retire(&f.pool, &f.workers[0], true, f.now);
    done(&f, 0);
    assert_false(f.is_ended[0]);
    done(&f, 0);
    assert_true(f.is_ended[0]);
    assert_true(f.is_killed[0]);
}

static void work_in_hand_of_a_lost_process_no_longer_counts(void **state)
{
    (void)state;
    struct fixture f;
    init(&f, 1, 1);
    admit(&f, 0);
    ask(&f, 0);
    assert_null(xcy_pool_lost(&f.pool, &f.workers[0], f.now));
    assert_int_equal(f.pool.n_in_flight, 0);
    assert_int_equal(f.pool.n_workers, 0);
    assert_true(admit(&f, 1));
    assert_int_equal(f.n_started, 2);
}

static void a_process_that_never_came_up_fails_one_waiting_work(void **state)
{
    (void)state;
    struct fixture f;
    init(&f, 10, 1);
    admit(&f, 0);
    assert_ptr_equal(xcy_pool_lost(&f.pool, &f.workers[0], f.now), &f.work[0]);
    assert_int_equal(f.pool.n_in_flight, 0);
    assert_int_equal(f.n_started, 1); /* and is not started again for nothing */
}

static void a_start_that_takes_too_long_is_killed(void **state)
{
    (void)state;
    struct fixture f;
    init(&f, 10, 1);
    admit(&f, 0);
    pass_s(&f, 9);
    assert_false(f.is_ended[0]);
    pass_s(&f, 2);
    assert_true(f.is_killed[0]);
    assert_ptr_equal(xcy_pool_lost(&f.pool, &f.workers[0], f.now), &f.work[0]);
}

static void a_process_that_asks_no_more_is_killed_and_replaced(void **state)
{
    (void)state;
    struct fixture f;
    init(&f, 1, 1);
    admit(&f, 0);
    ask(&f, 0);
    done(&f, 0); /* and is silent from here on */
    admit(&f, 1);
    assert_int_equal(f.n_started, 1); /* at the limit of one process */
    pass_s(&f, 11);
    assert_true(f.is_killed[0]);
    assert_int_equal(f.n_started, 2);
    ask(&f, 1);
    assert_ptr_equal(f.given_to[1], &f.workers[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cold_function_starts_a_process_and_serves_when_it_asks),
        cmocka_unit_test(a_warm_process_is_used_again),
        cmocka_unit_test(a_process_that_just_answered_is_waited_for_but_not_long),
        cmocka_unit_test(beyond_the_limit_work_is_refused_until_some_is_done),
        cmocka_unit_test(waiting_work_is_served_in_order),
        cmocka_unit_test(only_so_many_start_at_a_time),
        cmocka_unit_test(the_slots_of_a_starting_process_are_counted_on),
        cmocka_unit_test(slots_that_never_ask_are_not_counted_on_for_ever),
        cmocka_unit_test(the_last_used_serves_so_that_others_fall_idle),
        cmocka_unit_test(after_an_update_no_work_goes_to_old_processes),
        cmocka_unit_test(an_overdue_process_is_killed_once_its_other_work_is_done),
        cmocka_unit_test(work_in_hand_of_a_lost_process_no_longer_counts),
        cmocka_unit_test(a_process_that_never_came_up_fails_one_waiting_work),
        cmocka_unit_test(a_start_that_takes_too_long_is_killed),
        cmocka_unit_test(a_process_that_asks_no_more_is_killed_and_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
