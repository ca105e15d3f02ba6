/* fuzz_dynamodb_item.c - an item that is accepted is answered as a text that is the same item, of
 * the same size. The same text is tried as a key and as a read's projection. */

#include "sandbox/services/dynamodb_item.h"
#include "sandbox/services/dynamodb_projection.h"
#include "tests/fuzz/fuzz.h"

enum { MAX_ITEM_TEXT = 64 << 20 };

static void check_same(struct xcy_dynamodb_item *item, struct xcy_bytes text)
{
    struct xcy_error err;
    struct xcy_json *root = NULL;
    char reason[200] = "";
    struct xcy_buf text_again;
    xcy_buf_init(&text_again, MAX_ITEM_TEXT);
    enum xcy_status status = xcy_json_parse(text, &root, &err);
    xcy_assert(status == XCY_OK);
    struct xcy_dynamodb_item *again = xcy_dynamodb_item_new(root, reason);
    xcy_assert(again && xcy_dynamodb_item_bytes(again) == xcy_dynamodb_item_bytes(item));
    xcy_dynamodb_item_format(again, NULL, 0, &text_again);
    xcy_assert(xcy_bytes_equal(text, xcy_buf_bytes(&text_again)));
    xcy_buf_clear(&text_again);
    xcy_dynamodb_item_release(again);
    xcy_json_free(root);
}

static void try_item(const struct xcy_json *root)
{
    char reason[200] = "";
    struct xcy_buf text;
    struct xcy_dynamodb_item *item = xcy_dynamodb_item_new(root, reason);
    if (!item) {
        xcy_assert(reason[0] != '\0');
        return;
    }
    xcy_assert(xcy_dynamodb_item_bytes(item) <= XCY_DYNAMODB_MAX_ITEM_BYTES);
    xcy_buf_init(&text, MAX_ITEM_TEXT);
    xcy_dynamodb_item_format(item, NULL, 0, &text);
    check_same(item, xcy_buf_bytes(&text));
    xcy_buf_clear(&text);
    xcy_dynamodb_item_release(item);
}

static void try_read(const struct xcy_json *root)
{
    char reason[200] = "";
    struct xcy_dynamodb_projection projection;
    if (xcy_dynamodb_projection_read(root, &projection, reason)) {
        xcy_assert(reason[0] == '\0');
        xcy_dynamodb_projection_clear(&projection);
    } else {
        xcy_assert(reason[0] != '\0');
    }
}

static void try_key(const struct xcy_json *root, bool is_key)
{
    char reason[200] = "";
    const char *key = xcy_dynamodb_key_of(root, "k", is_key, reason);
    xcy_assert((key != NULL) == (reason[0] == '\0'));
    xcy_assert(!key || (key[0] && strlen(key) <= XCY_DYNAMODB_MAX_KEY_BYTES));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xcy_error err;
    struct xcy_json *root = NULL;
    if (xcy_json_parse(xcy_bytes((const char *)data, size), &root, &err) == XCY_OK) {
        try_item(root);
        try_read(root);
        try_key(root, true);
        try_key(root, false);
        xcy_json_free(root);
    }
    return 0;
}
