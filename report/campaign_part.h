#ifndef XCY_REPORT_CAMPAIGN_PART_H
#define XCY_REPORT_CAMPAIGN_PART_H

/*
 * campaign_part.h - what a page says of a campaign: how far it is, its cells in one table and in
 * pictures, and each of its runs with a link to the run's own part.
 *
 * Threads:  safe.
 */

#include "campaign/results.h"
#include "report/branch.h"

struct xcy_campaign_part {
    const struct xcy_campaign_results *results;
    struct xcy_branch json; /* `campaign --table --json` of it */
    const size_t *parts;    /* of each run the number of its part on the page; 0: it has none */
};

void xcy_campaign_part_add(struct xcy_buf *out, const struct xcy_campaign_part *campaign);

#endif
