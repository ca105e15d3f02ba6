#ifndef XCY_COLLECTORS_MATCH_H
#define XCY_COLLECTORS_MATCH_H

/*
 * match.h - whose message is this: ours, another run's, or nobody's?
 *
 * By run id. Functions that know no run id are matched by request number and client_sent_at, which
 * must be those of a request of this run. While the load runs its lines are not all written yet;
 * then the request must have been sent, and client_sent_at lie shortly before.
 *
 * Of a state file of the reference's nothing but the request number is known: that alone is the match, as
 * it is to the reference.
 *
 * Threads:  read-only; safe.
 */

#include "collectors/reference_state.h"
#include "collectors/slots.h"

#include "common/record/evaluation.h"

enum xcy_match_verdict {
    XCY_MATCH_OURS,
    XCY_MATCH_FOREIGN,
    XCY_MATCH_MALFORMED,
    XCY_MATCH_REFUSED /* another combination under this run's id */
};

/* What is known of the run. Borrowed. */
struct xcy_match_run {
    const struct xcy_manifest *manifest;
    const struct xcy_slots *slots; /* NULL while the load runs */
    const struct xcy_sent *sent;   /* NULL: none */
    /* NULL, or the run is one of the reference: manifest is NULL then, slots are there, one a reply,
     * in their order. */
    const struct xcy_reference_state *state;
};

struct xcy_match {
    enum xcy_match_verdict verdict;
    struct xcy_evaluation evaluation; /* unless malformed; with a state its id.i and eval only */
    int64_t consistent_value;         /* as sent: 0, 1, or what else the reference accepts */
    char reason[XCY_REASON_BYTES];    /* of malformed and refused */
};

/* How many requests the run has, as far as is known now: of a closed loop that runs, those that
 * sent.bin has room for. */
int64_t xcy_match_slots(const struct xcy_match_run *run);

void xcy_match_message(const struct xcy_match_run *run, struct xcy_bytes body,
                       struct xcy_match *match);

/* A message that is malformed for a reason outside its text. */
void xcy_match_reject(struct xcy_match *match, const char *reason);

#endif
