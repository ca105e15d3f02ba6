#include "loadgen/judge/step.h"

#include <inttypes.h>
#include <stdio.h>

enum { WORDS_MAX_BYTES = 8192 };

/* What is looked at, and what is found; the words become the evidence. */
struct view {
    const struct xcy_plan *plan;
    const struct xcy_tally *total;
    const struct xcy_objectives *slo;
    enum xcy_verdict verdict;
    char reason[XCY_VERDICT_REASON_BYTES];
    enum xcy_objective_state state; /* of all objectives */
    struct xcy_buf words;
};

static void add_objectives(struct view *v)
{
    for (size_t i = 0; i < v->slo->n; i++) {
        xcy_buf_add_text(&v->words, v->words.len > 0 ? "; " : "");
        xcy_objective_judge(&v->slo->items[i], v->total, &v->words);
    }
}

static bool generator_limited(struct view *v)
{
    if (v->verdict != XCY_VERDICT_GENERATOR_LIMITED) {
        return false;
    }
    xcy_buf_add_text(&v->words, v->reason);
    return true;
}

static bool is_in_vain(const struct view *v)
{
    return v->total->measured.outcomes[XCY_OUTCOME_OK] == 0;
}

static bool nothing_succeeded(struct view *v)
{
    if (!is_in_vain(v)) {
        return false;
    }
    xcy_buf_add_text(&v->words, v->verdict == XCY_VERDICT_NONE ? "" : "no request succeeded; ");
    xcy_buf_add_text(&v->words, v->reason);
    add_objectives(v);
    return true;
}

static bool target_was_full(struct view *v)
{
    const struct xcy_counts *counts = &v->total->measured;
    if (counts->skipped[XCY_SKIP_IN_FLIGHT] == 0) {
        return false;
    }
    xcy_buf_addf(&v->words, "%" PRId64 " of %" PRId64 " slots skipped, too many were in flight",
                 counts->skipped[XCY_SKIP_IN_FLIGHT], xcy_counts_slots(counts));
    add_objectives(v);
    return true;
}

static bool objective_missed(struct view *v)
{
    if (v->state != XCY_OBJECTIVE_MISSED) {
        return false;
    }
    add_objectives(v);
    return true;
}

static bool all_met(struct view *v)
{
    if (v->state != XCY_OBJECTIVE_MET) {
        return false;
    }
    add_objectives(v);
    return true;
}

/* The first that holds decides. */
static const struct {
    bool (*holds)(struct view *v);
    enum xcy_step_result result;
} rules[] = {
    {generator_limited, XCY_STEP_UNFIT}, {nothing_succeeded, XCY_STEP_FAILS},
    {target_was_full, XCY_STEP_FAILS},   {objective_missed, XCY_STEP_FAILS},
    {all_met, XCY_STEP_HOLDS},
};

/* Failures that are the same at any rate. */
static const enum xcy_outcome lasting[] = {XCY_OUTCOME_DNS, XCY_OUTCOME_STATUS,
                                           XCY_OUTCOME_BAD_REPLY, XCY_OUTCOME_AUTH};

/* Of a step in which nothing succeeded: fails if no lower rate would have mended it. */
static enum xcy_status check_rate_matters(const struct xcy_tally *total, struct xcy_error *err)
{
    int64_t failed = xcy_counts_failed(&total->measured);
    if (failed == 0 && total->measured.skipped[XCY_SKIP_IN_FLIGHT] == 0) {
        return xcy_fail(err, XCY_EINVALID,
                        "the step sent no request after its warm-up; lengthen the steps or raise "
                        "the rate that is begun with");
    }
    for (size_t i = 0; i < sizeof lasting / sizeof lasting[0]; i++) {
        if (failed > 0 && total->measured.outcomes[lasting[i]] == failed) {
            const char *reason = total->reasons[lasting[i]];
            return xcy_fail(err, XCY_EINVALID,
                            "all %" PRId64 " requests of the step failed with %s%s%s, which no "
                            "rate mends; try a plain run first",
                            failed, xcy_outcome_names[lasting[i]], reason[0] ? ": " : "", reason);
        }
    }
    return XCY_OK;
}

static enum xcy_status fail_unknown(const struct view *v, const struct xcy_objective *first,
                                    struct xcy_error *err)
{
    struct xcy_buf words;
    xcy_buf_init(&words, WORDS_MAX_BYTES);
    xcy_objective_judge(first, v->total, &words);
    enum xcy_status status = xcy_fail(
        err, XCY_EINVALID,
        "the step cannot tell: %.600s; lengthen the steps or raise the rate that is begun with",
        words.ptr);
    xcy_buf_clear(&words);
    return status;
}

/* What does not fit is cut, and seen to be. */
static void copy_evidence(const struct xcy_buf *words, char to[XCY_STEP_EVIDENCE_BYTES])
{
    static const char more[] = "...";
    size_t n = words->len;
    bool is_cut = n >= XCY_STEP_EVIDENCE_BYTES;
    n = is_cut ? XCY_STEP_EVIDENCE_BYTES - sizeof more : n;
    memcpy(to, words->ptr, n);
    memcpy(to + n, is_cut ? more : "", is_cut ? sizeof more : 1);
}

static enum xcy_status decide(struct view *v, struct xcy_step *step, struct xcy_error *err)
{
    const struct xcy_objective *first = NULL;
    v->verdict = xcy_verdict_of(v->plan, v->total, v->reason);
    v->state = xcy_objectives_judge(v->slo, v->total, &first);
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (!rules[i].holds(v)) {
            continue;
        }
        bool is_none = is_in_vain(v) && rules[i].result != XCY_STEP_UNFIT;
        enum xcy_status status = is_none ? check_rate_matters(v->total, err) : XCY_OK;
        if (status == XCY_OK) {
            step->result = rules[i].result;
            step->achieved_per_s = xcy_tally_achieved_rate(v->total);
            copy_evidence(&v->words, step->evidence);
        }
        return status;
    }
    return fail_unknown(v, first, err);
}

enum xcy_status xcy_step_judge(const struct xcy_plan *plan, const struct xcy_tally *total,
                               const struct xcy_objectives *slo, struct xcy_step *step,
                               struct xcy_error *err)
{
    struct view view = {.plan = plan, .total = total, .slo = slo};
    xcy_buf_init(&view.words, WORDS_MAX_BYTES);
    enum xcy_status status = decide(&view, step, err);
    xcy_buf_clear(&view.words);
    return status;
}
