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

/* One row read; borrowed for the call. */
typedef void xcy_row_fn(void *context, const void *row);

/* Gives each row of a file, in its order, as a struct of row_bytes. Columns may stand in any order;
 * unknown ones are passed over; a missing one is XCY_EPARSE unless it is optional. A malformed line is
 * XCY_EPARSE with file, line and column. A torn last line is dropped and told. */
enum xcy_status xcy_columns_each(const char *path, const struct xcy_column *columns, size_t n,
                                 size_t row_bytes, xcy_row_fn *take, void *context, bool *torn,
                                 struct xcy_error *err) XCY_MUST_USE;

/* The same on n_threads threads, each with a context of its own; in no order, but for one thread in
 * the file's. Columns whose is_unread is true are passed over unread and stay zero. */
enum xcy_status xcy_columns_scan(const char *path, const struct xcy_column *columns, size_t n,
                                 const bool *is_unread, size_t row_bytes, xcy_row_fn *take,
                                 void *const contexts[], size_t n_threads, bool *torn,
                                 struct xcy_error *err) XCY_MUST_USE;

/* As xcy_columns_each, into one array (owned by the caller, free()). */
enum xcy_status xcy_columns_read(const char *path, const struct xcy_column *columns, size_t n,
                                 size_t row_bytes, void **rows, size_t *n_rows, bool *torn,
                                 struct xcy_error *err) XCY_MUST_USE;

#endif
