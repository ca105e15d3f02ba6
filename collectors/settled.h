#ifndef XCY_COLLECTORS_SETTLED_H
#define XCY_COLLECTORS_SETTLED_H

/*
 * settled.h - what became of messages, counted: taken = deleted + given back + undeleted.
 *
 * Memory:   owned by the caller, xcy_settled_clear.
 * Threads:  one owner.
 */

#include "collectors/errands.h"
#include "collectors/keymap.h"

struct xcy_finish_count {
    int64_t deleted;
    int64_t given_back; /* asked for; the queue may not have heard */
    int64_t undeleted;  /* tried in vain */
    int64_t left;       /* of these, those that did not come again and were deleted then */
    int64_t extended;   /* hidings made longer */
};

struct xcy_settled {
    struct xcy_finish_count count;
    struct xcy_keymap *undeleted; /* message ids: 1, or 0 once deleted after all */
};

struct xcy_settled xcy_settled_new(void);
void xcy_settled_clear(struct xcy_settled *settled);

/* The errand was done, or given up. */
void xcy_settled_note(struct xcy_settled *settled, const struct xcy_errand *errand, bool is_done);

#endif
