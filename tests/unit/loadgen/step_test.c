#include "loadgen/judge/step.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

static const char *const slo_text = "response.p99<800ms,failed<1%";

/* A run of an open loop: `ok` answers after 1, 2, … ms. */
static void fill(struct xcy_tally *t, int64_t ok)
{
    xcy_tally_init(t);
    for (int64_t i = 1; i <= ok; i++) {
        xcy_latency_add(&t->latency[XCY_OUTCOME_OK], XCY_RESPONSE, i * XCY_NS_PER_MS);
        xcy_hist_add(t->start_lag, 0);
    }
    t->measured.outcomes[XCY_OUTCOME_OK] = ok;
    t->measured.sent = ok;
    t->first_sent = (struct xcy_mono){1};
    t->last_sent = (struct xcy_mono){1 + (ok - 1) * XCY_NS_PER_MS};
}

static const struct xcy_plan plan = {
    .lag_bound_ns = 10 * XCY_NS_PER_MS, .skip_bound = 0.01, .max_in_flight = 7};

static enum xcy_status judge(const struct xcy_tally *t, const char *text, struct xcy_step *step,
                             struct xcy_error *err)
{
    struct xcy_objectives slo = {0};
    struct xcy_error parse_err;
    assert_ok(xcy_objectives_parse("--slo", text, &slo, &parse_err), &parse_err);
    *step = (struct xcy_step){.rate_per_s = 1000};
    enum xcy_status status = xcy_step_judge(&plan, t, &slo, step, err);
    xcy_objectives_clear(&slo);
    return status;
}

static void expect(const struct xcy_tally *t, const char *text, enum xcy_step_result result,
                   const char *evidence)
{
    struct xcy_error err;
    struct xcy_step step;
    assert_ok(judge(t, text, &step, &err), &err);
    if (step.result != result || !strstr(step.evidence, evidence)) {
        fail_msg("%s: %s: '%s', expected %s: '%s'", text, xcy_step_result_names[step.result],
                 step.evidence, xcy_step_result_names[result], evidence);
    }
    assert_null(step.path);
}

static void expect_failure(const struct xcy_tally *t, const char *words)
{
    struct xcy_error err;
    struct xcy_step step;
    assert_int_equal(judge(t, slo_text, &step, &err), XCY_EINVALID);
    if (!strstr(err.text, words)) {
        fail_msg("'%s' lacks '%s'", err.text, words);
    }
    assert_string_equal(step.evidence, "");
}

static void objectives_that_are_met_hold_and_are_the_evidence(void **state)
{
    (void)state;
    struct xcy_tally t;
    struct xcy_error err;
    struct xcy_step step;
    fill(&t, 500);
    assert_ok(judge(&t, slo_text, &step, &err), &err);
    assert_int_equal(step.result, XCY_STEP_HOLDS);
    assert_true(step.achieved_per_s > 999.9 && step.achieved_per_s < 1000.1);
    assert_non_null(strstr(step.evidence, "response.p99<800ms: 49"));
    assert_non_null(strstr(step.evidence, "; failed<1%: 0 of 500 (95% CI up to 0.74%)"));
    xcy_tally_clear(&t);
}

static void an_objective_that_is_missed_fails(void **state)
{
    (void)state;
    struct xcy_tally t;
    fill(&t, 1000);
    expect(&t, slo_text, XCY_STEP_FAILS, "response.p99<800ms: 99");
    t.measured.outcomes[XCY_OUTCOME_THROTTLED] = 500;
    expect(&t, "response.p99<2s,failed<1%", XCY_STEP_FAILS, "500 of 1500");
    xcy_tally_clear(&t);
}

static void a_generator_that_fell_behind_tells_nothing_whatever_was_missed(void **state)
{
    (void)state;
    struct xcy_tally t;
    fill(&t, 1000);
    t.measured.skipped[XCY_SKIP_IN_FLIGHT] = 50;
    t.measured.outcomes[XCY_OUTCOME_SKIPPED] = 50;
    for (int i = 0; i < 50; i++) {
        xcy_hist_add(t.start_lag, 50 * XCY_NS_PER_MS);
    }
    expect(&t, slo_text, XCY_STEP_UNFIT, "1 in 100 requests started more than 5");
    t.measured.outcomes[XCY_OUTCOME_TOTAL_TIMEOUT] = 1000;
    t.measured.outcomes[XCY_OUTCOME_OK] = 0;
    expect(&t, slo_text, XCY_STEP_UNFIT, "1 in 100 requests");
    xcy_tally_clear(&t);
}

static void slots_for_which_there_was_no_room_fail(void **state)
{
    (void)state;
    struct xcy_tally t;
    fill(&t, 500);
    t.measured.skipped[XCY_SKIP_IN_FLIGHT] = 1;
    t.measured.outcomes[XCY_OUTCOME_SKIPPED] = 1;
    expect(&t, slo_text, XCY_STEP_FAILS,
           "1 of 501 slots skipped, too many were in flight; response.p99<800ms: 49");
    xcy_tally_clear(&t);
}

static void throttling_counts_as_the_objectives_say(void **state)
{
    (void)state;
    struct xcy_tally t;
    fill(&t, 500);
    t.measured.outcomes[XCY_OUTCOME_THROTTLED] = 2;
    expect(&t, slo_text, XCY_STEP_HOLDS, "2 of 502, 0.3984%");
    expect(&t, "response.p99<800ms,throttled<1%", XCY_STEP_HOLDS, "2 of 502");
    expect(&t, "response.p99<800ms,throttled<1", XCY_STEP_FAILS, "2 of 502");
    xcy_tally_clear(&t);
}

static void a_target_that_answers_nothing_fails_unless_no_rate_would_mend_it(void **state)
{
    (void)state;
    struct xcy_tally t;
    fill(&t, 0);
    t.measured.outcomes[XCY_OUTCOME_TOTAL_TIMEOUT] = 40;
    expect(&t, slo_text, XCY_STEP_FAILS,
           "no request succeeded; 0 requests were throttled, 40 timed out and 0");
    t.measured.outcomes[XCY_OUTCOME_AUTH] = 40;
    expect(&t, slo_text, XCY_STEP_FAILS,
           "no request succeeded; 0 requests were throttled, 40 timed out and 0");
    t.measured.outcomes[XCY_OUTCOME_TOTAL_TIMEOUT] = 0;
    snprintf(t.reasons[XCY_OUTCOME_AUTH], XCY_REASON_BYTES, "the token expired");
    expect_failure(&t, "all 40 requests of the step failed with auth: the token expired, which no "
                       "rate mends");
    xcy_tally_clear(&t);
}

static void a_step_too_short_to_tell_ends_the_search(void **state)
{
    (void)state;
    struct xcy_tally t;
    fill(&t, 50);
    expect_failure(&t,
                   "the step cannot tell: response.p99<800ms: 50 values: too few for p99, which "
                   "needs 100 (95% CI from 4");
    expect_failure(&t, "; lengthen the steps or raise the rate that is begun with");
    xcy_tally_clear(&t);
    fill(&t, 0);
    expect_failure(&t, "sent no request after its warm-up");
    xcy_tally_clear(&t);
}

static void evidence_that_is_too_long_is_cut_and_seen_to_be(void **state)
{
    (void)state;
    struct xcy_tally t;
    struct xcy_error err;
    struct xcy_step step;
    fill(&t, 500);
    assert_ok(judge(&t,
                    "response.p99<1s,response.p95<1s,response.p90<1s,response.p80<1s,"
                    "response.p75<1s,response.p50<1s,response.max<1s,failed<1%",
                    &step, &err),
              &err);
    assert_int_equal(strlen(step.evidence), XCY_STEP_EVIDENCE_BYTES - 1);
    assert_string_equal(step.evidence + XCY_STEP_EVIDENCE_BYTES - 4, "...");
    xcy_tally_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objectives_that_are_met_hold_and_are_the_evidence),
        cmocka_unit_test(an_objective_that_is_missed_fails),
        cmocka_unit_test(a_generator_that_fell_behind_tells_nothing_whatever_was_missed),
        cmocka_unit_test(slots_for_which_there_was_no_room_fail),
        cmocka_unit_test(throttling_counts_as_the_objectives_say),
        cmocka_unit_test(a_target_that_answers_nothing_fails_unless_no_rate_would_mend_it),
        cmocka_unit_test(a_step_too_short_to_tell_ends_the_search),
        cmocka_unit_test(evidence_that_is_too_long_is_cut_and_seen_to_be),
    };
    return cmocka_run_group_tests_name("step", tests, NULL, NULL);
}
