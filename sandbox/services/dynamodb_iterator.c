#include "sandbox/services/dynamodb_iterator.h"

#include "common/base/mem.h"
#include "common/data/number.h"
#include "sandbox/services/dynamodb_record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MAX_BYTES = 2048, N_NUMBERS = 3 };

/* "<arn>|<shard>|<after>|<issued_us>" */
char *xcy_dynamodb_iterator_format(const struct xcy_dynamodb_iterator *iterator)
{
    return xcy_format("%.*s|%zu|%" PRIu64 "|%" PRId64, (int)iterator->stream_arn.len,
                      iterator->stream_arn.ptr, iterator->shard, iterator->after,
                      iterator->issued_us);
}

/* The number behind the last bar of the text, which then ends before it. */
static bool take_number(struct xcy_bytes *text, int64_t *number)
{
    size_t at = text->len;
    while (at > 0 && text->ptr[at - 1] != '|') {
        at--;
    }
    if (at == 0 || !xcy_int64_parse(xcy_bytes(text->ptr + at, text->len - at), number) ||
        *number < 0) {
        return false;
    }
    text->len = at - 1;
    return true;
}

bool xcy_dynamodb_iterator_parse(const char *text, struct xcy_dynamodb_iterator *iterator)
{
    struct xcy_bytes rest = xcy_bytes_of(text);
    int64_t numbers[N_NUMBERS]; /* from the last to the first */
    if (rest.len > MAX_BYTES) {
        return false;
    }
    for (size_t i = 0; i < N_NUMBERS; i++) {
        if (!take_number(&rest, &numbers[i])) {
            return false;
        }
    }
    if (rest.len == 0 || numbers[2] >= XCY_DYNAMODB_MAX_SHARDS) {
        return false;
    }
    *iterator = (struct xcy_dynamodb_iterator){.stream_arn = rest,
                                               .shard = (size_t)numbers[2],
                                               .after = (uint64_t)numbers[1],
                                               .issued_us = numbers[0]};
    return true;
}

void xcy_dynamodb_shard_format(size_t shard, char to[XCY_DYNAMODB_SHARD_BYTES])
{
    snprintf(to, XCY_DYNAMODB_SHARD_BYTES, "shardId-%020zu-00000000", shard);
}

bool xcy_dynamodb_shard_parse(const char *text, size_t n_shards, size_t *shard)
{
    for (size_t i = 0; i < n_shards; i++) {
        char name[XCY_DYNAMODB_SHARD_BYTES];
        xcy_dynamodb_shard_format(i, name);
        if (strcmp(name, text) == 0) {
            *shard = i;
            return true;
        }
    }
    return false;
}
