#include "common/base/mem.h"
#include "sandbox/services/dynamodb_operations.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LISTED = 100 };

static void put_key_schema(struct xcy_json *table, const char *key_name)
{
    struct xcy_json *key = xcy_json_append_object(xcy_json_put_array(table, "KeySchema"));
    xcy_json_put_string(key, "AttributeName", key_name);
    xcy_json_put_string(key, "KeyType", "HASH");
    struct xcy_json *type =
        xcy_json_append_object(xcy_json_put_array(table, "AttributeDefinitions"));
    xcy_json_put_string(type, "AttributeName", key_name);
    xcy_json_put_string(type, "AttributeType", "S");
}

/* A global table names the other regions that hold it. */
static void put_replicas(const struct xcy_dynamodb_request *r, struct xcy_json *table)
{
    const struct xcy_dynamodb_world *world = xcy_dynamodb_tables_world(r->tables);
    if (world->n_regions < 2) {
        return;
    }
    struct xcy_json *other = xcy_json_append_object(xcy_json_put_array(table, "Replicas"));
    xcy_json_put_string(other, "RegionName", world->regions[1 - r->region]);
    xcy_json_put_string(other, "ReplicaStatus", "ACTIVE");
    xcy_json_put_string(table, "GlobalTableVersion", "2019.11.21");
}

static void put_stream(const struct xcy_dynamodb_request *r, struct xcy_json *table)
{
    const struct xcy_dynamodb_stream *stream = xcy_dynamodb_table_stream(r->table, r->region);
    if (!stream) {
        return;
    }
    struct xcy_json *specification = xcy_json_put_object(table, "StreamSpecification");
    xcy_json_put_bool(specification, "StreamEnabled", true);
    xcy_json_put_string(specification, "StreamViewType", xcy_dynamodb_stream_view(stream)->name);
    xcy_json_put_string(table, "LatestStreamLabel", xcy_dynamodb_stream_label(stream));
    xcy_json_put_string(table, "LatestStreamArn", xcy_dynamodb_stream_arn(stream));
}

/* AWS counts items and bytes every six hours; here they are those of now. */
static void describe(struct xcy_dynamodb_request *r, const char *root_name)
{
    const char *name = xcy_dynamodb_table_name(r->table);
    struct xcy_dynamodb_sums sums = xcy_dynamodb_table_sums(r->table);
    struct xcy_json *root = xcy_json_new_object();
    struct xcy_json *table = xcy_json_put_object(root, root_name);
    char *arn = xcy_format("arn:aws:dynamodb:%s:%s:table/%s", r->call->region, r->account, name);
    xcy_json_put_string(table, "TableName", name);
    xcy_json_put_string(table, "TableArn", arn);
    xcy_json_put_string(table, "TableId", xcy_dynamodb_table_id(r->table));
    xcy_json_put_string(table, "TableStatus", "ACTIVE");
    xcy_json_put_number(table, "CreationDateTime",
                        (double)xcy_wall_us(xcy_dynamodb_table_created(r->table)) / 1e6);
    put_key_schema(table, xcy_dynamodb_table_key_name(r->table));
    xcy_json_put_int64(table, "ItemCount", sums.items);
    xcy_json_put_int64(table, "TableSizeBytes", sums.bytes);
    xcy_json_put_string(xcy_json_put_object(table, "BillingModeSummary"), "BillingMode",
                        "PAY_PER_REQUEST");
    put_replicas(r, table);
    put_stream(r, table);
    xcy_json_format(root, false, &r->out);
    xcy_json_free(root);
    free(arn);
}

bool xcy_dynamodb_describe_prepare(struct xcy_dynamodb_request *r)
{
    return xcy_dynamodb_request_table(r);
}

void xcy_dynamodb_describe_decide(struct xcy_dynamodb_request *r)
{
    describe(r, "Table");
}

static bool check_name(struct xcy_dynamodb_request *r, const char *name)
{
    static const char characters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    size_t n = strlen(name);
    return (n >= 3 && n <= 255 && strspn(name, characters) == n) ||
           xcy_dynamodb_fail(r, "ValidationException",
                             "TableName must be at least 3 characters long and at most 255 "
                             "characters long, of the characters a-z A-Z 0-9 _ . -");
}

static bool read_stream(struct xcy_dynamodb_request *r)
{
    const struct xcy_json *wanted = xcy_json_get(r->input, "StreamSpecification");
    if (!xcy_json_get_bool(wanted, "StreamEnabled", false)) {
        return true;
    }
    r->view = xcy_dynamodb_view_find(xcy_json_get_string(wanted, "StreamViewType", ""));
    return r->view || xcy_dynamodb_fail(r, "ValidationException",
                                        "StreamViewType must be KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or "
                                        "NEW_AND_OLD_IMAGES");
}

bool xcy_dynamodb_create_prepare(struct xcy_dynamodb_request *r)
{
    const struct xcy_json *schema = xcy_json_get(r->input, "KeySchema");
    const struct xcy_json *key = xcy_json_first(schema);
    const struct xcy_json *type = xcy_json_first(xcy_json_get(r->input, "AttributeDefinitions"));
    const char *key_name = xcy_json_get_string(key, "AttributeName", "");
    if (!check_name(r, xcy_json_get_string(r->input, "TableName", ""))) {
        return false;
    }
    if (!r->has_region) {
        return xcy_dynamodb_fail(r, "ValidationException",
                                 "The sandbox has tables in its two regions only.");
    }
    if (xcy_json_size(schema) != 1 || !key_name[0] ||
        strcmp(xcy_json_get_string(key, "KeyType", ""), "HASH") != 0 ||
        strcmp(xcy_json_get_string(type, "AttributeName", ""), key_name) != 0 ||
        strcmp(xcy_json_get_string(type, "AttributeType", ""), "S") != 0) {
        return xcy_dynamodb_fail(r, "ValidationException",
                                 "The sandbox's tables have one HASH key of type S and no other "
                                 "defined attribute.");
    }
    r->key = xcy_strdup(key_name);
    return read_stream(r);
}

void xcy_dynamodb_create_decide(struct xcy_dynamodb_request *r)
{
    const char *name = xcy_json_get_string(r->input, "TableName", "");
    if (!xcy_dynamodb_tables_add(r->tables, name, r->key, r->view)) {
        xcy_dynamodb_fail(r, "ResourceInUseException", "Table already exists: %.100s", name);
        return;
    }
    r->table = xcy_dynamodb_tables_find(r->tables, name);
    describe(r, "TableDescription");
}

bool xcy_dynamodb_list_prepare(struct xcy_dynamodb_request *r)
{
    const struct xcy_json *limit = xcy_json_get(r->input, "Limit");
    r->limit = MAX_LISTED;
    return !limit ||
           (xcy_json_int64(limit, &r->limit) && r->limit >= 1 && r->limit <= MAX_LISTED) ||
           xcy_dynamodb_fail(r, "ValidationException", "Limit must be 1 to %d", MAX_LISTED);
}

void xcy_dynamodb_list_decide(struct xcy_dynamodb_request *r)
{
    struct xcy_json *root = xcy_json_new_object();
    struct xcy_json *names = xcy_json_put_array(root, "TableNames");
    const char *last = xcy_json_get_string(r->input, "ExclusiveStartTableName", NULL);
    const struct xcy_dynamodb_table *table =
        r->has_region ? xcy_dynamodb_tables_next(r->tables, last) : NULL;
    int64_t n = 0;
    for (; table && n < r->limit; table = xcy_dynamodb_tables_next(r->tables, last)) {
        last = xcy_dynamodb_table_name(table);
        xcy_json_append(names, xcy_json_new_string(last));
        n++;
    }
    if (table) {
        xcy_json_put_string(root, "LastEvaluatedTableName", last);
    }
    xcy_json_format(root, false, &r->out);
    xcy_json_free(root);
}
