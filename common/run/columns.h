#ifndef XCY_RUN_COLUMNS_H
#define XCY_RUN_COLUMNS_H

/*
 * columns.h - a CSV file's columns as one table, from which header, writing, reading and the
 * documentation come.
 *
 * Units:    in the column's name ("due_us") or its meaning.
 * Threads:  tables are constant.
 */

#include "common/base/buf.h"

#include <stddef.h>
#include <stdint.h>

enum xcy_column_type {
    XCY_COLUMN_INT,    /* int64_t */
    XCY_COLUMN_STAMP,  /* int64_t microseconds; 0 is written as an empty field */
    XCY_COLUMN_DOUBLE, /* double, shortest form that reads back */
    XCY_COLUMN_TEXT,   /* char[size] */
    XCY_COLUMN_CHOICE, /* enum (int): one of names */
    XCY_COLUMN_FLAGS   /* unsigned: names joined by '+', bit 0 first */
};

struct xcy_column {
    const char *name;
    enum xcy_column_type type;
    size_t offset;            /* in the row's struct */
    size_t size;              /* of a TEXT */
    const char *const *names; /* NULL-terminated; CHOICE, FLAGS */
    const char *meaning;
    bool is_optional; /* files of earlier releases lack it: then it reads as zero */
};

/* "a,b,c\n" */
void xcy_columns_header(const struct xcy_column *columns, size_t n, struct xcy_buf *out);
void xcy_columns_format(const struct xcy_column *columns, size_t n, const void *row,
                        struct xcy_buf *out);

/* Takes every row of a file into one array of row_bytes each (owned by the caller, free()).
 * Columns may stand in any order; unknown ones are passed over; a missing one is XCY_EPARSE
 * unless it is optional. A malformed line is XCY_EPARSE with file, line and column. A torn last line is dropped and told. */
enum xcy_status xcy_columns_read(const char *path, const struct xcy_column *columns, size_t n,
                                 size_t row_bytes, void **rows, size_t *n_rows, bool *torn,
                                 struct xcy_error *err) XCY_MUST_USE;

#endif
