#include "sandbox/services/sqs_item.h"

#include "common/base/mem.h"
#include "common/base/random.h"
#include "common/net/crypto.h"

#include <stdlib.h>

struct xcy_sqs_item *xcy_sqs_item_new(const char *body, struct xcy_json *attributes)
{
    struct xcy_sqs_item *item = xcy_alloc(sizeof *item);
    xcy_random_uuid(item->id);
    item->attributes = attributes;
    xcy_sqs_item_set_body(item, body);
    return item;
}

void xcy_sqs_item_set_body(struct xcy_sqs_item *item, const char *body)
{
    char *copy = xcy_strdup(body);
    free(item->body);
    item->body = copy;
    xcy_md5_hex(xcy_bytes_of(body), item->body_md5);
}

struct xcy_sqs_item *xcy_sqs_item_copy(const struct xcy_sqs_item *item)
{
    struct xcy_sqs_item *copy = xcy_alloc(sizeof *copy);
    *copy = *item;
    copy->body = xcy_strdup(item->body);
    copy->attributes = item->attributes ? xcy_json_copy(item->attributes) : NULL;
    copy->is_copy = true;
    return copy;
}

void xcy_sqs_item_free(struct xcy_sqs_item *item)
{
    if (!item) {
        return;
    }
    xcy_json_free(item->attributes);
    free(item->body);
    free(item);
}
