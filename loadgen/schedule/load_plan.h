#ifndef XCY_LOADGEN_SCHEDULE_LOAD_PLAN_H
#define XCY_LOADGEN_SCHEDULE_LOAD_PLAN_H

/*
 * load_plan.h - a schedule's stages from a YAML file.
 *
 *   stages:
 *   - arrivals: ramp:10..200   # as --arrivals takes them; default: constant
 *     rate_per_s: 100          # of arrivals without rates of their own
 *     duration_s: 60           # this, or requests, or both: whichever ends first
 *     requests: 500
 *     warmup: true             # left out of figures; only of the first ones
 *
 * The file of a replay is looked for where the program was started.
 *
 * Threads:  safe.
 * Failure:  XCY_EUSAGE `file:line: …`.
 */

#include "loadgen/schedule/stage.h"

enum { XCY_LOAD_PLAN_MAX_STAGES = 1000 };

struct xcy_load_plan {
    struct xcy_stage *stages; /* not settled */
    size_t n;
};

/* Owned by the caller; release with xcy_load_plan_clear. */
enum xcy_status xcy_load_plan_read(const char *path, struct xcy_load_plan *plan,
                                   struct xcy_error *err) XCY_MUST_USE;
void xcy_load_plan_clear(struct xcy_load_plan *plan); /* a zeroed one is allowed */

#endif
