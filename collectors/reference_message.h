#ifndef XCY_COLLECTORS_REFERENCE_MESSAGE_H
#define XCY_COLLECTORS_REFERENCE_MESSAGE_H

/*
 * reference_message.h - a message of the evaluation queue as the reference's gather reads it: the plain
 * form, or a Lambda destination record; values by the rules of common/record/loose.h; what it does not
 * look at may be anything.
 *
 * Threads:  safe.
 */

#include "collectors/reference_state.h"

enum xcy_reference_verdict {
    XCY_REFERENCE_KNOWN,    /* of a request of the state file */
    XCY_REFERENCE_UNKNOWN,  /* of another, whatever else it says: it would end with a KeyError */
    XCY_REFERENCE_MALFORMED /* it would end with another error; err says which key and why */
};

struct xcy_reference_message {
    enum xcy_reference_verdict verdict;
    int64_t place;                /* of KNOWN: among the state's replies */
    struct xcy_reference_row row; /* likewise */
};

void xcy_reference_message_read(const struct xcy_reference_state *state, struct xcy_bytes body,
                                struct xcy_reference_message *message, struct xcy_error *err);

#endif
