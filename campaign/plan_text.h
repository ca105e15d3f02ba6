#ifndef XCY_CAMPAIGN_PLAN_TEXT_H
#define XCY_CAMPAIGN_PLAN_TEXT_H

/* plan_text.h - a plan for people: its runs in their order, and how long the sending takes. */

#include "campaign/journal.h"

/* runs: what became of them so far; NULL: nothing has begun. */
void xcy_campaign_plan_text(const struct xcy_campaign_plan *plan, const struct xcy_run_record *runs,
                            struct xcy_buf *out);

#endif
