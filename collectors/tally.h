#ifndef XCY_COLLECTORS_TALLY_H
#define XCY_COLLECTORS_TALLY_H

/*
 * tally.h - the sum of messages: received = matched + duplicate + foreign + malformed.
 *
 * Counted over the journal, the quarantine and what this process saw: it is the same after a
 * restart. A foreign message goes back to the queue and comes again; it counts once.
 *
 * Threads:  plain data.
 */

#include <stdbool.h>
#include <stdint.h>

enum xcy_message_kind {
    XCY_MESSAGE_MATCHED,   /* a new evaluation of this run */
    XCY_MESSAGE_DUPLICATE, /* one that was taken before */
    XCY_MESSAGE_FOREIGN,   /* of another run: left in the queue */
    XCY_MESSAGE_MALFORMED, /* not an evaluation, or one this run cannot have sent: quarantined */
    XCY_N_MESSAGE_KINDS
};

extern const char *const xcy_message_kind_names[XCY_N_MESSAGE_KINDS + 1]; /* NULL-terminated */

struct xcy_tally {
    int64_t received;
    int64_t counts[XCY_N_MESSAGE_KINDS];
    int64_t refused; /* of the malformed: evaluations of another combination under this run's id */
};

void xcy_tally_add(struct xcy_tally *tally, enum xcy_message_kind kind);
/* Whether the sum holds. */
bool xcy_tally_adds_up(const struct xcy_tally *tally);

#endif
