#include "common/net/http.h"
#include "common/time/clock.h"
#include "loadgen/plan/plan.h"
#include "tests/support/unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char writer_name[] = "writer";
static char reader_name[] = "reader";
static char source_name[] = "test.yml";

static const struct xcy_plan_options usual = {.rate_per_s = 100,
                                              .connect_timeout_ms = 5000,
                                              .grace_ns = 10000000000,
                                              .late_after_ns = 100000000,
                                              .lag_bound_ms = 10};

static struct xcy_deployment deployment(void)
{
    return (struct xcy_deployment){
        .source = source_name,
        .writer = {.function = writer_name, .timeout_ms = 5000, .concurrency_limit = 1000},
        .reader = {.function = reader_name, .timeout_ms = 5000, .concurrency_limit = 1000},
        .visibility_deadline_ms = 4000,
        .barrier_deadline_ms = 4000};
}

static enum xcy_status resolve(const struct xcy_plan_options *options, struct xcy_plan *plan,
                               struct xcy_error *err)
{
    struct xcy_deployment d = deployment();
    return xcy_plan_resolve(options, &d, 20000, plan, err);
}

/* It is refused as wrong usage, with these words; nothing is left to clear. */
static void assert_refused(const struct xcy_plan_options *options, const char *words)
{
    struct xcy_plan plan = {0};
    struct xcy_error err;
    assert_status(resolve(options, &plan, &err), XCY_EUSAGE, &err);
    assert_null(plan.schedule);
    if (!strstr(err.text, words)) {
        fail_msg("'%s' is not in '%s'", words, err.text);
    }
}

static void what_is_not_given_is_sensible(void **state)
{
    (void)state;
    struct xcy_plan plan;
    struct xcy_error err;
    assert_ok(resolve(&usual, &plan, &err), &err);
    assert_int_equal(xcy_schedule_slots(plan.schedule), 1000);
    assert_in_range(plan.threads, 1, 2);
    assert_int_equal(plan.max_in_flight, 4096);
    assert_int_equal(plan.total_timeout_ns, 8 * XCY_NS_PER_S);
    assert_int_not_equal(plan.seed, 0);
    assert_int_equal(strlen(plan.run), 36);
    assert_int_equal(plan.start_at.ns, 0);
    assert_int_equal(plan.shard_index, 0);
    assert_int_equal(plan.shard_count, 1);
    assert_int_equal(plan.late, XCY_LATE_SEND);
    xcy_plan_clear(&plan);
    assert_null(plan.schedule);
    xcy_plan_clear(&plan);
}

static void a_duration_gives_the_number_of_requests(void **state)
{
    (void)state;
    struct xcy_plan_options options = usual;
    struct xcy_plan plan;
    struct xcy_error err;
    options.duration_ns = 2 * XCY_NS_PER_S;
    assert_ok(resolve(&options, &plan, &err), &err);
    assert_int_equal(xcy_schedule_slots(plan.schedule), 200);
    xcy_plan_clear(&plan);
    options.requests = 5;
    assert_ok(resolve(&options, &plan, &err), &err);
    assert_int_equal(xcy_schedule_slots(plan.schedule), 5);
    xcy_plan_clear(&plan);
}

static void the_rules_of_sending_are_kept(void **state)
{
    (void)state;
    struct xcy_plan_options options = usual;
    struct xcy_plan plan;
    struct xcy_error err;
    options.late = XCY_LATE_SKIP;
    options.retries = 3;
    options.retry_delay_ns = 50 * XCY_NS_PER_MS;
    options.skip_bound_percent = 2.5;
    options.first_byte_timeout_ms = 700;
    options.total_timeout_ms = 900;
    options.is_async = true;
    options.warmup_ns = XCY_NS_PER_S;
    assert_ok(resolve(&options, &plan, &err), &err);
    assert_int_equal(plan.late, XCY_LATE_SKIP);
    assert_int_equal(plan.late_after_ns, 100 * XCY_NS_PER_MS);
    assert_int_equal(plan.retries, 3);
    assert_int_equal(plan.retry_delay_ns, 50 * XCY_NS_PER_MS);
    assert_true(plan.skip_bound == 0.025);
    assert_int_equal(plan.lag_bound_ns, 10 * XCY_NS_PER_MS);
    assert_int_equal(plan.first_byte_timeout_ns, 700 * XCY_NS_PER_MS);
    assert_int_equal(plan.total_timeout_ns, 900 * XCY_NS_PER_MS);
    assert_true(plan.is_async);
    assert_int_equal(xcy_schedule_warmup_slots(plan.schedule), 100);
    xcy_plan_clear(&plan);
}

static void a_start_in_the_future_is_kept_to_the_nanosecond(void **state)
{
    (void)state;
    struct xcy_plan_options options = usual;
    struct xcy_plan plan;
    struct xcy_error err;
    char text[64];
    struct xcy_wall soon = {xcy_wall_now().ns + 3600 * XCY_NS_PER_S};
    snprintf(text, sizeof text, "%" PRId64 ".%09" PRId64, soon.ns / XCY_NS_PER_S,
             soon.ns % XCY_NS_PER_S);
    options.start_at = text;
    assert_ok(resolve(&options, &plan, &err), &err);
    assert_int_equal(plan.start_at.ns, soon.ns);
    xcy_plan_clear(&plan);
    xcy_wall_format_iso(soon, text);
    assert_ok(resolve(&options, &plan, &err), &err);
    assert_int_equal(plan.start_at.ns, soon.ns - soon.ns % XCY_NS_PER_S);
    xcy_plan_clear(&plan);
}

static void a_start_that_has_passed_is_refused_with_the_time(void **state)
{
    (void)state;
    struct xcy_plan_options options = usual;
    options.start_at = "2020-01-01T00:00:00Z";
    assert_refused(&options, "--start-at 2020-01-01T00:00:00Z has passed: here it is 20");
    options.start_at = "1577836800.5";
    assert_refused(&options, "has passed");
    options.start_at = "2200-01-01T00:00:00Z";
    assert_refused(&options, "more than 366 days away");
    options.start_at = "tomorrow";
    assert_refused(&options, "--start-at must be an instant in UTC");
}

static void shards_need_what_makes_them_agree(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",    "1",    "0/3",    "4/3", "1/0", "-1/3",
                                        "a/b", "1/3x", "1/1001", "/",   "1/",  "1/2/3"};
    struct xcy_plan_options options = usual;
    struct xcy_plan plan;
    struct xcy_error err;
    char start[32];
    snprintf(start, sizeof start, "%" PRId64, xcy_wall_now().ns / XCY_NS_PER_S + 3600);
    options.start_at = start;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        options.shard = wrong[i];
        assert_refused(&options, "--shard must be I/N");
    }
    options.shard = "2/3";
    assert_refused(&options, "--shard needs --seed");
    options.seed = 5;
    assert_ok(resolve(&options, &plan, &err), &err);
    assert_int_equal(plan.shard_index, 1);
    assert_int_equal(plan.shard_count, 3);
    assert_int_equal(xcy_schedule_slots(plan.schedule), 333);
    xcy_plan_clear(&plan);
    options.start_at = NULL;
    assert_refused(&options, "--shard needs --start-at");
    options.shard = "1/1";
    assert_ok(resolve(&options, &plan, &err), &err);
    xcy_plan_clear(&plan);
}

static void a_closed_loop_sets_what_is_in_flight(void **state)
{
    (void)state;
    struct xcy_plan_options options = usual;
    struct xcy_plan plan;
    struct xcy_error err;
    options.arrivals = "closed:3";
    options.duration_ns = XCY_NS_PER_S;
    options.threads = 8;
    options.wants_realtime = true;
    assert_ok(resolve(&options, &plan, &err), &err);
    assert_int_equal(plan.max_in_flight, 3);
    assert_int_equal(plan.threads, 3);
    assert_false(plan.is_realtime);
    xcy_plan_clear(&plan);
    options.max_in_flight = 5;
    assert_ok(resolve(&options, &plan, &err), &err);
    assert_int_equal(plan.max_in_flight, 3);
    xcy_plan_clear(&plan);
}

static void what_contradicts_a_closed_loop_is_refused(void **state)
{
    (void)state;
    struct xcy_plan_options options = usual;
    options.arrivals = "closed:30";
    options.max_in_flight = 29;
    assert_refused(&options, "--max-in-flight 29 is less than the 30");
    options.max_in_flight = 0;
    options.late = XCY_LATE_SKIP;
    assert_refused(&options, "--late skip is for schedules");
    options.late = XCY_LATE_SEND;
    options.is_rate_given = true;
    assert_refused(&options, "--rate is not for --arrivals closed");
    options.is_rate_given = false;
    options.arrivals = "closed:20000";
    assert_refused(&options, "N = 20000 needs as many connections");
}

static void threads_are_never_more_than_the_slots_or_the_connections(void **state)
{
    (void)state;
    struct xcy_plan_options options = usual;
    struct xcy_plan plan;
    struct xcy_error err;
    options.threads = 16;
    options.requests = 3;
    assert_ok(resolve(&options, &plan, &err), &err);
    assert_int_equal(plan.threads, 3);
    xcy_plan_clear(&plan);
    options.max_in_flight = 2;
    assert_ok(resolve(&options, &plan, &err), &err);
    assert_int_equal(plan.threads, 2);
    xcy_plan_clear(&plan);
}

static void more_in_flight_than_open_files_is_refused(void **state)
{
    (void)state;
    struct xcy_plan_options options = usual;
    struct xcy_plan plan;
    struct xcy_error err;
    options.max_in_flight = 10000;
    assert_refused(&options, "ulimit -n");
    options.max_in_flight = 0;
    struct xcy_deployment d = deployment();
    assert_ok(xcy_plan_resolve(&options, &d, 1024, &plan, &err), &err);
    assert_int_equal(plan.max_in_flight, 960 / XCY_HTTP_DESCRIPTORS);
    xcy_plan_clear(&plan);
    options.max_in_flight = 960 / XCY_HTTP_DESCRIPTORS + 1;
    assert_status(xcy_plan_resolve(&options, &d, 1024, &plan, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "lower it to 320 "));
    options.max_in_flight = 0;
    assert_status(xcy_plan_resolve(&options, &d, 64, &plan, &err), XCY_EUSAGE, &err);
}

static void a_run_of_more_than_a_year_is_refused(void **state)
{
    (void)state;
    struct xcy_plan_options options = usual;
    options.requests = 1000000000;
    options.rate_per_s = 0.01;
    assert_refused(&options, "at most 366");
}

static bool is_realtime(double rate_per_s, const char *arrivals, bool is_wanted)
{
    struct xcy_plan_options options = usual;
    struct xcy_plan plan;
    struct xcy_error err;
    options.wants_realtime = is_wanted;
    options.threads = 2;
    options.rate_per_s = rate_per_s;
    options.requests = 100000;
    options.arrivals = arrivals;
    assert_ok(resolve(&options, &plan, &err), &err);
    bool is_realtime = plan.is_realtime;
    xcy_plan_clear(&plan);
    return is_realtime;
}

static void real_time_priority_is_for_rates_that_leave_the_core_to_others(void **state)
{
    (void)state;
    assert_true(is_realtime(4000, "constant", true));
    assert_false(is_realtime(4001, "constant", true));
    assert_false(is_realtime(100, "constant", false));
    assert_false(is_realtime(100, "ramp:100..5000", true));
}

static void two_runs_have_two_ids_and_a_given_seed_is_kept(void **state)
{
    (void)state;
    struct xcy_plan_options options = usual;
    struct xcy_plan one;
    struct xcy_plan two;
    struct xcy_error err;
    options.seed = 77;
    assert_ok(resolve(&options, &one, &err), &err);
    assert_ok(resolve(&options, &two, &err), &err);
    assert_string_not_equal(one.run, two.run);
    assert_int_equal(one.seed, 77);
    assert_int_equal(two.seed, 77);
    xcy_plan_clear(&one);
    xcy_plan_clear(&two);
}

/* With a limit of 1000 readers, each busy for 4 s, or 8 s behind a barrier. */
static enum xcy_status check_options(struct xcy_plan_options options,
                                     enum xcy_consistency consistency,
                                     enum xcy_visibility visibility, struct xcy_error *err)
{
    struct xcy_deployment d = deployment();
    struct xcy_combination c = {.consistency = consistency, .visibility = visibility};
    struct xcy_plan plan = {0};
    assert_ok(resolve(&options, &plan, err), err);
    enum xcy_status status = xcy_plan_check_capacity(&plan, &d, &c, err);
    xcy_plan_clear(&plan);
    return status;
}

static enum xcy_status check(double rate_per_s, int64_t n, enum xcy_consistency consistency,
                             enum xcy_visibility visibility, struct xcy_error *err)
{
    struct xcy_plan_options options = usual;
    options.rate_per_s = rate_per_s;
    options.requests = n;
    return check_options(options, consistency, visibility, err);
}

static void a_plan_beyond_the_readers_concurrency_is_refused_with_its_numbers(void **state)
{
    (void)state;
    struct xcy_error err;
    assert_ok(check(250, 10000, XCY_CONSISTENCY_NONE, XCY_VISIBILITY_INLINE, &err), &err);
    assert_status(check(251, 10000, XCY_CONSISTENCY_NONE, XCY_VISIBILITY_INLINE, &err), XCY_EUSAGE,
                  &err);
    assert_non_null(strstr(err.text, "up to 1004 requests within 4000 ms"));
    assert_non_null(strstr(err.text, "allows 1000"));
    assert_non_null(strstr(err.text, "lower the rate to 99% of it"));
    assert_int_equal(xcy_exit_code(err.status), 2);
}

static void a_barrier_makes_readers_longer_and_no_polling_makes_them_short(void **state)
{
    (void)state;
    struct xcy_error err;
    assert_status(check(201, 10000, XCY_CONSISTENCY_ANTIPODE, XCY_VISIBILITY_INLINE, &err),
                  XCY_EUSAGE, &err);
    assert_ok(check(1e6, 10000, XCY_CONSISTENCY_NONE, XCY_VISIBILITY_OFF, &err), &err);
}

static void no_more_readers_run_than_there_are_requests(void **state)
{
    (void)state;
    struct xcy_error err;
    assert_ok(check(1e6, 1000, XCY_CONSISTENCY_NONE, XCY_VISIBILITY_INLINE, &err), &err);
}

static void the_busiest_time_of_any_arrivals_counts(void **state)
{
    (void)state;
    static const struct {
        const char *arrivals;
        int64_t requests;
        const char *refusal; /* NULL: there is room */
    } cases[] = {{"ramp:10..240", 10000, NULL},
                 {"ramp:10..300", 10000, "requests within 4000 ms"},
                 {"burst:900", 10000, NULL}, /* every 9 s */
                 {"burst:1001", 10000, "up to 1001 requests within 4000 ms"},
                 {"poisson", 1000, NULL},
                 {"closed:1000", 10000, NULL},
                 {"closed:1001", 10000, "1001 in flight keep as many readers busy"}};
    struct xcy_error err;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct xcy_plan_options options = usual;
        options.arrivals = cases[c].arrivals;
        options.requests = cases[c].requests;
        enum xcy_status status =
            check_options(options, XCY_CONSISTENCY_NONE, XCY_VISIBILITY_INLINE, &err);
        assert_status(status, cases[c].refusal ? XCY_EUSAGE : XCY_OK, &err);
        assert_true(!cases[c].refusal || strstr(err.text, cases[c].refusal));
    }
}

static char *waiting_line(double rate_per_s, enum xcy_notification_storage storage,
                          enum xcy_consistency consistency, int64_t batch)
{
    struct xcy_deployment d = deployment();
    struct xcy_combination c = {.notification_storage = storage, .consistency = consistency};
    struct xcy_plan_options options = usual;
    struct xcy_plan plan = {0};
    struct xcy_error err;
    d.dynamo.stream_shards = 4;
    d.dynamo.stream_batch = batch;
    options.rate_per_s = rate_per_s;
    options.requests = 10000;
    assert_ok(resolve(&options, &plan, &err), &err);
    assert_ok(xcy_plan_check_capacity(&plan, &d, &c, &err), &err);
    char *line = xcy_plan_waiting_line(&plan, &d, &c);
    xcy_plan_clear(&plan);
    return line;
}

/* Four shards, and a barrier of up to 4 s: one a second, or 25 with batches of 25. */
static void a_barrier_over_a_stream_has_a_ceiling_that_is_told(void **state)
{
    (void)state;
    char *line = waiting_line(50, XCY_NOTIFICATION_DYNAMO, XCY_CONSISTENCY_ANTIPODE, 1);
    assert_non_null(line);
    assert_non_null(strstr(line, "over dynamo at most 4 readers at a time, of up to 1 notif"));
    assert_non_null(strstr(line, "4000 ms, 1/s could be read"));
    free(line);
    line = waiting_line(26, XCY_NOTIFICATION_DYNAMO, XCY_CONSISTENCY_ANTIPODE, 25);
    assert_non_null(strstr(line, "25/s"));
    free(line);
    assert_null(waiting_line(25, XCY_NOTIFICATION_DYNAMO, XCY_CONSISTENCY_ANTIPODE, 25));
    assert_null(waiting_line(50, XCY_NOTIFICATION_DYNAMO, XCY_CONSISTENCY_NONE, 1));
    assert_null(waiting_line(50, XCY_NOTIFICATION_SNS, XCY_CONSISTENCY_ANTIPODE, 1));
}

/* All shards send to the same readers. */
static void the_capacity_is_that_of_all_shards(void **state)
{
    (void)state;
    struct xcy_plan_options options = usual;
    struct xcy_error err;
    char start[32];
    snprintf(start, sizeof start, "%" PRId64, xcy_wall_now().ns / XCY_NS_PER_S + 3600);
    options.start_at = start;
    options.shard = "1/2";
    options.seed = 5;
    options.requests = 10000;
    options.rate_per_s = 250;
    assert_ok(check_options(options, XCY_CONSISTENCY_NONE, XCY_VISIBILITY_INLINE, &err), &err);
    options.rate_per_s = 260;
    assert_status(check_options(options, XCY_CONSISTENCY_NONE, XCY_VISIBILITY_INLINE, &err),
                  XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "up to 1040 requests"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_given_is_sensible),
        cmocka_unit_test(a_duration_gives_the_number_of_requests),
        cmocka_unit_test(the_rules_of_sending_are_kept),
        cmocka_unit_test(a_start_in_the_future_is_kept_to_the_nanosecond),
        cmocka_unit_test(a_start_that_has_passed_is_refused_with_the_time),
        cmocka_unit_test(shards_need_what_makes_them_agree),
        cmocka_unit_test(a_closed_loop_sets_what_is_in_flight),
        cmocka_unit_test(what_contradicts_a_closed_loop_is_refused),
        cmocka_unit_test(threads_are_never_more_than_the_slots_or_the_connections),
        cmocka_unit_test(more_in_flight_than_open_files_is_refused),
        cmocka_unit_test(a_run_of_more_than_a_year_is_refused),
        cmocka_unit_test(real_time_priority_is_for_rates_that_leave_the_core_to_others),
        cmocka_unit_test(two_runs_have_two_ids_and_a_given_seed_is_kept),
        cmocka_unit_test(a_plan_beyond_the_readers_concurrency_is_refused_with_its_numbers),
        cmocka_unit_test(a_barrier_makes_readers_longer_and_no_polling_makes_them_short),
        cmocka_unit_test(no_more_readers_run_than_there_are_requests),
        cmocka_unit_test(the_busiest_time_of_any_arrivals_counts),
        cmocka_unit_test(the_capacity_is_that_of_all_shards),
        cmocka_unit_test(a_barrier_over_a_stream_has_a_ceiling_that_is_told),
    };
    return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
