#include "common/time/clock.h"
#include "loadgen/plan/plan.h"
#include "tests/support/unit.h"

#include <string.h>

static char writer_name[] = "writer";
static char reader_name[] = "reader";
static char source_name[] = "test.yml";

static const struct xcy_plan_options usual = {
    .rate_per_s = 100, .connect_timeout_ms = 5000, .grace_ns = 10000000000, .lag_bound_ms = 10};

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
    return xcy_plan_resolve(options, &d, 10000, plan, err);
}

static void what_is_not_given_is_sensible(void **state)
{
    (void)state;
    struct xcy_plan plan;
    struct xcy_error err;
    assert_ok(resolve(&usual, &plan, &err), &err);
    assert_int_equal(plan.schedule.n_slots, 1000);
    assert_in_range(plan.threads, 1, 2);
    assert_int_equal(plan.max_in_flight, 4096);
    assert_int_equal(plan.total_timeout_ns, 8 * XCY_NS_PER_S);
    assert_int_not_equal(plan.seed, 0);
    assert_int_equal(strlen(plan.run), 36);
}

static void a_duration_gives_the_number_of_requests(void **state)
{
    (void)state;
    struct xcy_plan_options options = usual;
    struct xcy_plan plan;
    struct xcy_error err;
    options.duration_ns = 2 * XCY_NS_PER_S;
    assert_ok(resolve(&options, &plan, &err), &err);
    assert_int_equal(plan.schedule.n_slots, 200);
    options.requests = 5;
    assert_status(resolve(&options, &plan, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "--duration"));
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
    options.max_in_flight = 2;
    assert_ok(resolve(&options, &plan, &err), &err);
    assert_int_equal(plan.threads, 2);
}

static void more_in_flight_than_open_files_is_refused(void **state)
{
    (void)state;
    struct xcy_plan_options options = usual;
    struct xcy_plan plan;
    struct xcy_error err;
    options.max_in_flight = 10000;
    assert_status(resolve(&options, &plan, &err), XCY_EUSAGE, &err);
    assert_non_null(strstr(err.text, "ulimit -n"));
    options.max_in_flight = 0;
    struct xcy_deployment d = deployment();
    assert_ok(xcy_plan_resolve(&options, &d, 1024, &plan, &err), &err);
    assert_int_equal(plan.max_in_flight, 960);
}

static void a_run_of_more_than_a_year_is_refused(void **state)
{
    (void)state;
    struct xcy_plan_options options = usual;
    struct xcy_plan plan;
    struct xcy_error err;
    options.requests = 1000000000;
    options.rate_per_s = 0.01;
    assert_status(resolve(&options, &plan, &err), XCY_EUSAGE, &err);
}

static void real_time_priority_is_for_rates_that_leave_the_core_to_others(void **state)
{
    (void)state;
    struct xcy_plan_options options = usual;
    struct xcy_plan plan;
    struct xcy_error err;
    options.wants_realtime = true;
    options.threads = 2;
    options.rate_per_s = 4000;
    assert_ok(resolve(&options, &plan, &err), &err);
    assert_true(plan.is_realtime);
    options.rate_per_s = 4001;
    assert_ok(resolve(&options, &plan, &err), &err);
    assert_false(plan.is_realtime);
    options.rate_per_s = 100;
    options.wants_realtime = false;
    assert_ok(resolve(&options, &plan, &err), &err);
    assert_false(plan.is_realtime);
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
}

static enum xcy_status check(double rate_per_s, int64_t n, enum xcy_consistency consistency,
                             enum xcy_visibility visibility, struct xcy_error *err)
{
    struct xcy_deployment d = deployment();
    struct xcy_plan plan = {.schedule = {.rate_per_s = rate_per_s, .n_slots = n}};
    struct xcy_combination c = {.consistency = consistency, .visibility = visibility};
    return xcy_plan_check_capacity(&plan, &d, &c, err);
}

static void a_plan_beyond_the_readers_concurrency_is_refused_with_its_numbers(void **state)
{
    (void)state;
    struct xcy_error err;
    assert_ok(check(250, 10000, XCY_CONSISTENCY_NONE, XCY_VISIBILITY_INLINE, &err), &err);
    assert_status(check(251, 10000, XCY_CONSISTENCY_NONE, XCY_VISIBILITY_INLINE, &err), XCY_EUSAGE,
                  &err);
    assert_non_null(strstr(err.text, "251/s x 4000 ms"));
    assert_non_null(strstr(err.text, "= 1004 readers"));
    assert_non_null(strstr(err.text, "allows 1000"));
    assert_non_null(strstr(err.text, "--rate to 250"));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_given_is_sensible),
        cmocka_unit_test(a_duration_gives_the_number_of_requests),
        cmocka_unit_test(threads_are_never_more_than_the_slots_or_the_connections),
        cmocka_unit_test(more_in_flight_than_open_files_is_refused),
        cmocka_unit_test(a_run_of_more_than_a_year_is_refused),
        cmocka_unit_test(real_time_priority_is_for_rates_that_leave_the_core_to_others),
        cmocka_unit_test(two_runs_have_two_ids_and_a_given_seed_is_kept),
        cmocka_unit_test(a_plan_beyond_the_readers_concurrency_is_refused_with_its_numbers),
        cmocka_unit_test(a_barrier_makes_readers_longer_and_no_polling_makes_them_short),
        cmocka_unit_test(no_more_readers_run_than_there_are_requests),
    };
    return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
