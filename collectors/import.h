#ifndef XCY_COLLECTORS_IMPORT_H
#define XCY_COLLECTORS_IMPORT_H

/*
 * import.h - takes into a run's journals what another gather wrote down for it: a file of orphans, or
 * evaluations.jsonl of a copy of the run. The file is only read; somebody may still append to it.
 *
 * A message is known by its id: one that is in the run's journals is not taken again, so that importing
 * twice changes nothing. Of the others each is sorted as if the queue had just given it: the same
 * evaluation in another message is a duplicate, what is another run's is left.
 *
 * Threads:  one owner.
 */

#include "collectors/ledger.h"

struct xcy_import_count {
    int64_t imported;
    int64_t known;   /* were here already */
    int64_t foreign; /* of another run, or of none: left where they are */
};

/* The ledger is replayed into the collection, and nothing is added that is not committed. XCY_ENOTFOUND:
 * no such file; XCY_EPARSE: a damaged line with whole ones behind it. */
enum xcy_status xcy_import(const char *path, struct xcy_ledger *ledger,
                           struct xcy_collection *collection, struct xcy_import_count *count,
                           struct xcy_error *err) XCY_MUST_USE;

#endif
