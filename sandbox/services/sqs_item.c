#include "sandbox/services/sqs_item.h"

#include "common/base/mem.h"
#include "common/base/random.h"
#include "common/net/crypto.h"

#include <stdlib.h>

struct xcy_sqs_item *xcy_sqs_item_new(const char *body, struct xcy_json *attributes)
{
    struct xcy_sqs_item *item = xcy_alloc(sizeof *item);
    xcy_random_uuid(item->id);
    item->body = xcy_strdup(body);
    item->attributes = attributes;
    xcy_md5_hex(xcy_bytes_of(body), item->body_md5);
    return item;
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
