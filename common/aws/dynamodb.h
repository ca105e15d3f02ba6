#ifndef XCY_AWS_DYNAMODB_H
#define XCY_AWS_DYNAMODB_H

/*
 * dynamodb.h - the DynamoDB operations that posts need: items of string attributes.
 *
 * Bounds:   an item is at most 400 KB (names and values).
 * Threads:  as the xcy_aws given.
 */

#include "common/aws/request.h"

struct xcy_dynamodb_attribute {
    const char *name;
    const char *value;
};

enum xcy_status xcy_dynamodb_put(const struct xcy_aws *aws, const char *table,
                                 const struct xcy_dynamodb_attribute *attributes, size_t n,
                                 struct xcy_error *err) XCY_MUST_USE;

/* *item (owned by the caller) is an object name -> string, or NULL when there is no such item.
 * projection: NULL for all attributes, or one attribute's name. */
enum xcy_status xcy_dynamodb_get(const struct xcy_aws *aws, const char *table, const char *key_name,
                                 const char *key, bool strong, const char *projection,
                                 struct xcy_json **item, struct xcy_error *err) XCY_MUST_USE;

enum xcy_status xcy_dynamodb_delete(const struct xcy_aws *aws, const char *table,
                                    const char *key_name, const char *key,
                                    struct xcy_error *err) XCY_MUST_USE;

/* One page of the keys in a table (a strong Scan); *next is NULL after the last page. start may be
 * NULL. Texts are owned by the caller: keys is an array value of strings. */
enum xcy_status xcy_dynamodb_scan_keys(const struct xcy_aws *aws, const char *table,
                                       const char *key_name, const char *start,
                                       struct xcy_json **keys, char **next,
                                       struct xcy_error *err) XCY_MUST_USE;

struct xcy_dynamodb_size {
    int64_t items;
    int64_t bytes;
};
/* DescribeTable's ItemCount and TableSizeBytes (AWS refreshes them every six hours). */
enum xcy_status xcy_dynamodb_size(const struct xcy_aws *aws, const char *table,
                                  struct xcy_dynamodb_size *size,
                                  struct xcy_error *err) XCY_MUST_USE;

#endif
