#ifndef XCY_ANALYZERS_EXPORT_ROWS_H
#define XCY_ANALYZERS_EXPORT_ROWS_H

/*
 * rows.h - the rows of gathered runs, one a request and observer, in the order of records.csv,
 * written in one of the forms.
 *
 * Each run is read three times: what bounds its clocks, what is counted of it, and its rows. No row
 * is kept.
 *
 * Threads:  one at a time; reading uses several.
 */

#include "analyzers/export/form.h"

struct xcy_export_settings {
    const char *const *paths; /* of the runs, whose ids differ */
    size_t n_paths;
    const struct xcy_metric_set *metrics;
    double drift_ppm;
    const char *target; /* NULL: stdout */
};

/* Fails as xcy_evidence_read does, or because the file cannot be written: then there is none, or
 * the old one. XCY_EINVALID: all rows were written, but a run is
 * not valid; a stop that was asked for is XCY_ESTOPPED. *n_rows is set where rows were written. */
enum xcy_status xcy_rows_export(const struct xcy_export_settings *settings,
                                const struct xcy_export_form *form, int64_t *n_rows,
                                struct xcy_error *err) XCY_MUST_USE;

#endif
