#include "loadgen/record/handover.h"
#include "tests/support/unit.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static void add_slots(struct xcy_handover *h, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        xcy_tally_skip(xcy_handover_current(h), XCY_SKIP_LATE, false);
    }
}

/* Takes one, and gives it back; the slots it counted, -1 when there was none. */
static int64_t take_slots(struct xcy_handover *h, int64_t *interval)
{
    struct xcy_tally *tally = xcy_handover_take(h, interval);
    if (!tally) {
        return -1;
    }
    int64_t slots = xcy_counts_slots(&tally->measured);
    xcy_handover_return(h, tally);
    return slots;
}

static void intervals_come_over_in_order_and_once(void **state)
{
    (void)state;
    struct xcy_handover *h = xcy_handover_new();
    int64_t interval = -1;
    assert_int_equal(take_slots(h, &interval), -1);
    add_slots(h, 3);
    xcy_handover_give(h, 0);
    add_slots(h, 5);
    xcy_handover_give(h, 1);
    assert_int_equal(take_slots(h, &interval), 3);
    assert_int_equal(interval, 0);
    assert_int_equal(take_slots(h, &interval), 5);
    assert_int_equal(interval, 1);
    assert_int_equal(take_slots(h, &interval), -1);
    xcy_handover_free(h);
    xcy_handover_free(NULL);
}

/* However long it lasts, and then all that was counted comes over. */
static void a_giver_whom_nobody_takes_from_fills_on(void **state)
{
    (void)state;
    struct xcy_handover *h = xcy_handover_new();
    for (int64_t i = 0; i < 1000; i++) {
        add_slots(h, 1);
        xcy_handover_give(h, i);
    }
    add_slots(h, 1);
    xcy_handover_finish(h, 1000);
    assert_null(xcy_handover_current(h));
    int64_t interval = -1;
    int64_t last = -1;
    int64_t sum = 0;
    for (int64_t n = take_slots(h, &interval); n >= 0; n = take_slots(h, &interval)) {
        assert_true(interval > last);
        last = interval;
        sum += n;
    }
    assert_int_equal(sum, 1001);
    assert_int_equal(last, 1000);
    xcy_handover_free(h);
}

/* Twice as far behind as there were tallies at first: the next time there are enough. */
static void a_giver_that_was_short_of_tallies_gets_more(void **state)
{
    (void)state;
    struct xcy_handover *h = xcy_handover_new();
    int64_t interval = 0;
    for (int round = 0; round < 64; round++) {
        for (int64_t i = 0; i < 16; i++) {
            add_slots(h, 1);
            xcy_handover_give(h, i);
        }
        while (take_slots(h, &interval) >= 0) {
        }
    }
    for (int64_t i = 0; i < 16; i++) {
        add_slots(h, 1);
        xcy_handover_give(h, i);
    }
    for (int64_t i = 0; i < 16; i++) {
        assert_int_equal(take_slots(h, &interval), 1);
        assert_int_equal(interval, i);
    }
    xcy_handover_free(h);
}

static void tallies_on_the_way_are_freed_with_it(void **state)
{
    (void)state;
    struct xcy_handover *h = xcy_handover_new();
    int64_t interval = 0;
    xcy_handover_give(h, 0);
    xcy_handover_give(h, 1);
    struct xcy_tally *tally = xcy_handover_take(h, &interval);
    xcy_handover_return(h, tally);
    xcy_handover_free(h);
}

enum { N_ADDS = 1000000, N_EACH = 250 };

struct giver {
    struct xcy_handover *handover;
    atomic_bool has_ended;
};

static void *give_all(void *arg)
{
    struct giver *giver = arg;
    struct xcy_handover *h = giver->handover;
    for (int64_t i = 0; i < N_ADDS; i++) {
        struct xcy_tally *tally = xcy_handover_current(h);
        xcy_latency_add(&tally->latency[XCY_OUTCOME_OK], XCY_SERVICE, i);
        xcy_tally_skip(tally, XCY_SKIP_LATE, false);
        if ((i + 1) % N_EACH == 0) {
            xcy_handover_give(h, i / N_EACH);
        }
    }
    atomic_store(&giver->has_ended, true);
    return NULL;
}

static bool take_into(struct xcy_handover *h, struct xcy_tally *total, int64_t *last)
{
    int64_t interval = -1;
    struct xcy_tally *tally = xcy_handover_take(h, &interval);
    if (!tally) {
        return false;
    }
    assert_true(interval > *last);
    *last = interval;
    xcy_tally_merge(total, tally);
    xcy_handover_return(h, tally);
    return true;
}

static void what_one_thread_adds_another_finds_whole(void **state)
{
    (void)state;
    struct giver giver = {.handover = xcy_handover_new()};
    struct xcy_tally total;
    pthread_t thread;
    int64_t last = -1;
    xcy_tally_init(&total);
    assert_int_equal(pthread_create(&thread, NULL, give_all, &giver), 0);
    while (!atomic_load(&giver.has_ended)) {
        if (!take_into(giver.handover, &total, &last)) {
            sched_yield();
        }
    }
    pthread_join(thread, NULL);
    xcy_handover_finish(giver.handover, N_ADDS / N_EACH);
    while (take_into(giver.handover, &total, &last)) {
    }
    const struct xcy_hist *hist = total.latency[XCY_OUTCOME_OK].of[XCY_SERVICE];
    assert_int_equal(xcy_counts_slots(&total.measured), N_ADDS);
    assert_int_equal(xcy_hist_count(hist), N_ADDS);
    assert_int_equal(xcy_hist_min(hist), 0);
    assert_int_equal(xcy_hist_max(hist), N_ADDS - 1);
    assert_true(xcy_hist_mean(hist) == (N_ADDS - 1) / 2.0);
    xcy_tally_clear(&total);
    xcy_handover_free(giver.handover);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_come_over_in_order_and_once),
        cmocka_unit_test(a_giver_whom_nobody_takes_from_fills_on),
        cmocka_unit_test(a_giver_that_was_short_of_tallies_gets_more),
        cmocka_unit_test(tallies_on_the_way_are_freed_with_it),
        cmocka_unit_test(what_one_thread_adds_another_finds_whole),
    };
    return cmocka_run_group_tests_name("handover", tests, NULL, NULL);
}
