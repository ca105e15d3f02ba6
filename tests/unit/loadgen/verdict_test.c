#include "loadgen/judge/verdict.h"
#include "tests/support/unit.h"

#include <string.h>

static const struct xcy_plan plan = {.lag_bound_ns = 10 * XCY_NS_PER_MS, .max_in_flight = 7};

struct setting {
    int64_t ok;
    int64_t throttled;
    int64_t timed_out;
    int64_t reset;
    int64_t skipped_in_flight;
    int64_t skipped_stopped;
    int64_t lag_ms;
};

static enum xcy_verdict judge(struct setting s, char reason[XCY_VERDICT_REASON_BYTES])
{
    struct xcy_recorder total;
    xcy_recorder_init(&total, (struct xcy_anchor){{0}, {0}}, NULL);
    total.counts.outcomes[XCY_OUTCOME_OK] = s.ok;
    total.counts.outcomes[XCY_OUTCOME_THROTTLED] = s.throttled;
    total.counts.outcomes[XCY_OUTCOME_TOTAL_TIMEOUT] = s.timed_out;
    total.counts.outcomes[XCY_OUTCOME_RESET] = s.reset;
    total.counts.outcomes[XCY_OUTCOME_SKIPPED] = s.skipped_in_flight + s.skipped_stopped;
    total.counts.skipped_in_flight = s.skipped_in_flight;
    total.counts.skipped_stopped = s.skipped_stopped;
    xcy_hist_add(total.start_lag, s.lag_ms * XCY_NS_PER_MS);
    enum xcy_verdict verdict = xcy_verdict_of(&plan, &total, reason);
    xcy_recorder_clear(&total);
    return verdict;
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
        {{.ok = 10, .skipped_in_flight = 2}, XCY_VERDICT_GENERATOR_LIMITED, "7 requests were in"},
        {{.ok = 10, .throttled = 3}, XCY_VERDICT_TARGET_LIMITED, "3 requests were throttled"},
        {{.ok = 10, .timed_out = 4}, XCY_VERDICT_TARGET_LIMITED, "4 timed out"},
        {{.ok = 10, .timed_out = 4, .lag_ms = 50}, XCY_VERDICT_GENERATOR_LIMITED, "lower --rate"},
        {{.reset = 4, .lag_ms = 50}, XCY_VERDICT_NONE, "no request succeeded, 4 failed"},
        {{.skipped_stopped = 4}, XCY_VERDICT_NONE, "no request was sent"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        char reason[XCY_VERDICT_REASON_BYTES];
        assert_int_equal(judge(cases[c].setting, reason), cases[c].verdict);
        assert_non_null(strstr(reason, cases[c].words));
        assert_true(cases[c].verdict != XCY_VERDICT_VALID || reason[0] == '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_finding_has_its_verdict_the_generators_own_first),
    };
    return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
