#ifndef XCY_CAMPAIGN_LEFT_H
#define XCY_CAMPAIGN_LEFT_H

/*
 * left.h - how long a campaign will still take: what the sending of the runs to come takes by plan,
 * and for each what the runs before took beyond their sending (median).
 */

#include "campaign/journal.h"

enum { XCY_LEFT_BYTES = 48 };

/* Seconds, counting the runs from `from` on that are not done; NaN before the first has ended.
 * retries: failed ones count, too. */
double xcy_campaign_left_s(const struct xcy_campaign_state *state, size_t from, bool retries);

/* "about 6 min left", or "" for NaN. */
void xcy_campaign_left_format(double left_s, char to[XCY_LEFT_BYTES]);

#endif
