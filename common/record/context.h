#ifndef XCY_RECORD_CONTEXT_H
#define XCY_RECORD_CONTEXT_H

/*
 * context.h - an Antipode context, as it travels in a notification: a lineage's id and the writes that a
 * reader must wait for.
 *
 *     {"id":"<128 random bits in hex>","operations":{"post-storage":[["<key>","<version>"], …]}}
 *
 * A write is named by its key, and by its version where the store has one. The whole is a string inside
 * the event's JSON, so that each of its quotes is escaped there. This application's lineages have one
 * write; docs/storage.md says what more would weigh.
 *
 * Units:    bytes.
 * Source:   the form of the reference implementation; Ferreira Loff et al., Antipode (SOSP 2023).
 * Threads:  safe.
 */

#include <stddef.h>
#include <stdint.h>

struct xcy_write {
    const char *key;
    const char *version; /* "" where the store has none */
};

/* Owned by the caller. */
char *xcy_context_format(const char *id, const struct xcy_write *writes, size_t n_writes);

/* What this context makes a message longer: its text with escapes and quotes, the member's name, and the
 * comma between two members. */
int64_t xcy_context_bytes(const char *context);

#endif
