#ifndef XCY_LOADGEN_JUDGE_STEP_H
#define XCY_LOADGEN_JUDGE_STEP_H

/*
 * step.h - what a finished run says as a step of a search: holds, fails, or unfit.
 *
 * unfit   the generator fell behind (verdict.h): whatever else it shows, it shows of the generator
 * fails   slots were skipped because too many were in flight, which the target did not keep up with;
 *         or nothing succeeded; or an objective is missed
 * holds   none of these, and every objective is met
 *
 * What no rate explains (every request refused as unauthorised, the wrong address, too few requests
 * for a percentile) is a failure of the search, not of a step: XCY_EINVALID with what to change.
 *
 * Threads:  safe.
 */

#include "loadgen/judge/objective.h"
#include "loadgen/judge/search.h"
#include "loadgen/judge/verdict.h"

/* Of a run that went to its end. Fills in result, achieved_per_s and evidence; path is left to the
 * caller. */
enum xcy_status xcy_step_judge(const struct xcy_plan *plan, const struct xcy_tally *total,
                               const struct xcy_objectives *slo, struct xcy_step *step,
                               struct xcy_error *err) XCY_MUST_USE;

#endif
