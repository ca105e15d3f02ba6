#ifndef XCY_COLLECTORS_DESCRIBE_H
#define XCY_COLLECTORS_DESCRIBE_H

/*
 * describe.h - the text of pandas' DataFrame.describe(percentiles=[.25,.5,.75,.90,.99]) with
 * precision 2, all columns, not folded: to the byte.
 *
 * Statistics: count, mean, sample standard deviation, min, quantiles by linear interpolation, max;
 *             missing values (NaN) are left out. Sums and interpolation are taken in NumPy's order
 *             of operations, so that the last bit agrees too.
 * Threads:    safe.
 */

#include "common/base/buf.h"

struct xcy_describe_column {
    const char *name;
    const double *values; /* NaN: missing */
};

enum { XCY_DESCRIBE_ROWS = 10 };

/* The ten figures of one column, in the order of the rows. */
void xcy_describe_figures(const double *values, size_t n, double figures[XCY_DESCRIBE_ROWS]);

enum { XCY_DESCRIBE_CELL_BYTES = 400 }; /* the largest double has 309 digits before the point */

/* Formats one column of figures as pandas does. */
void xcy_describe_format(const double *figures, size_t n, char (*cells)[XCY_DESCRIBE_CELL_BYTES]);

/* The whole text, with a line end after each line. */
void xcy_describe(const struct xcy_describe_column *columns, size_t n_columns, size_t n_rows,
                  struct xcy_buf *out);

#endif
