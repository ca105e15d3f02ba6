#ifndef XCY_LOADGEN_DRIVE_LOAD_H
#define XCY_LOADGEN_DRIVE_LOAD_H

/*
 * load.h - the workers of a run, from opening their engines to the sum of what they counted.
 *
 * Use: open (engines stand ready, nothing is sent), then run with the instant of slot 0.
 *
 * Threads:  one owner; the workers' threads live within xcy_load_run.
 */

#include "common/cli/progress.h"
#include "loadgen/drive/worker.h"

struct xcy_load;

struct xcy_load_setting {
    const struct xcy_plan *plan; /* borrowed for the life of the load, as all here */
    const struct xcy_engine *engine;
    const struct xcy_target *target;
    struct xcy_anchor anchor;
    struct xcy_sent *sent;
    struct xcy_journal *journal;
};

struct xcy_load *xcy_load_open(const struct xcy_load_setting *setting);
void xcy_load_close(struct xcy_load *load); /* NULL is allowed */

/* Runs to the end, or until a stop (stop.h) and the grace time; shows progress; warns once, on
 * stderr, when rows wait for a full disk. total (initialised by the caller) gets the workers' sums,
 * in which every slot of the plan stands once. Fails when a thread cannot be started. */
enum xcy_status xcy_load_run(struct xcy_load *load, struct xcy_mono start,
                             struct xcy_progress *progress, struct xcy_recorder *total,
                             struct xcy_error *err) XCY_MUST_USE;

#endif
