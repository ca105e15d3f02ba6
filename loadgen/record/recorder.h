#ifndef XCY_LOADGEN_RECORD_RECORDER_H
#define XCY_LOADGEN_RECORD_RECORDER_H

/*
 * recorder.h - counts what became of each slot, and makes the rows of requests.csv.
 *
 * Every slot of a worker ends in exactly one of these, so that when all have ended
 *
 *   slots = the sum of outcomes
 *         = ok + failed (every outcome but ok and skipped) + skipped
 *   skipped = skipped_in_flight + skipped_stopped
 *
 * A failed slot was sent, or failed before it could be (dns, connect, tls, send); skipped ones have
 * no row.
 *
 * Histograms: start_lag = handed to the engine - due (the generator's own);  send_lag = sent - due
 * (with the time to connect, where a new connection was needed);  service = acked - sent;
 * response = acked - due. The last two of outcome ok.
 *
 * Threads:  one owner; merge after the owner's thread is joined.
 */

#include "common/run/sent.h"
#include "common/stats/hist.h"
#include "loadgen/engines/engine.h"
#include "loadgen/record/journal.h"

enum xcy_skip { XCY_SKIP_IN_FLIGHT, XCY_SKIP_STOPPED };

/* Sent more than this after due is late. */
#define XCY_LATE_NS XCY_NS_PER_MS

struct xcy_counts {
    int64_t realtime_threads; /* that were given real-time priority */
    int64_t sent;
    int64_t late;
    int64_t skipped_in_flight; /* as many as allowed were in flight already */
    int64_t skipped_stopped;   /* the run was stopped before they were sent */
    int64_t outcomes[XCY_N_OUTCOMES];
    char reasons[XCY_N_OUTCOMES][XCY_REASON_BYTES]; /* the first one heard, for people */
    struct xcy_mono first_sent;                     /* {0}: none */
    struct xcy_mono last_sent;
};

int64_t xcy_counts_slots(const struct xcy_counts *counts);  /* the sum of outcomes */
int64_t xcy_counts_failed(const struct xcy_counts *counts); /* neither ok nor skipped */

struct xcy_recorder {
    struct xcy_counts counts;
    struct xcy_hist *start_lag;
    struct xcy_hist *send_lag;
    struct xcy_hist *service;
    struct xcy_hist *response;
    struct xcy_anchor anchor;
    struct xcy_sent *sent; /* borrowed; NULL: none is kept */
    struct xcy_buf rows;   /* formatted, not yet in the journal */
};

/* In the caller's storage; release with xcy_recorder_clear. */
void xcy_recorder_init(struct xcy_recorder *r, struct xcy_anchor anchor, struct xcy_sent *sent);
void xcy_recorder_clear(struct xcy_recorder *r);

/* Histogram for durations, of the kind all of the recorder's are. */
struct xcy_hist *xcy_recorder_hist_new(void);

/* The call is in the engine's hands since call->started. */
void xcy_recorder_started(struct xcy_recorder *r, const struct xcy_call *call);
void xcy_recorder_sent(struct xcy_recorder *r, const struct xcy_call *call);
/* Counts the call, and makes its row; one that was cancelled before it was sent is skipped. */
void xcy_recorder_done(struct xcy_recorder *r, const struct xcy_call *call,
                       const struct xcy_answer *answer);
void xcy_recorder_skip(struct xcy_recorder *r, enum xcy_skip why);

/* Hands the rows made since the last time to the journal, in one batch. */
void xcy_recorder_flush(struct xcy_recorder *r, struct xcy_journal *journal);

void xcy_recorder_merge(struct xcy_recorder *into, const struct xcy_recorder *from);

#endif
