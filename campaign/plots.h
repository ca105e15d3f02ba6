#ifndef XCY_CAMPAIGN_PLOTS_H
#define XCY_CAMPAIGN_PLOTS_H

/*
 * plots.h - a plot config for what a campaign measured, in the reference's format: only valid runs,
 * their folders by full path, so that plot finds them from anywhere.
 */

#include "campaign/journal.h"

/* out: empty when there is nothing to draw. base: the full path that the runs' folders are relative
 * to. */
void xcy_campaign_plots(const struct xcy_campaign_state *state, const char *base,
                        struct xcy_buf *out);

/* Writes <folder>/plots.yml, or removes it where nothing is to be drawn. */
enum xcy_status xcy_campaign_write_plots(const char *folder, const struct xcy_campaign_state *state,
                                         struct xcy_error *err) XCY_MUST_USE;

#endif
