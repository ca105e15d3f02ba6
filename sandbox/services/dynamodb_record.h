#ifndef XCY_SANDBOX_SERVICES_DYNAMODB_RECORD_H
#define XCY_SANDBOX_SERVICES_DYNAMODB_RECORD_H

/*
 * dynamodb_record.h - one change of an item as a stream tells it, and its JSON.
 *
 * Memory:   a record holds its items; release with xcy_dynamodb_record_free.
 * Threads:  plain data; immutable once it is in a stream.
 */

#include "common/time/clock.h"
#include "sandbox/services/dynamodb_item.h"

enum xcy_dynamodb_change { XCY_DYNAMODB_INSERT, XCY_DYNAMODB_MODIFY, XCY_DYNAMODB_REMOVE };

/* What a record shows of the item beside its key: StreamViewType. */
struct xcy_dynamodb_view {
    const char *name; /* "NEW_AND_OLD_IMAGES" */
    bool has_new;
    bool has_old;
};
const struct xcy_dynamodb_view *xcy_dynamodb_view_find(const char *name); /* or NULL */

struct xcy_dynamodb_record {
    enum xcy_dynamodb_change change;
    char *key;
    struct xcy_dynamodb_item *new_item; /* NULL: none */
    struct xcy_dynamodb_item *old_item;
    struct xcy_wall applied; /* the change, in the stream's region */
    struct xcy_mono visible; /* the record, in the stream */
    uint64_t sequence;       /* in its shard, from 1, without gaps; 0: not in the stream yet */
    size_t shard;
    struct xcy_dynamodb_record *next; /* the stream's */
};

/* Key and items are copied or held. NULL: nothing changed. */
struct xcy_dynamodb_record *xcy_dynamodb_record_new(const char *key,
                                                    struct xcy_dynamodb_item *old_item,
                                                    struct xcy_dynamodb_item *new_item);
void xcy_dynamodb_record_free(struct xcy_dynamodb_record *record);

/* Key and images, as DynamoDB counts them. */
size_t xcy_dynamodb_record_bytes(const struct xcy_dynamodb_record *record,
                                 const struct xcy_dynamodb_view *view);

/* A sequence number in words, of 21 digits, and back; false: it is none of this shard. */
enum { XCY_DYNAMODB_SEQUENCE_BYTES = 22, XCY_DYNAMODB_MAX_SHARDS = 100 };
void xcy_dynamodb_sequence_format(size_t shard, uint64_t sequence,
                                  char to[XCY_DYNAMODB_SEQUENCE_BYTES]);
bool xcy_dynamodb_sequence_parse(const char *text, size_t shard, uint64_t *sequence);

/* Of the stream that the record is in. */
struct xcy_dynamodb_origin {
    const char *region;
    const char *stream_arn; /* as Lambda's events name it; NULL: left out, as GetRecords does */
    const char *key_name;
    const struct xcy_dynamodb_view *view;
};
void xcy_dynamodb_record_format(const struct xcy_dynamodb_record *record,
                                const struct xcy_dynamodb_origin *origin, struct xcy_buf *out);

#endif
