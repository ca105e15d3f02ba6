/* Where each kind of arrivals puts its slots, against the integral of the rate it promises. */

#include "common/base/file.h"
#include "common/base/mem.h"
#include "tests/support/folder.h"
#include "tests/unit/loadgen/scheduled.h"

#define PI 3.14159265358979323846264338327950288L

/* A promised rate at t seconds, from the numbers of a case. */
typedef long double rate_fn(const double *numbers, long double t_s);

static long double ramp_rate(const double *numbers, long double t_s)
{
    long double from = numbers[0];
    return from + ((long double)numbers[1] - from) * t_s / (long double)numbers[2];
}

static long double sine_rate(const double *numbers, long double t_s)
{
    return (long double)numbers[0] *
           (1 + (long double)numbers[1] * sinl(2 * PI * t_s / (long double)numbers[2]));
}

/* Simpson's rule; numbers[2] is the time in which the rate changes. */
static long double integral(rate_fn *rate, const double *numbers, long double from_s,
                            long double to_s)
{
    int n = 4 + 2 * (int)(1000 * (to_s - from_s) / (long double)numbers[2]);
    long double step_s = (to_s - from_s) / n;
    long double sum = rate(numbers, from_s) + rate(numbers, to_s);
    for (int i = 1; i < n; i++) {
        sum += (i % 2 ? 4 : 2) * rate(numbers, from_s + i * step_s);
    }
    return sum * step_s / 3;
}

/* From slot to slot the rate's integral grows by one: all errors but the rounding of the instants to
 * nanoseconds would add up. */
static void assert_follows(const struct xcy_schedule *schedule, rate_fn *rate,
                           const double *numbers)
{
    struct xcy_cursor *cursor = xcy_cursor_new(schedule, 0, 1);
    int64_t slot = 0;
    int64_t due_ns = 0;
    long double sum = 0;
    long double before_s = 0;
    for (; xcy_cursor_look(cursor, &slot, &due_ns); xcy_cursor_advance(cursor)) {
        long double due_s = (long double)due_ns / 1e9L;
        sum += integral(rate, numbers, before_s, due_s);
        before_s = due_s;
        long double rounding = rate(numbers, due_s) * 0.51e-9L;
        if (!(fabsl(sum - (long double)slot) <= rounding + 1e-9L)) {
            fail_msg("slot %ld at %.9Lf s, but %.12Lf are expected before it", (long)slot, due_s,
                     sum);
        }
    }
    xcy_cursor_free(cursor);
}

static void a_ramp_follows_its_rate(void **state)
{
    (void)state;
    static const struct {
        const char *arrivals;
        double numbers[3]; /* from, to, seconds */
    } cases[] = {{"ramp:10..200", {10, 200, 30}},
                 {"ramp:200..10", {200, 10, 30}},
                 {"ramp:0..100", {0, 100, 40}},
                 {"ramp:100..0", {100, 0, 40}},
                 {"ramp:50..50", {50, 50, 20}},
                 {"ramp:0.01..0.02", {0.01, 0.02, 86400}},
                 {"ramp:999000..1e6", {999000, 1e6, 0.01}},
                 {"ramp:33.3..33.4", {33.3, 33.4, 100}}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        const double *n = cases[c].numbers;
        struct xcy_schedule *schedule =
            scheduled((struct xcy_schedule_options){.arrivals = cases[c].arrivals,
                                                    .rate_per_s = 1,
                                                    .duration_ns = (int64_t)llround(n[2] * 1e9)});
        assert_follows(schedule, ramp_rate, n);
        assert_in_order(schedule);
        assert_near(xcy_schedule_mean_rate(schedule), (n[0] + n[1]) / 2, 1e-9 * (n[0] + n[1]));
        assert_near((double)xcy_schedule_slots(schedule), (n[0] + n[1]) / 2 * n[2], 1);
        xcy_schedule_free(schedule);
    }
}

static void a_ramp_by_requests_lasts_as_its_mean_rate_makes_it(void **state)
{
    (void)state;
    struct xcy_schedule *schedule = scheduled(
        (struct xcy_schedule_options){.arrivals = "ramp:10..30", .rate_per_s = 1, .requests = 600});
    assert_int_equal(xcy_schedule_length_ns(schedule), 30 * second_ns);
    assert_follows(schedule, ramp_rate, (const double[]){10, 30, 30});
    xcy_schedule_free(schedule);
}

/* The requests only cut it: its slope is that of the duration. */
static void a_ramp_with_both_goes_over_the_duration(void **state)
{
    (void)state;
    struct xcy_schedule *schedule =
        scheduled((struct xcy_schedule_options){.arrivals = "ramp:10..30",
                                                .rate_per_s = 1,
                                                .requests = 100,
                                                .duration_ns = 30 * second_ns});
    assert_int_equal(xcy_schedule_slots(schedule), 100);
    assert_follows(schedule, ramp_rate, (const double[]){10, 30, 30});
    assert_int_equal(xcy_schedule_length_ns(schedule), 7912878475);
    xcy_schedule_free(schedule);
}

static void a_sine_follows_its_rate(void **state)
{
    (void)state;
    static const struct {
        const char *arrivals;
        double numbers[3]; /* rate, amplitude, period */
        int64_t requests;
    } cases[] = {{"sine:amplitude=0.5,period=10s", {100, 0.5, 10}, 3000},
                 {"sine:amplitude=1,period=10s", {100, 1, 10}, 3000},
                 {"sine:period=1s,amplitude=0", {100, 0, 1}, 300},
                 {"sine:amplitude=1,period=1h", {0.01, 1, 3600}, 200},
                 {"sine:amplitude=0.9,period=1ms", {1e6, 0.9, 0.001}, 3000},
                 {"sine:amplitude=0.9,period=7s", {33.3, 0.9, 7}, 2000}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct xcy_schedule *schedule =
            scheduled((struct xcy_schedule_options){.arrivals = cases[c].arrivals,
                                                    .rate_per_s = cases[c].numbers[0],
                                                    .requests = cases[c].requests});
        assert_follows(schedule, sine_rate, cases[c].numbers);
        assert_in_order(schedule);
        xcy_schedule_free(schedule);
    }
}

/* Integrated in closed form: no error grows with the slot's number. */
static void a_sine_does_not_drift(void **state)
{
    (void)state;
    static const int64_t slots[] = {0, 1, 12345, 99999999, 999999999};
    struct xcy_schedule *schedule = scheduled((struct xcy_schedule_options){
        .arrivals = "sine:amplitude=0.7,period=7s", .rate_per_s = 1000, .requests = 1000000000});
    for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++) {
        long double t_s = (long double)due_of(schedule, slots[i]) / 1e9L;
        long double part = fmodl(t_s, 7) / 7;
        long double before = 1000 * (t_s + 0.7L * 7 / (2 * PI) * (1 - cosl(2 * PI * part)));
        long double rounding = 1000 * 1.7L * 0.51e-9L;
        assert_near((double)(before - (long double)slots[i]), 0, (double)rounding + 1e-9);
    }
    xcy_schedule_free(schedule);
}

/* Without a period it makes one wave: half of the slots and more in the first half. */
static void a_sine_without_a_period_is_one_wave(void **state)
{
    (void)state;
    struct xcy_schedule *schedule = scheduled((struct xcy_schedule_options){
        .arrivals = "sine:amplitude=0.5", .rate_per_s = 100, .duration_ns = 20 * second_ns});
    assert_int_equal(xcy_schedule_slots(schedule), 2000);
    assert_follows(schedule, sine_rate, (const double[]){100, 0.5, 20});
    assert_near(xcy_schedule_rate_at(schedule, 5 * second_ns), 150, 1e-9);
    assert_near(xcy_schedule_rate_at(schedule, 15 * second_ns), 50, 1e-9);
    xcy_schedule_free(schedule);
}

/* Each step's slots, reckoned with whole numbers: 10, 25 and 4 a second. */
static void steps_are_even_within_each_step(void **state)
{
    (void)state;
    struct xcy_schedule *schedule = scheduled(
        (struct xcy_schedule_options){.arrivals = "steps:10,25,4,every=2s", .rate_per_s = 1});
    static const int64_t rates[] = {10, 25, 4};
    int64_t slot = 0;
    for (int64_t step = 0; step < 3; step++) {
        assert_true(xcy_schedule_rate_at(schedule, 2 * step * second_ns) == (double)rates[step]);
        for (int64_t i = 0; i < 2 * rates[step]; i++) {
            int64_t wanted_ns = 2 * step * second_ns + i * second_ns / rates[step];
            assert_int_equal(due_of(schedule, slot), wanted_ns);
            slot++;
        }
    }
    assert_int_equal(xcy_schedule_slots(schedule), slot);
    assert_in_order(schedule);
    xcy_schedule_free(schedule);
}

/* What a step leaves of a slot the next one completes: 3 in 0.5 s each are 1.5 a step. */
static void a_part_of_a_slot_is_carried_over_a_step(void **state)
{
    (void)state;
    struct xcy_schedule *schedule = scheduled(
        (struct xcy_schedule_options){.arrivals = "steps:3,6,3,every=500ms", .rate_per_s = 1});
    static const int64_t wanted_ns[] = {0, 333333333, 583333333, 750000000, 916666667, 1166666667};
    assert_int_equal(xcy_schedule_slots(schedule), 6);
    for (int64_t i = 0; i < 6; i++) {
        assert_int_equal(due_of(schedule, i), wanted_ns[i]);
    }
    xcy_schedule_free(schedule);
}

static void steps_without_a_time_part_the_stage_evenly(void **state)
{
    (void)state;
    struct xcy_schedule_options options = {
        .arrivals = "steps:10,20,30", .rate_per_s = 1, .duration_ns = 9 * second_ns};
    struct xcy_schedule *by_duration = scheduled(options);
    options.duration_ns = 0;
    options.requests = 180;
    struct xcy_schedule *by_requests = scheduled(options);
    assert_int_equal(xcy_schedule_slots(by_duration), 180);
    assert_int_equal(xcy_schedule_length_ns(by_requests), 9 * second_ns);
    for (int64_t i = 0; i < 180; i++) {
        assert_int_equal(due_of(by_duration, i), due_of(by_requests, i));
    }
    assert_int_equal(due_of(by_requests, 30), 3 * second_ns);
    assert_int_equal(due_of(by_requests, 90), 6 * second_ns);
    xcy_schedule_free(by_duration);
    xcy_schedule_free(by_requests);
}

static void a_burst_is_at_one_instant_and_the_mean_rate_is_kept(void **state)
{
    (void)state;
    struct xcy_schedule *schedule = scheduled((struct xcy_schedule_options){
        .arrivals = "burst:7", .rate_per_s = 300, .requests = 1000000000});
    static const int64_t slots[] = {0, 6, 7, 13, 14, 999999999};
    for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++) {
        int64_t first = slots[i] / 7 * 7;
        assert_int_equal(due_of(schedule, slots[i]), (2 * first * 10000000 + 3) / 6);
    }
    assert_true(xcy_schedule_mean_rate(schedule) == 300);
    xcy_schedule_free(schedule);
}

static char *written(const char *folder, const char *text)
{
    struct xcy_error err;
    char *path = xcy_format("%s/stamps,x.txt", folder);
    assert_ok(xcy_file_replace(path, xcy_bytes_of(text), 0644, &err), &err);
    return path;
}

static struct xcy_schedule *replayed(const char *folder, const char *text, const char *settings,
                                     struct xcy_schedule_options options)
{
    char *path = written(folder, text);
    char *arrivals = xcy_format("replay:%s%s", path, settings);
    options.arrivals = arrivals;
    options.rate_per_s = 1;
    struct xcy_schedule *schedule = scheduled(options);
    free(arrivals);
    free(path);
    return schedule;
}

static const char *const recorded = "# a recorded load\n"
                                    "1763719200.123456789\n"
                                    "\n"
                                    "  1763719200.123456789\t\r\n"
                                    "1763719200.5\n"
                                    "1763719201.5\n"
                                    "1763719205.123456789";

static void a_replay_repeats_the_instants(void **state)
{
    static const int64_t wanted_ns[] = {0, 0, 376543211, 1376543211, 5000000000};
    struct xcy_schedule *schedule =
        replayed(*state, recorded, "", (struct xcy_schedule_options){0});
    assert_int_equal(xcy_schedule_slots(schedule), 5);
    for (int64_t i = 0; i < 5; i++) {
        assert_int_equal(due_of(schedule, i), wanted_ns[i]);
    }
    assert_near(xcy_schedule_mean_rate(schedule), 0.8, 1e-8);
    assert_true(xcy_schedule_peak_rate(schedule) == 3);
    assert_true(xcy_schedule_rate_at(schedule, second_ns / 2) == 3);
    assert_true(xcy_schedule_rate_at(schedule, 2 * second_ns) == 0);
    xcy_schedule_free(schedule);
}

static void a_replay_can_be_faster_and_slower(void **state)
{
    struct xcy_schedule *fast =
        replayed(*state, recorded, ",speed=2", (struct xcy_schedule_options){0});
    struct xcy_schedule *slow =
        replayed(*state, recorded, ",speed=0.25", (struct xcy_schedule_options){0});
    assert_int_equal(due_of(fast, 2), 188271606); /* a half is rounded up */
    assert_int_equal(due_of(fast, 4), 2500000000);
    assert_int_equal(due_of(slow, 2), 1506172844);
    assert_int_equal(due_of(slow, 4), 20000000000);
    xcy_schedule_free(fast);
    xcy_schedule_free(slow);
}

static void a_replay_is_cut_by_requests_and_duration(void **state)
{
    struct xcy_schedule *by_requests =
        replayed(*state, recorded, "", (struct xcy_schedule_options){.requests = 3});
    struct xcy_schedule *by_duration =
        replayed(*state, recorded, "", (struct xcy_schedule_options){.duration_ns = 1376543211});
    assert_int_equal(xcy_schedule_slots(by_requests), 3);
    assert_int_equal(xcy_schedule_length_ns(by_requests), 1376543211);
    assert_int_equal(xcy_schedule_slots(by_duration), 3);
    assert_int_equal(xcy_schedule_length_ns(by_duration), 1376543211);
    xcy_schedule_free(by_requests);
    xcy_schedule_free(by_duration);
}

static void a_replay_of_one_instant_lasts_a_second(void **state)
{
    struct xcy_schedule *schedule =
        replayed(*state, "7\n7\n7\n", "", (struct xcy_schedule_options){0});
    assert_int_equal(xcy_schedule_slots(schedule), 3);
    assert_int_equal(xcy_schedule_length_ns(schedule), second_ns);
    assert_true(xcy_schedule_peak_rate(schedule) == 3);
    xcy_schedule_free(schedule);
}

static void a_replay_reads_dates_and_numbers(void **state)
{
    static const int64_t wanted_ns[] = {0, 1500000000, 86400000000000};
    struct xcy_schedule *schedule = replayed(*state,
                                             "2024-02-28T23:59:59Z\n"
                                             "2024-02-29T00:00:00.5+00:00\n"
                                             "2024-02-29T23:59:59Z\n",
                                             "", (struct xcy_schedule_options){0});
    for (int64_t i = 0; i < 3; i++) {
        assert_int_equal(due_of(schedule, i), wanted_ns[i]);
    }
    xcy_schedule_free(schedule);
    schedule = replayed(*state, "1e-05\n.5\n1.5e1\n", "", (struct xcy_schedule_options){0});
    assert_int_equal(due_of(schedule, 1), 499990000);
    assert_int_equal(due_of(schedule, 2), 14999990000);
    xcy_schedule_free(schedule);
}

/* More than is read at once, so that lines lie across the pieces. */
static void a_long_file_is_replayed_whole(void **state)
{
    enum { N = 5000 };
    struct xcy_buf text;
    xcy_buf_init(&text, 1 << 20);
    for (int i = 0; i < N; i++) {
        xcy_buf_addf(&text, "%d.%03d\n", i / 7, i % 7);
    }
    struct xcy_schedule *schedule =
        replayed(*state, text.ptr, "", (struct xcy_schedule_options){0});
    assert_int_equal(xcy_schedule_slots(schedule), N);
    for (int i = 0; i < N; i += 13) {
        assert_int_equal(due_of(schedule, i), i / 7 * second_ns + i % 7 * INT64_C(1000000));
    }
    assert_in_order(schedule);
    xcy_schedule_free(schedule);
    xcy_buf_clear(&text);
}

static void a_wrong_line_of_a_replay_is_named(void **state)
{
    static const struct {
        const char *text;
        const char *words;
    } cases[] = {{"1\n# x\n0.5\n", "stamps,x.txt:3: the time stamp is before the one above it"},
                 {"1\nsoon\n", "stamps,x.txt:2: 'soon' is no time stamp"},
                 {"1\n-1\n", ":2: '-1' is no time stamp"},
                 {"1,5\n", ":1: '1,5' is no time stamp"},
                 {"nan\n", ":1: 'nan' is no time stamp"},
                 {"99999999999\n", ":1: '99999999999' is no time stamp"},
                 {"1\n\n2024-02-30T00:00:00Z", ":3: '2024-02-30T00:00:00Z' is no time stamp"},
                 {"# nothing\n", "has no time stamp"}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        char *path = written(*state, cases[c].text);
        char *arrivals = xcy_format("replay:%s", path);
        assert_refused((struct xcy_schedule_options){.arrivals = arrivals, .rate_per_s = 1},
                       cases[c].words);
        free(arrivals);
        free(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ramp_follows_its_rate),
        cmocka_unit_test(a_ramp_by_requests_lasts_as_its_mean_rate_makes_it),
        cmocka_unit_test(a_ramp_with_both_goes_over_the_duration),
        cmocka_unit_test(a_sine_follows_its_rate),
        cmocka_unit_test(a_sine_does_not_drift),
        cmocka_unit_test(a_sine_without_a_period_is_one_wave),
        cmocka_unit_test(steps_are_even_within_each_step),
        cmocka_unit_test(a_part_of_a_slot_is_carried_over_a_step),
        cmocka_unit_test(steps_without_a_time_part_the_stage_evenly),
        cmocka_unit_test(a_burst_is_at_one_instant_and_the_mean_rate_is_kept),
        WITH_FOLDER(a_replay_repeats_the_instants),
        WITH_FOLDER(a_replay_can_be_faster_and_slower),
        WITH_FOLDER(a_replay_is_cut_by_requests_and_duration),
        WITH_FOLDER(a_replay_of_one_instant_lasts_a_second),
        WITH_FOLDER(a_replay_reads_dates_and_numbers),
        WITH_FOLDER(a_long_file_is_replayed_whole),
        WITH_FOLDER(a_wrong_line_of_a_replay_is_named),
    };
    return cmocka_run_group_tests_name("arrivals", tests, NULL, NULL);
}
