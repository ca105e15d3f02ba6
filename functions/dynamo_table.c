#include "functions/dynamo_table.h"

#include "common/aws/dynamodb.h"
#include "common/base/mem.h"

#include <stdlib.h>

enum {
    BATCH = 25, /* requests in a BatchWriteItem */
    CLEAN_MAX_PASSES = 20,
    CLEAN_RESERVE_MS = 300, /* a batch must not be cut off by the end of the function */
};

/* The table's description opens the connection before the first invocation is timed, and shows a
 * missing table at once. Other refusals (no right to describe) do not hinder the work. */
static enum xcy_status look_at_table(const struct xcy_dynamo_table *dynamo, struct xcy_error *err)
{
    struct xcy_aws aws = xcy_backend_aws(dynamo->place);
    struct xcy_dynamodb_size size;
    struct xcy_error failure;
    enum xcy_status status = xcy_dynamodb_size(&aws, dynamo->name, &size, &failure);
    if (status == XCY_ENOTFOUND || status == XCY_ENET) {
        *err = failure;
        return status;
    }
    return XCY_OK;
}

enum xcy_status xcy_dynamo_table_open(const struct xcy_backend_place *place, const char *name,
                                      void **state, struct xcy_error *err)
{
    if (!name || name[0] == '\0') {
        return xcy_fail(err, XCY_EUSAGE,
                        "the environment names no DynamoDB table; run deploy again");
    }
    struct xcy_dynamo_table table = {.place = place, .name = name};
    enum xcy_status status = look_at_table(&table, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_dynamo_table *made = xcy_alloc(sizeof *made);
    *made = table;
    *state = made;
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

static enum xcy_status check_time(const struct xcy_dynamo_table *dynamo, struct xcy_error *err)
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
static enum xcy_status delete_keys(const struct xcy_dynamo_table *dynamo,
                                   const struct xcy_json *keys, struct xcy_error *err)
{
    const struct xcy_json *key = xcy_json_first(keys);
    while (key) {
        enum xcy_status status = check_time(dynamo, err);
        if (status != XCY_OK) {
            return status;
        }
        struct xcy_json *input = batch_of(dynamo->name, &key);
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
static enum xcy_status clean_pass(const struct xcy_dynamo_table *dynamo, size_t *n,
                                  struct xcy_error *err)
{
    char *start = NULL;
    enum xcy_status status = XCY_OK;
    do {
        struct xcy_json *keys = NULL;
        char *next = NULL;
        struct xcy_aws aws = xcy_backend_aws(dynamo->place);
        status = xcy_dynamodb_scan_keys(&aws, dynamo->name, "key", start, &keys, &next, err);
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
enum xcy_status xcy_dynamo_table_clean(void *state, struct xcy_error *err)
{
    const struct xcy_dynamo_table *dynamo = state;
    for (int pass = 0; pass < CLEAN_MAX_PASSES; pass++) {
        size_t n = 0;
        enum xcy_status status = clean_pass(dynamo, &n, err);
        if (status != XCY_OK) {
            return xcy_error_context(err, "emptying table %s", dynamo->name);
        }
        if (n == 0) {
            return XCY_OK;
        }
    }
    return xcy_fail(err, XCY_EFAIL, "table %s still has items after %d passes; is a load running?",
                    dynamo->name, CLEAN_MAX_PASSES);
}

enum xcy_status xcy_dynamo_table_count(void *state, int64_t *items, struct xcy_error *err)
{
    const struct xcy_dynamo_table *dynamo = state;
    struct xcy_aws aws = xcy_backend_aws(dynamo->place);
    struct xcy_json *keys = NULL;
    char *next = NULL;
    enum xcy_status status =
        xcy_dynamodb_scan_keys(&aws, dynamo->name, "key", NULL, &keys, &next, err);
    if (status == XCY_OK) {
        *items = (int64_t)xcy_json_size(keys) + (next ? 1 : 0);
        xcy_json_free(keys);
        free(next);
    }
    return status;
}
