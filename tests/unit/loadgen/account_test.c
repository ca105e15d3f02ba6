#include "loadgen/record/account.h"
#include "tests/unit/loadgen/played.h"

#include <string.h>

static char writer_name[] = "writer";
static char reader_name[] = "reader";
static char source_name[] = "test.yml";
static char endpoint[] = "http://127.0.0.1:4566";
static char queue_name[] = "evaluations";

static const struct xcy_engine invoking = {
    .name = "lambda", .has_target = true, .is_invoking = true};
static const struct xcy_engine idle = {.name = "null"};

static struct xcy_deployment deployment(void)
{
    return (struct xcy_deployment){
        .source = source_name,
        .endpoint = endpoint,
        .queue_name = queue_name,
        .writer = {.function = writer_name, .timeout_ms = 5000, .concurrency_limit = 10},
        .reader = {.function = reader_name, .timeout_ms = 5000, .concurrency_limit = 10},
        .visibility_deadline_ms = 4000,
        .sandbox = {.time_scale = 0.5}};
}

static void begin(struct xcy_manifest *m, const struct xcy_schedule_options *options,
                  const struct xcy_engine *engine)
{
    struct xcy_error err;
    struct xcy_deployment d = deployment();
    struct xcy_target target = {.deployment = &d, .combination = {.delay_ms = 7}};
    struct xcy_plan plan = {.run = "run-1",
                            .seed = 42,
                            .shard_index = options->shard_index,
                            .shard_count = options->shard_count,
                            .threads = 2,
                            .retries = 3};
    assert_ok(xcy_schedule_build(options, &plan.schedule, &err), &err);
    xcy_account_begin(m, &plan, engine, &target, "tag");
    xcy_schedule_free(plan.schedule);
}

static const struct xcy_schedule_options ten = {.rate_per_s = 10, .requests = 10};

static void what_is_asked_stands_there_from_the_beginning(void **state)
{
    (void)state;
    struct xcy_manifest m = {0};
    struct xcy_schedule_options options = {.rate_per_s = 10,
                                           .requests = 20,
                                           .warmup_ns = XCY_NS_PER_S,
                                           .shard_index = 1,
                                           .shard_count = 2};
    begin(&m, &options, &invoking);
    assert_int_equal(m.state, XCY_RUN_RUNNING);
    assert_string_equal(m.run, "run-1");
    assert_string_equal(m.arrivals, "constant");
    assert_int_equal(m.planned, 15);
    assert_int_equal(m.warmup_slots, 5);
    assert_int_equal(m.shard_index, 1);
    assert_int_equal(m.shard_count, 2);
    assert_true(m.rate_per_s == 5);
    assert_true(m.peak_rate_per_s >= 5);
    assert_int_equal(m.retries_allowed, 3);
    assert_int_equal(m.combination.delay_ms, 7);
    assert_string_equal(m.endpoint, endpoint);
    assert_string_equal(m.writer_function, "writer");
    assert_true(m.time_scale == 0.5);
    xcy_manifest_clear(&m);
}

static void an_engine_that_invokes_nobody_has_no_endpoint_but_its_name(void **state)
{
    (void)state;
    struct xcy_manifest m = {0};
    begin(&m, &ten, &idle);
    assert_string_equal(m.endpoint, "null");
    xcy_manifest_clear(&m);
}

/* 4 of warm-up, 16 measured: 11 ok with 20 ms from due (5 of them sent 2 ms late), 3 reset with a lag
 * of 4 ms, 2 skipped. */
static void fill(struct xcy_tally *t)
{
    for (int64_t i = 0; i < 4; i++) {
        play(t, (struct play){i, i, i + 500, i + 900, XCY_OUTCOME_OK, 1, true});
    }
    for (int64_t i = 4; i < 18; i++) {
        bool is_late = i >= 10;
        enum xcy_outcome outcome = i >= 15 ? XCY_OUTCOME_RESET : XCY_OUTCOME_OK;
        int64_t sent = i + (i >= 15 ? 4 : is_late ? 2 : 0);
        play(t, (struct play){i, i, sent, i + 20, outcome, 1, false});
    }
    xcy_tally_skip(t, XCY_SKIP_LATE, false);
    xcy_tally_skip(t, XCY_SKIP_STOPPED, false);
}

static void what_came_of_it_is_of_measured_slots(void **state)
{
    (void)state;
    struct xcy_manifest m = {0};
    struct xcy_tally t;
    struct xcy_schedule_options options = {
        .rate_per_s = 8, .requests = 16, .warmup_ns = XCY_NS_PER_S / 2};
    begin(&m, &options, &invoking);
    xcy_tally_init(&t);
    fill(&t);
    xcy_account_end(&m, &t);
    assert_int_equal(m.planned, 20);
    assert_int_equal(m.warmup_slots, 4);
    assert_int_equal(m.sent, 14);
    assert_int_equal(m.late, 8);
    assert_int_equal(m.outcomes[XCY_OUTCOME_OK], 11);
    assert_int_equal(m.outcomes[XCY_OUTCOME_RESET], 3);
    assert_int_equal(m.outcomes[XCY_OUTCOME_SKIPPED], 2);
    assert_int_equal(m.warmup_outcomes[XCY_OUTCOME_OK], 4);
    assert_true(m.response_p50_us == 20000 && m.response_p99_us == 20000);
    assert_true(m.lag_max_us == 4000 && m.lag_p99_us == 4000);
    assert_true(m.lag_p50_us >= 2000 && m.lag_p50_us <= 2008);
    assert_true(m.start_lag_p99_us == 0);
    assert_true(xcy_manifest_adds_up(&m));
    xcy_tally_clear(&t);
    xcy_manifest_clear(&m);
}

static void a_closed_loop_bounded_by_time_is_as_long_as_it_was(void **state)
{
    (void)state;
    struct xcy_manifest m = {0};
    struct xcy_tally t;
    struct xcy_schedule_options options = {
        .rate_per_s = 100, .arrivals = "closed:2", .duration_ns = XCY_NS_PER_S};
    begin(&m, &options, &invoking);
    assert_int_equal(m.planned, 0);
    assert_true(m.rate_per_s == 0);
    xcy_tally_init(&t);
    fill(&t);
    xcy_account_end(&m, &t);
    assert_int_equal(m.planned, 20);
    assert_int_equal(m.warmup_slots, 4);
    xcy_tally_clear(&t);
    xcy_manifest_clear(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked_stands_there_from_the_beginning),
        cmocka_unit_test(an_engine_that_invokes_nobody_has_no_endpoint_but_its_name),
        cmocka_unit_test(what_came_of_it_is_of_measured_slots),
        cmocka_unit_test(a_closed_loop_bounded_by_time_is_as_long_as_it_was),
    };
    return cmocka_run_group_tests_name("account", tests, NULL, NULL);
}
