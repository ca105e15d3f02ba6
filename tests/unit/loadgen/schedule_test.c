#include "common/base/buf.h"
#include "loadgen/schedule/schedule.h"
#include "tests/unit/loadgen/scheduled.h"

__extension__ typedef __int128 wide;

/* The nearest nanosecond to slot / (numerator / denominator), in integers. */
static int64_t exact_ns(int64_t slot, int64_t numerator, int64_t denominator)
{
    wide twice = (wide)slot * 1000000000 * denominator * 2;
    return (int64_t)((twice + numerator) / (2 * (wide)numerator));
}

static struct xcy_schedule *constant(double rate_per_s, int64_t requests)
{
    return scheduled((struct xcy_schedule_options){.rate_per_s = rate_per_s, .requests = requests});
}

static void instants_do_not_drift_at_odd_rates(void **state)
{
    (void)state;
    static const int64_t slots[] = {0,   1,    2,      3,        10,        99,
                                    999, 1000, 123457, 99999999, 999999999, 1000000000};
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
            if (exact < XCY_SCHEDULE_MAX_NS * 9 / 10) {
                struct xcy_schedule *schedule = constant(rates[r].rate_per_s, slots[s] + 1);
                assert_int_equal(due_of(schedule, slots[s]), exact);
                xcy_schedule_free(schedule);
            }
        }
    }
}

static void gaps_differ_by_a_nanosecond_at_most(void **state)
{
    (void)state;
    static const double rates[] = {3, 7, 333.3, 999983};
    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
        struct xcy_schedule *schedule = constant(rates[r], 100001);
        struct xcy_cursor *cursor = xcy_cursor_new(schedule, 90000, 1);
        int64_t gap_ns = (int64_t)(1e9 / rates[r]);
        int64_t slot = 0;
        int64_t before_ns = 0;
        int64_t due_ns = 0;
        assert_true(xcy_cursor_look(cursor, &slot, &before_ns));
        for (int i = 0; i < 10000; i++) {
            xcy_cursor_advance(cursor);
            assert_true(xcy_cursor_look(cursor, &slot, &due_ns));
            assert_in_range(due_ns - before_ns, gap_ns, gap_ns + 1);
            before_ns = due_ns;
        }
        xcy_cursor_free(cursor);
        xcy_schedule_free(schedule);
    }
}

static void a_rate_without_an_exact_double_stays_within_its_own_error(void **state)
{
    (void)state;
    struct xcy_schedule *schedule = constant(33.3, 1000000001);
    int64_t error_ns = due_of(schedule, 1000000000) - exact_ns(1000000000, 333, 10);
    assert_in_range(error_ns + 10, 0, 20);
    xcy_schedule_free(schedule);
}

static void the_slots_within_a_time_are_those_due_before_its_end(void **state)
{
    (void)state;
    static const struct {
        const char *arrivals;
        double rate_per_s;
        int64_t duration_ns;
        int64_t n;
    } cases[] = {{"constant", 100, 10000000000, 1000},
                 {"constant", 0.1, 30000000000, 3},
                 {"constant", 0.1, 30000000001, 4},
                 {"constant", 200, 1, 1},
                 {"constant", 3, 1000000000, 3},
                 {"constant", 3, 1000000001, 4},
                 {"constant", 0.7, 10000000000, 7},
                 {"constant", 0.01, 100000000000, 1},
                 {"constant", 0.01, 100000000001, 2},
                 {"constant", 1e6, 1000000000, 1000000},
                 {"ramp:0..100", 1, 10000000000, 500},
                 {"ramp:100..0", 1, 10000000000, 500},
                 {"ramp:10..20", 1, 1000000000, 15},
                 {"ramp:10..21", 1, 1000000000, 16},
                 {"steps:1,2,3", 1, 3000000000, 6},
                 {"steps:1,2,3,every=1s", 1, 2500000000, 5},
                 {"steps:1,2,3,every=1s", 1, 2700000000, 6},
                 {"sine:amplitude=1,period=1s", 50, 4000000000, 200},
                 {"sine:amplitude=1,period=1s", 50, 500000000, 41},
                 {"burst:10", 10, 1000000000, 10},
                 {"burst:10", 10, 1000000001, 20},
                 {"burst:3", 10, 900000000, 9}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct xcy_schedule *schedule =
            scheduled((struct xcy_schedule_options){.arrivals = cases[c].arrivals,
                                                    .rate_per_s = cases[c].rate_per_s,
                                                    .duration_ns = cases[c].duration_ns});
        if (xcy_schedule_slots(schedule) != cases[c].n) {
            fail_msg("%s at %g for %ld ns: %ld slots", cases[c].arrivals, cases[c].rate_per_s,
                     (long)cases[c].duration_ns, (long)xcy_schedule_slots(schedule));
        }
        assert_int_equal(xcy_schedule_length_ns(schedule), cases[c].duration_ns);
        xcy_schedule_free(schedule);
    }
}

static void requests_and_duration_end_it_whichever_is_first(void **state)
{
    (void)state;
    struct xcy_schedule_options options = {
        .rate_per_s = 100, .requests = 50, .duration_ns = 10 * second_ns};
    struct xcy_schedule *schedule = scheduled(options);
    assert_int_equal(xcy_schedule_slots(schedule), 50);
    assert_int_equal(xcy_schedule_length_ns(schedule), second_ns / 2);
    xcy_schedule_free(schedule);
    options.duration_ns = second_ns / 10;
    schedule = scheduled(options);
    assert_int_equal(xcy_schedule_slots(schedule), 10);
    assert_int_equal(xcy_schedule_length_ns(schedule), second_ns / 10);
    xcy_schedule_free(schedule);
}

static void without_an_end_there_are_a_thousand_requests(void **state)
{
    (void)state;
    static const char *const arrivals[] = {NULL,   "poisson",  "ramp:10..30", "steps:10,20,30",
                                           "sine", "burst:50", "closed:5"};
    for (size_t i = 0; i < sizeof arrivals / sizeof arrivals[0]; i++) {
        struct xcy_schedule *schedule = scheduled(
            (struct xcy_schedule_options){.arrivals = arrivals[i], .rate_per_s = 20, .seed = 1});
        assert_int_equal(xcy_schedule_slots(schedule), XCY_SCHEDULE_DEFAULT_REQUESTS);
        xcy_schedule_free(schedule);
    }
    struct xcy_schedule *own_end = scheduled(
        (struct xcy_schedule_options){.arrivals = "steps:10,20,30,every=2s", .rate_per_s = 1});
    assert_int_equal(xcy_schedule_slots(own_end), 120);
    assert_int_equal(xcy_schedule_length_ns(own_end), 6 * second_ns);
    xcy_schedule_free(own_end);
}

static void warm_up_comes_before_at_the_rate_of_the_beginning(void **state)
{
    (void)state;
    struct xcy_schedule *schedule =
        scheduled((struct xcy_schedule_options){.arrivals = "ramp:20..40",
                                                .rate_per_s = 1,
                                                .duration_ns = 10 * second_ns,
                                                .warmup_ns = 3 * second_ns});
    assert_int_equal(xcy_schedule_warmup_slots(schedule), 60);
    assert_int_equal(xcy_schedule_slots(schedule), 360);
    assert_int_equal(xcy_schedule_warmup_length_ns(schedule), 3 * second_ns);
    assert_int_equal(xcy_schedule_length_ns(schedule), 13 * second_ns);
    assert_int_equal(due_of(schedule, 59), 2950000000);
    assert_int_equal(due_of(schedule, 60), 3 * second_ns);
    assert_true(xcy_schedule_mean_rate(schedule) == 30);
    assert_true(xcy_schedule_rate_at(schedule, second_ns) == 20);
    assert_true(xcy_schedule_rate_at(schedule, 8 * second_ns) == 30);
    assert_true(xcy_schedule_rate_at(schedule, 13 * second_ns) == 0);
    assert_true(xcy_schedule_rate_at(schedule, -1) == 0);
    assert_in_order(schedule);
    xcy_schedule_free(schedule);
}

static void shards_part_the_whole_schedule_exactly(void **state)
{
    (void)state;
    static const char *const arrivals[] = {"constant", "poisson", "ramp:10..90", "burst:7", "sine"};
    for (size_t a = 0; a < sizeof arrivals / sizeof arrivals[0]; a++) {
        struct xcy_schedule_options options = {.arrivals = arrivals[a],
                                               .rate_per_s = 50,
                                               .duration_ns = 4 * second_ns,
                                               .warmup_ns = second_ns / 3,
                                               .seed = 5};
        struct xcy_schedule *whole = scheduled(options);
        int64_t n = xcy_schedule_slots(whole);
        int64_t n_seen = 0;
        int64_t n_warmup = 0;
        bool *seen = calloc((size_t)n, sizeof *seen);
        assert_non_null(seen);
        options.shard_count = 3;
        for (; options.shard_index < 3; options.shard_index++) {
            struct xcy_schedule *shard = scheduled(options);
            n_warmup += xcy_schedule_warmup_slots(shard);
            for (int64_t slot = 0; slot < xcy_schedule_slots(shard); slot++) {
                int64_t global = xcy_schedule_global_slot(shard, slot);
                assert_in_range(global, 0, n - 1);
                assert_false(seen[global]);
                seen[global] = true;
                n_seen++;
                assert_int_equal(due_of(shard, slot), due_of(whole, global));
                assert_int_equal(slot < xcy_schedule_warmup_slots(shard),
                                 global < xcy_schedule_warmup_slots(whole));
            }
            assert_near(xcy_schedule_mean_rate(shard) * 3, xcy_schedule_mean_rate(whole), 1e-9);
            assert_int_equal(xcy_schedule_length_ns(shard), xcy_schedule_length_ns(whole));
            xcy_schedule_free(shard);
        }
        assert_int_equal(n_seen, n);
        assert_int_equal(n_warmup, xcy_schedule_warmup_slots(whole));
        free(seen);
        xcy_schedule_free(whole);
    }
}

static void more_shards_than_requests_are_refused(void **state)
{
    (void)state;
    struct xcy_schedule_options options = {
        .rate_per_s = 50, .requests = 2, .shard_index = 2, .shard_count = 3};
    assert_refused(options, "use fewer shards");
    options.arrivals = "closed:2";
    options.requests = 100;
    assert_refused(options, "use fewer shards");
}

static void a_closed_loop_has_a_number_and_no_rate(void **state)
{
    (void)state;
    struct xcy_schedule_options options = {
        .arrivals = "closed:64", .rate_per_s = 100, .duration_ns = 7 * second_ns};
    struct xcy_schedule *schedule = scheduled(options);
    assert_int_equal(xcy_schedule_closed_in_flight(schedule), 64);
    assert_int_equal(xcy_schedule_slots(schedule), 0);
    assert_int_equal(xcy_schedule_length_ns(schedule), 7 * second_ns);
    assert_true(xcy_schedule_mean_rate(schedule) == 0);
    assert_true(xcy_schedule_peak_rate(schedule) == 0);
    assert_true(xcy_schedule_rate_at(schedule, second_ns) == 0);
    assert_false(xcy_schedule_is_random(schedule));
    xcy_schedule_free(schedule);
    options.requests = 100;
    options.duration_ns = 0;
    options.shard_index = 1;
    options.shard_count = 3;
    schedule = scheduled(options);
    assert_int_equal(xcy_schedule_closed_in_flight(schedule), 21);
    assert_int_equal(xcy_schedule_slots(schedule), 33);
    assert_int_equal(xcy_schedule_length_ns(schedule), 0);
    xcy_schedule_free(schedule);
    options.warmup_ns = second_ns;
    schedule = scheduled(options);
    assert_int_equal(xcy_schedule_slots(schedule), 0);
    assert_int_equal(xcy_schedule_closed_requests(schedule), 33);
    assert_int_equal(xcy_schedule_warmup_length_ns(schedule), second_ns);
    assert_int_equal(xcy_schedule_length_ns(schedule), 0);
    xcy_schedule_free(schedule);
    options.duration_ns = 7 * second_ns;
    schedule = scheduled(options);
    assert_int_equal(xcy_schedule_length_ns(schedule), 8 * second_ns);
    xcy_schedule_free(schedule);
}

static void the_mean_and_the_peak_are_what_is_asked(void **state)
{
    (void)state;
    static const struct {
        const char *arrivals;
        double rate_per_s;
        int64_t duration_ns;
        int64_t requests;
        double mean;
        double peak;
    } cases[] = {{"constant", 333.3, 0, 1000, 333.3, 333.3},
                 {"constant", 0.01, 0, 10, 0.01, 0.01},
                 {"constant", 100, 0, 10, 100, 100},
                 {"constant", 3, 1000000001, 0, 3, 3},
                 {"poisson", 40, 10000000000, 0, 40, 40},
                 {"ramp:10..200", 1, 10000000000, 0, 105, 190.5},
                 {"ramp:200..10", 1, 0, 1050, 105, 190.5},
                 {"ramp:0..10", 1, 500000000, 0, 5, 5},
                 {"steps:10,50,20,every=5s", 1, 0, 0, 80 / 3.0, 50},
                 {"steps:10,50,20,every=500ms", 1, 0, 0, 80 / 3.0, 35},
                 {"burst:50", 100, 10000000000, 0, 100, 100},
                 {"burst:300", 1, 0, 600, 1, 300},
                 {"sine:amplitude=0.5,period=100s", 60, 0, 12000, 60, 89.995065},
                 {"sine:amplitude=0.5,period=10ms", 60, 0, 120, 60, 60}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct xcy_schedule *schedule =
            scheduled((struct xcy_schedule_options){.arrivals = cases[c].arrivals,
                                                    .rate_per_s = cases[c].rate_per_s,
                                                    .duration_ns = cases[c].duration_ns,
                                                    .requests = cases[c].requests,
                                                    .seed = 3});
        assert_near(xcy_schedule_mean_rate(schedule), cases[c].mean, cases[c].mean * 1e-8);
        assert_near(xcy_schedule_peak_rate(schedule), cases[c].peak, cases[c].peak * 1e-6);
        xcy_schedule_free(schedule);
    }
}

static void a_whole_rate_stays_a_whole_number(void **state)
{
    (void)state;
    for (int rate = 1; rate < 2000; rate += 7) {
        struct xcy_schedule *schedule = constant(rate, 997);
        assert_true(xcy_schedule_mean_rate(schedule) > rate * (1 - 1e-6));
        xcy_schedule_free(schedule);
        schedule = scheduled(
            (struct xcy_schedule_options){.rate_per_s = rate, .duration_ns = 7 * second_ns});
        assert_true(xcy_schedule_mean_rate(schedule) == rate);
        xcy_schedule_free(schedule);
    }
}

static void what_a_window_holds_at_most_is_how_many_may_be_at_a_time(void **state)
{
    (void)state;
    static const struct {
        const char *arrivals;
        double rate_per_s;
        int64_t warmup_ns;
        int64_t duration_ns;
        double most; /* in 4 s */
    } cases[] = {{"constant", 100, 0, 60000000000, 400},
                 {"constant", 100, 0, 1000000000, 100},
                 {"constant", 100, 1000000000, 2000000000, 300},
                 {"burst:300", 1, 0, 600000000000, 300},
                 {"burst:10", 5, 0, 60000000000, 20},
                 {"ramp:10..20", 1, 0, 10000000000, 72},
                 {"steps:10,50,20,every=1s", 1, 0, 10000000000, 80}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct xcy_schedule *schedule =
            scheduled((struct xcy_schedule_options){.arrivals = cases[c].arrivals,
                                                    .rate_per_s = cases[c].rate_per_s,
                                                    .warmup_ns = cases[c].warmup_ns,
                                                    .duration_ns = cases[c].duration_ns});
        assert_near(xcy_schedule_most_within(schedule, 4 * second_ns), cases[c].most, 1e-6);
        assert_true(xcy_schedule_most_within(schedule, 0) == 0);
        xcy_schedule_free(schedule);
    }
}

static void wrong_arrivals_are_refused_with_what_would_be_right(void **state)
{
    (void)state;
    static const struct {
        const char *arrivals;
        const char *words;
    } cases[] = {{"poison", "did you mean 'poisson'?"},
                 {"xyz", "there are constant, poisson, ramp"},
                 {"", "there are constant"},
                 {"constant:5", "it is written constant"},
                 {"poisson:", "it is written poisson"},
                 {"ramp", "ramp:FROM..TO"},
                 {"ramp:", "ramp:FROM..TO"},
                 {"ramp:10", "ramp:FROM..TO"},
                 {"ramp:..5", "FROM must be a number of 0..1000000, got ''"},
                 {"ramp:5..", "TO must be a number of 0..1000000, got ''"},
                 {"ramp:5..x", "TO must be a number of 0..1000000, got 'x'"},
                 {"ramp:5..1e7", "got '1e7'"},
                 {"ramp:-1..5", "FROM must be"},
                 {"ramp:nan..5", "FROM must be"},
                 {"ramp:0..0", "at least 0.01"},
                 {"steps", "steps:A,B,C"},
                 {"steps:", "steps:A,B,C"},
                 {"steps:every=5s", "steps:A,B,C"},
                 {"steps:1,,2", "each rate must be a number of 0.01..1000000, got ''"},
                 {"steps:1,0", "each rate must be a number of 0.01..1000000, got '0'"},
                 {"steps:1,2,evry=5s", "did you mean 'every='?"},
                 {"steps:1,every=5s,2", "unknown setting '2'"},
                 {"steps:1,every=5 s", "every must be a time such as 30s"},
                 {"steps:1,every=0", "every must be a time"},
                 {"steps:1,every=1s,every=2s", "every is given twice"},
                 {"sine:", "unknown setting ''"},
                 {"sine:amplitude=1.1", "amplitude must be a number of 0..1, got '1.1'"},
                 {"sine:amplitude", "amplitude must be a number of 0..1, got ''"},
                 {"sine:period=1y", "period must be a time"},
                 {"sine:frequency=5", "it takes amplitude=, period="},
                 {"burst", "burst:SIZE"},
                 {"burst:0", "SIZE must be a whole number of 1..1000000, got '0'"},
                 {"burst:1.5", "SIZE must be a whole number"},
                 {"burst:1000001", "SIZE must be a whole number"},
                 {"replay", "replay:FILE"},
                 {"replay:", "replay:FILE"},
                 {"replay:,speed=2", "replay:FILE"},
                 {"replay:f,speed=0", "speed must be a number of 0.001..1000000, got '0'"},
                 {"replay:f,sped=2", "did you mean 'speed='?"},
                 {"replay:/nonexistent", "cannot open /nonexistent: No such file"},
                 {"replay:/", "cannot read /: Is a directory"},
                 {"replay:/dev/null", "/dev/null has no time stamp"},
                 {"replay:/dev/zero", "/dev/zero:1: a line of more than"},
                 {"closed", "closed:N"},
                 {"closed:0", "N must be a whole number of 1..65536, got '0'"},
                 {"closed:65537", "N must be a whole number"}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        assert_refused(
            (struct xcy_schedule_options){.arrivals = cases[c].arrivals, .rate_per_s = 100},
            cases[c].words);
    }
}

static void there_are_a_thousand_steps_at_most(void **state)
{
    (void)state;
    struct xcy_buf text;
    xcy_buf_init(&text, 4096);
    xcy_buf_add_text(&text, "steps:1");
    for (int i = 1; i < 1000; i++) {
        xcy_buf_add_text(&text, ",1");
    }
    struct xcy_schedule_options options = {.arrivals = text.ptr, .rate_per_s = 1};
    struct xcy_schedule *schedule = scheduled(options);
    assert_int_equal(xcy_schedule_length_ns(schedule), 1000 * second_ns);
    xcy_schedule_free(schedule);
    xcy_buf_add_text(&text, ",1");
    options.arrivals = text.ptr;
    assert_refused(options, "at most 1000 steps");
    xcy_buf_clear(&text);
}

static void what_contradicts_is_refused(void **state)
{
    (void)state;
    struct xcy_schedule_options options = {.arrivals = "ramp:1..5", .rate_per_s = 100};
    options.is_rate_given = true;
    assert_refused(options, "--rate is not for --arrivals ramp");
    options.load_plan = "plan.yml";
    assert_refused(options, "--arrivals or --load-plan, not both");
    options.arrivals = NULL;
    assert_refused(options, "--rate is not for --load-plan");
    options = (struct xcy_schedule_options){
        .arrivals = "ramp:0..5", .rate_per_s = 1, .warmup_ns = second_ns};
    assert_refused(options, "--warmup needs a rate of at least 0.01/s");
}

static void rates_out_of_bounds_are_refused(void **state)
{
    (void)state;
    static const double rates[] = {0, 0.0099, -1, 1000001};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        assert_refused((struct xcy_schedule_options){.rate_per_s = rates[i]},
                       "--rate must be 0.01..1000000");
    }
}

static void more_than_a_year_or_ten_thousand_million_requests_are_refused(void **state)
{
    (void)state;
    struct xcy_schedule_options options = {.rate_per_s = 0.01, .requests = 1000000000};
    assert_refused(options, "takes 1157407 days; at most 366");
    options.arrivals = "poisson";
    assert_refused(options, "at most 366");
    options.arrivals = "ramp:0..0.01";
    assert_refused(options, "at most 366");
    options.arrivals = "steps:0.01,0.01";
    assert_refused(options, "at most 366");
    options.arrivals = "sine";
    assert_refused(options, "at most 366");
    options = (struct xcy_schedule_options){.rate_per_s = 1e6, .duration_ns = XCY_SCHEDULE_MAX_NS};
    assert_refused(options, "at most 10000000000");
    options.arrivals = "poisson";
    assert_refused(options, "at most 10000000000");
    options = (struct xcy_schedule_options){
        .rate_per_s = 1, .duration_ns = XCY_SCHEDULE_MAX_NS, .warmup_ns = second_ns};
    assert_refused(options, "longer than 366 days");
}

static void the_text_is_what_was_given(void **state)
{
    (void)state;
    struct xcy_schedule *schedule =
        scheduled((struct xcy_schedule_options){.arrivals = "sine:period=5s", .rate_per_s = 100});
    assert_string_equal(xcy_schedule_text(schedule), "sine:period=5s");
    xcy_schedule_free(schedule);
    schedule = constant(5, 5);
    assert_string_equal(xcy_schedule_text(schedule), "constant");
    xcy_schedule_free(schedule);
    xcy_schedule_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instants_do_not_drift_at_odd_rates),
        cmocka_unit_test(gaps_differ_by_a_nanosecond_at_most),
        cmocka_unit_test(a_rate_without_an_exact_double_stays_within_its_own_error),
        cmocka_unit_test(the_slots_within_a_time_are_those_due_before_its_end),
        cmocka_unit_test(requests_and_duration_end_it_whichever_is_first),
        cmocka_unit_test(without_an_end_there_are_a_thousand_requests),
        cmocka_unit_test(warm_up_comes_before_at_the_rate_of_the_beginning),
        cmocka_unit_test(shards_part_the_whole_schedule_exactly),
        cmocka_unit_test(more_shards_than_requests_are_refused),
        cmocka_unit_test(a_closed_loop_has_a_number_and_no_rate),
        cmocka_unit_test(the_mean_and_the_peak_are_what_is_asked),
        cmocka_unit_test(a_whole_rate_stays_a_whole_number),
        cmocka_unit_test(what_a_window_holds_at_most_is_how_many_may_be_at_a_time),
        cmocka_unit_test(wrong_arrivals_are_refused_with_what_would_be_right),
        cmocka_unit_test(there_are_a_thousand_steps_at_most),
        cmocka_unit_test(what_contradicts_is_refused),
        cmocka_unit_test(rates_out_of_bounds_are_refused),
        cmocka_unit_test(more_than_a_year_or_ten_thousand_million_requests_are_refused),
        cmocka_unit_test(the_text_is_what_was_given),
    };
    return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
