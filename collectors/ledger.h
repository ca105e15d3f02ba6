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

/* An entry with a reason goes to the quarantine. */
void xcy_ledger_add(struct xcy_ledger *ledger, const struct xcy_journal_entry *entry);
enum xcy_status xcy_ledger_commit(struct xcy_ledger *ledger, struct xcy_error *err) XCY_MUST_USE;

#endif
