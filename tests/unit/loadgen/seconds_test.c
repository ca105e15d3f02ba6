#include "loadgen/drive/seconds.h"
#include "tests/support/unit.h"

static const int64_t intervals = 5;

/* A worker brings a tally in which so many slots were skipped. */
static void bring(struct xcy_seconds *s, int64_t worker, int64_t interval, int64_t n,
                  int64_t in_flight)
{
    struct xcy_tally tally;
    xcy_tally_init(&tally);
    for (int64_t i = 0; i < n; i++) {
        xcy_tally_skip(&tally, XCY_SKIP_LATE, i % 2 == 1);
    }
    tally.in_flight = in_flight;
    xcy_seconds_add(s, worker, interval, &tally);
    xcy_tally_clear(&tally);
}

static int64_t slots_of(const struct xcy_gathered *g)
{
    return xcy_counts_slots(&g->tally->measured) + xcy_counts_slots(&g->tally->warmup);
}

static void assert_next(struct xcy_seconds *s, int64_t number, int64_t n, int64_t in_flight)
{
    struct xcy_gathered g;
    assert_true(xcy_seconds_take(s, &g));
    assert_int_equal(g.number, number);
    assert_int_equal(slots_of(&g), n);
    assert_int_equal(g.in_flight, in_flight);
}

static void assert_none(struct xcy_seconds *s)
{
    struct xcy_gathered g;
    assert_false(xcy_seconds_take(s, &g));
}

static void a_second_is_complete_when_all_workers_have_passed_it(void **state)
{
    (void)state;
    struct xcy_seconds *s = xcy_seconds_new(2, intervals);
    for (int64_t i = 0; i < intervals; i++) {
        bring(s, 0, i, 3, i);
    }
    bring(s, 0, intervals, 1, 9);
    assert_none(s);
    bring(s, 1, intervals - 2, 10, 0);
    assert_none(s);
    bring(s, 1, intervals - 1, 10, 7);
    assert_next(s, 0, 35, 4 + 7);
    assert_none(s);
    xcy_seconds_free(s);
}

static void a_second_in_which_nothing_happened_is_one_too(void **state)
{
    (void)state;
    struct xcy_seconds *s = xcy_seconds_new(1, intervals);
    bring(s, 0, 0, 2, 0);
    bring(s, 0, 3 * intervals, 4, 1); /* it brought nothing for three seconds */
    assert_next(s, 0, 2, 1);
    assert_next(s, 1, 0, 1);
    assert_next(s, 2, 0, 1);
    assert_none(s);
    xcy_seconds_end(s, 0);
    assert_next(s, 3, 4, 0);
    assert_none(s);
    xcy_seconds_free(s);
}

static void a_worker_that_has_ended_holds_nothing_up(void **state)
{
    (void)state;
    struct xcy_seconds *s = xcy_seconds_new(2, intervals);
    bring(s, 0, 1, 5, 0);
    xcy_seconds_end(s, 0);
    bring(s, 1, intervals - 1, 5, 2);
    assert_next(s, 0, 10, 2);
    bring(s, 1, 2 * intervals - 1, 1, 2);
    assert_next(s, 1, 1, 2);
    xcy_seconds_end(s, 1);
    assert_none(s);
    xcy_seconds_free(s);
}

static void the_last_second_is_left_out_if_nothing_was_counted_in_it(void **state)
{
    (void)state;
    struct xcy_seconds *s = xcy_seconds_new(1, intervals);
    bring(s, 0, intervals - 1, 5, 0);
    bring(s, 0, intervals, 0, 0);
    xcy_seconds_end(s, 0);
    assert_next(s, 0, 5, 0);
    assert_none(s);
    xcy_seconds_free(s);
}

static void a_worker_far_behind_is_not_waited_for_and_what_it_brings_is_not_lost(void **state)
{
    (void)state;
    const int64_t n_seconds = 100;
    struct xcy_seconds *s = xcy_seconds_new(2, intervals);
    struct xcy_gathered g;
    int64_t sum = 0;
    int64_t next = 0;
    for (int64_t i = 0; i < n_seconds * intervals; i++) {
        bring(s, 0, i, 1, 0);
        while (xcy_seconds_take(s, &g)) {
            assert_int_equal(g.number, next++);
            sum += slots_of(&g);
        }
    }
    assert_in_range(next, n_seconds / 2, n_seconds - 1);
    bring(s, 1, 0, 7, 0);
    xcy_seconds_end(s, 0);
    xcy_seconds_end(s, 1);
    while (xcy_seconds_take(s, &g)) {
        assert_int_equal(g.number, next++);
        sum += slots_of(&g);
    }
    assert_int_equal(next, n_seconds);
    assert_int_equal(sum, n_seconds * intervals + 7);
    xcy_seconds_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_is_complete_when_all_workers_have_passed_it),
        cmocka_unit_test(a_second_in_which_nothing_happened_is_one_too),
        cmocka_unit_test(a_worker_that_has_ended_holds_nothing_up),
        cmocka_unit_test(the_last_second_is_left_out_if_nothing_was_counted_in_it),
        cmocka_unit_test(a_worker_far_behind_is_not_waited_for_and_what_it_brings_is_not_lost),
    };
    return cmocka_run_group_tests_name("seconds", tests, NULL, NULL);
}
