#ifndef XCY_SANDBOX_SERVICES_DYNAMODB_ITEM_H
#define XCY_SANDBOX_SERVICES_DYNAMODB_ITEM_H

/*
 * dynamodb_item.h - an item as it was written: immutable, shared by those who read it, its
 * attributes already in the text of the answer, so that a read copies and builds nothing.
 *
 * Memory:   counted; the last xcy_dynamodb_item_release frees it.
 * Threads:  safe.
 */

#include "common/data/json.h"

#include <stddef.h>

enum { XCY_DYNAMODB_MAX_ITEM_BYTES = 400 * 1024, XCY_DYNAMODB_MAX_KEY_BYTES = 2048 };

struct xcy_dynamodb_item;

/* From an object of attribute values. NULL: reason (200 bytes) says what is wrong. */
struct xcy_dynamodb_item *xcy_dynamodb_item_new(const struct xcy_json *attributes,
                                                char reason[200]);
struct xcy_dynamodb_item *xcy_dynamodb_item_hold(struct xcy_dynamodb_item *item);
void xcy_dynamodb_item_release(void *held); /* NULL is allowed */

/* Names and values, as DynamoDB counts them. */
size_t xcy_dynamodb_item_bytes(const struct xcy_dynamodb_item *item);

/* Whether both have the same attributes with the same values. */
bool xcy_dynamodb_item_equal(const struct xcy_dynamodb_item *a, const struct xcy_dynamodb_item *b);

/* The item as JSON; of n names only those, or all when names is NULL. */
void xcy_dynamodb_item_format(const struct xcy_dynamodb_item *item, char *const names[], size_t n,
                              struct xcy_buf *out);

/* The text of the key attribute, borrowed from the object; NULL: reason says what is wrong. With
 * is_key the object must hold nothing else. */
const char *xcy_dynamodb_key_of(const struct xcy_json *attributes, const char *key_name,
                                bool is_key, char reason[200]);

#endif
