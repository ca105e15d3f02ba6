#include "loadgen/drive/pacer.h"
#include "tests/unit/loadgen/scheduled.h"

enum { N_SLOTS = 1000 };

static const struct xcy_schedule_options even = {.rate_per_s = 1000, .requests = N_SLOTS};
static const struct xcy_mono start = {.ns = 5000000000};

static void workers_share_the_slots_each_slot_once(void **state)
{
    (void)state;
    struct xcy_schedule *schedule = scheduled(even);
    for (int64_t n_workers = 1; n_workers <= 7; n_workers++) {
        int taken[N_SLOTS] = {0};
        for (int64_t w = 0; w < n_workers; w++) {
            struct xcy_pacer pacer;
            int64_t slot = -1;
            xcy_pacer_init(&pacer, schedule, start, w, n_workers);
            while (xcy_pacer_take_any(&pacer, &slot)) {
                assert_in_range(slot, 0, N_SLOTS - 1);
                taken[slot]++;
            }
            xcy_pacer_clear(&pacer);
        }
        for (int slot = 0; slot < N_SLOTS; slot++) {
            assert_int_equal(taken[slot], 1);
        }
    }
    xcy_schedule_free(schedule);
}

static void a_worker_without_slots_is_done_at_once(void **state)
{
    (void)state;
    struct xcy_schedule *two =
        scheduled((struct xcy_schedule_options){.rate_per_s = 1, .requests = 2});
    struct xcy_pacer pacer;
    int64_t slot = 0;
    xcy_pacer_init(&pacer, two, start, 2, 3);
    assert_true(xcy_pacer_is_done(&pacer));
    assert_false(xcy_pacer_take_any(&pacer, &slot));
    xcy_pacer_clear(&pacer);
    xcy_schedule_free(two);
}

static void what_is_left_is_counted_without_taking_it(void **state)
{
    (void)state;
    struct xcy_schedule *schedule = scheduled(even);
    int64_t n_slots = xcy_schedule_slots(schedule);
    for (int64_t n_workers = 1; n_workers <= 4; n_workers++) {
        for (int64_t end = 0; end <= n_slots; end++) {
            struct xcy_pacer pacer;
            int64_t slot = 0;
            int64_t n_below = 0;
            xcy_pacer_init(&pacer, schedule, start, n_workers - 1, n_workers);
            assert_true(xcy_pacer_take_any(&pacer, &slot));
            int64_t n_left = xcy_pacer_left(&pacer, end);
            while (xcy_pacer_take_any(&pacer, &slot)) {
                n_below += slot < end;
            }
            assert_int_equal(n_left, n_below);
            assert_int_equal(xcy_pacer_left(&pacer, end), 0);
            xcy_pacer_clear(&pacer);
        }
    }
    xcy_schedule_free(schedule);
}

static void a_slot_is_not_handed_out_before_it_is_due(void **state)
{
    (void)state;
    struct xcy_schedule *schedule = scheduled(even);
    struct xcy_pacer pacer;
    int64_t slot = -1;
    struct xcy_mono due = {0};
    xcy_pacer_init(&pacer, schedule, start, 1, 2);
    assert_int_equal(xcy_pacer_next_due(&pacer).ns, start.ns + 1000000);
    assert_false(xcy_pacer_take(&pacer, xcy_mono_add(start, 999999), &slot, &due));
    assert_true(xcy_pacer_take(&pacer, xcy_mono_add(start, 1000000), &slot, &due));
    assert_int_equal(slot, 1);
    assert_int_equal(due.ns, start.ns + 1000000);
    xcy_pacer_clear(&pacer);
    xcy_schedule_free(schedule);
}

static void lateness_moves_no_later_slot(void **state)
{
    (void)state;
    struct xcy_schedule *schedule = scheduled(even);
    struct xcy_pacer pacer;
    struct xcy_mono much_later = xcy_mono_add(start, 10500000);
    int64_t slot = -1;
    struct xcy_mono due = {0};
    xcy_pacer_init(&pacer, schedule, start, 0, 1);
    for (int64_t k = 0; k <= 10; k++) {
        assert_true(xcy_pacer_take(&pacer, much_later, &slot, &due));
        assert_int_equal(slot, k);
        assert_int_equal(due.ns, start.ns + k * 1000000);
    }
    assert_false(xcy_pacer_take(&pacer, much_later, &slot, &due));
    assert_int_equal(xcy_pacer_next_due(&pacer).ns, start.ns + 11000000);
    xcy_pacer_clear(&pacer);
    xcy_schedule_free(schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(workers_share_the_slots_each_slot_once),
        cmocka_unit_test(a_worker_without_slots_is_done_at_once),
        cmocka_unit_test(what_is_left_is_counted_without_taking_it),
        cmocka_unit_test(a_slot_is_not_handed_out_before_it_is_due),
        cmocka_unit_test(lateness_moves_no_later_slot),
    };
    return cmocka_run_group_tests_name("pacer", tests, NULL, NULL);
}
