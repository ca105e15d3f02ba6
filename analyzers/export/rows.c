#include "analyzers/export/rows.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/stop.h"

#include <stdlib.h>
#include <unistd.h>

enum { MAX_FLAGS_BYTES = 1 << 10 };

struct walk {
    const struct xcy_export_settings *settings;
    const struct xcy_export_form *form;
    void *state; /* of the form */
    const struct xcy_export_columns *columns;
    struct xcy_cell *cells;
    struct xcy_buf scratch;
    const struct xcy_evidence *run; /* whose rows they are */
    int64_t n_rows;
    enum xcy_status status; /* of the rows; once it is not ok the others are passed over */
    struct xcy_error err;
    enum xcy_status validity; /* of the runs: the first that is not valid */
    struct xcy_error problem;
};

static void take_record(void *context, const struct xcy_record *record)
{
    struct walk *w = context;
    struct xcy_clocks_view view;
    if (w->status == XCY_OK && xcy_stop_asked()) {
        w->status = xcy_fail(&w->err, XCY_ESTOPPED, "interrupted; nothing was exported");
    }
    if (w->status != XCY_OK) {
        return;
    }
    xcy_clocks_look(w->run->clocks, record, &view);
    xcy_export_fill_record(w->columns, &view, w->run->manifest.combination.consistency, &w->scratch,
                           w->cells);
    w->status = w->form->add_row(w->state, w->cells, &w->err);
    w->n_rows++;
}

static enum xcy_status add_rows(struct walk *w, const struct xcy_summary *s, struct xcy_error *err)
{
    void *const contexts[] = {w};
    w->run = &s->evidence;
    xcy_export_fill_run(w->columns, s, w->cells);
    enum xcy_status status =
        xcy_records_scan(s->evidence.path, XCY_USE_ALL, take_record, contexts, 1, err);
    if (status == XCY_OK && w->status != XCY_OK) {
        *err = w->err;
        status = w->status;
    }
    return status;
}

/* Counts and clocks first; without metrics no values are kept. */
static enum xcy_status add_run(struct walk *w, const char *path, struct xcy_error *err)
{
    const struct xcy_metric_set none = {.n = 0};
    const struct xcy_evidence_settings settings = {.metrics = &none,
                                                   .drift_ppm = w->settings->drift_ppm};
    struct xcy_summary s;
    enum xcy_status status = xcy_summary_make(path, &settings, &s, err);
    if (status != XCY_OK) {
        return status;
    }
    if (w->form->add_run) {
        status = w->form->add_run(w->state, &s, err);
    }
    if (status == XCY_OK) {
        status = add_rows(w, &s, err);
    }
    if (w->validity == XCY_OK) {
        w->validity = xcy_summary_check(&s, &w->problem);
    }
    xcy_summary_clear(&s);
    return status;
}

static enum xcy_status write_all(struct walk *w, const char *beside, struct xcy_error *err)
{
    const char *target = w->settings->target;
    const struct xcy_export_to to = {
        .path = beside, .name = target ? target : "stdout", .columns = w->columns};
    enum xcy_status status = w->form->begin(&to, &w->state, err);
    if (status != XCY_OK) {
        return status;
    }
    for (size_t i = 0; status == XCY_OK && i < w->settings->n_paths; i++) {
        status = add_run(w, w->settings->paths[i], err);
    }
    if (status == XCY_OK) {
        status = w->form->end(w->state, err);
    }
    w->form->free_state(w->state);
    return status;
}

/* To a file beside the target, which is put in place when it is whole. */
static enum xcy_status write_target(struct walk *w, struct xcy_error *err)
{
    const char *target = w->settings->target;
    if (!target) {
        return write_all(w, NULL, err);
    }
    char *beside = xcy_file_beside(target);
    unlink(beside); /* of a killed export that had our number */
    enum xcy_status status = write_all(w, beside, err);
    if (status == XCY_OK) {
        status = xcy_file_put(beside, target, err);
    } else {
        unlink(beside);
    }
    free(beside);
    return status;
}

enum xcy_status xcy_rows_export(const struct xcy_export_settings *settings,
                                const struct xcy_export_form *form, int64_t *n_rows,
                                struct xcy_error *err)
{
    struct xcy_export_columns columns = {.n = 0};
    struct walk w = {.settings = settings, .form = form, .columns = &columns};
    enum xcy_status status = xcy_export_columns_make(settings->metrics, &columns, err);
    if (status != XCY_OK) {
        return status;
    }
    w.cells = xcy_alloc_array(columns.n, sizeof *w.cells);
    xcy_buf_init(&w.scratch, MAX_FLAGS_BYTES);
    status = write_target(&w, err);
    if (status == XCY_OK) {
        *n_rows = w.n_rows;
        status = w.validity;
        *err = w.validity == XCY_OK ? *err : w.problem;
    }
    xcy_buf_clear(&w.scratch);
    free(w.cells);
    xcy_export_columns_clear(&columns);
    return status;
}
