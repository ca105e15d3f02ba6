#ifndef XCY_SANDBOX_SERVICES_S3_STORE_H
#define XCY_SANDBOX_SERVICES_S3_STORE_H

/*
 * s3_store.h - all buckets, each in one region, each versioned from its beginning: reads and writes as
 * decisions, noted in the truth log in the order in which they were made.
 *
 * One bucket may be replicated to another. A version put into the first is then in the second as well,
 * under the same id, from an instant that is settled at the write: reads only compare. It never comes
 * before one of its key that was written before it. With a gate it stays unseen until a read
 * of its key there has missed it. Two buckets may differ where a global table's regions never do, as S3
 * replicates neither deletes nor, by default, delete markers: hence not regions/replicated.h.
 * A version that is deleted at its source before it has arrived never arrives.
 *
 * Within a region S3 is strongly consistent: there is nothing to settle.
 *
 * Memory:   buckets are never taken away, so that a request on its way may keep a pointer to one.
 * Threads:  safe; a decision holds the store's lock.
 */

#include "common/time/stall.h"
#include "sandbox/regions/lag.h"
#include "sandbox/regions/truth.h"
#include "sandbox/services/s3_object.h"

struct xcy_s3_store;
struct xcy_s3_bucket;

/* Both borrowed; stall: of replication, NULL: none. */
struct xcy_s3_store *xcy_s3_store_new(struct xcy_truth *truth, struct xcy_stall *stall);
void xcy_s3_store_free(struct xcy_s3_store *store);

/* NULL: one of this name is there. */
struct xcy_s3_bucket *xcy_s3_store_add(struct xcy_s3_store *store, const char *name,
                                       const char *region);
/* Every version put into `from` from now on is to be in `to` after this lag (borrowed). */
void xcy_s3_store_replicate(struct xcy_s3_store *store, struct xcy_s3_bucket *from,
                            struct xcy_s3_bucket *to, struct xcy_lag *lag);
struct xcy_s3_bucket *xcy_s3_store_find(struct xcy_s3_store *store, const char *name); /* or NULL */
/* The one whose name follows `after` (NULL: the first), or NULL. */
struct xcy_s3_bucket *xcy_s3_store_next(struct xcy_s3_store *store, const char *after);

const char *xcy_s3_bucket_name(const struct xcy_s3_bucket *bucket);
const char *xcy_s3_bucket_region(const struct xcy_s3_bucket *bucket);
struct xcy_wall xcy_s3_bucket_created(const struct xcy_s3_bucket *bucket);

/* object is taken, and stays the caller's to read until it releases what is returned. */
void xcy_s3_store_put(struct xcy_s3_store *store, struct xcy_s3_bucket *bucket, const char *key,
                      struct xcy_s3_object *object);

/* What a read or a walk meets. */
struct xcy_s3_found {
    const struct xcy_s3_object *object; /* NULL: nothing is there */
    const char *replication;            /* "PENDING", "COMPLETED", "REPLICA"; NULL: none */
    bool is_latest;
};

/* Of a version, or of the latest (NULL). A marker is found as one. found->object is held for the
 * caller. */
void xcy_s3_store_read(struct xcy_s3_store *store, struct xcy_s3_bucket *bucket, const char *key,
                       const char *version, struct xcy_s3_found *found);

/* Without a version a marker becomes the latest; with one that version goes, and what is not there is
 * no failure. The id of the marker made or taken away goes to `marker` ("": it was none). */
void xcy_s3_store_delete(struct xcy_s3_store *store, struct xcy_s3_bucket *bucket, const char *key,
                         const char *version, char marker[XCY_S3_VERSION_BYTES]);

/* Calls each(ctx, key, found) for every version that is there behind (key, version), in order of keys, the
 * newest first, until it returns false; under the lock. key NULL: for all. version NULL: behind all
 * of that key. */
typedef bool xcy_s3_each_fn(void *ctx, const char *key, const struct xcy_s3_found *found);
void xcy_s3_store_walk(struct xcy_s3_store *store, struct xcy_s3_bucket *bucket, const char *key,
                       const char *version, xcy_s3_each_fn *each, void *ctx);

#endif
