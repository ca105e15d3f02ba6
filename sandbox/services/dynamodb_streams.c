#include "common/base/mem.h"
#include "sandbox/services/dynamodb_iterator.h"
#include "sandbox/services/dynamodb_operations.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAX_LISTED = 100,
    MAX_RECORDS = 1000,
    MAX_RECORD_BYTES = 1 << 20, /* as DynamoDB counts them */
    MAX_TEXT_BYTES = 6 << 20,   /* of many tiny values, see dynamodb_scan.c */
};

static const char invalid[] = "ValidationException";

static bool read_limit(struct xcy_dynamodb_request *r, int64_t most)
{
    const struct xcy_json *limit = xcy_json_get(r->input, "Limit");
    r->limit = most;
    return !limit || (xcy_json_int64(limit, &r->limit) && r->limit >= 1 && r->limit <= most) ||
           xcy_dynamodb_fail(r, invalid, "Limit must be 1 to %lld", (long long)most);
}

static struct xcy_dynamodb_stream *stream_after(struct xcy_dynamodb_request *r, const char **name)
{
    struct xcy_dynamodb_stream *stream = NULL;
    while (r->has_region && !stream) {
        const struct xcy_dynamodb_table *table = xcy_dynamodb_tables_next(r->tables, *name);
        if (!table) {
            return NULL;
        }
        *name = xcy_dynamodb_table_name(table);
        stream = xcy_dynamodb_table_stream(table, r->region);
    }
    return stream;
}

/* NULL: a fault. */
static struct xcy_dynamodb_stream *find_stream(struct xcy_dynamodb_request *r, struct xcy_bytes arn)
{
    const char *name = NULL;
    struct xcy_dynamodb_stream *stream;
    while ((stream = stream_after(r, &name)) != NULL) {
        const char *found = xcy_dynamodb_stream_arn(stream);
        if (strlen(found) == arn.len && memcmp(found, arn.ptr, arn.len) == 0) {
            return stream;
        }
    }
    xcy_dynamodb_fail(r, "ResourceNotFoundException",
                      "Requested resource not found: Stream: %.*s not found",
                      arn.len > 200 ? 200 : (int)arn.len, arn.ptr);
    return NULL;
}

static bool find_named(struct xcy_dynamodb_request *r)
{
    const char *arn = xcy_json_get_string(r->input, "StreamArn", "");
    if (!arn[0]) {
        return xcy_dynamodb_fail(r, invalid, "StreamArn must be given");
    }
    r->stream = find_stream(r, xcy_bytes_of(arn));
    return r->stream != NULL;
}

static void put_name(struct xcy_json *to, const struct xcy_dynamodb_stream *stream)
{
    xcy_json_put_string(to, "StreamArn", xcy_dynamodb_stream_arn(stream));
    xcy_json_put_string(to, "StreamLabel", xcy_dynamodb_stream_label(stream));
    xcy_json_put_string(to, "TableName", xcy_dynamodb_stream_table(stream));
}

bool xcy_dynamodb_list_streams_prepare(struct xcy_dynamodb_request *r)
{
    return read_limit(r, MAX_LISTED);
}

/* In order of the tables' names; a start that is not there begins at the first. */
void xcy_dynamodb_list_streams_decide(struct xcy_dynamodb_request *r)
{
    struct xcy_json *root = xcy_json_new_object();
    struct xcy_json *list = xcy_json_put_array(root, "Streams");
    const char *start = xcy_json_get_string(r->input, "ExclusiveStartStreamArn", NULL);
    const char *table = xcy_json_get_string(r->input, "TableName", NULL);
    const char *name = NULL;
    const struct xcy_dynamodb_stream *stream = stream_after(r, &name);
    while (start && stream) {
        bool is_start = strcmp(xcy_dynamodb_stream_arn(stream), start) == 0;
        stream = stream_after(r, &name);
        if (is_start) {
            break;
        }
    }
    const struct xcy_dynamodb_stream *last = NULL;
    int64_t n = 0;
    for (; stream && n < r->limit; stream = stream_after(r, &name)) {
        if (!table || strcmp(table, xcy_dynamodb_stream_table(stream)) == 0) {
            put_name(xcy_json_append_object(list), stream);
            last = stream;
            n++;
        }
    }
    if (stream && last) {
        xcy_json_put_string(root, "LastEvaluatedStreamArn", xcy_dynamodb_stream_arn(last));
    }
    xcy_json_format(root, false, &r->out);
    xcy_json_free(root);
}

bool xcy_dynamodb_describe_stream_prepare(struct xcy_dynamodb_request *r)
{
    const char *start = xcy_json_get_string(r->input, "ExclusiveStartShardId", NULL);
    if (!read_limit(r, MAX_LISTED) || !find_named(r)) {
        return false;
    }
    if (start) {
        if (!xcy_dynamodb_shard_parse(start, xcy_dynamodb_stream_shards(r->stream), &r->shard)) {
            return xcy_dynamodb_fail(r, invalid, "ExclusiveStartShardId is no shard of the stream");
        }
        r->shard++;
    }
    return true;
}

static void put_shard(struct xcy_json *shards, size_t index)
{
    char name[XCY_DYNAMODB_SHARD_BYTES];
    char first[XCY_DYNAMODB_SEQUENCE_BYTES];
    xcy_dynamodb_shard_format(index, name);
    xcy_dynamodb_sequence_format(index, 0, first);
    struct xcy_json *shard = xcy_json_append_object(shards);
    xcy_json_put_string(shard, "ShardId", name);
    xcy_json_put_string(xcy_json_put_object(shard, "SequenceNumberRange"), "StartingSequenceNumber",
                        first);
}

void xcy_dynamodb_describe_stream_decide(struct xcy_dynamodb_request *r)
{
    struct xcy_json *root = xcy_json_new_object();
    struct xcy_json *d = xcy_json_put_object(root, "StreamDescription");
    put_name(d, r->stream);
    xcy_json_put_string(d, "StreamStatus", "ENABLED");
    xcy_json_put_string(d, "StreamViewType", xcy_dynamodb_stream_view(r->stream)->name);
    xcy_json_put_number(d, "CreationRequestDateTime",
                        (double)xcy_wall_us(xcy_dynamodb_stream_created(r->stream)) / 1e6);
    struct xcy_json *key = xcy_json_append_object(xcy_json_put_array(d, "KeySchema"));
    xcy_json_put_string(key, "AttributeName", xcy_dynamodb_stream_key_name(r->stream));
    xcy_json_put_string(key, "KeyType", "HASH");
    struct xcy_json *shards = xcy_json_put_array(d, "Shards");
    size_t n_shards = xcy_dynamodb_stream_shards(r->stream);
    size_t at = r->shard;
    for (int64_t n = 0; at < n_shards && n < r->limit; n++) {
        put_shard(shards, at++);
    }
    if (at < n_shards) {
        char last[XCY_DYNAMODB_SHARD_BYTES];
        xcy_dynamodb_shard_format(at - 1, last);
        xcy_json_put_string(d, "LastEvaluatedShardId", last);
    }
    xcy_json_format(root, false, &r->out);
    xcy_json_free(root);
}

static bool fail_trimmed(struct xcy_dynamodb_request *r)
{
    return xcy_dynamodb_fail(r, "TrimmedDataAccessException",
                             "The operation attempted to read past the oldest stream record in a "
                             "shard.");
}

bool xcy_dynamodb_get_iterator_prepare(struct xcy_dynamodb_request *r)
{
    static const char *const types[] = {"TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER",
                                        "AFTER_SEQUENCE_NUMBER", NULL};
    const char *type = xcy_json_get_string(r->input, "ShardIteratorType", "");
    const char *shard = xcy_json_get_string(r->input, "ShardId", "");
    const char *sequence = xcy_json_get_string(r->input, "SequenceNumber", "");
    if (!find_named(r)) {
        return false;
    }
    if (!xcy_dynamodb_shard_parse(shard, xcy_dynamodb_stream_shards(r->stream), &r->shard)) {
        return xcy_dynamodb_fail(r, "ResourceNotFoundException",
                                 "Requested resource not found: Shard does not exist");
    }
    r->iterator_type = XCY_ITERATOR_TRIM_HORIZON;
    while (types[r->iterator_type] && strcmp(types[r->iterator_type], type) != 0) {
        r->iterator_type++;
    }
    if (!types[r->iterator_type]) {
        return xcy_dynamodb_fail(r, invalid,
                                 "ShardIteratorType must be TRIM_HORIZON, LATEST, "
                                 "AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER");
    }
    return r->iterator_type < XCY_ITERATOR_AT ||
           xcy_dynamodb_sequence_parse(sequence, r->shard, &r->after) ||
           xcy_dynamodb_fail(r, invalid, "SequenceNumber is none of the shard");
}

/* "name":"<iterator>" */
static void add_iterator(struct xcy_dynamodb_request *r, const char *name, uint64_t after)
{
    const struct xcy_dynamodb_iterator iterator = {
        .stream_arn = xcy_bytes_of(xcy_dynamodb_stream_arn(r->stream)),
        .shard = r->shard,
        .after = after,
        .issued_us = xcy_wall_us(xcy_wall_now())};
    char *text = xcy_dynamodb_iterator_format(&iterator);
    xcy_buf_addf(&r->out, "\"%s\":\"%s\"", name, text); /* nothing in it needs an escape */
    free(text);
}

void xcy_dynamodb_get_iterator_decide(struct xcy_dynamodb_request *r)
{
    uint64_t trimmed = xcy_dynamodb_stream_trimmed(r->stream, r->shard);
    uint64_t after = r->after;
    switch (r->iterator_type) {
    case XCY_ITERATOR_TRIM_HORIZON:
        after = trimmed;
        break;
    case XCY_ITERATOR_LATEST:
        after = xcy_dynamodb_stream_latest(r->stream, r->shard);
        break;
    case XCY_ITERATOR_AT:
        after = after > 0 ? after - 1 : 0;
        break;
    case XCY_ITERATOR_AFTER:
        break;
    }
    if (after < trimmed) {
        fail_trimmed(r);
        return;
    }
    xcy_buf_add_char(&r->out, '{');
    add_iterator(r, "ShardIterator", after);
    xcy_buf_add_char(&r->out, '}');
}

bool xcy_dynamodb_get_records_prepare(struct xcy_dynamodb_request *r)
{
    struct xcy_dynamodb_iterator iterator;
    const char *text = xcy_json_get_string(r->input, "ShardIterator", "");
    if (!read_limit(r, MAX_RECORDS)) {
        return false;
    }
    if (!xcy_dynamodb_iterator_parse(text, &iterator)) {
        return xcy_dynamodb_fail(r, invalid, "Invalid ShardIterator");
    }
    r->stream = find_stream(r, iterator.stream_arn);
    if (!r->stream) {
        return false;
    }
    if (iterator.shard >= xcy_dynamodb_stream_shards(r->stream)) {
        return xcy_dynamodb_fail(r, invalid, "Invalid ShardIterator");
    }
    int64_t age_us = xcy_wall_us(xcy_wall_now()) - iterator.issued_us;
    if (age_us > XCY_DYNAMODB_ITERATOR_LIFE_S * INT64_C(1000000)) {
        return xcy_dynamodb_fail(r, "ExpiredIteratorException",
                                 "Iterator expired: it was issued more than 15 minutes ago");
    }
    r->shard = iterator.shard;
    r->after = iterator.after;
    return true;
}

struct page {
    struct xcy_dynamodb_request *r;
    int64_t n;
    size_t bytes;
    uint64_t last;
};

/* A record that does not fit is the next page's first. */
static bool add_record(void *ctx, const struct xcy_dynamodb_record *record)
{
    struct page *page = ctx;
    struct xcy_dynamodb_request *r = page->r;
    size_t bytes = xcy_dynamodb_record_bytes(record, xcy_dynamodb_stream_view(r->stream));
    bool is_full = page->n == r->limit || page->bytes + bytes > MAX_RECORD_BYTES ||
                   r->out.len >= MAX_TEXT_BYTES;
    if (page->n > 0 && is_full) {
        return false;
    }
    xcy_buf_add_text(&r->out, page->n > 0 ? "," : "");
    xcy_dynamodb_stream_format(r->stream, record, false, &r->out);
    page->n++;
    page->bytes += bytes;
    page->last = record->sequence;
    return true;
}

void xcy_dynamodb_get_records_decide(struct xcy_dynamodb_request *r)
{
    struct page page = {.r = r, .last = r->after};
    xcy_buf_add_text(&r->out, "{\"Records\":[");
    if (!xcy_dynamodb_stream_read(r->stream, r->shard, r->after, add_record, &page)) {
        xcy_buf_reset(&r->out);
        fail_trimmed(r);
        return;
    }
    xcy_buf_add_text(&r->out, "],");
    add_iterator(r, "NextShardIterator", page.last);
    xcy_buf_add_char(&r->out, '}');
}
