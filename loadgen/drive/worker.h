#ifndef XCY_LOADGEN_DRIVE_WORKER_H
#define XCY_LOADGEN_DRIVE_WORKER_H

/*
 * worker.h - one thread that sends its slots when they are due, whatever becomes of the ones before.
 *
 * It owns its engine, its pacer and its recorder between start and join. A slot whose turn comes
 * while as many as allowed are in flight is skipped and counted. After the last slot, or when a stop
 * is asked, what is in flight has the grace time to end; the rest is cancelled.
 *
 * Threads:  one each; the parts of the setting are shared and read-only, but the journal and the
 *           board, which are safe.
 */

#include "loadgen/record/board.h"
#include "loadgen/schedule/pacer.h"

/* What all workers of a run share. Borrowed for the life of the workers. */
struct xcy_worker_setting {
    const struct xcy_plan *plan;
    const struct xcy_engine *engine;
    const struct xcy_target *target;
    struct xcy_anchor anchor;
    struct xcy_mono start; /* slot 0 is due */
    struct xcy_sent *sent;
    struct xcy_journal *journal;
    struct xcy_board *board;
    int stop_fd; /* readable when a stop is asked; -1: none */
    bool (*is_stopped)(void);
    void (*ended)(void *ctx); /* last thing the thread does */
    void *ended_ctx;
};

struct xcy_worker;

/* Opens its engine; the thread does not run yet. Owned by the caller; free with xcy_worker_free. */
struct xcy_worker *xcy_worker_new(const struct xcy_worker_setting *setting, int64_t index);
enum xcy_status xcy_worker_start(struct xcy_worker *worker, struct xcy_error *err) XCY_MUST_USE;
/* Waits for the end of a started one. */
void xcy_worker_join(struct xcy_worker *worker);
/* Borrowed; after the join. */
const struct xcy_recorder *xcy_worker_recorder(const struct xcy_worker *worker);
void xcy_worker_free(struct xcy_worker *worker); /* not while it runs; NULL is allowed */

#endif
