#include "sandbox/services/s3_rows.h"

#include "common/base/mem.h"
#include "sandbox/regions/ordered.h"

#include <stdlib.h>
#include <string.h>

struct xcy_s3_row {
    struct xcy_s3_rows *rows;
    char *key;
    struct xcy_s3_entry *newest; /* never NULL */
};

struct xcy_s3_rows {
    struct xcy_ordered *by_key;
};

struct xcy_s3_rows *xcy_s3_rows_new(void)
{
    struct xcy_s3_rows *rows = xcy_alloc(sizeof *rows);
    rows->by_key = xcy_ordered_new();
    return rows;
}

static void entry_free(struct xcy_s3_entry *entry)
{
    if (entry->twin) {
        entry->twin->twin = NULL;
    }
    xcy_s3_object_release(entry->object);
    free(entry);
}

static void row_free(struct xcy_s3_row *row)
{
    free(row->key);
    free(row);
}

void xcy_s3_rows_free(struct xcy_s3_rows *rows)
{
    const char *key = NULL;
    void *found;
    while (xcy_ordered_next(rows->by_key, key, &key, &found)) {
        struct xcy_s3_row *row = found;
        while (row->newest) {
            struct xcy_s3_entry *entry = row->newest;
            row->newest = entry->older;
            entry_free(entry);
        }
        row_free(row);
    }
    xcy_ordered_free(rows->by_key);
    free(rows);
}

struct xcy_s3_entry *xcy_s3_rows_add(struct xcy_s3_rows *rows, const char *key,
                                     struct xcy_s3_object *object, struct xcy_mono now)
{
    struct xcy_s3_row *row = xcy_ordered_find(rows->by_key, key);
    if (!row) {
        row = xcy_alloc(sizeof *row);
        *row = (struct xcy_s3_row){.rows = rows, .key = xcy_strdup(key)};
        xcy_ordered_put(rows->by_key, key, row);
    }
    struct xcy_s3_entry *entry = xcy_alloc(sizeof *entry);
    entry->object = object;
    entry->visible = now;
    entry->row = row;
    entry->older = row->newest;
    row->newest = entry;
    return entry;
}

/* The replica that was written before, if one is there still. */
static const struct xcy_s3_entry *replica_before(const struct xcy_s3_entry *entry)
{
    const struct xcy_s3_entry *before = entry->older;
    while (before && !before->is_replica) {
        before = before->older;
    }
    return before;
}

struct xcy_s3_entry *xcy_s3_rows_add_replica(struct xcy_s3_rows *rows, const char *key,
                                             struct xcy_s3_entry *source, struct xcy_mono visible,
                                             bool is_gate)
{
    struct xcy_s3_entry *replica =
        xcy_s3_rows_add(rows, key, xcy_s3_object_hold(source->object), visible);
    const struct xcy_s3_entry *before = replica_before(replica);
    replica->is_gated = is_gate || (before && before->is_gated);
    if (replica->is_gated) {
        replica->visible = (struct xcy_mono){INT64_MAX};
    } else if (before && xcy_mono_before(visible, before->visible)) {
        replica->visible = before->visible;
    }
    replica->is_replica = true;
    source->is_source = true;
    source->twin = replica;
    replica->twin = source;
    return replica;
}

static bool is_seen(const struct xcy_s3_entry *entry, struct xcy_mono now)
{
    return !xcy_mono_before(now, entry->visible);
}

static bool is_version(const struct xcy_s3_entry *entry, const char *version)
{
    return !version || strcmp(entry->object->version, version) == 0;
}

const struct xcy_s3_entry *xcy_s3_rows_read(struct xcy_s3_rows *rows, const char *key,
                                            const char *version, struct xcy_mono now, bool *opened)
{
    const struct xcy_s3_row *row = xcy_ordered_find(rows->by_key, key);
    if (opened) {
        *opened = false;
    }
    for (struct xcy_s3_entry *entry = row ? row->newest : NULL; entry; entry = entry->older) {
        if (!is_version(entry, version)) {
            continue;
        }
        if (is_seen(entry, now)) {
            return entry;
        }
        if (entry->is_gated && opened) {
            entry->is_gated = false;
            entry->visible = now; /* for every later read; this one has passed it */
            *opened = true;
        }
    }
    return NULL;
}

/* Out of its row, which goes with its last entry. */
static void take_out(struct xcy_s3_entry *entry)
{
    struct xcy_s3_row *row = entry->row;
    struct xcy_s3_entry **at = &row->newest;
    while (*at != entry) {
        at = &(*at)->older;
    }
    *at = entry->older;
    if (!row->newest) {
        xcy_ordered_remove(row->rows->by_key, row->key);
        row_free(row);
    }
}

struct xcy_s3_object *xcy_s3_rows_remove(struct xcy_s3_rows *rows, const char *key,
                                         const char *version, struct xcy_mono now)
{
    const struct xcy_s3_row *row = xcy_ordered_find(rows->by_key, key);
    struct xcy_s3_entry *entry = row ? row->newest : NULL;
    while (entry && !(is_version(entry, version) && is_seen(entry, now))) {
        entry = entry->older;
    }
    if (!entry) {
        return NULL;
    }
    struct xcy_s3_entry *replica = entry->is_replica ? NULL : entry->twin;
    if (replica && !is_seen(replica, now)) {
        take_out(replica);
        entry_free(replica);
        entry->twin = NULL;
    }
    struct xcy_s3_object *object = xcy_s3_object_hold(entry->object);
    take_out(entry);
    entry_free(entry);
    return object;
}

/* The first that is seen, from this entry on. */
static const struct xcy_s3_entry *first_seen(const struct xcy_s3_entry *entry, struct xcy_mono now)
{
    while (entry && !is_seen(entry, now)) {
        entry = entry->older;
    }
    return entry;
}

/* A version that is gone since has no place any more: the key then begins anew. */
static const struct xcy_s3_entry *behind(const struct xcy_s3_row *row, const char *version,
                                         struct xcy_mono now, bool *is_latest)
{
    const struct xcy_s3_entry *entry = row ? row->newest : NULL;
    while (entry && !is_version(entry, version)) {
        entry = entry->older;
    }
    *is_latest = row && !entry;
    return first_seen(entry ? entry->older : (row ? row->newest : NULL), now);
}

const struct xcy_s3_entry *xcy_s3_rows_next(struct xcy_s3_rows *rows, const char **key,
                                            const char *version, struct xcy_mono now,
                                            bool *is_latest)
{
    const struct xcy_s3_entry *entry = NULL;
    if (*key && version) {
        entry = behind(xcy_ordered_find(rows->by_key, *key), version, now, is_latest);
    }
    const char *at = *key;
    void *row;
    while (!entry && xcy_ordered_next(rows->by_key, at, &at, &row)) {
        entry = first_seen(((const struct xcy_s3_row *)row)->newest, now);
        *is_latest = true;
    }
    *key = entry ? entry->row->key : *key;
    return entry;
}

const char *xcy_s3_entry_replication(const struct xcy_s3_entry *entry, struct xcy_mono now)
{
    if (entry->is_replica) {
        return "REPLICA";
    }
    if (!entry->is_source) {
        return NULL;
    }
    return entry->twin && !is_seen(entry->twin, now) ? "PENDING" : "COMPLETED";
}
