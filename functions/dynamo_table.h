#ifndef XCY_FUNCTIONS_DYNAMO_TABLE_H
#define XCY_FUNCTIONS_DYNAMO_TABLE_H

/*
 * dynamo_table.h - a DynamoDB table with the string key "key", as posts and notifications use it.
 *
 * Memory:   an open table is freed with free().
 * Threads:  as the backend's.
 * Failure:  XCY_ENOTFOUND when there is no such table; XCY_ETIMEOUT when the function's time is up
 *           before all is deleted.
 */

#include "functions/backend.h"

/* DynamoDB's own limit, names included. */
enum { XCY_DYNAMO_ITEM_BYTES = 400 * 1024 };

struct xcy_dynamo_table {
    const struct xcy_backend_place *place;
    const char *name;
};

/* *state becomes a struct xcy_dynamo_table. The name is borrowed from the environment. */
enum xcy_status xcy_dynamo_table_open(const struct xcy_backend_place *place, const char *name,
                                      void **state, struct xcy_error *err) XCY_MUST_USE;

/* A backend's clean: deletes all items, and returns once a whole scan finds none. */
enum xcy_status xcy_dynamo_table_clean(void *state, struct xcy_error *err) XCY_MUST_USE;

/* A backend's count: one page of a strong scan tells whether there is anything, where the table's own
 * item count may be six hours old. */
enum xcy_status xcy_dynamo_table_count(void *state, int64_t *items,
                                       struct xcy_error *err) XCY_MUST_USE;

#endif
