#ifndef XCY_COLLECTORS_SLOTS_H
#define XCY_COLLECTORS_SLOTS_H

/*
 * slots.h - what the client knows of each planned request, once the load has ended:
 * requests.csv and sent.bin, keyed by request number.
 *
 * Of several attempts the last decides: outcome and points are its own, `due` is the slot's. A slot
 * that was sent but has no line lost its generator before the reply: outcome `generator`.
 *
 * Memory:   owned by the caller, xcy_slots_free; rows are owned by it too.
 * Threads:  read-only after reading.
 */

#include "common/run/manifest.h"
#include "common/run/requests.h"
#include "common/run/sent.h"

struct xcy_slot {
    enum xcy_outcome outcome;
    const struct xcy_request_row *row; /* the deciding attempt, or NULL */
    int64_t attempts;                  /* lines in requests.csv */
    int64_t sent_us;                   /* of the deciding attempt; 0: it was not sent */
    int64_t first_sent_us;             /* of the first attempt; 0: it was not sent */
    bool is_warmup;                    /* left out of figures */
    bool may_report;                   /* an evaluation of one of its attempts can still come */
    bool may_have_run_before;          /* the writer, for an attempt before the deciding one */
};

struct xcy_slots {
    struct xcy_slot *slots;
    int64_t n; /* planned, warm-up included */
    int64_t n_warmup;
    struct xcy_requests *rows;
    bool was_torn; /* requests.csv had an unfinished last line, which was dropped */
};

/* Reads the run's files; run.yml too, if the manifest is of a run that was not over. XCY_EINVALID:
 * they contradict run.yml. */
enum xcy_status xcy_slots_read(const char *run_path, const struct xcy_manifest *manifest,
                               struct xcy_slots **slots, struct xcy_error *err) XCY_MUST_USE;

/* Of a closed loop that was killed: as many slots as there are signs of. */
enum { XCY_SLOTS_NOT_KNOWN = -1 };

/* The same from what is at hand; takes rows (NULL: none). sent is borrowed, NULL: no file. Slots below
 * warmup_slots are warm-up, and those whose line says so. */
enum xcy_status xcy_slots_new(int64_t planned, int64_t warmup_slots, struct xcy_requests *rows,
                              const struct xcy_sent *sent, struct xcy_slots **slots,
                              struct xcy_error *err) XCY_MUST_USE;
void xcy_slots_free(struct xcy_slots *slots);

/* Of a load that was killed, or still runs: a failed attempt gets its line when the next one begins, so
 * that a slot whose last line may be mended, with retries left, is on its way: outcome `generator`. */
void xcy_slots_reopen(struct xcy_slots *slots, int64_t retries_open);

/* Whether an evaluation can still come for an attempt with this outcome: it was handed over, and
 * nothing says that the writer did not run. */
bool xcy_outcome_may_report(enum xcy_outcome outcome);

/* The latest point along the way of a request that was sent, as far as the client was told:
 * ended, noted, wrote, start, acked (a reply that carries none of these), else sent. */
enum xcy_point xcy_slot_last_point(const struct xcy_slot *slot);

#endif
