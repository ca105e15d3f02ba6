#ifndef XCY_COLLECTORS_JOURNAL_H
#define XCY_COLLECTORS_JOURNAL_H

/*
 * journal.h - messages on disk before they leave the queue: evaluations.jsonl, quarantine.jsonl.
 *
 * Format:   a JSON object a line: {"at_us","message_id","receive_count","live","body","sum"}, in
 *           the quarantine also "reason" and "refused". "sum" is the first 16 hex digits of the
 *           SHA-256 of the line before `,"sum"`.
 * Order:    add the messages of a batch, commit (written and fsynced), and only then delete them
 *           from the queue. What a killed process left unfinished at the end of the file was
 *           never committed: replay cuts it off, and the queue delivers it again.
 * Lock:     an flock on the file, so that two gathers cannot work on one run.
 * Threads:  one owner.
 */

#include "common/base/buf.h"

#include <stdint.h>

struct xcy_journal;

/* Texts are borrowed. */
struct xcy_journal_entry {
    int64_t at_us; /* taken from the queue, UTC */
    const char *message_id;
    int64_t receive_count;
    bool live; /* taken while the load ran, on its boot id */
    const char *body;
    const char *reason; /* NULL, or why it is in the quarantine */
    bool refused;       /* the reason is another combination */
};

/* Opens or makes the file and locks it; XCY_EFAIL when another process holds it. */
enum xcy_status xcy_journal_open(const char *path, struct xcy_journal **journal,
                                 struct xcy_error *err) XCY_MUST_USE;
void xcy_journal_close(struct xcy_journal *journal); /* what was not committed is dropped */

typedef enum xcy_status xcy_journal_each_fn(void *ctx, const struct xcy_journal_entry *entry,
                                            struct xcy_error *err);

/* Calls `each` with every entry in order; call once, before adding. *cut_bytes: what an unfinished
 * end was long, 0 normally. XCY_EPARSE: a damaged line with whole ones behind it; the file is left
 * as it is. */
enum xcy_status xcy_journal_replay(struct xcy_journal *journal, xcy_journal_each_fn *each,
                                   void *ctx, int64_t *cut_bytes,
                                   struct xcy_error *err) XCY_MUST_USE;

/* The same of any journal, which is neither locked nor changed: somebody may write it. *cut_bytes: what
 * an unfinished end is long. XCY_ENOTFOUND: no such file. */
enum xcy_status xcy_journal_read(const char *path, xcy_journal_each_fn *each, void *ctx,
                                 int64_t *cut_bytes, struct xcy_error *err) XCY_MUST_USE;

/* Adds the entry's line to a text. */
void xcy_journal_format(const struct xcy_journal_entry *entry, struct xcy_buf *line);

void xcy_journal_add(struct xcy_journal *journal, const struct xcy_journal_entry *entry);
/* Adds lines that xcy_journal_format made. */
void xcy_journal_append(struct xcy_journal *journal, struct xcy_bytes lines);

/* Writes and fsyncs what was added. On failure (XCY_EFULL: no room) none of it is in the file. */
enum xcy_status xcy_journal_commit(struct xcy_journal *journal, struct xcy_error *err) XCY_MUST_USE;

#endif
