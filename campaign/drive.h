#ifndef XCY_CAMPAIGN_DRIVE_H
#define XCY_CAMPAIGN_DRIVE_H

/*
 * drive.h - goes through a campaign's plan run by run, from where the journal says it stopped.
 *
 * The folder: journal.jsonl, lock, logs/ (a file a run), runs/ (the run folders), plots.yml.
 *
 * Threads:  one, and no other may run; stop.h must be watched.
 */

#include "campaign/config.h"
#include "campaign/journal.h"

struct xcy_campaign_settings {
    const struct xcy_campaign_config *config;
    const char *config_path; /* for the word what to type next */
    const char *folder;
    bool is_fresh;       /* begin anew; the old journal is renamed */
    bool retries_failed; /* runs that failed are done again */
    bool shows_progress; /* also without a terminal */
};

/* Until all runs have ended. *state is set (and to be cleared) whenever there is a journal, also on
 * failure; else zeroed. A run that fails is in the state; XCY_EUSAGE: the config is not the
 * journal's; XCY_ESTOPPED: interrupted, everything saved. */
enum xcy_status xcy_campaign_drive(const struct xcy_campaign_settings *settings,
                                   struct xcy_campaign_state *state,
                                   struct xcy_error *err) XCY_MUST_USE;

/* XCY_EUSAGE if the journal is of another config. */
enum xcy_status xcy_campaign_check_same(const struct xcy_campaign_config *config,
                                        const char *journal_path,
                                        const struct xcy_campaign_state *state,
                                        struct xcy_error *err) XCY_MUST_USE;

#endif
