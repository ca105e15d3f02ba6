#ifndef XCY_COLLECTORS_INTAKE_H
#define XCY_COLLECTORS_INTAKE_H

/*
 * intake.h - takes one batch of messages from a source and sorts it: what is ours, and what is nobody's,
 * goes on to the disk (commit.h) and then out of the queue; what is another run's goes back, or with
 * take_foreign to that run's orphans. What was spoilt on the way goes back until it comes whole.
 *
 * Memory:   owned by the caller, xcy_intake_free.
 * Threads:  xcy_intake_receive from several, each with an open source of its own. Messages are read and
 *           matched without the lock; only sorting has it.
 */

#include "collectors/commit.h"

/* The world around a gather. Called from several threads. */
struct xcy_receive_world {
    struct xcy_mono (*now)(void *ctx);
    int64_t (*wall_us)(void *ctx);
    bool (*is_live)(void *ctx); /* the load still runs */
    void *ctx;
};

/* All borrowed. */
struct xcy_intake_parts {
    const struct xcy_source *source;
    struct xcy_collection *collection; /* what the ledger holds, replayed */
    struct xcy_receive_world world;
    struct xcy_retry_plan retry;
    struct xcy_commit *commit;
    struct xcy_finish *finish;
    struct xcy_pace *pace;
    bool same_clock;   /* this machine, this boot, made the load */
    bool take_foreign; /* the commit has orphans */
};

struct xcy_intake;

struct xcy_intake *xcy_intake_new(const struct xcy_intake_parts *parts);
void xcy_intake_free(struct xcy_intake *intake);

/* The load has ended: the slots (borrowed) tell who may still report. */
void xcy_intake_load_ended(struct xcy_intake *intake, const struct xcy_slots *slots);

/* What a receive brought. */
struct xcy_intake_got {
    size_t n;      /* messages */
    size_t n_ours; /* of these, those that leave the queue */
};

/* Receives one batch and sends its messages on their way. XCY_ESTOPPED when a stop was asked
 * meanwhile. */
enum xcy_status xcy_intake_receive(struct xcy_intake *intake, void *state, int wait_s,
                                   struct xcy_intake_got *got, struct xcy_error *err) XCY_MUST_USE;

/* How things stand. */
struct xcy_intake_count {
    int64_t n_reported;           /* requests with an evaluation */
    int64_t n_waiting;            /* requests that may still report; 0 while the load runs */
    int64_t n_received;           /* messages that the queue gave, again and again if it did */
    int64_t n_ours;               /* of these, those that leave it */
    struct xcy_mono last_new;     /* when the last new evaluation came, or the load ended */
    struct xcy_mono last_foreign; /* when a message of another run came last; {0}: never */
    struct xcy_tally tally;
};
struct xcy_intake_count xcy_intake_look(struct xcy_intake *intake);

/* Foreign messages that are kept hidden become visible to their own gather again. */
void xcy_intake_release(struct xcy_intake *intake);

#endif
