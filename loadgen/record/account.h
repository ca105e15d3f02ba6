#ifndef XCY_LOADGEN_RECORD_ACCOUNT_H
#define XCY_LOADGEN_RECORD_ACCOUNT_H

/*
 * account.h - a run in run.yml: what is asked when it begins, and what came of it when it ends.
 *
 * Threads:  plain data.
 */

#include "common/run/manifest.h"
#include "loadgen/engines/engine.h"
#include "loadgen/record/tally.h"

/* Everything known before the first slot; state running. Release with xcy_manifest_clear. */
void xcy_account_begin(struct xcy_manifest *m, const struct xcy_plan *plan,
                       const struct xcy_engine *engine, const struct xcy_target *target,
                       const char *tag);

/* The sums, of measured slots, and percentiles; aborts unless, of warm-up and measured slots each,
 *
 *   planned = ok + failed + skipped     (of a closed loop bounded by time: planned is set here)
 *   skipped = late + in flight + stopped,  sent + skipped <= planned
 *
 * State, verdict and the end's instant are left to the caller. */
void xcy_account_end(struct xcy_manifest *m, const struct xcy_tally *total);

#endif
