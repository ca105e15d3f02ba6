#ifndef XCY_SANDBOX_SERVICES_S3_ROWS_H
#define XCY_SANDBOX_SERVICES_S3_ROWS_H

/*
 * s3_rows.h - the versions in one bucket, by key, the newest first; those still on their way from
 * another bucket are among them and not seen yet.
 *
 * Time:     an argument; calls must come with ascending instants.
 * Memory:   entries are borrowed until the next call that removes.
 * Threads:  one owner, of all rows that are replicas of each other.
 */

#include "sandbox/services/s3_object.h"

struct xcy_s3_rows;

struct xcy_s3_entry {
    struct xcy_s3_object *object;
    struct xcy_mono visible; /* INT64_MAX ns while a gate is closed */
    bool is_gated;
    bool is_replica;
    bool is_source;            /* it is, or was, replicated */
    struct xcy_s3_entry *twin; /* the replica of a source and the other way round; NULL: gone */
    struct xcy_s3_row *row;
    struct xcy_s3_entry *older;
};

struct xcy_s3_rows *xcy_s3_rows_new(void);
void xcy_s3_rows_free(struct xcy_s3_rows *rows);

/* The newest of its key; object taken. */
struct xcy_s3_entry *xcy_s3_rows_add(struct xcy_s3_rows *rows, const char *key,
                                     struct xcy_s3_object *object, struct xcy_mono now);
/* The replica of a source in other rows, seen from `visible` on, or later so that it keeps its place behind
 * those of its key that came before it. */
struct xcy_s3_entry *xcy_s3_rows_add_replica(struct xcy_s3_rows *rows, const char *key,
                                             struct xcy_s3_entry *source, struct xcy_mono visible,
                                             bool is_gate);

/* The version, or the latest (NULL), as it is seen now; NULL: none is. *opened: this read missed a
 * gated version, which the next one sees; NULL: gates stay closed. */
const struct xcy_s3_entry *xcy_s3_rows_read(struct xcy_s3_rows *rows, const char *key,
                                            const char *version, struct xcy_mono now, bool *opened);

/* Takes the version away if it is seen, and its replica if that is not seen yet. Returns what it was,
 * the caller's, or NULL. */
struct xcy_s3_object *xcy_s3_rows_remove(struct xcy_s3_rows *rows, const char *key,
                                         const char *version, struct xcy_mono now);

/* The first entry seen behind (*key, version), or NULL; *key becomes its key, borrowed. *key NULL: of
 * all; version NULL: behind all of that key. *is_latest: no newer one of its key is seen. */
const struct xcy_s3_entry *xcy_s3_rows_next(struct xcy_s3_rows *rows, const char **key,
                                            const char *version, struct xcy_mono now,
                                            bool *is_latest);

/* "PENDING", "COMPLETED", "REPLICA", or NULL. */
const char *xcy_s3_entry_replication(const struct xcy_s3_entry *entry, struct xcy_mono now);

#endif
