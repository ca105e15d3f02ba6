#include "sandbox/services/s3_store.h"

#include "common/base/mem.h"
#include "sandbox/regions/instant.h"
#include "sandbox/regions/ordered.h"
#include "sandbox/services/s3_rows.h"

#include <pthread.h>
#include <stdlib.h>

struct xcy_s3_bucket {
    char *name;
    char *region;
    struct xcy_wall created;
    struct xcy_s3_rows *rows;
    struct xcy_s3_bucket *replica; /* NULL: none */
    struct xcy_lag *lag;           /* to it */
};

struct xcy_s3_store {
    struct xcy_truth *truth;
    pthread_mutex_t lock;
    struct xcy_instants instants;
    struct xcy_ordered *buckets;
};

struct xcy_s3_store *xcy_s3_store_new(struct xcy_truth *truth, struct xcy_stall *stall)
{
    struct xcy_s3_store *store = xcy_alloc(sizeof *store);
    store->truth = truth;
    store->instants.stall = stall;
    pthread_mutex_init(&store->lock, NULL);
    store->buckets = xcy_ordered_new();
    return store;
}

void xcy_s3_store_free(struct xcy_s3_store *store)
{
    const char *name = NULL;
    void *found;
    while (xcy_ordered_next(store->buckets, name, &name, &found)) {
        struct xcy_s3_bucket *bucket = found;
        xcy_s3_rows_free(bucket->rows);
        free(bucket->name);
        free(bucket->region);
        free(bucket);
    }
    xcy_ordered_free(store->buckets);
    pthread_mutex_destroy(&store->lock);
    free(store);
}

struct xcy_s3_bucket *xcy_s3_store_add(struct xcy_s3_store *store, const char *name,
                                       const char *region)
{
    struct xcy_s3_bucket *bucket = NULL;
    pthread_mutex_lock(&store->lock);
    if (!xcy_ordered_find(store->buckets, name)) {
        bucket = xcy_alloc(sizeof *bucket);
        bucket->name = xcy_strdup(name);
        bucket->region = xcy_strdup(region);
        bucket->created = xcy_wall_now();
        bucket->rows = xcy_s3_rows_new();
        xcy_ordered_put(store->buckets, name, bucket);
    }
    pthread_mutex_unlock(&store->lock);
    return bucket;
}

void xcy_s3_store_replicate(struct xcy_s3_store *store, struct xcy_s3_bucket *from,
                            struct xcy_s3_bucket *to, struct xcy_lag *lag)
{
    pthread_mutex_lock(&store->lock);
    from->replica = to;
    from->lag = lag;
    pthread_mutex_unlock(&store->lock);
}

struct xcy_s3_bucket *xcy_s3_store_find(struct xcy_s3_store *store, const char *name)
{
    pthread_mutex_lock(&store->lock);
    struct xcy_s3_bucket *bucket = xcy_ordered_find(store->buckets, name);
    pthread_mutex_unlock(&store->lock);
    return bucket;
}

struct xcy_s3_bucket *xcy_s3_store_next(struct xcy_s3_store *store, const char *after)
{
    const char *name;
    void *bucket = NULL;
    pthread_mutex_lock(&store->lock);
    bool found = xcy_ordered_next(store->buckets, after, &name, &bucket);
    pthread_mutex_unlock(&store->lock);
    return found ? bucket : NULL;
}

const char *xcy_s3_bucket_name(const struct xcy_s3_bucket *bucket)
{
    return bucket->name;
}

const char *xcy_s3_bucket_region(const struct xcy_s3_bucket *bucket)
{
    return bucket->region;
}

struct xcy_wall xcy_s3_bucket_created(const struct xcy_s3_bucket *bucket)
{
    return bucket->created;
}

static struct xcy_json *line_of(const struct xcy_s3_store *store,
                                const struct xcy_s3_bucket *bucket, const char *op, const char *key,
                                struct xcy_mono at)
{
    struct xcy_json *line = xcy_json_new_object();
    xcy_json_put_string(line, "op", op);
    xcy_json_put_string(line, "store", "s3");
    xcy_json_put_string(line, "key", key);
    xcy_json_put_string(line, "region", bucket->region);
    xcy_json_put_string(line, "bucket", bucket->name);
    xcy_json_put_int64(line, "at_us", xcy_instants_wall_us(&store->instants, at));
    return line;
}

/* With the lock. A bucket without a replica has what is written where it can be read. */
static void note_write(const struct xcy_s3_store *store, const struct xcy_s3_bucket *bucket,
                       const char *key, const char *version, struct xcy_mono now,
                       const struct xcy_s3_entry *replica)
{
    if (!xcy_truth_is_on(store->truth)) {
        return;
    }
    struct xcy_mono arrives = replica ? replica->visible : now;
    bool is_gated = replica && replica->is_gated;
    int64_t applied_us = is_gated ? 0 : xcy_instants_wall_us(&store->instants, arrives);
    struct xcy_json *line = line_of(store, bucket, "write", key, now);
    xcy_json_put_string(line, "version", version);
    xcy_json_put_int64(line, "applied_us", applied_us);
    xcy_json_put_int64(line, "settled_us", applied_us);
    xcy_truth_add(store->truth, line);
}

void xcy_s3_store_put(struct xcy_s3_store *store, struct xcy_s3_bucket *bucket, const char *key,
                      struct xcy_s3_object *object)
{
    int64_t drawn_ns = bucket->lag ? xcy_lag_draw_ns(bucket->lag) : 0;
    pthread_mutex_lock(&store->lock);
    struct xcy_mono now = xcy_instants_now(&store->instants);
    struct xcy_s3_entry *source = xcy_s3_rows_add(bucket->rows, key, object, now);
    struct xcy_s3_entry *replica = NULL;
    if (bucket->replica) {
        struct xcy_mono visible =
            xcy_mono_add(now, xcy_instants_lag_ns(&store->instants, drawn_ns));
        replica = xcy_s3_rows_add_replica(bucket->replica->rows, key, source, visible,
                                          xcy_lag_is_gate(bucket->lag));
    }
    note_write(store, bucket, key, object->version, now, replica);
    pthread_mutex_unlock(&store->lock);
}

/* With the lock. */
static void note_read(const struct xcy_s3_store *store, const struct xcy_s3_bucket *bucket,
                      const char *key, const char *version, struct xcy_mono now,
                      const struct xcy_s3_object *seen, bool opened)
{
    if (!xcy_truth_is_on(store->truth)) {
        return;
    }
    bool found = seen && seen->body;
    struct xcy_json *line = line_of(store, bucket, "read", key, now);
    if (version || found) {
        xcy_json_put_string(line, "version", version ? version : seen->version);
    }
    xcy_json_put_bool(line, "strong", version != NULL);
    xcy_json_put_bool(line, "found", found);
    xcy_truth_add(store->truth, line);
    if (opened) {
        xcy_truth_add(store->truth, line_of(store, bucket, "open", key, now));
    }
}

static struct xcy_s3_found found_of(const struct xcy_s3_entry *entry, bool is_latest,
                                    struct xcy_mono now)
{
    return (struct xcy_s3_found){.object = entry->object,
                                 .replication = xcy_s3_entry_replication(entry, now),
                                 .is_latest = is_latest};
}

void xcy_s3_store_read(struct xcy_s3_store *store, struct xcy_s3_bucket *bucket, const char *key,
                       const char *version, struct xcy_s3_found *found)
{
    bool opened = false;
    *found = (struct xcy_s3_found){0};
    pthread_mutex_lock(&store->lock);
    struct xcy_mono now = xcy_instants_now(&store->instants);
    bool *may_open = store->instants.is_stalled ? NULL : &opened;
    const struct xcy_s3_entry *entry = xcy_s3_rows_read(bucket->rows, key, version, now, may_open);
    if (entry) {
        *found = found_of(entry, version == NULL, now);
        xcy_s3_object_hold(found->object);
    }
    note_read(store, bucket, key, version, now, found->object, opened);
    pthread_mutex_unlock(&store->lock);
}

/* With the lock. */
static void note_delete(const struct xcy_s3_store *store, const struct xcy_s3_bucket *bucket,
                        const char *key, const char *version, struct xcy_mono now)
{
    if (xcy_truth_is_on(store->truth)) {
        struct xcy_json *line = line_of(store, bucket, "delete", key, now);
        if (version) {
            xcy_json_put_string(line, "version", version);
        }
        xcy_truth_add(store->truth, line);
    }
}

void xcy_s3_store_delete(struct xcy_s3_store *store, struct xcy_s3_bucket *bucket, const char *key,
                         const char *version, char marker[XCY_S3_VERSION_BYTES])
{
    struct xcy_s3_object *made = version ? NULL : xcy_s3_object_new(NULL);
    struct xcy_s3_object *gone = NULL;
    marker[0] = '\0';
    if (made) {
        memcpy(marker, made->version, XCY_S3_VERSION_BYTES);
    }
    pthread_mutex_lock(&store->lock);
    struct xcy_mono now = xcy_instants_now(&store->instants);
    if (made) {
        xcy_s3_rows_add(bucket->rows, key, made, now);
    } else {
        gone = xcy_s3_rows_remove(bucket->rows, key, version, now);
    }
    note_delete(store, bucket, key, version, now);
    pthread_mutex_unlock(&store->lock);
    if (gone && !gone->body) {
        memcpy(marker, gone->version, XCY_S3_VERSION_BYTES);
    }
    xcy_s3_object_release(gone); /* its file goes without the lock */
}

void xcy_s3_store_walk(struct xcy_s3_store *store, struct xcy_s3_bucket *bucket, const char *key,
                       const char *version, xcy_s3_each_fn *each, void *ctx)
{
    struct xcy_s3_found found;
    bool is_latest;
    pthread_mutex_lock(&store->lock);
    struct xcy_mono now = xcy_instants_now(&store->instants);
    const struct xcy_s3_entry *entry =
        xcy_s3_rows_next(bucket->rows, &key, version, now, &is_latest);
    while (entry) {
        found = found_of(entry, is_latest, now);
        if (!each(ctx, key, &found)) {
            break;
        }
        entry = xcy_s3_rows_next(bucket->rows, &key, entry->object->version, now, &is_latest);
    }
    pthread_mutex_unlock(&store->lock);
}
