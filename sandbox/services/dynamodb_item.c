#include "sandbox/services/dynamodb_item.h"

#include "common/base/mem.h"
#include "sandbox/services/dynamodb_value.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Twelve times what counts: a value in a map may add one byte to the item and `"":{"S":""},` here. */
enum { MAX_MEMBER_BYTES = 16 * XCY_DYNAMODB_MAX_ITEM_BYTES };

struct attribute {
    char *name;
    char *member; /* "name":{"S":"…"} */
    size_t member_bytes;
};

struct xcy_dynamodb_item {
    atomic_size_t n_holders;
    size_t bytes;
    size_t n;
    struct attribute attributes[];
};

static struct attribute attribute_of(const struct xcy_json *value)
{
    struct attribute a = {.name = xcy_strdup(xcy_json_name(value))};
    struct xcy_buf member;
    xcy_buf_init(&member, MAX_MEMBER_BYTES);
    struct xcy_json *name = xcy_json_new_string(a.name);
    xcy_json_format(name, false, &member);
    xcy_json_free(name);
    xcy_buf_add_char(&member, ':');
    xcy_json_format(value, false, &member);
    a.member_bytes = member.len;
    a.member = xcy_buf_take(&member);
    return a;
}

static bool measure(const struct xcy_json *attributes, size_t *bytes, char reason[200])
{
    if (xcy_json_kind(attributes) != XCY_JSON_OBJECT) {
        snprintf(reason, 200, "The item must be an object of attribute values");
        return false;
    }
    *bytes = 0;
    for (const struct xcy_json *one = xcy_json_first(attributes); one; one = xcy_json_next(one)) {
        *bytes += strlen(xcy_json_name(one));
        if (!xcy_dynamodb_value_check(one, bytes, reason)) {
            return false;
        }
    }
    if (*bytes > XCY_DYNAMODB_MAX_ITEM_BYTES) {
        snprintf(reason, 200, "Item size has exceeded the maximum allowed size");
        return false;
    }
    return true;
}

struct xcy_dynamodb_item *xcy_dynamodb_item_new(const struct xcy_json *attributes, char reason[200])
{
    size_t bytes;
    if (!measure(attributes, &bytes, reason)) {
        return NULL;
    }
    size_t n = xcy_json_size(attributes);
    struct xcy_dynamodb_item *item = xcy_alloc(sizeof *item + n * sizeof item->attributes[0]);
    atomic_init(&item->n_holders, 1);
    item->bytes = bytes;
    for (const struct xcy_json *one = xcy_json_first(attributes); one; one = xcy_json_next(one)) {
        item->attributes[item->n++] = attribute_of(one);
    }
    return item;
}

struct xcy_dynamodb_item *xcy_dynamodb_item_hold(struct xcy_dynamodb_item *item)
{
    atomic_fetch_add(&item->n_holders, 1);
    return item;
}

void xcy_dynamodb_item_release(void *held)
{
    struct xcy_dynamodb_item *item = held;
    if (!item || atomic_fetch_sub(&item->n_holders, 1) > 1) {
        return;
    }
    for (size_t i = 0; i < item->n; i++) {
        free(item->attributes[i].name);
        free(item->attributes[i].member);
    }
    free(item);
}

size_t xcy_dynamodb_item_bytes(const struct xcy_dynamodb_item *item)
{
    return item->bytes;
}

static bool has_attribute(const struct xcy_dynamodb_item *item, const struct attribute *wanted)
{
    for (size_t i = 0; i < item->n; i++) {
        const struct attribute *a = &item->attributes[i];
        if (a->member_bytes == wanted->member_bytes &&
            memcmp(a->member, wanted->member, a->member_bytes) == 0) {
            return true;
        }
    }
    return false;
}

bool xcy_dynamodb_item_equal(const struct xcy_dynamodb_item *a, const struct xcy_dynamodb_item *b)
{
    bool is_equal = a->n == b->n && a->bytes == b->bytes;
    for (size_t i = 0; is_equal && i < a->n; i++) {
        is_equal = has_attribute(b, &a->attributes[i]);
    }
    return is_equal;
}

static bool is_named(const char *name, char *const names[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

void xcy_dynamodb_item_format(const struct xcy_dynamodb_item *item, char *const names[], size_t n,
                              struct xcy_buf *out)
{
    xcy_buf_add_char(out, '{');
    bool is_first = true;
    for (size_t i = 0; i < item->n; i++) {
        const struct attribute *a = &item->attributes[i];
        if (!names || is_named(a->name, names, n)) {
            xcy_buf_add_text(out, is_first ? "" : ",");
            xcy_buf_add(out, xcy_bytes(a->member, a->member_bytes));
            is_first = false;
        }
    }
    xcy_buf_add_char(out, '}');
}

const char *xcy_dynamodb_key_of(const struct xcy_json *attributes, const char *key_name,
                                bool is_key, char reason[200])
{
    const struct xcy_json *value = xcy_json_get(attributes, key_name);
    if (is_key && (!value || xcy_json_size(attributes) != 1 || xcy_json_size(value) != 1 ||
                   !xcy_json_get(value, "S"))) {
        snprintf(reason, 200, "The provided key element does not match the schema");
        return NULL;
    }
    if (!value) {
        snprintf(reason, 200,
                 "One or more parameter values were invalid: Missing the key %.80s in the item",
                 key_name);
        return NULL;
    }
    const char *text = xcy_json_get_string(value, "S", NULL);
    if (!text) {
        const char *actual = xcy_json_name(xcy_json_first(value));
        snprintf(reason, 200,
                 "One or more parameter values were invalid: Type mismatch for key %.60s expected: "
                 "S actual: %.8s",
                 key_name, actual ? actual : "?");
        return NULL;
    }
    if (!text[0] || strlen(text) > XCY_DYNAMODB_MAX_KEY_BYTES) {
        snprintf(reason, 200,
                 "One or more parameter values are not valid. The AttributeValue for a key "
                 "attribute must have 1 to %d bytes. Key: %.60s",
                 XCY_DYNAMODB_MAX_KEY_BYTES, key_name);
        return NULL;
    }
    return text;
}
