#ifndef XCY_COLLECTORS_GATHER_OPTIONS_H
#define XCY_COLLECTORS_GATHER_OPTIONS_H

/*
 * gather_options.h - gather's command line as one table, and where it puts what was given.
 *
 * Threads:  filled before any thread begins, then read-only.
 */

#include "common/cli/program.h"

struct xcy_gather_options {
    const char *root;
    int64_t wait_ns;
    int64_t quiet_ns;
    int64_t deadline_ns;
    int64_t receivers;
    bool rejoin;
    bool stats;
    bool quiet_given;
    bool missing;
    bool json;
    bool progress;
    bool take_foreign;
    struct xcy_string_list imports;
    bool root_given;
    bool receivers_given;
    bool stats_given;
    const char *reference_state;
    const char *config;
    const char *messages;
    const char *tag;
    const char *post_sizes;
};

extern struct xcy_gather_options xcy_gather_options;
extern const struct xcy_program xcy_gather_program;

/* An option of the one kind of run, ours or the reference's, that was given for the other; or NULL. */
const char *xcy_gather_misplaced(bool has_run);

#endif
