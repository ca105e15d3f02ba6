#ifndef XCY_SANDBOX_SERVICES_DYNAMODB_STREAM_H
#define XCY_SANDBOX_SERVICES_DYNAMODB_STREAM_H

/*
 * dynamodb_stream.h - the stream of a table in one region: its changes as records, in shards by
 * the key's hash.
 *
 * When a record becomes visible is settled as the change is decided, and only compared when the
 * shard is read. The records of a shard stand in the order in which they become visible, so that
 * one that is slow holds up none of another key; those of a key keep their order.
 *
 * All instants are of the stall's time (common/time/stall.h).
 *
 * Bounds:   24 h, and 256 MB of visible records a stream (items, keys, and 512 B each): the oldest
 *           go first, and who asks for them is told that they were trimmed.
 * Threads:  safe. watched is called with the stream's lock held, and whoever changes the table
 *           holds the table's: it may hand over, and not call back in.
 */

#include "common/time/stall.h"
#include "sandbox/services/dynamodb_record.h"

struct xcy_dynamodb_stream;

/* Texts are copied. */
struct xcy_dynamodb_stream_options {
    const char *region;
    const char *account;
    const char *table;
    const char *key_name;
    const struct xcy_dynamodb_view *view;
    size_t n_shards; /* 1..XCY_DYNAMODB_MAX_SHARDS */
    struct xcy_wall created;
    size_t max_bytes; /* 0: 256 MB */
    /* While it lasts no record becomes visible, whatever region it was written in. NULL: none. */
    struct xcy_stall *stall;
};

struct xcy_dynamodb_stream *
xcy_dynamodb_stream_new(const struct xcy_dynamodb_stream_options *options);
void xcy_dynamodb_stream_free(struct xcy_dynamodb_stream *stream); /* NULL is allowed */

const char *xcy_dynamodb_stream_arn(const struct xcy_dynamodb_stream *stream);
const char *xcy_dynamodb_stream_label(const struct xcy_dynamodb_stream *stream);
const char *xcy_dynamodb_stream_table(const struct xcy_dynamodb_stream *stream);
const char *xcy_dynamodb_stream_key_name(const struct xcy_dynamodb_stream *stream);
const struct xcy_dynamodb_view *xcy_dynamodb_stream_view(const struct xcy_dynamodb_stream *stream);
size_t xcy_dynamodb_stream_shards(const struct xcy_dynamodb_stream *stream);
struct xcy_wall xcy_dynamodb_stream_created(const struct xcy_dynamodb_stream *stream);

/* Takes the record, whose `visible` is when it may come at the earliest. Returns when it comes. */
struct xcy_mono xcy_dynamodb_stream_add(struct xcy_dynamodb_stream *stream,
                                        struct xcy_dynamodb_record *record);

/* Calls each(ctx, record) for the visible records of a shard behind the sequence number `after`,
 * until it returns false; under the lock. False, and nothing called: some of them were trimmed. */
typedef bool xcy_dynamodb_record_fn(void *ctx, const struct xcy_dynamodb_record *record);
bool xcy_dynamodb_stream_read(struct xcy_dynamodb_stream *stream, size_t shard, uint64_t after,
                              xcy_dynamodb_record_fn *each, void *ctx) XCY_MUST_USE;
/* The last sequence number that was trimmed (0: none), and the last that is visible. */
uint64_t xcy_dynamodb_stream_trimmed(struct xcy_dynamodb_stream *stream, size_t shard);
uint64_t xcy_dynamodb_stream_latest(struct xcy_dynamodb_stream *stream, size_t shard);

/* Tells one watcher, for each record, when it will be visible. Before the first change. */
typedef void xcy_dynamodb_watch_fn(void *ctx, size_t shard, struct xcy_mono visible);
void xcy_dynamodb_stream_watch(struct xcy_dynamodb_stream *stream, xcy_dynamodb_watch_fn *watched,
                               void *ctx);
/* Tells it again of all records that are not visible yet. */
void xcy_dynamodb_stream_watch_again(struct xcy_dynamodb_stream *stream);

void xcy_dynamodb_stream_format(const struct xcy_dynamodb_stream *stream,
                                const struct xcy_dynamodb_record *record, bool is_event,
                                struct xcy_buf *out);

#endif
