#ifndef XCY_LOADGEN_RECORD_JOURNAL_H
#define XCY_LOADGEN_RECORD_JOURNAL_H

/*
 * journal.h - whole lines appended to one file by many threads, that outlast a full disk.
 *
 * What the disk refuses is kept in memory, in order, up to a bound, and tried again at most once a
 * second with the next lines, and at the end. Nothing is written twice or torn: a line of which a
 * part was written is continued there.
 *
 * Threads:  xcy_journal_append and xcy_journal_look from any thread (one short lock a batch).
 */

#include "common/base/bytes.h"
#include "common/base/error.h"

#include <stdint.h>

struct xcy_journal;

/* Makes the file, which must not exist, with its header line. */
enum xcy_status xcy_journal_create(const char *path, struct xcy_bytes header,
                                   size_t max_waiting_bytes, struct xcy_journal **journal,
                                   struct xcy_error *err) XCY_MUST_USE;
/* What still waits is lost then: call xcy_journal_finish before. NULL is allowed. */
void xcy_journal_close(struct xcy_journal *journal);

/* Lines of whole records, each with its line end. */
void xcy_journal_append(struct xcy_journal *journal, struct xcy_bytes lines);

struct xcy_journal_state {
    int64_t waiting_lines;
    int64_t waiting_bytes;
    int64_t dropped_lines; /* did not fit into memory either */
    char refusal[512];     /* why the file did not take them; "" when nothing waits */
};
void xcy_journal_look(struct xcy_journal *journal, struct xcy_journal_state *state);

/* Tries once more to write all, and to bring it to the disk. When that fails the file is cut behind
 * its last whole line; the lines wait on and finish may be called again. */
enum xcy_status xcy_journal_finish(struct xcy_journal *journal, struct xcy_error *err) XCY_MUST_USE;

#endif
