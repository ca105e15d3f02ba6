#ifndef XCY_COLLECTORS_REFERENCE_ROWS_H
#define XCY_COLLECTORS_REFERENCE_ROWS_H

/*
 * reference_rows.h - the rows that the reference would have made of the messages in a journal.
 *
 * Two of its habits decide which:
 *   - it counts the messages that wait, and takes their number for the requests' if it is smaller;
 *   - it takes ten messages at a time (a full queue gives so many) and stops after the ten with the last
 *     result that it waits for: duplicates that come later replace no row.
 *
 * Memory:   *rows' reference is owned by the caller, xcy_reference_free.
 */

#include "collectors/ledger.h"
#include "collectors/reference_state.h"

struct xcy_reference_rows {
    struct xcy_reference *reference;
    int64_t expected; /* what it takes for the number of requests */
    int64_t n_unused; /* messages that came after it would have stopped */
};

enum xcy_status xcy_reference_rows_make(const struct xcy_reference_state *state,
                                        struct xcy_ledger *ledger, struct xcy_reference_rows *rows,
                                        struct xcy_error *err) XCY_MUST_USE;

#endif
