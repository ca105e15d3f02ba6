#ifndef XCY_REPORT_CAMPAIGN_CELLS_H
#define XCY_REPORT_CAMPAIGN_CELLS_H

/* campaign_cells.h - the table of a campaign's cells, a row each. */

#include "report/campaign_part.h"

void xcy_campaign_cells_add(struct xcy_buf *out, const struct xcy_campaign_part *campaign);

#endif
