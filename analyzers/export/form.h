#ifndef XCY_ANALYZERS_EXPORT_FORM_H
#define XCY_ANALYZERS_EXPORT_FORM_H

/*
 * form.h - how exported rows are written: a table of functions for each form.
 *
 * Memory:   nothing of a row is kept: memory does not follow the number of rows.
 * Threads:  one owner.
 */

#include "analyzers/export/columns.h"

struct xcy_export_to {
    const char *path; /* of the new file; NULL: stdout, for forms that stream */
    const char *name; /* as messages call it */
    const struct xcy_export_columns *columns;
};

struct xcy_export_form {
    /* On success *state is to be freed by free_state; `to` is borrowed until then. */
    enum xcy_status (*begin)(const struct xcy_export_to *to, void **state, struct xcy_error *err);
    /* NULL where a row says of its run all that there is to say. */
    enum xcy_status (*add_run)(void *state, const struct xcy_summary *s, struct xcy_error *err);
    enum xcy_status (*add_row)(void *state, const struct xcy_cell cells[], struct xcy_error *err);
    enum xcy_status (*end)(void *state, struct xcy_error *err);
    void (*free_state)(void *state);
    bool is_stream; /* it can go to stdout */
};

extern const struct xcy_export_form xcy_export_csv;
extern const struct xcy_export_form xcy_export_jsonl;
extern const struct xcy_export_form xcy_export_sqlite;

#endif
