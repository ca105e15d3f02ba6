#ifndef XCY_SANDBOX_SERVICES_DYNAMODB_TABLE_H
#define XCY_SANDBOX_SERVICES_DYNAMODB_TABLE_H

/*
 * dynamodb_table.h - a global table: reads and writes as decisions of the store, each noted in
 * the truth log in the order in which it was made.
 *
 * Threads:  safe; a decision holds the table's lock.
 */

#include "sandbox/regions/lag.h"
#include "sandbox/regions/truth.h"
#include "sandbox/services/dynamodb_item.h"
#include "sandbox/services/dynamodb_stream.h"

struct xcy_dynamodb_table;

/* What tables share. Borrowed. */
struct xcy_dynamodb_world {
    const char *regions[2]; /* the writer's, the reader's */
    size_t n_regions;       /* 1 when they are the same */
    struct xcy_truth *truth;
    struct xcy_stall *stall; /* of replication and streams; NULL: none */
    struct xcy_lag *replication;
    struct xcy_lag *settle;
    struct xcy_lag *stream; /* a change's being applied in a region to its record there; NULL: 0 */
    size_t n_shards;        /* of each stream */
    const char *account;
};

/* stream NULL: it has none; else one in each region. The gate of a gated replication opens only to
 * readers, so that a table with streams is replicated at once instead. */
struct xcy_dynamodb_table *xcy_dynamodb_table_new(const struct xcy_dynamodb_world *world,
                                                  const char *name, const char *key_name,
                                                  const struct xcy_dynamodb_view *stream);
void xcy_dynamodb_table_free(struct xcy_dynamodb_table *table);

const char *xcy_dynamodb_table_name(const struct xcy_dynamodb_table *table);
const char *xcy_dynamodb_table_key_name(const struct xcy_dynamodb_table *table);
const char *xcy_dynamodb_table_id(const struct xcy_dynamodb_table *table);
struct xcy_wall xcy_dynamodb_table_created(const struct xcy_dynamodb_table *table);

/* Borrowed; NULL: the table has none. */
struct xcy_dynamodb_stream *xcy_dynamodb_table_stream(const struct xcy_dynamodb_table *table,
                                                      size_t region);

/* Writes (item taken), or deletes when item is NULL. Returns what a strong read of the region saw
 * before, held for the caller, or NULL. */
struct xcy_dynamodb_item *xcy_dynamodb_table_write(struct xcy_dynamodb_table *table, size_t region,
                                                   const char *key, struct xcy_dynamodb_item *item);

/* What the read finds, held for the caller, or NULL. */
struct xcy_dynamodb_item *xcy_dynamodb_table_read(struct xcy_dynamodb_table *table, size_t region,
                                                  const char *key, bool strong);

/* All items, by their newest versions: also those on their way to a region. */
struct xcy_dynamodb_sums {
    int64_t items;
    int64_t bytes;
};
struct xcy_dynamodb_sums xcy_dynamodb_table_sums(struct xcy_dynamodb_table *table);

/* Calls each(ctx, key, item) for the items behind `after` (NULL: for all) in order of keys, until it
 * returns false; under the lock. */
typedef bool xcy_dynamodb_each_fn(void *ctx, const char *key, const struct xcy_dynamodb_item *item);
void xcy_dynamodb_table_walk(struct xcy_dynamodb_table *table, size_t region, const char *after,
                             bool strong, xcy_dynamodb_each_fn *each, void *ctx);

#endif
