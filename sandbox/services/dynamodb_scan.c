#include "common/base/mem.h"
#include "sandbox/services/dynamodb_operations.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PAGE_BYTES = 1 << 20, MAX_PAGE_TEXT_BYTES = 6 << 20 };

static const char *const unknown_members[] = {
    "FilterExpression", "ScanFilter", "IndexName", "Segment", "TotalSegments",
};

static bool read_start(struct xcy_dynamodb_request *r)
{
    const struct xcy_json *start = xcy_json_get(r->input, "ExclusiveStartKey");
    char reason[200];
    if (!start || xcy_json_kind(start) == XCY_JSON_NULL) {
        return true;
    }
    const char *key =
        xcy_dynamodb_key_of(start, xcy_dynamodb_table_key_name(r->table), true, reason);
    if (!key) {
        return xcy_dynamodb_fail(r, "ValidationException", "The provided starting key is invalid");
    }
    r->key = xcy_strdup(key);
    return true;
}

static bool read_limit(struct xcy_dynamodb_request *r)
{
    const struct xcy_json *limit = xcy_json_get(r->input, "Limit");
    if (limit && (!xcy_json_int64(limit, &r->limit) || r->limit < 1)) {
        return xcy_dynamodb_fail(r, "ValidationException",
                                 "1 validation error detected: Value at 'limit' failed to satisfy "
                                 "constraint: Member must have value greater than or equal to 1");
    }
    return true;
}

bool xcy_dynamodb_scan_prepare(struct xcy_dynamodb_request *r)
{
    char reason[200];
    if (!xcy_dynamodb_request_table(r) || !read_start(r) || !read_limit(r) ||
        !xcy_dynamodb_request_refuse(r, unknown_members,
                                     sizeof unknown_members / sizeof *unknown_members)) {
        return false;
    }
    if (!xcy_dynamodb_projection_read(r->input, &r->projection, reason)) {
        return xcy_dynamodb_fail(r, "ValidationException", "%s", reason);
    }
    r->strong = xcy_json_get_bool(r->input, "ConsistentRead", false);
    r->wants_count_only = strcmp(xcy_json_get_string(r->input, "Select", ""), "COUNT") == 0;
    return true;
}

struct page {
    struct xcy_dynamodb_request *r;
    int64_t n;
    size_t bytes;
    char *last; /* set when the page ended before the table */
};

/* As DynamoDB: a page ends with the item that reaches its limit, and then names the last key even if
 * no item follows. Items of many tiny values are long for what they count, so the text has a limit,
 * too: an answer must hold a page and one item more. */
static bool add_item(void *ctx, const char *key, const struct xcy_dynamodb_item *item)
{
    struct page *page = ctx;
    struct xcy_dynamodb_request *r = page->r;
    if (!r->wants_count_only) {
        xcy_buf_add_text(&r->out, page->n > 0 ? "," : "");
        xcy_dynamodb_item_format(item, r->projection.names, r->projection.n, &r->out);
    }
    page->n++;
    page->bytes += xcy_dynamodb_item_bytes(item);
    if (page->n == r->limit || page->bytes >= MAX_PAGE_BYTES || r->out.len >= MAX_PAGE_TEXT_BYTES) {
        page->last = xcy_strdup(key);
        return false;
    }
    return true;
}

static void add_last_key(struct xcy_dynamodb_request *r, const char *key)
{
    struct xcy_json *last = xcy_json_new_object();
    xcy_json_put_string(xcy_json_put_object(last, xcy_dynamodb_table_key_name(r->table)), "S", key);
    xcy_buf_add_text(&r->out, ",\"LastEvaluatedKey\":");
    xcy_json_format(last, false, &r->out);
    xcy_json_free(last);
}

void xcy_dynamodb_scan_decide(struct xcy_dynamodb_request *r)
{
    struct page page = {.r = r};
    xcy_buf_add_text(&r->out, r->wants_count_only ? "{" : "{\"Items\":[");
    xcy_dynamodb_table_walk(r->table, r->region, r->key, r->strong, add_item, &page);
    xcy_buf_addf(&r->out, "%s\"Count\":%" PRId64 ",\"ScannedCount\":%" PRId64,
                 r->wants_count_only ? "" : "],", page.n, page.n);
    if (page.last) {
        add_last_key(r, page.last);
    }
    xcy_buf_add_char(&r->out, '}');
    free(page.last);
}
