#ifndef XCY_SANDBOX_SERVICES_DYNAMODB_TABLES_H
#define XCY_SANDBOX_SERVICES_DYNAMODB_TABLES_H

/*
 * dynamodb_tables.h - all tables of the two regions. A table is never taken away, so that a
 * request on its way may keep a pointer to it.
 *
 * Threads:  safe.
 */

#include "sandbox/services/dynamodb_table.h"

struct xcy_dynamodb_tables;

struct xcy_dynamodb_tables *xcy_dynamodb_tables_new(const struct xcy_dynamodb_world *world);
void xcy_dynamodb_tables_free(struct xcy_dynamodb_tables *tables);

/* The index of a region; false if it is neither of the two. */
bool xcy_dynamodb_tables_region(const struct xcy_dynamodb_tables *tables, const char *region,
                                size_t *index);
const struct xcy_dynamodb_world *xcy_dynamodb_tables_world(const struct xcy_dynamodb_tables *t);

struct xcy_dynamodb_table *xcy_dynamodb_tables_find(struct xcy_dynamodb_tables *tables,
                                                    const char *name); /* or NULL */
/* False: one of this name is there. stream: as xcy_dynamodb_table_new. */
bool xcy_dynamodb_tables_add(struct xcy_dynamodb_tables *tables, const char *name,
                             const char *key_name, const struct xcy_dynamodb_view *stream);
/* The table whose name follows `after` (NULL: the first), or NULL. */
struct xcy_dynamodb_table *xcy_dynamodb_tables_next(struct xcy_dynamodb_tables *tables,
                                                    const char *after);

#endif
