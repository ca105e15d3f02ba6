#include "sandbox/services/dynamodb_request.h"

#include "common/base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_ANSWER_BYTES = 16 << 20 };

struct xcy_dynamodb_request *xcy_dynamodb_request_new(struct xcy_dynamodb_tables *tables,
                                                      const char *account, struct xcy_call *call,
                                                      struct xcy_json *input)
{
    struct xcy_dynamodb_request *r = xcy_alloc(sizeof *r);
    r->tables = tables;
    r->account = account;
    r->call = call;
    r->input = input;
    r->has_region = xcy_dynamodb_tables_region(tables, call->region, &r->region);
    xcy_buf_init(&r->out, MAX_ANSWER_BYTES);
    return r;
}

void xcy_dynamodb_request_free(struct xcy_dynamodb_request *r)
{
    for (size_t i = 0; i < r->n_writes; i++) {
        free(r->writes[i].key);
        xcy_dynamodb_item_release(r->writes[i].item);
    }
    xcy_dynamodb_projection_clear(&r->projection);
    xcy_buf_clear(&r->out);
    xcy_json_free(r->input);
    free(r->key);
    free(r);
}

bool xcy_dynamodb_fail(struct xcy_dynamodb_request *r, const char *code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(r->fault.message, sizeof r->fault.message, fmt, args);
    va_end(args);
    r->fault.code = code;
    return false;
}

struct xcy_dynamodb_table *xcy_dynamodb_request_find(struct xcy_dynamodb_request *r,
                                                     const char *name)
{
    struct xcy_dynamodb_table *table =
        r->has_region ? xcy_dynamodb_tables_find(r->tables, name) : NULL;
    if (!table) {
        xcy_dynamodb_fail(r, "ResourceNotFoundException",
                          "Requested resource not found: Table: %.100s not found", name);
    }
    return table;
}

bool xcy_dynamodb_request_table(struct xcy_dynamodb_request *r)
{
    const char *name = xcy_json_get_string(r->input, "TableName", "");
    if (!name[0]) {
        return xcy_dynamodb_fail(r, "ValidationException",
                                 "1 validation error detected: Value null at 'tableName' failed to "
                                 "satisfy constraint: Member must not be null");
    }
    r->table = xcy_dynamodb_request_find(r, name);
    return r->table != NULL;
}

bool xcy_dynamodb_request_refuse(struct xcy_dynamodb_request *r, const char *const members[],
                                 size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (xcy_json_get(r->input, members[i])) {
            return xcy_dynamodb_fail(r, "ValidationException", "The sandbox does not know %s.",
                                     members[i]);
        }
    }
    return true;
}
