#ifndef XCY_COLLECTORS_LEDGER_H
#define XCY_COLLECTORS_LEDGER_H

/*
 * ledger.h - the two journals of a run, evaluations.jsonl and quarantine.jsonl, as one.
 *
 * Memory:   owned by the caller, xcy_ledger_close.
 * Threads:  one owner.
 */

#include "collectors/collection.h"
#include "collectors/journal.h"

struct xcy_ledger;

enum xcy_status xcy_ledger_open(const char *run_path, struct xcy_ledger **ledger,
                                struct xcy_error *err) XCY_MUST_USE;
void xcy_ledger_close(struct xcy_ledger *ledger);

/* Gives all that is on disk to the collection. Nothing may be added but not committed. *cut_bytes:
 * the length of unfinished ends that were cut off. */
enum xcy_status xcy_ledger_replay(struct xcy_ledger *ledger, struct xcy_collection *collection,
                                  int64_t *cut_bytes, struct xcy_error *err) XCY_MUST_USE;

enum xcy_ledger_file { XCY_LEDGER_EVALUATIONS, XCY_LEDGER_QUARANTINE, XCY_N_LEDGER_FILES };

/* Where an entry belongs: one with a reason to the quarantine. */
enum xcy_ledger_file xcy_ledger_file_of(const struct xcy_journal_entry *entry);
void xcy_ledger_add(struct xcy_ledger *ledger, const struct xcy_journal_entry *entry);
/* Lines of xcy_journal_format. */
void xcy_ledger_append(struct xcy_ledger *ledger, enum xcy_ledger_file file,
                       struct xcy_bytes lines);
/* Calls `each` with every entry of both, as they are on the disk. */
enum xcy_status xcy_ledger_each(struct xcy_ledger *ledger, xcy_journal_each_fn *each, void *ctx,
                                struct xcy_error *err) XCY_MUST_USE;
enum xcy_status xcy_ledger_commit(struct xcy_ledger *ledger, struct xcy_error *err) XCY_MUST_USE;

#endif
