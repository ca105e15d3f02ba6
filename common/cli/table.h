#ifndef XCY_CLI_TABLE_H
#define XCY_CLI_TABLE_H

/*
 * table.h - results for people: columns aligned by their widest cell (UTF-8 counted by
 * code points), numbers to the right, at most as wide as needed.
 *
 * Memory:   cells are copied.
 */

#include "common/base/buf.h"

struct xcy_table;

/* columns: one character a column, 'l' or 'r'. */
struct xcy_table *xcy_table_new(const char *columns);
void xcy_table_free(struct xcy_table *table);
void xcy_table_add_cell(struct xcy_table *table, const char *fmt, ...) XCY_PRINTF(2, 3);
/* A cell with the bound of a value before it, as of bound.h. */
void xcy_table_add_bound(struct xcy_table *table, double low, double high);
void xcy_table_add_rule(struct xcy_table *table); /* between whole rows */
void xcy_table_format(const struct xcy_table *table, struct xcy_buf *out);

#endif
