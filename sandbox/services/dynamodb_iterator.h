#ifndef XCY_SANDBOX_SERVICES_DYNAMODB_ITERATOR_H
#define XCY_SANDBOX_SERVICES_DYNAMODB_ITERATOR_H

/*
 * dynamodb_iterator.h - a place in a shard as clients carry it: opaque to them, all of it in the
 * text, so that the sandbox keeps nothing.
 *
 * Threads:  plain data.
 */

#include "common/base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { XCY_DYNAMODB_ITERATOR_LIFE_S = 15 * 60 };

struct xcy_dynamodb_iterator {
    struct xcy_bytes stream_arn; /* borrowed from the text */
    size_t shard;
    uint64_t after;    /* the sequence number behind which it stands */
    int64_t issued_us; /* since 1970 */
};

char *xcy_dynamodb_iterator_format(const struct xcy_dynamodb_iterator *iterator); /* caller's */
/* False: it is none of ours. */
bool xcy_dynamodb_iterator_parse(const char *text, struct xcy_dynamodb_iterator *iterator);

/* "shardId-00000000000000000003-00000000" and back; false: it is none of n shards. */
enum { XCY_DYNAMODB_SHARD_BYTES = 40 };
void xcy_dynamodb_shard_format(size_t shard, char to[XCY_DYNAMODB_SHARD_BYTES]);
bool xcy_dynamodb_shard_parse(const char *text, size_t n_shards, size_t *shard);

#endif
