#ifndef XCY_CAMPAIGN_RESUME_H
#define XCY_CAMPAIGN_RESUME_H

/*
 * resume.h - the journal of a campaign that begins, or goes on.
 *
 * Memory:   the caller closes the journal and clears the state, also after a failure.
 */

#include "campaign/drive.h"

/* New where there is none (or a fresh one is wanted); else of the same config, with what had not
 * ended marked as to be done again. */
enum xcy_status xcy_campaign_open_journal(const struct xcy_campaign_settings *settings,
                                          struct xcy_campaign_state *state,
                                          struct xcy_campaign_journal **journal,
                                          struct xcy_error *err) XCY_MUST_USE;

/* {"event": name, "n": run + 1}; owned by the caller. */
struct xcy_json *xcy_campaign_event(const char *name, size_t run);

#endif
