#include "common/base/mem.h"
#include "sandbox/services/dynamodb_operations.h"

#include <stdio.h>
#include <string.h>

static const char invalid[] = "ValidationException";

static const char *const unknown_in_writes[] = {
    "ConditionExpression",
    "Expected",
    "ConditionalOperator",
    "ReturnItemCollectionMetrics",
};

static bool read_return_values(struct xcy_dynamodb_request *r)
{
    const char *wanted = xcy_json_get_string(r->input, "ReturnValues", "NONE");
    r->wants_old = strcmp(wanted, "ALL_OLD") == 0;
    return r->wants_old || strcmp(wanted, "NONE") == 0 ||
           xcy_dynamodb_fail(r, invalid, "ReturnValues can only be ALL_OLD or NONE");
}

static bool add_write(struct xcy_dynamodb_request *r, struct xcy_dynamodb_table *table,
                      const char *key, struct xcy_dynamodb_item *item)
{
    r->writes[r->n_writes++] =
        (struct xcy_dynamodb_write){.table = table, .key = xcy_strdup(key), .item = item};
    return true;
}

static bool add_put(struct xcy_dynamodb_request *r, struct xcy_dynamodb_table *table,
                    const struct xcy_json *attributes)
{
    char reason[200];
    struct xcy_dynamodb_item *item = xcy_dynamodb_item_new(attributes, reason);
    const char *key =
        item ? xcy_dynamodb_key_of(attributes, xcy_dynamodb_table_key_name(table), false, reason)
             : NULL;
    if (!key) {
        xcy_dynamodb_item_release(item);
        return xcy_dynamodb_fail(r, invalid, "%s", reason);
    }
    return add_write(r, table, key, item);
}

static bool add_delete(struct xcy_dynamodb_request *r, struct xcy_dynamodb_table *table,
                       const struct xcy_json *key_attributes)
{
    char reason[200];
    const char *key =
        xcy_dynamodb_key_of(key_attributes, xcy_dynamodb_table_key_name(table), true, reason);
    return key ? add_write(r, table, key, NULL) : xcy_dynamodb_fail(r, invalid, "%s", reason);
}

static bool begin_write(struct xcy_dynamodb_request *r)
{
    return xcy_dynamodb_request_table(r) &&
           xcy_dynamodb_request_refuse(r, unknown_in_writes,
                                       sizeof unknown_in_writes / sizeof *unknown_in_writes) &&
           read_return_values(r);
}

bool xcy_dynamodb_put_prepare(struct xcy_dynamodb_request *r)
{
    return begin_write(r) && add_put(r, r->table, xcy_json_get(r->input, "Item"));
}

bool xcy_dynamodb_delete_prepare(struct xcy_dynamodb_request *r)
{
    return begin_write(r) && add_delete(r, r->table, xcy_json_get(r->input, "Key"));
}

/* The item is the table's from now on. */
static struct xcy_dynamodb_item *do_write(struct xcy_dynamodb_request *r,
                                          struct xcy_dynamodb_write *write)
{
    struct xcy_dynamodb_item *item = write->item;
    write->item = NULL;
    return xcy_dynamodb_table_write(write->table, r->region, write->key, item);
}

void xcy_dynamodb_write_decide(struct xcy_dynamodb_request *r)
{
    struct xcy_dynamodb_item *old = do_write(r, &r->writes[0]);
    xcy_buf_add_char(&r->out, '{');
    if (old && r->wants_old) {
        xcy_buf_add_text(&r->out, "\"Attributes\":");
        xcy_dynamodb_item_format(old, NULL, 0, &r->out);
    }
    xcy_buf_add_char(&r->out, '}');
    xcy_dynamodb_item_release(old);
}

/* {"PutRequest": {"Item": …}} or {"DeleteRequest": {"Key": …}} */
static bool add_batch_write(struct xcy_dynamodb_request *r, struct xcy_dynamodb_table *table,
                            const struct xcy_json *request)
{
    const struct xcy_json *put = xcy_json_get(request, "PutRequest");
    const struct xcy_json *removal = xcy_json_get(request, "DeleteRequest");
    if (r->n_writes == XCY_DYNAMODB_MAX_WRITES) {
        return xcy_dynamodb_fail(r, invalid,
                                 "Too many items requested for the BatchWriteItem call");
    }
    if ((put != NULL) == (removal != NULL)) {
        return xcy_dynamodb_fail(r, invalid,
                                 "Supplied AttributeValue has more than one datatypes set, must "
                                 "contain exactly one of PutRequest and DeleteRequest");
    }
    return put ? add_put(r, table, xcy_json_get(put, "Item"))
               : add_delete(r, table, xcy_json_get(removal, "Key"));
}

static bool check_distinct(struct xcy_dynamodb_request *r)
{
    for (size_t i = 0; i < r->n_writes; i++) {
        for (size_t k = 0; k < i; k++) {
            if (r->writes[i].table == r->writes[k].table &&
                strcmp(r->writes[i].key, r->writes[k].key) == 0) {
                return xcy_dynamodb_fail(r, invalid,
                                         "Provided list of item keys contains duplicates");
            }
        }
    }
    return true;
}

bool xcy_dynamodb_batch_prepare(struct xcy_dynamodb_request *r)
{
    const struct xcy_json *tables = xcy_json_get(r->input, "RequestItems");
    for (const struct xcy_json *list = xcy_json_first(tables); list; list = xcy_json_next(list)) {
        struct xcy_dynamodb_table *table = xcy_dynamodb_request_find(r, xcy_json_name(list));
        if (!table) {
            return false;
        }
        for (const struct xcy_json *one = xcy_json_first(list); one; one = xcy_json_next(one)) {
            if (!add_batch_write(r, table, one)) {
                return false;
            }
        }
    }
    if (r->n_writes == 0) {
        return xcy_dynamodb_fail(r, invalid,
                                 "1 validation error detected: Value at 'requestItems' failed to "
                                 "satisfy constraint: there must be at least one request");
    }
    return check_distinct(r);
}

void xcy_dynamodb_batch_decide(struct xcy_dynamodb_request *r)
{
    for (size_t i = 0; i < r->n_writes; i++) {
        xcy_dynamodb_item_release(do_write(r, &r->writes[i]));
    }
    xcy_buf_add_text(&r->out, "{\"UnprocessedItems\":{}}");
}

bool xcy_dynamodb_get_prepare(struct xcy_dynamodb_request *r)
{
    char reason[200];
    if (!xcy_dynamodb_request_table(r)) {
        return false;
    }
    const char *key = xcy_dynamodb_key_of(xcy_json_get(r->input, "Key"),
                                          xcy_dynamodb_table_key_name(r->table), true, reason);
    if (!key || !xcy_dynamodb_projection_read(r->input, &r->projection, reason)) {
        return xcy_dynamodb_fail(r, invalid, "%s", reason);
    }
    r->key = xcy_strdup(key);
    r->strong = xcy_json_get_bool(r->input, "ConsistentRead", false);
    return true;
}

void xcy_dynamodb_get_decide(struct xcy_dynamodb_request *r)
{
    struct xcy_dynamodb_item *item =
        xcy_dynamodb_table_read(r->table, r->region, r->key, r->strong);
    xcy_buf_add_char(&r->out, '{');
    if (item) {
        xcy_buf_add_text(&r->out, "\"Item\":");
        xcy_dynamodb_item_format(item, r->projection.names, r->projection.n, &r->out);
    }
    xcy_buf_add_char(&r->out, '}');
    xcy_dynamodb_item_release(item);
}
