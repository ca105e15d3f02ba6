#ifndef XCY_LOADGEN_DRIVE_SENDER_H
#define XCY_LOADGEN_DRIVE_SENDER_H

/*
 * sender.h - what a worker does with a slot: hands it to the engine or skips it, repeats what failed,
 * counts what became of it. It knows no schedule and does not wait.
 *
 * Threads:  the worker's.
 */

#include "loadgen/drive/waiting.h"
#include "loadgen/drive/worker.h"

struct xcy_sender {
    const struct xcy_worker_setting *setting;
    void *engine_state;
    struct xcy_tally
        *tally; /* where it counts; the owner puts another one here with each interval */
    struct xcy_flights flights;
    struct xcy_waiting waiting; /* of the flights that are out, those that no engine has */
    bool is_final;              /* nothing is repeated any more */
    void (*answered)(
        void *ctx); /* after a slot's last answer; NULL: nobody asks. May begin others */
    void *answered_ctx;
};

/* Opens the engine. Not to be moved in memory after that. */
void xcy_sender_open(struct xcy_sender *s, const struct xcy_worker_setting *setting,
                     int64_t max_in_flight);
void xcy_sender_close(struct xcy_sender *s);

/* A slot whose turn it is at `now`. */
void xcy_sender_begin(struct xcy_sender *s, int64_t slot, struct xcy_mono due, struct xcy_mono now,
                      bool is_warmup);

/* Starts the attempts whose instant has come. */
void xcy_sender_repeat(struct xcy_sender *s, struct xcy_mono now);
/* When the next attempt is to start; false when none waits. */
bool xcy_sender_next_repeat(const struct xcy_sender *s, struct xcy_mono *when);
/* From now on a failed attempt is the last; those that wait end as it did. */
void xcy_sender_repeat_no_more(struct xcy_sender *s);

/* Ends everything. */
void xcy_sender_cancel(struct xcy_sender *s);

int64_t xcy_sender_in_flight(const struct xcy_sender *s);
int64_t xcy_sender_in_engine(const struct xcy_sender *s); /* without those that wait */

#endif
