#ifndef XCY_LOADGEN_DRIVE_LOAD_H
#define XCY_LOADGEN_DRIVE_LOAD_H

/*
 * load.h - the workers of a run, and the watcher that takes what they counted, from opening their
 * engines to the sum of all.
 *
 * The watcher (the caller's thread) empties the workers' handovers, brings rows to requests.csv and
 * seconds to series.csv, adds up, and shows each look to the caller.
 *
 * Use: open (engines stand ready, nothing is sent), then run with the instant of slot 0.
 *
 * Threads:  one owner; the workers' threads live within xcy_load_run.
 */

#include "loadgen/drive/worker.h"
#include "loadgen/record/journal.h"
#include "loadgen/record/view.h"

struct xcy_load;

/* What a look may decide. */
enum xcy_look { XCY_LOOK_GO_ON, XCY_LOOK_STOP };

struct xcy_load_setting {
    const struct xcy_plan *plan; /* borrowed for the life of the load, as all here */
    const struct xcy_engine *engine;
    struct xcy_engine_setting engine_setting; /* sent, done and ctx are the worker's */
    struct xcy_anchor anchor;
    struct xcy_sent *sent;       /* NULL: no stamps are kept */
    struct xcy_journal *journal; /* requests.csv */
    struct xcy_journal *series;  /* NULL: none */
    /* Called about five times a second, once for each second, and once at the end. STOP ends the run
     * as Ctrl-C would: no more slots, the grace time for what is in flight. NULL: nobody looks. */
    enum xcy_look (*look)(void *ctx, const struct xcy_view *view);
    void *ctx;
};

struct xcy_load *xcy_load_open(const struct xcy_load_setting *setting);
void xcy_load_close(struct xcy_load *load); /* NULL is allowed */

/* Runs to the end, or until a stop (stop.h, or the look's) and the grace time; warns once, on stderr,
 * when rows wait for a full disk. total (initialised by the caller) gets the workers' sums, in which
 * every slot of the plan stands once (of a closed loop: those of xcy_load_slots). Fails when
 * a thread cannot be started, or sent.bin cannot grow (what was done is in total). */
enum xcy_status xcy_load_run(struct xcy_load *load, struct xcy_mono start, struct xcy_tally *total,
                             struct xcy_error *err) XCY_MUST_USE;

/* After it ran: the slots of the plan; of a closed loop those that were begun, or skipped for a stop
 * (up to its number, if it has one). */
int64_t xcy_load_slots(const struct xcy_load *load);

#endif
