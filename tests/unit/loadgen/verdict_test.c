#include "loadgen/judge/verdict.h"
#include "tests/support/unit.h"

#include <string.h>

struct setting {
    int64_t ok;
    int64_t throttled;
    int64_t unconnected;
    int64_t timed_out;
    int64_t reset;
    int64_t skipped_late;
    int64_t skipped_in_flight;
    int64_t skipped_stopped;
    int64_t lag_ms;
    double cpu_share;
    const char *arrivals; /* NULL: constant */
};

static void fill(struct xcy_tally *total, const struct setting *s)
{
    xcy_tally_init(total);
    struct xcy_counts *counts = &total->measured;
    counts->outcomes[XCY_OUTCOME_OK] = s->ok;
    counts->outcomes[XCY_OUTCOME_THROTTLED] = s->throttled;
    counts->outcomes[XCY_OUTCOME_CONNECT] = s->unconnected;
    counts->outcomes[XCY_OUTCOME_TOTAL_TIMEOUT] = s->timed_out / 2;
    counts->outcomes[XCY_OUTCOME_FIRST_BYTE_TIMEOUT] = s->timed_out - s->timed_out / 2;
    counts->outcomes[XCY_OUTCOME_RESET] = s->reset;
    counts->outcomes[XCY_OUTCOME_SKIPPED] =
        s->skipped_late + s->skipped_in_flight + s->skipped_stopped;
    counts->skipped[XCY_SKIP_LATE] = s->skipped_late;
    counts->skipped[XCY_SKIP_IN_FLIGHT] = s->skipped_in_flight;
    counts->skipped[XCY_SKIP_STOPPED] = s->skipped_stopped;
    total->busiest_cpu_share = s->cpu_share;
    xcy_hist_add(total->start_lag, s->lag_ms * XCY_NS_PER_MS);
}

static void plan_for(const struct setting *s, struct xcy_plan *plan)
{
    struct xcy_error err;
    struct xcy_schedule_options options = {
        .arrivals = s->arrivals, .rate_per_s = 10, .requests = 10};
    *plan = (struct xcy_plan){
        .lag_bound_ns = 10 * XCY_NS_PER_MS,
        .late_after_ns = 100 * XCY_NS_PER_MS,
        .max_in_flight = 7,
        .skip_bound = 0.01,
    };
    assert_ok(xcy_schedule_build(&options, &plan->schedule, &err), &err);
}

static void each_finding_has_its_verdict_the_generators_own_first(void **state)
{
    (void)state;
    static const struct {
        struct setting setting;
        enum xcy_verdict verdict;
        const char *words;
    } cases[] = {
        {{.ok = 10}, XCY_VERDICT_VALID, ""},
        {{.ok = 10, .reset = 1}, XCY_VERDICT_VALID, ""},
        {{.ok = 10, .skipped_stopped = 5}, XCY_VERDICT_VALID, ""},
        {{.ok = 10, .lag_ms = 10}, XCY_VERDICT_VALID, ""},
        {{.ok = 10, .lag_ms = 11}, XCY_VERDICT_GENERATOR_LIMITED, "11.0 ms after it was due"},
        {{.ok = 10, .lag_ms = INT64_C(1) << 40}, XCY_VERDICT_GENERATOR_LIMITED, "started more"},
        {{.ok = 99, .skipped_late = 1}, XCY_VERDICT_VALID, ""},
        {{.ok = 98, .skipped_late = 2},
         XCY_VERDICT_GENERATOR_LIMITED,
         "2 of 100 slots (2%) were skipped because their turn came more than 100 ms late (bound: "
         "1%); lower --rate"},
        {{.ok = 10, .cpu_share = 0.94}, XCY_VERDICT_VALID, ""},
        {{.ok = 10, .cpu_share = 0.97}, XCY_VERDICT_GENERATOR_LIMITED, "97% of its processor time"},
        {{.ok = 10, .cpu_share = 0.97}, XCY_VERDICT_GENERATOR_LIMITED, "latencies include waiting"},
        {{.ok = 10, .cpu_share = 1, .arrivals = "closed:3"},
         XCY_VERDICT_GENERATOR_LIMITED,
         "the rate of this closed loop is the generator's own"},
        {{.ok = 10, .cpu_share = 0.5, .arrivals = "closed:3"}, XCY_VERDICT_VALID, ""},
        {{.ok = 10, .skipped_in_flight = 2},
         XCY_VERDICT_TARGET_LIMITED,
         "2 of 12 slots were skipped because 7 requests were in flight"},
        {{.ok = 10, .throttled = 3}, XCY_VERDICT_TARGET_LIMITED, "3 requests were throttled"},
        {{.ok = 10, .timed_out = 4}, XCY_VERDICT_TARGET_LIMITED, "4 timed out"},
        {{.ok = 10, .timed_out = 4, .lag_ms = 50}, XCY_VERDICT_GENERATOR_LIMITED, "lower --rate"},
        {{.ok = 10, .skipped_in_flight = 4, .cpu_share = 1}, XCY_VERDICT_GENERATOR_LIMITED, "100%"},
        {{.reset = 4}, XCY_VERDICT_NONE, "no request succeeded, 4 failed"},
        {{.reset = 4, .lag_ms = 50}, XCY_VERDICT_GENERATOR_LIMITED, "lower --rate"},
        {{.ok = 10, .unconnected = 2}, XCY_VERDICT_TARGET_LIMITED, "and 2 found no connection"},
        {{.unconnected = 2}, XCY_VERDICT_NONE, "no request succeeded, 2 failed"},
        {{.throttled = 4}, XCY_VERDICT_TARGET_LIMITED, "4 requests were throttled"},
        {{.skipped_late = 4}, XCY_VERDICT_GENERATOR_LIMITED, "their turn came more than"},
        {{.skipped_stopped = 4},
         XCY_VERDICT_NONE,
         "no request was sent after the warm-up, 4 slots"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        char reason[XCY_VERDICT_REASON_BYTES];
        struct xcy_tally total;
        struct xcy_plan plan;
        fill(&total, &cases[c].setting);
        plan_for(&cases[c].setting, &plan);
        enum xcy_verdict verdict = xcy_verdict_of(&plan, &total, reason);
        if (verdict != cases[c].verdict || !strstr(reason, cases[c].words)) {
            fail_msg("case %zu: %d, '%s'", c, (int)verdict, reason);
        }
        assert_true(verdict != XCY_VERDICT_VALID || reason[0] == '\0');
        assert_true(strlen(reason) < XCY_VERDICT_REASON_BYTES - 1);
        xcy_tally_clear(&total);
        xcy_schedule_free(plan.schedule);
    }
}

/* The warm-up's failures and skipped slots are none of the figures. */
static void what_the_warm_up_did_is_left_out(void **state)
{
    (void)state;
    char reason[XCY_VERDICT_REASON_BYTES];
    struct setting setting = {.ok = 10};
    struct xcy_tally total;
    struct xcy_plan plan;
    fill(&total, &setting);
    plan_for(&setting, &plan);
    total.warmup.outcomes[XCY_OUTCOME_THROTTLED] = 5;
    total.warmup.outcomes[XCY_OUTCOME_SKIPPED] = 5;
    total.warmup.skipped[XCY_SKIP_IN_FLIGHT] = 5;
    assert_int_equal(xcy_verdict_of(&plan, &total, reason), XCY_VERDICT_VALID);
    xcy_tally_clear(&total);
    xcy_schedule_free(plan.schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_finding_has_its_verdict_the_generators_own_first),
        cmocka_unit_test(what_the_warm_up_did_is_left_out),
    };
    return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
