#ifndef XCY_COLLECTORS_DERIVE_H
#define XCY_COLLECTORS_DERIVE_H

/*
 * derive.h - from what is on disk to the files of a gathered run: records.csv, traces.csv,
 * traces.info, tags.yml. Uses no queue and no network; the same journal gives the same files.
 *
 * Memory:   owned by the caller, xcy_derived_clear.
 * Threads:  one owner.
 */

#include "collectors/join.h"
#include "collectors/ledger.h"

struct xcy_derived {
    struct xcy_slots *slots;
    struct xcy_collection *collection;
    struct xcy_joined joined;
    struct xcy_tally tally;
    int64_t n_missing; /* may still report, and have not */
    bool is_valid;
    char why_invalid[256];
    bool has_sizes;       /* stats.json was there and of this run's store */
    char sizes_note[256]; /* else why not */
};

/* foreign: messages of other runs that were seen, for the tally. */
enum xcy_status xcy_derive(const char *run_path, const struct xcy_manifest *manifest,
                           struct xcy_ledger *ledger, int64_t foreign, struct xcy_derived *derived,
                           struct xcy_error *err) XCY_MUST_USE;
void xcy_derived_clear(struct xcy_derived *derived);

/* Whether the books hold, and the run's evaluations are of its own combination: sets is_valid and
 * why_invalid. xcy_derive has called it. */
void xcy_derived_judge(struct xcy_derived *derived);

#endif
