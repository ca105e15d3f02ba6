#ifndef XCY_LOADGEN_DRIVE_LOOP_H
#define XCY_LOADGEN_DRIVE_LOOP_H

/*
 * loop.h - how a worker spends its time: open (open_loop.c) or closed (closed_loop.c), and then until
 * what is in flight has ended. What they share is in loop.c: the engine's time, the intervals that are
 * given to the watcher, the attempts that are repeated.
 *
 * Threads:  the worker's.
 */

#include "loadgen/drive/pacer.h"
#include "loadgen/drive/sender.h"
#include "loadgen/record/handover.h"

struct xcy_loop {
    const struct xcy_worker_setting *setting;
    struct xcy_sender sender;
    struct xcy_handover *handover;
    struct xcy_pacer pacer;   /* of an open loop */
    int64_t interval;         /* that is being filled */
    struct xcy_mono boundary; /* where it ends */
    bool is_sending;
    int64_t cpu_before_ns; /* this thread's */
    double cpu_share;      /* of the time while it sent, 0..1 */
    struct xcy_mono end;   /* of a closed loop, as the next two */
    bool goes_on;
    bool has_left_warmup;
    struct xcy_error error; /* why it could not go on */
};

/* The first interval to be filled; before any of the rest. */
void xcy_loop_begin(struct xcy_loop *loop);

/* Until every slot is sent or skipped. */
void xcy_loop_send_open(struct xcy_loop *loop);
void xcy_loop_send_closed(struct xcy_loop *loop);

/* Until nothing is in flight; what still is after the grace time is cancelled. */
void xcy_loop_drain(struct xcy_loop *loop);

/* Gives the last interval. */
void xcy_loop_end(struct xcy_loop *loop);

/* For the loops: what is due besides slots. */
void xcy_loop_keep_up(struct xcy_loop *loop, struct xcy_mono now);
/* Lets the engine work until the instant, or there is something else to do; once: as in engine.h. */
void xcy_loop_serve(struct xcy_loop *loop, struct xcy_mono until, bool once);

#endif
