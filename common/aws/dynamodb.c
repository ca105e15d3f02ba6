#include "common/aws/dynamodb.h"

#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ITEM_BYTES = 400 * 1024 };

/* input is taken. */
static enum xcy_status call(const struct xcy_aws *aws, const char *target, struct xcy_json *input,
                            struct xcy_json **answer, struct xcy_error *err)
{
    enum xcy_status status = xcy_aws_json_call(aws, "dynamodb", target,
                                               "application/x-amz-json-1.0", input, answer, err);
    xcy_json_free(input);
    return status;
}

static struct xcy_json *input_for(const char *table)
{
    struct xcy_json *input = xcy_json_new_object();
    xcy_json_put_string(input, "TableName", table);
    return input;
}

/* {"name": {"S": "value"}} into object. */
static void put_string(struct xcy_json *object, const char *name, const char *value)
{
    xcy_json_put_string(xcy_json_put_object(object, name), "S", value);
}

enum xcy_status xcy_dynamodb_put(const struct xcy_aws *aws, const char *table,
                                 const struct xcy_dynamodb_attribute *attributes, size_t n,
                                 struct xcy_error *err)
{
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++) {
        bytes += strlen(attributes[i].name) + strlen(attributes[i].value);
    }
    if (bytes > MAX_ITEM_BYTES) {
        return xcy_fail(err, XCY_EFULL, "DynamoDB PutItem: the item has %zu bytes, at most %d",
                        bytes, MAX_ITEM_BYTES);
    }
    struct xcy_json *input = input_for(table);
    struct xcy_json *item = xcy_json_put_object(input, "Item");
    for (size_t i = 0; i < n; i++) {
        put_string(item, attributes[i].name, attributes[i].value);
    }
    return call(aws, "DynamoDB_20120810.PutItem", input, NULL, err);
}

/* Name -> string of the attributes that are strings. */
static struct xcy_json *plain_item(const struct xcy_json *item)
{
    struct xcy_json *plain = xcy_json_new_object();
    for (const struct xcy_json *a = xcy_json_first(item); a; a = xcy_json_next(a)) {
        const char *value = xcy_json_get_string(a, "S", NULL);
        if (value) {
            xcy_json_put_string(plain, xcy_json_name(a), value);
        }
    }
    return plain;
}

/* Through a placeholder, since many names are reserved words. */
static void put_projection(struct xcy_json *input, const char *name)
{
    xcy_json_put_string(input, "ProjectionExpression", "#p");
    xcy_json_put_string(xcy_json_put_object(input, "ExpressionAttributeNames"), "#p", name);
}

enum xcy_status xcy_dynamodb_get(const struct xcy_aws *aws, const char *table, const char *key_name,
                                 const char *key, bool strong, const char *projection,
                                 struct xcy_json **item, struct xcy_error *err)
{
    struct xcy_json *input = input_for(table);
    put_string(xcy_json_put_object(input, "Key"), key_name, key);
    xcy_json_put_bool(input, "ConsistentRead", strong);
    if (projection) {
        put_projection(input, projection);
    }
    struct xcy_json *answer = NULL;
    enum xcy_status status = call(aws, "DynamoDB_20120810.GetItem", input, &answer, err);
    if (status == XCY_OK) {
        const struct xcy_json *found = xcy_json_get(answer, "Item");
        *item = found ? plain_item(found) : NULL;
        xcy_json_free(answer);
    }
    return status;
}

enum xcy_status xcy_dynamodb_delete(const struct xcy_aws *aws, const char *table,
                                    const char *key_name, const char *key, struct xcy_error *err)
{
    struct xcy_json *input = input_for(table);
    put_string(xcy_json_put_object(input, "Key"), key_name, key);
    return call(aws, "DynamoDB_20120810.DeleteItem", input, NULL, err);
}

/* Owned; NULL when there is none. */
static char *key_text(const struct xcy_json *item, const char *key_name)
{
    return xcy_strdup(xcy_json_get_string(xcy_json_get(item, key_name), "S", NULL));
}

enum xcy_status xcy_dynamodb_scan_keys(const struct xcy_aws *aws, const char *table,
                                       const char *key_name, const char *start,
                                       struct xcy_json **keys, char **next, struct xcy_error *err)
{
    struct xcy_json *input = input_for(table);
    xcy_json_put_bool(input, "ConsistentRead", true);
    put_projection(input, key_name);
    if (start) {
        put_string(xcy_json_put_object(input, "ExclusiveStartKey"), key_name, start);
    }
    struct xcy_json *answer = NULL;
    enum xcy_status status = call(aws, "DynamoDB_20120810.Scan", input, &answer, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_json *found = xcy_json_new_array();
    const struct xcy_json *items = xcy_json_get(answer, "Items");
    for (const struct xcy_json *i = xcy_json_first(items); i; i = xcy_json_next(i)) {
        const char *key = xcy_json_get_string(xcy_json_get(i, key_name), "S", NULL);
        if (key) {
            xcy_json_append(found, xcy_json_new_string(key));
        }
    }
    *keys = found;
    *next = key_text(xcy_json_get(answer, "LastEvaluatedKey"), key_name);
    xcy_json_free(answer);
    return XCY_OK;
}

enum xcy_status xcy_dynamodb_size(const struct xcy_aws *aws, const char *table,
                                  struct xcy_dynamodb_size *size, struct xcy_error *err)
{
    struct xcy_json *answer = NULL;
    enum xcy_status status =
        call(aws, "DynamoDB_20120810.DescribeTable", input_for(table), &answer, err);
    if (status != XCY_OK) {
        return status;
    }
    const struct xcy_json *found = xcy_json_get(answer, "Table");
    struct xcy_dynamodb_size got = {.items = xcy_json_get_int64(found, "ItemCount", -1),
                                    .bytes = xcy_json_get_int64(found, "TableSizeBytes", -1)};
    if (got.items < 0 || got.bytes < 0) {
        status = xcy_fail(err, XCY_EREMOTE,
                          "DynamoDB DescribeTable: the answer has no ItemCount or TableSizeBytes");
    } else {
        *size = got;
    }
    xcy_json_free(answer);
    return status;
}
