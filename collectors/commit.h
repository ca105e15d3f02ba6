#ifndef XCY_COLLECTORS_COMMIT_H
#define XCY_COLLECTORS_COMMIT_H

/*
 * commit.h - onto the disk first, out of the queue second. One thread writes what the receivers hand
 * over: all that waits is appended together and one fsync serves it; then it may be deleted.
 *
 * Slow:     what waits for a disk for longer than a third of its hiding is hidden for longer, so that
 *           it does not come again meanwhile.
 * Full:     when the disk refuses, what is not on it goes back to the queue, and so does all that is
 *           handed over afterwards; the failure is kept as the fault.
 * Memory:   owned by the caller, xcy_commit_end then xcy_commit_free.
 * Threads:  safe.
 */

#include "collectors/finish.h"
#include "collectors/ledger.h"
#include "collectors/orphans.h"

/* The messages of one batch that are to leave the queue: what is to be written of them, and what is to be
 * done once it is. */
struct xcy_parcel {
    struct xcy_buf lines[XCY_N_LEDGER_FILES];
    struct xcy_orphan_line orphans[XCY_SOURCE_BATCH];
    size_t n_orphans;
    struct xcy_errand drops[XCY_SOURCE_BATCH];
    size_t n_drops;
    struct xcy_mono hidden_since;
    struct xcy_parcel *next;
};

struct xcy_parcel *xcy_parcel_new(struct xcy_mono hidden_since);
void xcy_parcel_free(struct xcy_parcel *parcel);

typedef enum xcy_status xcy_commit_fn(struct xcy_ledger *ledger, struct xcy_error *err);

/* All borrowed. */
struct xcy_commit_parts {
    struct xcy_ledger *ledger;
    struct xcy_orphans *orphans; /* NULL: messages of other runs are not taken */
    xcy_commit_fn *commit;       /* NULL: xcy_ledger_commit; a test has a slow disk */
    struct xcy_finish *finish;
    struct xcy_mono (*now)(void *ctx);
    void *ctx; /* for now */
};

struct xcy_commit;

enum xcy_status xcy_commit_begin(const struct xcy_commit_parts *parts, struct xcy_commit **commit,
                                 struct xcy_error *err) XCY_MUST_USE;
/* Writes what waits, and ends the thread. */
void xcy_commit_end(struct xcy_commit *commit);
void xcy_commit_free(struct xcy_commit *commit); /* NULL is allowed */

/* Takes the parcel. Waits while very much is before it. */
void xcy_commit_hand(struct xcy_commit *commit, struct xcy_parcel *parcel);

/* Hides for longer what has waited for long. */
void xcy_commit_extend(struct xcy_commit *commit);

/* Waits up to max_ns until nothing is left to write; whether that is so. */
bool xcy_commit_await_idle(struct xcy_commit *commit, int64_t max_ns);

enum xcy_status xcy_commit_fault(struct xcy_commit *commit, struct xcy_error *err) XCY_MUST_USE;

#endif
