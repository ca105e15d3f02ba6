#ifndef XCY_LOADGEN_DRIVE_WORKER_H
#define XCY_LOADGEN_DRIVE_WORKER_H

/*
 * worker.h - one thread that sends its slots when they are due, whatever becomes of the ones before.
 *
 * It owns its engine, its pacer and its side of the handover between start and join. A slot whose
 * turn comes while as many as allowed are in flight is skipped and counted; with --late skip also one
 * whose turn comes too late. A failed attempt that may be repeated waits, in flight, for its instant.
 * Of a closed loop each worker keeps its share in flight; slots are numbered as they are begun, and
 * due when they are. After the last slot, or when a stop is asked, what is in flight has the grace
 * time to end; the rest is cancelled. After a stop no attempt is repeated.
 *
 * What it counts goes to the watcher at the end of each interval, counted from the start, also while
 * nothing happens; the share of a cpu that it took, between the start and the end of sending, with the
 * last (0 if that was less than an interval: it would say nothing).
 *
 * Threads:  one each; the parts of the setting are shared and read-only, but sent.bin and the numbers,
 *           which are safe.
 */

#include "loadgen/drive/numbers.h"
#include "loadgen/engines/engine.h"
#include "loadgen/plan/plan.h"
#include "loadgen/record/handover.h"

/* The length of an interval of the handover; five make a second. */
#define XCY_INTERVAL_NS (200 * XCY_NS_PER_MS)

/* What all workers of a run share. Borrowed for the life of the workers. */
struct xcy_worker_setting {
    const struct xcy_plan *plan;
    const struct xcy_engine *engine;
    struct xcy_engine_setting engine_setting; /* sent, done and ctx are set by the worker */
    struct xcy_anchor anchor;
    struct xcy_mono start;       /* instant 0 of the schedule */
    struct xcy_sent *sent;       /* NULL: none is kept */
    struct xcy_numbers *numbers; /* of a closed loop's slots; NULL: an open loop */
    int stop_fd;                 /* readable when a stop is asked; -1: none */
    bool (*is_stopped)(void *ctx);
    void (*failed)(
        void *ctx);           /* it cannot go on, and ends in order; the others should be stopped */
    void (*ended)(void *ctx); /* last thing the thread does */
    void *ctx;
};

struct xcy_worker;

/* Opens its engine; the thread does not run yet. Owned by the caller; free with xcy_worker_free. */
struct xcy_worker *xcy_worker_new(const struct xcy_worker_setting *setting, int64_t index);
enum xcy_status xcy_worker_start(struct xcy_worker *worker, struct xcy_error *err) XCY_MUST_USE;
/* Waits for the end of a started one. */
void xcy_worker_join(struct xcy_worker *worker);
/* The taker's side is the watcher's; borrowed. */
struct xcy_handover *xcy_worker_handover(struct xcy_worker *worker);
/* Once true, all that it counted has been given. */
bool xcy_worker_has_ended(const struct xcy_worker *worker);
/* After the join: why it could not go on, else XCY_OK. */
enum xcy_status xcy_worker_result(const struct xcy_worker *worker, struct xcy_error *err);
void xcy_worker_free(struct xcy_worker *worker); /* not while it runs; NULL is allowed */

#endif
