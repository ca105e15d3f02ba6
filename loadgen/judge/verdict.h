#ifndef XCY_LOADGEN_JUDGE_VERDICT_H
#define XCY_LOADGEN_JUDGE_VERDICT_H

/*
 * verdict.h - whether what was measured may be believed, and why not. A pure function.
 *
 * GENERATOR_LIMITED  we did not send what was asked when it was asked: the p99 of the generator's own
 *                    lag passes the plan's bound, or a larger share of the slots than the plan allows
 *                    was skipped for being late; or a worker had no processor time left (95 % of it
 *                    used), so that what was measured includes the generator's own queue. Of a closed
 *                    loop, which is never late, this last one is the only sign, and it means that the
 *                    rate found is the generator's
 * TARGET_LIMITED     what we sent was more than the other side takes: slots were skipped because as
 *                    many as allowed were in flight, or requests were throttled, or timed out, or some
 *                    found no connection
 * NONE               nothing succeeded, and not for one of these, so that there is nothing to believe
 *
 * The first that holds, in this order, decides. Slots that were sent late count through the lag.
 *
 * Threads:  safe.
 */

#include "common/run/manifest.h"
#include "loadgen/plan/plan.h"
#include "loadgen/record/tally.h"

enum { XCY_VERDICT_REASON_BYTES = 256 };

/* A worker that uses more of its time than this is saturated. */
#define XCY_SATURATED_CPU_SHARE 0.95

/* reason: one line, "" when valid; XCY_VERDICT_REASON_BYTES. */
enum xcy_verdict xcy_verdict_of(const struct xcy_plan *plan, const struct xcy_tally *total,
                                char reason[XCY_VERDICT_REASON_BYTES]);

/* XCY_EINVALID where the run's verdict is a limit, XCY_EFAIL where it is none. */
enum xcy_status xcy_verdict_status(const struct xcy_manifest *run,
                                   struct xcy_error *err) XCY_MUST_USE;

#endif
