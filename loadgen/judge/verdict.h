#ifndef XCY_LOADGEN_JUDGE_VERDICT_H
#define XCY_LOADGEN_JUDGE_VERDICT_H

/*
 * verdict.h - whether what was measured may be believed, and why not. A pure function.
 *
 * GENERATOR_LIMITED  we did not send what was asked when it was asked: the p99 of the generator's own
 *                    lag passes the bound, or slots were skipped because too many were in flight
 * TARGET_LIMITED     what we sent was more than the other side takes: throttled, or timed out
 * NONE               nothing succeeded, so that there is nothing to believe
 *
 * Threads:  safe.
 */

#include "common/run/manifest.h"
#include "loadgen/plan/plan.h"
#include "loadgen/record/recorder.h"

enum { XCY_VERDICT_REASON_BYTES = 256 };

/* reason: one line, "" when valid; XCY_VERDICT_REASON_BYTES. */
enum xcy_verdict xcy_verdict_of(const struct xcy_plan *plan, const struct xcy_recorder *total,
                                char reason[XCY_VERDICT_REASON_BYTES]);

#endif
