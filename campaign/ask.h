#ifndef XCY_CAMPAIGN_ASK_H
#define XCY_CAMPAIGN_ASK_H

/*
 * ask.h - whether loadgen would take the words that a config has for it: asked of loadgen, before a
 * campaign begins whose every run would fail alike.
 *
 * Threads:  one, and no other may run: it forks.
 */

#include "campaign/config.h"

/* programs: the folder of the programs. XCY_EUSAGE has loadgen's own words behind the config's path. */
enum xcy_status xcy_campaign_ask_loadgen(const char *programs, const char *config_path,
                                         const struct xcy_campaign_config *config,
                                         struct xcy_error *err) XCY_MUST_USE;

#endif
