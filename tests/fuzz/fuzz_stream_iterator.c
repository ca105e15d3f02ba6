/* fuzz_stream_iterator.c - an iterator that is accepted prints to one that says the same; so do
 * sequence numbers and shards' names. */

#include "common/base/mem.h"
#include "sandbox/services/dynamodb_iterator.h"
#include "sandbox/services/dynamodb_record.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

static void try_iterator(const char *text)
{
    struct xcy_dynamodb_iterator iterator;
    struct xcy_dynamodb_iterator again;
    if (!xcy_dynamodb_iterator_parse(text, &iterator)) {
        return;
    }
    char *printed = xcy_dynamodb_iterator_format(&iterator);
    bool is_read = xcy_dynamodb_iterator_parse(printed, &again);
    xcy_assert(is_read && again.shard == iterator.shard && again.after == iterator.after);
    xcy_assert(again.issued_us == iterator.issued_us && iterator.issued_us >= 0);
    xcy_assert(xcy_bytes_equal(again.stream_arn, iterator.stream_arn));
    free(printed);
}

static void try_sequence(const char *text)
{
    for (size_t shard = 0; shard < XCY_DYNAMODB_MAX_SHARDS; shard++) {
        uint64_t sequence;
        if (xcy_dynamodb_sequence_parse(text, shard, &sequence)) {
            char printed[XCY_DYNAMODB_SEQUENCE_BYTES];
            xcy_dynamodb_sequence_format(shard, sequence, printed);
            xcy_assert(strcmp(printed, text) == 0);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = xcy_strndup((const char *)data, size);
    size_t shard = 0;
    try_iterator(text);
    try_sequence(text);
    if (xcy_dynamodb_shard_parse(text, 8, &shard)) {
        char printed[XCY_DYNAMODB_SHARD_BYTES];
        xcy_dynamodb_shard_format(shard, printed);
        xcy_assert(shard < 8 && strcmp(printed, text) == 0);
    }
    free(text);
    return 0;
}
