#ifndef XCY_COLLECTORS_ORPHANS_H
#define XCY_COLLECTORS_ORPHANS_H

/*
 * orphans.h - evaluations of other runs that were taken from the queue: a journal for each of those runs,
 * <root>/orphans/<run id>.jsonl, for its own gather to import. What names no run, or one whose name is
 * no UUID, is in unknown.jsonl: names come from messages, and anybody can send one.
 *
 * Lock:     several gathers may write one file: each locks it while it appends.
 * Bound:    XCY_MAX_ORPHANS files a gather; what is beyond goes to unknown.jsonl.
 * Memory:   owned by the caller, xcy_orphans_free.
 * Threads:  one owner.
 */

#include "common/base/buf.h"
#include "common/record/evaluation.h"

#include <stdbool.h>

enum { XCY_MAX_ORPHANS = 256 };

/* The text is a line of a journal. */
struct xcy_orphan_line {
    char run[XCY_ID_BYTES];
    char *text;
};

struct xcy_orphans;

/* Makes the folder. */
enum xcy_status xcy_orphans_open(const char *root, struct xcy_orphans **orphans,
                                 struct xcy_error *err) XCY_MUST_USE;
void xcy_orphans_free(struct xcy_orphans *orphans); /* what was not committed is dropped */

void xcy_orphans_add(struct xcy_orphans *orphans, const struct xcy_orphan_line *line);
/* Appends and fsyncs what was added. On failure some of it may be there already: it is the queue's to give
 * again. */
enum xcy_status xcy_orphans_commit(struct xcy_orphans *orphans, struct xcy_error *err) XCY_MUST_USE;

/* "<root>/orphans/<run id>.jsonl", or unknown.jsonl. Free with free(). */
char *xcy_orphans_path(const char *root, const char *run);

/* The folder of the runs that this one is in: two above it, by its real path. Free with free(). */
enum xcy_status xcy_orphans_root(const char *run_path, char **root,
                                 struct xcy_error *err) XCY_MUST_USE;

#endif
