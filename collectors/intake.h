#ifndef XCY_COLLECTORS_INTAKE_H
#define XCY_COLLECTORS_INTAKE_H

/*
 * intake.h - takes one batch of messages out of a source: sorted, onto the disk, and only then out
 * of the queue. Foreign messages go back; so does everything when the disk refuses.
 *
 * Memory:   owned by the caller, xcy_intake_free.
 * Threads:  xcy_intake_receive from several, each with an open source of its own.
 */

#include "collectors/ledger.h"
#include "collectors/retry.h"
#include "collectors/sources/source.h"

#include "common/time/clock.h"

/* The world around a gather. is_live and wall_us are called from several threads. */
struct xcy_receive_world {
    struct xcy_mono (*now)(void *ctx);
    int64_t (*wall_us)(void *ctx);
    bool (*is_live)(void *ctx); /* the load still runs */
    void *ctx;
};

/* All borrowed. */
struct xcy_intake_parts {
    const struct xcy_source *source;
    struct xcy_ledger *ledger;
    struct xcy_collection *collection; /* what the ledger holds, replayed */
    struct xcy_receive_world world;
    struct xcy_retry_plan retry;
    bool same_clock; /* this machine, this boot, made the load */
};

struct xcy_intake;

struct xcy_intake *xcy_intake_new(const struct xcy_intake_parts *parts);
void xcy_intake_free(struct xcy_intake *intake);

/* The load has ended: the slots (borrowed) tell who may still report. */
void xcy_intake_load_ended(struct xcy_intake *intake, const struct xcy_slots *slots);

/* Receives one batch, and does all that follows from it. n_ours: messages that left the queue, or
 * were to. XCY_ESTOPPED when a stop was asked meanwhile. */
enum xcy_status xcy_intake_receive(struct xcy_intake *intake, void *state, int wait_s,
                                   size_t *n_messages, size_t *n_ours,
                                   struct xcy_error *err) XCY_MUST_USE;

/* How things stand. */
struct xcy_intake_count {
    int64_t n_reported;       /* requests with an evaluation */
    int64_t n_waiting;        /* requests that may still report; 0 while the load runs */
    int64_t n_undeleted;      /* on disk, but still in the queue: they will come again */
    struct xcy_mono last_new; /* when the last new evaluation came, or the load ended */
    struct xcy_tally tally;
};
struct xcy_intake_count xcy_intake_look(struct xcy_intake *intake);

/* Foreign messages that are kept hidden become visible to their own gather again. */
void xcy_intake_release(struct xcy_intake *intake, void *state);

#endif
