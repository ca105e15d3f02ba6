#ifndef XCY_RUN_COLUMNS_PARTS_H
#define XCY_RUN_COLUMNS_PARTS_H

/*
 * columns_parts.h - what the two ways of reading columns share; for columns.c and columns_scan.c.
 *
 * Threads:  safe.
 */

#include "common/data/csv.h"
#include "common/run/columns.h"

enum { XCY_COLUMN_ABSENT = -1 }; /* what xcy_csv_find says */

/* As in messages: any two stamps can be subtracted, and a double holds each. */
#define XCY_COLUMN_LATEST_US (INT64_C(1) << 53)

/* Where each column of the table stands in the file; XCY_COLUMN_ABSENT for an optional one that does
 * not. */
enum xcy_status xcy_columns_locate(const struct xcy_csv *csv, const char *path,
                                   const struct xcy_column *columns, size_t n, int at[],
                                   struct xcy_error *err) XCY_MUST_USE;

/* Puts a field's text into its place in the row. */
bool xcy_column_parse(const struct xcy_column *column, struct xcy_bytes text, void *row);

#endif
