#ifndef XCY_COLLECTORS_JOIN_H
#define XCY_COLLECTORS_JOIN_H

/*
 * join.h - requests and evaluations become records: each planned request one line and one class.
 *
 * Class:    an evaluation decides if there is one. A barrier past its deadline is failed
 *           ("barrier"), whatever was read after it; a read that was answered is consistent or
 *           inconsistent; else the reader failed ("reader: …"). Without an evaluation: outcome ok
 *           is lost, any other that was sent is failed with its outcome, the rest skipped.
 * Several:  of several executions of the writer the first (by its `start`) decides; of several
 *           evaluations of that execution the one seen first. Both are flagged; so is a
 *           disagreement on what was found.
 * Retries:  outcome and client's points are of the last attempt, `due` is the slot's; late is the
 *           first attempt. Where an earlier one may have run the writer, too, the request is flagged
 *           as one of several executions.
 * Sum:      planned = warm-up + consistent + inconsistent + lost + failed + skipped.
 *
 * Memory:   owned by the caller, xcy_joined_clear; `deciding` borrows from the collection.
 * Threads:  safe.
 */

#include "collectors/collection.h"

#include "common/run/records.h"

struct xcy_joined {
    struct xcy_record *records;        /* by request number */
    const struct xcy_taken **deciding; /* by request number; NULL: no evaluation */
    int64_t n;                         /* planned */
    int64_t n_warmup;                  /* of these; they have their class, but no count below */
    int64_t counts[XCY_N_CLASSES];
};

void xcy_join(const struct xcy_slots *slots, const struct xcy_collection *collection,
              struct xcy_joined *joined);
void xcy_joined_clear(struct xcy_joined *joined);

bool xcy_joined_adds_up(const struct xcy_joined *joined);

/* records.csv. */
enum xcy_status xcy_joined_write(const struct xcy_joined *joined, const char *run_path,
                                 struct xcy_error *err) XCY_MUST_USE;

#endif
