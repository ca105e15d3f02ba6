#include "loadgen/judge/verdict.h"

#include "loadgen/judge/sample.h"

#include <inttypes.h>
#include <stdio.h>

struct view {
    const struct xcy_plan *plan;
    const struct xcy_tally *total;
    char *reason;
};

static bool nothing_succeeded(const struct view *v)
{
    const struct xcy_counts *counts = &v->total->measured;
    if (counts->outcomes[XCY_OUTCOME_OK] > 0) {
        return false;
    }
    int64_t failed = xcy_counts_failed(counts);
    int64_t skipped = counts->outcomes[XCY_OUTCOME_SKIPPED];
    if (failed > 0) {
        snprintf(v->reason, XCY_VERDICT_REASON_BYTES,
                 "no request succeeded, %" PRId64 " failed and %" PRId64 " slots were skipped",
                 failed, skipped);
    } else {
        snprintf(v->reason, XCY_VERDICT_REASON_BYTES,
                 "no request was sent after the warm-up, %" PRId64 " slots were skipped", skipped);
    }
    return true;
}

static bool generator_lagged(const struct view *v)
{
    struct xcy_sample lag = xcy_sample_of(v->total->start_lag);
    double p99_ns = lag.n > 0 ? xcy_sample_percentile(&lag, 99) : 0;
    if (p99_ns <= (double)v->plan->lag_bound_ns) {
        return false;
    }
    snprintf(v->reason, XCY_VERDICT_REASON_BYTES,
             "%s started more than %.1f ms after it was due (bound: %g ms); lower --rate, or use "
             "more --threads or a freer machine",
             xcy_sample_has_percentile(&lag, 99) ? "1 in 100 requests" : "a request", p99_ns / 1e6,
             (double)v->plan->lag_bound_ns / 1e6);
    return true;
}

static bool generator_skipped(const struct view *v)
{
    int64_t skipped = v->total->measured.skipped[XCY_SKIP_LATE];
    int64_t slots = xcy_counts_slots(&v->total->measured);
    if ((double)skipped <= v->plan->skip_bound * (double)slots) {
        return false;
    }
    snprintf(
        v->reason, XCY_VERDICT_REASON_BYTES,
        "%" PRId64 " of %" PRId64 " slots (%.3g%%) were skipped because their turn came more "
        "than %g ms late (bound: %g%%); lower --rate, or use more --threads or a freer machine",
        skipped, slots, 100 * (double)skipped / (double)slots, (double)v->plan->late_after_ns / 1e6,
        v->plan->skip_bound * 100);
    return true;
}

static bool generator_saturated(const struct view *v)
{
    double share = v->total->busiest_cpu_share;
    if (share < XCY_SATURATED_CPU_SHARE) {
        return false;
    }
    bool is_closed = xcy_schedule_closed_in_flight(v->plan->schedule) > 0;
    snprintf(v->reason, XCY_VERDICT_REASON_BYTES, "a worker used %.0f%% of its processor time, %s",
             share * 100,
             is_closed
                 ? "so that the rate of this closed loop is the generator's own; use more "
                   "--threads, or fewer in flight"
                 : "so that the latencies include waiting for the generator; lower --rate, or "
                   "use more --threads");
    return true;
}

static bool target_was_full(const struct view *v)
{
    int64_t skipped = v->total->measured.skipped[XCY_SKIP_IN_FLIGHT];
    if (skipped == 0) {
        return false;
    }
    snprintf(v->reason, XCY_VERDICT_REASON_BYTES,
             "%" PRId64 " of %" PRId64 " slots were skipped because %" PRId64
             " requests were in flight and not answered yet; lower --rate or raise --max-in-flight",
             skipped, xcy_counts_slots(&v->total->measured), v->plan->max_in_flight);
    return true;
}

static bool target_refused(const struct view *v)
{
    const int64_t *outcomes = v->total->measured.outcomes;
    int64_t throttled = outcomes[XCY_OUTCOME_THROTTLED];
    int64_t timed_out =
        outcomes[XCY_OUTCOME_FIRST_BYTE_TIMEOUT] + outcomes[XCY_OUTCOME_TOTAL_TIMEOUT];
    /* Where nobody found one, the target is not there, rather than full. */
    int64_t unconnected = outcomes[XCY_OUTCOME_OK] > 0 ? outcomes[XCY_OUTCOME_CONNECT] : 0;
    if (throttled + timed_out + unconnected == 0) {
        return false;
    }
    snprintf(v->reason, XCY_VERDICT_REASON_BYTES,
             "%" PRId64 " requests were throttled, %" PRId64 " timed out and %" PRId64
             " found no connection; lower --rate or raise the target's limits",
             throttled, timed_out, unconnected);
    return true;
}

/* The first that holds decides: who was late itself cannot blame the other side. */
static const struct {
    bool (*holds)(const struct view *v);
    enum xcy_verdict verdict;
} rules[] = {
    {generator_lagged, XCY_VERDICT_GENERATOR_LIMITED},
    {generator_skipped, XCY_VERDICT_GENERATOR_LIMITED},
    {generator_saturated, XCY_VERDICT_GENERATOR_LIMITED},
    {target_was_full, XCY_VERDICT_TARGET_LIMITED},
    {target_refused, XCY_VERDICT_TARGET_LIMITED},
    {nothing_succeeded, XCY_VERDICT_NONE},
};

enum { N_RULES = sizeof rules / sizeof rules[0] };

enum xcy_verdict xcy_verdict_of(const struct xcy_plan *plan, const struct xcy_tally *total,
                                char reason[XCY_VERDICT_REASON_BYTES])
{
    struct view view = {.plan = plan, .total = total, .reason = reason};
    reason[0] = '\0';
    for (size_t i = 0; i < N_RULES; i++) {
        if (rules[i].holds(&view)) {
            return rules[i].verdict;
        }
    }
    return XCY_VERDICT_VALID;
}

enum xcy_status xcy_verdict_status(const struct xcy_manifest *run, struct xcy_error *err)
{
    if (run->verdict == XCY_VERDICT_NONE) {
        return xcy_fail(err, XCY_EFAIL, "%s", run->verdict_reason);
    }
    if (run->verdict != XCY_VERDICT_VALID) {
        return xcy_fail(err, XCY_EINVALID, "the result is not valid: %s: %s",
                        xcy_verdict_names[run->verdict], run->verdict_reason);
    }
    return XCY_OK;
}
