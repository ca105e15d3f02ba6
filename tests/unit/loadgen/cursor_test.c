#include "common/stats/stream.h"
#include "loadgen/schedule/cursor.h"
#include "tests/unit/loadgen/scheduled.h"

__extension__ typedef __int128 wide;

static const char *const all_arrivals[] = {
    "constant", "poisson",         "ramp:5..95",      "steps:20,80,40", "sine",
    "burst:9",  "sine:period=1ms", "ramp:100..0.001", "steps:50"};

static struct xcy_schedule *some(const char *arrivals, int64_t requests)
{
    return scheduled((struct xcy_schedule_options){.arrivals = arrivals,
                                                   .rate_per_s = 50,
                                                   .requests = requests,
                                                   .warmup_ns = second_ns,
                                                   .seed = 11});
}

static int64_t *all_instants(const struct xcy_schedule *schedule)
{
    int64_t n = xcy_schedule_slots(schedule);
    int64_t *due_ns = calloc((size_t)n, sizeof *due_ns);
    int64_t slot = 0;
    assert_non_null(due_ns);
    struct xcy_cursor *cursor = xcy_cursor_new(schedule, 0, 1);
    for (int64_t i = 0; i < n; i++) {
        assert_true(xcy_cursor_look(cursor, &slot, &due_ns[i]));
        assert_int_equal(slot, i);
        xcy_cursor_advance(cursor);
    }
    assert_false(xcy_cursor_look(cursor, &slot, &due_ns[0]));
    xcy_cursor_free(cursor);
    return due_ns;
}

static void every_walk_agrees_on_every_instant(void **state)
{
    (void)state;
    for (size_t a = 0; a < sizeof all_arrivals / sizeof all_arrivals[0]; a++) {
        struct xcy_schedule *schedule = some(all_arrivals[a], 500);
        int64_t n = xcy_schedule_slots(schedule);
        int64_t *due_ns = all_instants(schedule);
        for (int64_t step = 1; step < 8; step++) {
            for (int64_t first = 0; first < step; first++) {
                struct xcy_cursor *cursor = xcy_cursor_new(schedule, first, step);
                int64_t slot = 0;
                int64_t at_ns = 0;
                int64_t wanted = first;
                for (; xcy_cursor_look(cursor, &slot, &at_ns); wanted += step) {
                    assert_int_equal(slot, wanted);
                    assert_int_equal(at_ns, due_ns[slot]);
                    xcy_cursor_advance(cursor);
                }
                assert_true(wanted >= n && wanted < n + step);
                xcy_cursor_free(cursor);
            }
        }
        free(due_ns);
        xcy_schedule_free(schedule);
    }
}

static void behind_the_last_slot_there_is_nothing(void **state)
{
    (void)state;
    struct xcy_schedule *schedule = some("constant", 3);
    int64_t slot = 7;
    int64_t due_ns = 8;
    int64_t n = xcy_schedule_slots(schedule);
    struct xcy_cursor *cursor = xcy_cursor_new(schedule, n, 1);
    assert_false(xcy_cursor_look(cursor, &slot, &due_ns));
    xcy_cursor_advance(cursor);
    assert_false(xcy_cursor_look(cursor, &slot, &due_ns));
    assert_int_equal(slot, 7);
    assert_int_equal(due_ns, 8);
    xcy_cursor_free(cursor);
    xcy_cursor_free(NULL);
    xcy_schedule_free(schedule);
}

/* A look does not move the cursor. */
static void a_slot_can_be_looked_at_twice(void **state)
{
    (void)state;
    struct xcy_schedule *schedule = some("poisson", 3);
    struct xcy_cursor *cursor = xcy_cursor_new(schedule, 51, 1);
    int64_t slot = 0;
    int64_t first_ns = 0;
    int64_t second_look_ns = 0;
    assert_true(xcy_cursor_look(cursor, &slot, &first_ns));
    assert_true(xcy_cursor_look(cursor, &slot, &second_look_ns));
    assert_int_equal(slot, 51);
    assert_int_equal(first_ns, second_look_ns);
    xcy_cursor_free(cursor);
    xcy_schedule_free(schedule);
}

static struct xcy_schedule *poisson(double rate_per_s, int64_t requests, int64_t seed)
{
    return scheduled((struct xcy_schedule_options){
        .arrivals = "poisson", .rate_per_s = rate_per_s, .requests = requests, .seed = seed});
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The greatest distance between the gaps' distribution and the exponential one. */
static double ks_distance(double *gaps_s, int n, double rate_per_s)
{
    double distance = 0;
    qsort(gaps_s, (size_t)n, sizeof *gaps_s, compare);
    for (int i = 0; i < n; i++) {
        double wanted = -expm1(-gaps_s[i] * rate_per_s);
        distance = fmax(distance, fmax((double)(i + 1) / n - wanted, wanted - (double)i / n));
    }
    return distance;
}

/* Kolmogorov and Smirnov's test at 1 %: that a right one fails here is decided by the seed. */
static void poisson_gaps_are_exponential(void **state)
{
    (void)state;
    enum { N = 20000 };
    static const double rates[] = {0.01, 1000, 1e6};
    double *gaps_s = calloc(N, sizeof *gaps_s);
    assert_non_null(gaps_s);
    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
        struct xcy_schedule *schedule = poisson(rates[r], N, 1);
        int64_t *due_ns = all_instants(schedule);
        for (int i = 0; i < N; i++) {
            gaps_s[i] = (double)(due_ns[i] - (i ? due_ns[i - 1] : 0)) / 1e9;
        }
        assert_true(ks_distance(gaps_s, N, rates[r]) < 1.63 / sqrt(N));
        assert_in_order(schedule);
        free(due_ns);
        xcy_schedule_free(schedule);
    }
    free(gaps_s);
}

/* In windows of the same length: mean and variance are the same, and no window tells of the next. */
static void poisson_numbers_in_windows_are_independent(void **state)
{
    (void)state;
    enum { N_WINDOWS = 2000 };
    struct xcy_schedule *schedule = scheduled((struct xcy_schedule_options){
        .arrivals = "poisson", .rate_per_s = 10, .duration_ns = N_WINDOWS * second_ns, .seed = 3});
    int64_t *due_ns = all_instants(schedule);
    double n_in[N_WINDOWS] = {0};
    for (int64_t i = 0; i < xcy_schedule_slots(schedule); i++) {
        n_in[due_ns[i] / second_ns]++;
    }
    double mean = (double)xcy_schedule_slots(schedule) / N_WINDOWS;
    double variance = 0;
    double covariance = 0;
    for (int i = 0; i < N_WINDOWS; i++) {
        variance += (n_in[i] - mean) * (n_in[i] - mean) / N_WINDOWS;
        covariance += i ? (n_in[i] - mean) * (n_in[i - 1] - mean) / N_WINDOWS : 0;
    }
    assert_near(mean, 10, 3 * sqrt(10.0 / N_WINDOWS));
    assert_near(variance / mean, 1, 3 * sqrt(2.0 / N_WINDOWS));
    assert_near(covariance / variance, 0, 3 / sqrt(N_WINDOWS));
    free(due_ns);
    xcy_schedule_free(schedule);
}

/* The number within a time varies as it should from seed to seed. */
static void the_number_of_poisson_arrivals_is_random(void **state)
{
    (void)state;
    enum { N_SEEDS = 400 };
    double sum = 0;
    double squares = 0;
    for (int64_t seed = 1; seed <= N_SEEDS; seed++) {
        struct xcy_schedule *schedule = scheduled((struct xcy_schedule_options){
            .arrivals = "poisson", .rate_per_s = 20, .duration_ns = 2 * second_ns, .seed = seed});
        double n = (double)xcy_schedule_slots(schedule);
        sum += n;
        squares += n * n;
        assert_int_equal(xcy_schedule_length_ns(schedule), 2 * second_ns);
        xcy_schedule_free(schedule);
    }
    double mean = sum / N_SEEDS;
    assert_near(mean, 40, 3 * sqrt(40.0 / N_SEEDS));
    assert_near((squares / N_SEEDS - mean * mean) / mean, 1, 3 * sqrt(2.0 / N_SEEDS));
}

static void the_seed_decides_about_poisson_arrivals(void **state)
{
    (void)state;
    struct xcy_schedule *one = poisson(100, 1000, 77);
    struct xcy_schedule *same = poisson(100, 1000, 77);
    struct xcy_schedule *other = poisson(100, 1000, 78);
    int n_same = 0;
    for (int64_t slot = 0; slot < 1000; slot += 37) {
        assert_int_equal(due_of(one, slot), due_of(same, slot));
        n_same += due_of(one, slot) == due_of(other, slot) ? 1 : 0;
    }
    assert_int_equal(n_same, 0);
    assert_true(xcy_schedule_is_random(one));
    assert_int_equal(xcy_schedule_length_ns(one), due_of(one, 999) + 1);
    xcy_schedule_free(one);
    xcy_schedule_free(same);
    xcy_schedule_free(other);
}

/* Against the same gaps added up in a wider number. */
static void poisson_instants_are_the_exact_sums_of_the_gaps(void **state)
{
    (void)state;
    enum { N = 100000 };
    struct xcy_schedule *schedule = poisson(0.01, N, 5);
    struct xcy_cursor *cursor = xcy_cursor_new(schedule, 0, 1);
    struct xcy_stream *stream = xcy_stream_new(5, "arrivals");
    wide sum = 0; /* in 2^-40 ns */
    for (int i = 0; i < N; i++) {
        int64_t slot = 0;
        int64_t due_ns = 0;
        long double gap_ns = (long double)xcy_stream_exponential(stream, 1e9 / 0.01);
        sum += (wide)ldexpl(gap_ns, 40);
        assert_true(xcy_cursor_look(cursor, &slot, &due_ns));
        assert_int_equal(due_ns, (int64_t)((sum + ((wide)1 << 39)) >> 40));
        xcy_cursor_advance(cursor);
    }
    xcy_stream_free(stream);
    xcy_cursor_free(cursor);
    xcy_schedule_free(schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_walk_agrees_on_every_instant),
        cmocka_unit_test(behind_the_last_slot_there_is_nothing),
        cmocka_unit_test(a_slot_can_be_looked_at_twice),
        cmocka_unit_test(poisson_gaps_are_exponential),
        cmocka_unit_test(poisson_numbers_in_windows_are_independent),
        cmocka_unit_test(the_number_of_poisson_arrivals_is_random),
        cmocka_unit_test(the_seed_decides_about_poisson_arrivals),
        cmocka_unit_test(poisson_instants_are_the_exact_sums_of_the_gaps),
    };
    return cmocka_run_group_tests_name("cursor", tests, NULL, NULL);
}
