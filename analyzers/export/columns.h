#ifndef XCY_ANALYZERS_EXPORT_COLUMNS_H
#define XCY_ANALYZERS_EXPORT_COLUMNS_H

/*
 * columns.h - the columns of an exported row: its run's, its request's, and for each metric:
 *
 *     NAME_ms, NAME_bytes                  a value that is no interval
 *     NAME_low_ms, NAME_high_ms            its ends, if it is one; not known where it is censored,
 *     NAME_censored                        and how: left, right, interval, or none
 *     NAME_clock_low_ms, NAME_clock_high_ms    across clocks: by how much each end may be wrong
 *
 * Metrics of the user's own have theirs in the same way. docs/export.md is held against this.
 *
 * Units:    in the names.
 * Memory:   the caller owns the struct; xcy_export_columns_clear. Metrics are borrowed.
 * Threads:  read-only once made.
 */

#include "analyzers/clock.h"
#include "analyzers/export/cell.h"
#include "analyzers/metric_set.h"
#include "analyzers/summary.h"

struct xcy_export_column {
    char *name;
    enum xcy_cell_type type;
};

struct xcy_export_columns {
    const struct xcy_metric_set *metrics;
    struct xcy_export_column *items;
    size_t n;
    size_t n_run; /* the first ones are the run's, the next one is the request's number */
};

/* XCY_EUSAGE: a metric of the user's would make a column twice. */
enum xcy_status xcy_export_columns_make(const struct xcy_metric_set *metrics,
                                        struct xcy_export_columns *columns,
                                        struct xcy_error *err) XCY_MUST_USE;
void xcy_export_columns_clear(struct xcy_export_columns *columns);

/* Fills the first n_run cells of a row. */
void xcy_export_fill_run(const struct xcy_export_columns *columns, const struct xcy_summary *s,
                         struct xcy_cell cells[]);
/* Fills the others; texts are borrowed from the record and from scratch. */
void xcy_export_fill_record(const struct xcy_export_columns *columns, struct xcy_clocks_view *view,
                            enum xcy_consistency consistency, struct xcy_buf *scratch,
                            struct xcy_cell cells[]);

#endif
