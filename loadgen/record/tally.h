#ifndef XCY_LOADGEN_RECORD_TALLY_H
#define XCY_LOADGEN_RECORD_TALLY_H

/*
 * tally.h - counts what became of each slot, measures it, and makes the rows of requests.csv; of an
 * interval, a second, or a whole run, since tallies add up.
 *
 * Every slot ends in exactly one of these, so that when all have ended
 *
 *   slots = the sum of outcomes, warm-up and measured each for itself
 *         = ok + failed (every outcome but ok and skipped) + skipped
 *   skipped = skipped_late + skipped_in_flight + skipped_stopped
 *
 * A failed slot was sent, or failed before it could be (dns, connect, tls, send); skipped ones have
 * no row. A slot that was tried again counts once, with the outcome of its last attempt; each attempt
 * has its row.
 *
 * Histograms, of measured slots only, for each outcome (latency.h). The lag of a slot is that of its
 * first attempt that was sent, its service that of its last attempt. `start_lag` besides, of all
 * measured slots: first handed to the engine - due, what the generator alone is late.
 *
 * Threads:  one owner at a time.
 */

#include "common/base/buf.h"
#include "loadgen/engines/call.h"
#include "loadgen/engines/classify.h"
#include "loadgen/record/latency.h"

enum xcy_skip { XCY_SKIP_LATE, XCY_SKIP_IN_FLIGHT, XCY_SKIP_STOPPED, XCY_N_SKIPS };
extern const char *const xcy_skip_names[XCY_N_SKIPS + 1]; /* "late", "in_flight", "stopped" */

/* Sent more than this after due is late. */
#define XCY_LATE_NS XCY_NS_PER_MS

struct xcy_counts {
    int64_t sent;    /* slots of which an attempt was sent */
    int64_t late;    /* of these, more than XCY_LATE_NS after due */
    int64_t retries; /* attempts beyond a slot's first */
    int64_t skipped[XCY_N_SKIPS];
    int64_t outcomes[XCY_N_OUTCOMES];
};

int64_t xcy_counts_slots(const struct xcy_counts *counts);  /* the sum of outcomes */
int64_t xcy_counts_failed(const struct xcy_counts *counts); /* neither ok nor skipped */
void xcy_counts_add(struct xcy_counts *into, const struct xcy_counts *from);

struct xcy_tally {
    struct xcy_counts measured;
    struct xcy_counts warmup;
    struct xcy_latency latency[XCY_N_OUTCOMES];
    struct xcy_hist *start_lag;
    char reasons[XCY_N_OUTCOMES][XCY_REASON_BYTES]; /* the first one heard, for people */
    struct xcy_mono first_sent;                     /* of measured ones; {0}: none */
    struct xcy_mono last_sent;
    struct xcy_mono last_acked; /* or given up */
    int64_t in_flight;          /* when the interval ended; sums over workers */
    int64_t realtime_threads;   /* that were given real-time priority */
    double busiest_cpu_share;   /* of the worker with the least idle cpu time; 0..1 */
    struct xcy_buf rows;        /* formatted lines of requests.csv */
    int64_t rows_lost;          /* for which there was no room, as nobody took the others */
};

/* In the caller's storage; release with xcy_tally_clear. */
void xcy_tally_init(struct xcy_tally *t);
void xcy_tally_clear(struct xcy_tally *t);
/* As new, but keeps its memory; costs what was counted, not what could be. */
void xcy_tally_reset(struct xcy_tally *t);

/* The call's first attempt is in the engine's hands since call->started. */
void xcy_tally_started(struct xcy_tally *t, const struct xcy_call *call);
/* Its first attempt that was sent, at call->first_sent. */
void xcy_tally_sent(struct xcy_tally *t, const struct xcy_call *call);
/* An attempt ended that is to be repeated: its row. */
void xcy_tally_failed_attempt(struct xcy_tally *t, struct xcy_anchor anchor,
                              const struct xcy_call *call, const struct xcy_answer *answer);
/* The call ended: counts it, and makes its row; one that was cancelled before any attempt was sent
 * is skipped. */
void xcy_tally_done(struct xcy_tally *t, struct xcy_anchor anchor, const struct xcy_call *call,
                    const struct xcy_answer *answer);
void xcy_tally_skip(struct xcy_tally *t, enum xcy_skip why, bool is_warmup);
/* So many slots at once. */
void xcy_tally_skip_many(struct xcy_tally *t, enum xcy_skip why, bool is_warmup, int64_t n);

/* All but the rows and in_flight. */
void xcy_tally_merge(struct xcy_tally *into, const struct xcy_tally *from);

/* Slots sent over the time between the first and the last; 0: fewer than two. */
double xcy_tally_achieved_rate(const struct xcy_tally *t);
/* Slots ended with ok over the time from the first sent to the last reply; 0: none. */
double xcy_tally_throughput(const struct xcy_tally *t);

#endif
