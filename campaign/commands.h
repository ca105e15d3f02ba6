#ifndef XCY_CAMPAIGN_COMMANDS_H
#define XCY_CAMPAIGN_COMMANDS_H

/*
 * commands.h - how a campaign calls the other programs. What the config does not say is not said to
 * them either.
 *
 * Memory:   the caller clears the words.
 */

#include "campaign/cell.h"
#include "campaign/words.h"

/* deployment: a path, NULL: as the program finds it. */
struct xcy_words xcy_deploy_words(const char *deployment, const struct xcy_cell *cell);
struct xcy_words xcy_clean_words(const char *deployment);
struct xcy_words xcy_loadgen_words(const char *deployment, const struct xcy_cell *cell,
                                   const char *root, int64_t seed);
struct xcy_words xcy_gather_words(const char *root, const char *run);
struct xcy_words xcy_analyze_words(const char *run);

#endif
