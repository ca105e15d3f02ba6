#ifndef XCY_CAMPAIGN_JOURNAL_PARTS_H
#define XCY_CAMPAIGN_JOURNAL_PARTS_H

/* journal_parts.h - what the journal's reading (state.c) and writing (journal.c) share; private to
 * them. */

#include "campaign/journal.h"

enum { XCY_CAMPAIGN_JOURNAL_VERSION = 1 };

/* Does to the state what the event says; XCY_EPARSE if it cannot be. */
enum xcy_status xcy_campaign_state_take(struct xcy_campaign_state *state,
                                        const struct xcy_json *event,
                                        struct xcy_error *err) XCY_MUST_USE;

#endif
