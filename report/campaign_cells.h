#ifndef XCY_REPORT_CAMPAIGN_CELLS_H
#define XCY_REPORT_CAMPAIGN_CELLS_H

/*
 * campaign_cells.h - a campaign's cells, a row each: in two tables, since one would be wider than paper.
 *
 * Threads:  safe.
 */

#include "report/campaign_part.h"

/* What was found, and what it was found from. */
void xcy_campaign_add_outcomes(struct xcy_buf *out, const struct xcy_campaign_part *campaign);
void xcy_campaign_add_loads(struct xcy_buf *out, const struct xcy_campaign_part *campaign);

#endif
