#ifndef XCY_REPORT_GRID_H
#define XCY_REPORT_GRID_H

/*
 * grid.h - the numbers of one figure: what is drawn is taken from here, and here only, and so are the
 * table and the CSV behind it.
 *
 * Memory:   the caller owns the struct; zeroes are empty but for the columns; xcy_grid_clear.
 */

#include "report/branch.h"

enum { XCY_GRID_MAX_COLUMNS = 12 };

struct xcy_grid_column {
    const char *name; /* in the table and the CSV; of what is taken from a tree its keys there */
    bool is_computed; /* by the page: it stands in no tree */
};

struct xcy_grid_row {
    char *label;
    char *path;                          /* in the tree; "" of what is computed alone */
    double values[XCY_GRID_MAX_COLUMNS]; /* NaN: none */
};

struct xcy_grid {
    const char *labels;                    /* what the labels are called; NULL: rows have none */
    const struct xcy_grid_column *columns; /* borrowed */
    size_t n_columns;
    struct xcy_grid_row *rows;
    size_t n_rows;
};

/* Adds a row with what the branch has of the columns. The row is borrowed until the next is added, so
 * that the caller fills in what is computed. label: copied; NULL: none. */
struct xcy_grid_row *xcy_grid_add(struct xcy_grid *grid, const char *label,
                                  const struct xcy_branch *branch);
void xcy_grid_clear(struct xcy_grid *grid);

/* A table that can be sorted, numbers in full precision. */
void xcy_grid_add_table(const struct xcy_grid *grid, struct xcy_buf *out);
void xcy_grid_add_csv(const struct xcy_grid *grid, struct xcy_buf *out);

#endif
