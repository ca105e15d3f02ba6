#ifndef XCY_COLLECTORS_SLOTS_H
#define XCY_COLLECTORS_SLOTS_H

/*
 * slots.h - what the client knows of each planned request, once the load has ended:
 * requests.csv and sent.bin, keyed by request number.
 *
 * A slot with several attempts is decided by the one that was ok, else by the last. A slot that
 * was sent but has no line lost its generator before the reply: outcome `generator`.
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
    int64_t sent_us;                   /* of the deciding attempt, else from sent.bin; 0: never */
};

struct xcy_slots {
    struct xcy_slot *slots;
    int64_t n; /* planned */
    struct xcy_requests *rows;
    bool was_torn; /* requests.csv had an unfinished last line, which was dropped */
};

/* Reads the run's files. XCY_EINVALID: they contradict run.yml. */
enum xcy_status xcy_slots_read(const char *run_path, const struct xcy_manifest *manifest,
                               struct xcy_slots **slots, struct xcy_error *err) XCY_MUST_USE;

/* The same from what is at hand; takes rows (NULL: none). sent is borrowed, NULL: no file. */
enum xcy_status xcy_slots_new(int64_t planned, struct xcy_requests *rows,
                              const struct xcy_sent *sent, struct xcy_slots **slots,
                              struct xcy_error *err) XCY_MUST_USE;
void xcy_slots_free(struct xcy_slots *slots);

/* Whether an evaluation can still come for a request with this outcome: it was handed over, and
 * nothing says that the writer did not run. */
bool xcy_outcome_may_report(enum xcy_outcome outcome);

/* The latest point along the way of a request that was sent, as far as the client was told:
 * ended, noted, wrote, start, acked (a reply that carries none of these), else sent. */
enum xcy_point xcy_slot_last_point(const struct xcy_slot *slot);

#endif
