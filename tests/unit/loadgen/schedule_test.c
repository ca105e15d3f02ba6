#include "loadgen/schedule/schedule.h"
#include "tests/support/unit.h"

__extension__ typedef __int128 wide;

static int64_t due_ns(double rate_per_s, int64_t slot)
{
    struct xcy_schedule schedule = {.rate_per_s = rate_per_s, .n_slots = slot + 1};
    return xcy_schedule_due_ns(&schedule, slot);
}

/* The nearest nanosecond to slot / (numerator / denominator), in integers. */
static int64_t exact_ns(int64_t slot, int64_t numerator, int64_t denominator)
{
    wide twice = (wide)slot * 1000000000 * denominator * 2;
    return (int64_t)((twice + numerator) / (2 * (wide)numerator));
}

static const int64_t slots[] = {0, 1, 2, 3, 10, 999, 1000, 123457, 99999999, 999999999, 1000000000};

static void instants_do_not_drift_at_odd_rates(void **state)
{
    (void)state;
    static const struct {
        double rate_per_s;
        int64_t numerator;
        int64_t denominator;
    } rates[] = {{100, 100, 1},   {3, 3, 1},           {7, 7, 1},         {33, 33, 1},
                 {1000, 1000, 1}, {999983, 999983, 1}, {1e6, 1000000, 1}, {0.25, 1, 4},
                 {333.5, 667, 2}, {62.5, 125, 2}};
    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
        for (size_t s = 0; s < sizeof slots / sizeof slots[0]; s++) {
            int64_t exact = exact_ns(slots[s], rates[r].numerator, rates[r].denominator);
            if (exact <= XCY_SCHEDULE_MAX_NS) {
                assert_int_equal(due_ns(rates[r].rate_per_s, slots[s]), exact);
            }
        }
    }
}

static void gaps_differ_by_a_nanosecond_at_most(void **state)
{
    (void)state;
    static const double rates[] = {3, 7, 333.3, 999983};
    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
        int64_t gap_ns = (int64_t)(1e9 / rates[r]);
        for (int64_t slot = 90000; slot < 100000; slot++) {
            int64_t gap = due_ns(rates[r], slot + 1) - due_ns(rates[r], slot);
            assert_in_range(gap, gap_ns, gap_ns + 1);
        }
    }
}

static void a_rate_without_an_exact_double_stays_within_its_own_error(void **state)
{
    (void)state;
    int64_t error_ns = due_ns(33.3, 1000000000) - exact_ns(1000000000, 333, 10);
    assert_in_range(error_ns + 10, 0, 20);
}

static void the_slots_within_a_time_are_those_due_before_its_end(void **state)
{
    (void)state;
    static const struct {
        double rate_per_s;
        int64_t duration_ns;
        int64_t n;
    } cases[] = {{100, 10000000000, 1000}, {0.1, 30000000000, 3},
                 {0.1, 30000000001, 4},    {200, 1, 1},
                 {3, 1000000000, 3},       {3, 1000000001, 4},
                 {0.7, 10000000000, 7},    {1e6, 1000000000, 1000000}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        assert_int_equal(xcy_schedule_slots_within(XCY_ARRIVAL_CONSTANT, cases[c].rate_per_s,
                                                   cases[c].duration_ns),
                         cases[c].n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instants_do_not_drift_at_odd_rates),
        cmocka_unit_test(gaps_differ_by_a_nanosecond_at_most),
        cmocka_unit_test(a_rate_without_an_exact_double_stays_within_its_own_error),
        cmocka_unit_test(the_slots_within_a_time_are_those_due_before_its_end),
    };
    return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
