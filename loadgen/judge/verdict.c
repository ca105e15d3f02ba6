#include "loadgen/judge/verdict.h"

#include <inttypes.h>
#include <stdio.h>

struct view {
    const struct xcy_plan *plan;
    const struct xcy_recorder *total;
    char *reason;
};

static bool nothing_succeeded(const struct view *v)
{
    const struct xcy_counts *counts = &v->total->counts;
    if (counts->outcomes[XCY_OUTCOME_OK] > 0) {
        return false;
    }
    int64_t failed = xcy_counts_failed(counts);
    snprintf(v->reason, XCY_VERDICT_REASON_BYTES,
             failed > 0 ? "no request succeeded, %" PRId64 " failed" : "no request was sent",
             failed);
    return true;
}

static bool generator_lagged(const struct view *v)
{
    int64_t p99_ns = xcy_hist_percentile(v->total->start_lag, 99);
    if (p99_ns <= v->plan->lag_bound_ns) {
        return false;
    }
    snprintf(v->reason, XCY_VERDICT_REASON_BYTES,
             "1 in 100 requests started more than %.1f ms after it was due (bound: %g ms); lower "
             "--rate, or use more --threads or a freer machine",
             (double)p99_ns / 1e6, (double)v->plan->lag_bound_ns / 1e6);
    return true;
}

static bool generator_skipped(const struct view *v)
{
    int64_t skipped = v->total->counts.skipped_in_flight;
    if (skipped == 0) {
        return false;
    }
    snprintf(v->reason, XCY_VERDICT_REASON_BYTES,
             "%" PRId64 " slots were skipped because %" PRId64
             " requests were in flight already; raise --max-in-flight or lower --rate",
             skipped, v->plan->max_in_flight);
    return true;
}

static bool target_refused(const struct view *v)
{
    const int64_t *outcomes = v->total->counts.outcomes;
    int64_t throttled = outcomes[XCY_OUTCOME_THROTTLED];
    int64_t timed_out =
        outcomes[XCY_OUTCOME_FIRST_BYTE_TIMEOUT] + outcomes[XCY_OUTCOME_TOTAL_TIMEOUT];
    if (throttled + timed_out == 0) {
        return false;
    }
    snprintf(v->reason, XCY_VERDICT_REASON_BYTES,
             "%" PRId64 " requests were throttled and %" PRId64
             " timed out; lower --rate or raise the functions' limits",
             throttled, timed_out);
    return true;
}

/* The first that holds decides: who was late itself cannot blame the other side. */
static const struct {
    bool (*holds)(const struct view *v);
    enum xcy_verdict verdict;
} rules[] = {
    {nothing_succeeded, XCY_VERDICT_NONE},
    {generator_lagged, XCY_VERDICT_GENERATOR_LIMITED},
    {generator_skipped, XCY_VERDICT_GENERATOR_LIMITED},
    {target_refused, XCY_VERDICT_TARGET_LIMITED},
};

enum xcy_verdict xcy_verdict_of(const struct xcy_plan *plan, const struct xcy_recorder *total,
                                char reason[XCY_VERDICT_REASON_BYTES])
{
    struct view view = {.plan = plan, .total = total, .reason = reason};
    reason[0] = '\0';
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (rules[i].holds(&view)) {
            return rules[i].verdict;
        }
    }
    return XCY_VERDICT_VALID;
}
