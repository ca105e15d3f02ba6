#include "functions/posts/dynamo.h"

#include "common/aws/dynamodb.h"
#include "common/base/mem.h"
#include "functions/dynamo_table.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAX_METADATA = 8,
    ITEM_EXTRA_BYTES = 256, /* key, cid and the attributes' names at their longest */
};

static enum xcy_status open_table(const struct xcy_backend_place *place, void **state,
                                  struct xcy_error *err)
{
    const struct xcy_environment *environment = place->environment;
    int64_t room_bytes = XCY_DYNAMO_ITEM_BYTES - ITEM_EXTRA_BYTES;
    if (environment->combination.post_bytes > room_bytes) {
        return xcy_fail(err, XCY_EUSAGE,
                        "post_bytes %lld does not fit into a DynamoDB item; at most %lld do",
                        (long long)environment->combination.post_bytes, (long long)room_bytes);
    }
    return xcy_dynamo_table_open(place, environment->dynamo_table, state, err);
}

static enum xcy_status write_item(void *state, const char *key, struct xcy_bytes body,
                                  const struct xcy_metadata *metadata, size_t n_metadata,
                                  char *version, struct xcy_error *err)
{
    const struct xcy_dynamo_table *dynamo = state;
    xcy_assert(n_metadata <= MAX_METADATA);
    char *text = xcy_strndup(body.ptr, body.len);
    struct xcy_dynamodb_attribute attributes[2 + MAX_METADATA] = {{"key", key}, {"body", text}};
    for (size_t m = 0; m < n_metadata; m++) {
        attributes[2 + m].name = metadata[m].name;
        attributes[2 + m].value = metadata[m].value;
    }
    struct xcy_aws aws = xcy_backend_aws(dynamo->place);
    enum xcy_status status = xcy_dynamodb_put(&aws, dynamo->name, attributes, 2 + n_metadata, err);
    if (status == XCY_OK) {
        version[0] = '\0';
    }
    free(text);
    return status;
}

/* As DynamoDB counts an item: the UTF-8 bytes of names and string values. */
static struct xcy_post_size item_size(const struct xcy_json *item)
{
    struct xcy_post_size size = {0};
    for (const struct xcy_json *a = xcy_json_first(item); a; a = xcy_json_next(a)) {
        const char *value = xcy_json_string(a);
        int64_t bytes = (int64_t)(strlen(xcy_json_name(a)) + (value ? strlen(value) : 0));
        size.stored_bytes += bytes;
        size.metadata_bytes += strcmp(xcy_json_name(a), "cid") == 0 ? bytes : 0;
    }
    return size;
}

static enum xcy_status visible(void *state, const char *key, const char *version, const char *cid,
                               bool strong, bool *found, struct xcy_post_size *size,
                               struct xcy_error *err)
{
    (void)version;
    const struct xcy_dynamo_table *dynamo = state;
    struct xcy_aws aws = xcy_backend_aws(dynamo->place);
    const char *projection = cid ? "cid" : "key"; /* a barrier need not carry the body */
    struct xcy_json *item = NULL;
    enum xcy_status status = xcy_dynamodb_get(&aws, dynamo->name, "key", key, strong,
                                              size ? NULL : projection, &item, err);
    if (status != XCY_OK) {
        return status;
    }
    *found = item && (!cid || strcmp(xcy_json_get_string(item, "cid", ""), cid) == 0);
    if (size) {
        *size = *found ? item_size(item) : (struct xcy_post_size){0};
    }
    xcy_json_free(item);
    return XCY_OK;
}

static enum xcy_status measure(void *state, int64_t *items, int64_t *bytes, struct xcy_error *err)
{
    const struct xcy_dynamo_table *dynamo = state;
    struct xcy_aws aws = xcy_backend_aws(dynamo->place);
    struct xcy_dynamodb_size size;
    enum xcy_status status = xcy_dynamodb_size(&aws, dynamo->name, &size, err);
    if (status != XCY_OK) {
        return status;
    }
    *items = size.items;
    *bytes = size.bytes;
    return XCY_OK;
}

const struct xcy_post_backend xcy_dynamo_posts = {
    .name = "dynamo",
    .open = open_table,
    .close = free,
    .write = write_item,
    .visible = visible,
    .size = measure,
    .clean = xcy_dynamo_table_clean,
    .count = xcy_dynamo_table_count,
};
