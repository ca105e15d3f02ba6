#include "functions/posts/dynamo.h"

#include "common/aws/dynamodb.h"
#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAX_METADATA = 8,
    ITEM_MAX_BYTES = 400 * 1024, /* DynamoDB's own limit, names included */
    ITEM_EXTRA_BYTES = 256,      /* key, cid and the attributes' names at their longest */
    BATCH = 25,                  /* requests in a BatchWriteItem */
    CLEAN_MAX_PASSES = 20,
    CLEAN_RESERVE_MS = 300, /* a batch must not be cut off by the end of the function */
};

struct dynamo {
    const struct xcy_backend_place *place;
    const char *table;
};

/* The table's description opens the connection before the first invocation is timed, and shows a
 * missing table at once. Other refusals (no right to describe) do not hinder the work. */
static enum xcy_status look_at_table(const struct dynamo *dynamo, struct xcy_error *err)
{
    struct xcy_aws aws = xcy_backend_aws(dynamo->place);
    struct xcy_dynamodb_size size;
    struct xcy_error failure;
    enum xcy_status status = xcy_dynamodb_size(&aws, dynamo->table, &size, &failure);
    if (status == XCY_ENOTFOUND || status == XCY_ENET) {
        *err = failure;
        return status;
    }
    return XCY_OK;
}

static enum xcy_status open_table(const struct xcy_backend_place *place, void **state,
                                  struct xcy_error *err)
{
    const struct xcy_environment *environment = place->environment;
    if (!environment->dynamo_table || environment->dynamo_table[0] == '\0') {
        return xcy_fail(err, XCY_EUSAGE,
                        "the environment names no DynamoDB table; run deploy again");
    }
    int64_t room_bytes = ITEM_MAX_BYTES - ITEM_EXTRA_BYTES;
    if (environment->combination.post_bytes > room_bytes) {
        return xcy_fail(err, XCY_EUSAGE,
                        "post_bytes %lld does not fit into a DynamoDB item; at most %lld do",
                        (long long)environment->combination.post_bytes, (long long)room_bytes);
    }
    struct dynamo dynamo = {.place = place, .table = environment->dynamo_table};
    enum xcy_status status = look_at_table(&dynamo, err);
    if (status != XCY_OK) {
        return status;
    }
    struct dynamo *made = xcy_alloc(sizeof *made);
    *made = dynamo;
    *state = made;
    return XCY_OK;
}

static void close_table(void *state)
{
    free(state);
}

static enum xcy_status write_item(void *state, const char *key, struct xcy_bytes body,
                                  const struct xcy_metadata *metadata, size_t n_metadata,
                                  char *version, struct xcy_error *err)
{
    const struct dynamo *dynamo = state;
    xcy_assert(n_metadata <= MAX_METADATA);
    char *text = xcy_strndup(body.ptr, body.len);
    struct xcy_dynamodb_attribute attributes[2 + MAX_METADATA] = {{"key", key}, {"body", text}};
    for (size_t m = 0; m < n_metadata; m++) {
        attributes[2 + m].name = metadata[m].name;
        attributes[2 + m].value = metadata[m].value;
    }
    struct xcy_aws aws = xcy_backend_aws(dynamo->place);
    enum xcy_status status = xcy_dynamodb_put(&aws, dynamo->table, attributes, 2 + n_metadata, err);
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
    const struct dynamo *dynamo = state;
    struct xcy_aws aws = xcy_backend_aws(dynamo->place);
    const char *projection = cid ? "cid" : "key"; /* a barrier need not carry the body */
    struct xcy_json *item = NULL;
    enum xcy_status status = xcy_dynamodb_get(&aws, dynamo->table, "key", key, strong,
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
    const struct dynamo *dynamo = state;
    struct xcy_aws aws = xcy_backend_aws(dynamo->place);
    struct xcy_dynamodb_size size;
    enum xcy_status status = xcy_dynamodb_size(&aws, dynamo->table, &size, err);
    if (status != XCY_OK) {
        return status;
    }
    *items = size.items;
    *bytes = size.bytes;
    return XCY_OK;
}

/* {"RequestItems": {table: [{"DeleteRequest": {"Key": {"key": {"S": …}}}}, …]}} of at most BATCH
 * keys; moves *key on. */
static struct xcy_json *batch_of(const char *table, const struct xcy_json **key)
{
    struct xcy_json *input = xcy_json_new_object();
    struct xcy_json *requests =
        xcy_json_put_array(xcy_json_put_object(input, "RequestItems"), table);
    for (int n = 0; n < BATCH && *key; n++, *key = xcy_json_next(*key)) {
        struct xcy_json *deletion =
            xcy_json_put_object(xcy_json_append_object(requests), "DeleteRequest");
        struct xcy_json *name = xcy_json_put_object(xcy_json_put_object(deletion, "Key"), "key");
        xcy_json_put_string(name, "S", xcy_json_string(*key));
    }
    return input;
}

static enum xcy_status check_time(const struct dynamo *dynamo, struct xcy_error *err)
{
    const struct xcy_mono *limit = dynamo->place->limit;
    struct xcy_mono soon = xcy_mono_add(xcy_mono_now(), CLEAN_RESERVE_MS * XCY_NS_PER_MS);
    if (limit && xcy_mono_before(*limit, soon)) {
        return xcy_fail(err, XCY_ETIMEOUT,
                        "the function's time is up before all is deleted; clean again");
    }
    return XCY_OK;
}

/* What the table could not take (UnprocessedItems) is met again by the next pass. */
static enum xcy_status delete_keys(const struct dynamo *dynamo, const struct xcy_json *keys,
                                   struct xcy_error *err)
{
    const struct xcy_json *key = xcy_json_first(keys);
    while (key) {
        enum xcy_status status = check_time(dynamo, err);
        if (status != XCY_OK) {
            return status;
        }
        struct xcy_json *input = batch_of(dynamo->table, &key);
        struct xcy_aws aws = xcy_backend_aws(dynamo->place);
        status = xcy_aws_json_call(&aws, "dynamodb", "DynamoDB_20120810.BatchWriteItem",
                                   "application/x-amz-json-1.0", input, NULL, err);
        xcy_json_free(input);
        if (status != XCY_OK) {
            return status;
        }
    }
    return XCY_OK;
}

/* Deletes each page of keys as it is read; *n counts what was met. */
static enum xcy_status clean_pass(const struct dynamo *dynamo, size_t *n, struct xcy_error *err)
{
    char *start = NULL;
    enum xcy_status status = XCY_OK;
    do {
        struct xcy_json *keys = NULL;
        char *next = NULL;
        struct xcy_aws aws = xcy_backend_aws(dynamo->place);
        status = xcy_dynamodb_scan_keys(&aws, dynamo->table, "key", start, &keys, &next, err);
        free(start);
        start = next;
        if (status == XCY_OK) {
            *n += xcy_json_size(keys);
            status = delete_keys(dynamo, keys, err);
        }
        xcy_json_free(keys);
    } while (status == XCY_OK && start);
    free(start);
    return status;
}

/* Clean is what a whole scan says is empty. */
static enum xcy_status clean(void *state, struct xcy_error *err)
{
    const struct dynamo *dynamo = state;
    for (int pass = 0; pass < CLEAN_MAX_PASSES; pass++) {
        size_t n = 0;
        enum xcy_status status = clean_pass(dynamo, &n, err);
        if (status != XCY_OK) {
            return xcy_error_context(err, "emptying table %s", dynamo->table);
        }
        if (n == 0) {
            return XCY_OK;
        }
    }
    return xcy_fail(err, XCY_EFAIL, "table %s still has items after %d passes; is a load running?",
                    dynamo->table, CLEAN_MAX_PASSES);
}

const struct xcy_post_backend xcy_dynamo_posts = {
    .name = "dynamo",
    .open = open_table,
    .close = close_table,
    .write = write_item,
    .visible = visible,
    .size = measure,
    .clean = clean,
};
