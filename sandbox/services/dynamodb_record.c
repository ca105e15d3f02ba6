#include "sandbox/services/dynamodb_record.h"

#include "common/base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const change_names[] = {"INSERT", "MODIFY", "REMOVE"};

static const struct xcy_dynamodb_view views[] = {
    {"KEYS_ONLY", false, false},
    {"NEW_IMAGE", true, false},
    {"OLD_IMAGE", false, true},
    {"NEW_AND_OLD_IMAGES", true, true},
};

const struct xcy_dynamodb_view *xcy_dynamodb_view_find(const char *name)
{
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        if (strcmp(views[i].name, name) == 0) {
            return &views[i];
        }
    }
    return NULL;
}

/* As DynamoDB: a write that leaves the item as it was makes no record. */
static bool is_change(const struct xcy_dynamodb_item *old_item,
                      const struct xcy_dynamodb_item *new_item)
{
    if (!old_item || !new_item) {
        return old_item || new_item;
    }
    return !xcy_dynamodb_item_equal(old_item, new_item);
}

struct xcy_dynamodb_record *xcy_dynamodb_record_new(const char *key,
                                                    struct xcy_dynamodb_item *old_item,
                                                    struct xcy_dynamodb_item *new_item)
{
    if (!is_change(old_item, new_item)) {
        return NULL;
    }
    struct xcy_dynamodb_record *record = xcy_alloc(sizeof *record);
    record->key = xcy_strdup(key);
    record->old_item = old_item ? xcy_dynamodb_item_hold(old_item) : NULL;
    record->new_item = new_item ? xcy_dynamodb_item_hold(new_item) : NULL;
    record->change = !new_item   ? XCY_DYNAMODB_REMOVE
                     : !old_item ? XCY_DYNAMODB_INSERT
                                 : XCY_DYNAMODB_MODIFY;
    return record;
}

void xcy_dynamodb_record_free(struct xcy_dynamodb_record *record)
{
    xcy_dynamodb_item_release(record->old_item);
    xcy_dynamodb_item_release(record->new_item);
    free(record->key);
    free(record);
}

static size_t image_bytes(const struct xcy_dynamodb_item *item, bool is_shown)
{
    return item && is_shown ? xcy_dynamodb_item_bytes(item) : 0;
}

size_t xcy_dynamodb_record_bytes(const struct xcy_dynamodb_record *record,
                                 const struct xcy_dynamodb_view *view)
{
    return strlen(record->key) + image_bytes(record->new_item, view->has_new) +
           image_bytes(record->old_item, view->has_old);
}

/* Unique in the stream, ascending in the shard. */
void xcy_dynamodb_sequence_format(size_t shard, uint64_t sequence,
                                  char to[XCY_DYNAMODB_SEQUENCE_BYTES])
{
    xcy_assert(shard < XCY_DYNAMODB_MAX_SHARDS);
    snprintf(to, XCY_DYNAMODB_SEQUENCE_BYTES, "1%018" PRIu64 "%02zu",
             sequence % UINT64_C(1000000000000000000), shard);
}

bool xcy_dynamodb_sequence_parse(const char *text, size_t shard, uint64_t *sequence)
{
    size_t n = strlen(text);
    if (n != XCY_DYNAMODB_SEQUENCE_BYTES - 1 || strspn(text, "0123456789") != n || text[0] != '1' ||
        strtoull(text + 19, NULL, 10) != shard) {
        return false;
    }
    char digits[19];
    memcpy(digits, text + 1, 18);
    digits[18] = '\0';
    *sequence = strtoull(digits, NULL, 10);
    return true;
}

static void add_string(struct xcy_buf *out, const char *text)
{
    struct xcy_json *string = xcy_json_new_string(text);
    xcy_json_format(string, false, out);
    xcy_json_free(string);
}

static void add_image(struct xcy_buf *out, const char *name, const struct xcy_dynamodb_item *item,
                      bool is_shown)
{
    if (item && is_shown) {
        xcy_buf_addf(out, "\"%s\":", name);
        xcy_dynamodb_item_format(item, NULL, 0, out);
        xcy_buf_add_char(out, ',');
    }
}

void xcy_dynamodb_record_format(const struct xcy_dynamodb_record *record,
                                const struct xcy_dynamodb_origin *origin, struct xcy_buf *out)
{
    char sequence[XCY_DYNAMODB_SEQUENCE_BYTES];
    xcy_dynamodb_sequence_format(record->shard, record->sequence, sequence);
    xcy_buf_addf(out,
                 "{\"eventID\":\"%s\",\"eventName\":\"%s\",\"eventVersion\":\"1.1\","
                 "\"eventSource\":\"aws:dynamodb\",\"awsRegion\":\"%s\",\"dynamodb\":{"
                 "\"ApproximateCreationDateTime\":%" PRId64 ",\"Keys\":{",
                 sequence, change_names[record->change], origin->region,
                 xcy_wall_us(record->applied) / 1000000);
    add_string(out, origin->key_name);
    xcy_buf_add_text(out, ":{\"S\":");
    add_string(out, record->key);
    xcy_buf_add_text(out, "}},");
    add_image(out, "NewImage", record->new_item, origin->view->has_new);
    add_image(out, "OldImage", record->old_item, origin->view->has_old);
    xcy_buf_addf(out, "\"SequenceNumber\":\"%s\",\"SizeBytes\":%zu,\"StreamViewType\":\"%s\"}",
                 sequence, xcy_dynamodb_record_bytes(record, origin->view), origin->view->name);
    if (origin->stream_arn) {
        xcy_buf_add_text(out, ",\"eventSourceARN\":");
        add_string(out, origin->stream_arn);
    }
    xcy_buf_add_char(out, '}');
}
