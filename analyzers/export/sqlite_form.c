/* sqlite_form.c - rows as tables of an SQLite file: about, runs, metrics, requests, view tidy. */

#include "analyzers/export/form.h"
#include "analyzers/export/source.h"
#include "analyzers/metric_print.h"
#include "common/base/mem.h"
#include "common/sql/sql.h"

#include <stdlib.h>

enum { SCHEMA_VERSION = 1, MAX_TEXT_BYTES = 4 << 20 };

struct tables {
    const struct xcy_export_columns *columns; /* borrowed */
    struct xcy_sql *sql;
    struct xcy_sql_statement *run;
    struct xcy_sql_statement *request;
    struct xcy_buf scratch;
};

/* The columns of `runs`. */
enum { N_OF_A_RUN = 2 };
static const struct xcy_sources *const of_a_run[N_OF_A_RUN] = {&xcy_run_sources,
                                                               &xcy_count_sources};

static const char *const type_names[] = {[XCY_CELL_INT] = "INTEGER",
                                         [XCY_CELL_BOOL] = "INTEGER",
                                         [XCY_CELL_REAL] = "REAL",
                                         [XCY_CELL_TEXT] = "TEXT"};

static void free_state(void *state)
{
    struct tables *t = state;
    xcy_sql_end(t->run);
    xcy_sql_end(t->request);
    xcy_sql_close(t->sql);
    xcy_buf_clear(&t->scratch);
    free(t);
}

/* A run's own columns of a request are in `runs`; of it only the id, which is the first, stays. */
static bool is_of_request(const struct xcy_export_columns *columns, size_t c)
{
    return c == 0 || c >= columns->n_run;
}

static void add_run_columns(struct xcy_buf *out)
{
    xcy_buf_add_text(out, "CREATE TABLE runs (");
    for (size_t i = 0; i < N_OF_A_RUN; i++) {
        for (size_t c = 0; c < of_a_run[i]->n; c++) {
            const struct xcy_source *source = &of_a_run[i]->items[c];
            xcy_buf_addf(out, "\"%s\" %s, ", source->name, type_names[xcy_source_type(source)]);
        }
    }
    xcy_buf_add_text(out, "PRIMARY KEY (run));\n");
}

static void add_metric_columns(struct xcy_buf *out)
{
    xcy_buf_add_text(out, "CREATE TABLE metrics (");
    for (size_t c = 0; c < XCY_N_METRIC_TEXTS; c++) {
        xcy_buf_addf(out, "\"%s\" TEXT, ", xcy_metric_titles[c]);
    }
    xcy_buf_add_text(out, "PRIMARY KEY (name));\n");
}

static void add_request_columns(const struct xcy_export_columns *columns, struct xcy_buf *out)
{
    xcy_buf_add_text(out, "CREATE TABLE requests (");
    for (size_t c = 0; c < columns->n; c++) {
        if (is_of_request(columns, c)) {
            xcy_buf_addf(out, "\"%s\" %s, ", columns->items[c].name,
                         type_names[columns->items[c].type]);
        }
    }
    xcy_buf_add_text(out, "PRIMARY KEY (run, i, k)) WITHOUT ROWID;\n");
}

/* The columns of the other forms, in their order. */
static void add_view(const struct xcy_export_columns *columns, struct xcy_buf *out)
{
    xcy_buf_add_text(out, "CREATE VIEW tidy AS SELECT ");
    for (size_t c = 0; c < columns->n; c++) {
        xcy_buf_addf(out, "%s.\"%s\"%s", is_of_request(columns, c) ? "requests" : "runs",
                     columns->items[c].name, c + 1 < columns->n ? ", " : " ");
    }
    xcy_buf_add_text(out, "FROM requests JOIN runs USING (run);\n");
}

static enum xcy_status make_tables(struct tables *t, struct xcy_error *err)
{
    struct xcy_buf *text = &t->scratch;
    xcy_buf_addf(text,
                 "CREATE TABLE about (schema_version INTEGER);\nINSERT INTO about VALUES (%d);\n",
                 SCHEMA_VERSION);
    add_run_columns(text);
    add_metric_columns(text);
    add_request_columns(t->columns, text);
    add_view(t->columns, text);
    enum xcy_status status = xcy_buf_check(text, "the tables' text", err);
    return status == XCY_OK ? xcy_sql_do(t->sql, text->ptr, err) : status;
}

static enum xcy_status prepare_insert(struct tables *t, const char *table, size_t n_columns,
                                      struct xcy_sql_statement **statement, struct xcy_error *err)
{
    xcy_buf_reset(&t->scratch);
    xcy_buf_addf(&t->scratch, "INSERT INTO %s VALUES (?", table);
    for (size_t c = 1; c < n_columns; c++) {
        xcy_buf_add_text(&t->scratch, ", ?");
    }
    xcy_buf_add_char(&t->scratch, ')');
    return xcy_sql_prepare(t->sql, t->scratch.ptr, statement, err);
}

static enum xcy_status fill_metrics(struct tables *t, struct xcy_error *err)
{
    struct xcy_sql_statement *insert = NULL;
    enum xcy_status status = prepare_insert(t, "metrics", XCY_N_METRIC_TEXTS, &insert, err);
    for (size_t i = 0; status == XCY_OK && i < t->columns->metrics->n; i++) {
        struct xcy_metric_texts texts;
        xcy_metric_texts_make(&t->columns->metrics->items[i], &texts);
        for (size_t c = 0; c < XCY_N_METRIC_TEXTS; c++) {
            xcy_sql_set_text(insert, c, texts.of[c]);
        }
        status = xcy_sql_run(insert, err);
    }
    xcy_sql_end(insert);
    return status;
}

static enum xcy_status begin(const struct xcy_export_to *to, void **state, struct xcy_error *err)
{
    const struct xcy_export_columns *columns = to->columns;
    struct tables *t = xcy_alloc(sizeof *t);
    t->columns = columns;
    xcy_buf_init(&t->scratch, MAX_TEXT_BYTES);
    enum xcy_status status = xcy_sql_create(to->path, to->name, &t->sql, err);
    if (status == XCY_OK) {
        status = make_tables(t, err);
    }
    if (status == XCY_OK) {
        status = fill_metrics(t, err);
    }
    if (status == XCY_OK) {
        size_t n = xcy_run_sources.n + xcy_count_sources.n;
        status = prepare_insert(t, "runs", n, &t->run, err);
    }
    if (status == XCY_OK) {
        size_t n = columns->n - columns->n_run + 1;
        status = prepare_insert(t, "requests", n, &t->request, err);
    }
    if (status == XCY_OK) {
        *state = t;
    } else {
        free_state(t);
    }
    return status;
}

static void set(struct xcy_sql_statement *statement, size_t index, enum xcy_cell_type type,
                const struct xcy_cell *cell)
{
    if (!cell->is_known) {
        return;
    }
    if (type == XCY_CELL_TEXT) {
        xcy_sql_set_text(statement, index, cell->text);
    } else if (type == XCY_CELL_REAL) {
        xcy_sql_set_real(statement, index, cell->real);
    } else {
        xcy_sql_set_int(statement, index, cell->whole);
    }
}

static enum xcy_status add_run(void *state, const struct xcy_summary *s, struct xcy_error *err)
{
    struct tables *t = state;
    size_t index = 0;
    for (size_t i = 0; i < N_OF_A_RUN; i++) {
        for (size_t c = 0; c < of_a_run[i]->n; c++) {
            const struct xcy_source *source = &of_a_run[i]->items[c];
            struct xcy_cell cell = xcy_source_read(source, s, &t->scratch);
            set(t->run, index++, xcy_source_type(source), &cell);
        }
    }
    return xcy_sql_run(t->run, err);
}

static enum xcy_status add_row(void *state, const struct xcy_cell cells[], struct xcy_error *err)
{
    struct tables *t = state;
    size_t index = 0;
    for (size_t c = 0; c < t->columns->n; c++) {
        if (is_of_request(t->columns, c)) {
            set(t->request, index++, t->columns->items[c].type, &cells[c]);
        }
    }
    return xcy_sql_run(t->request, err);
}

/* Counting classes is what is asked most; a run's rows lie together by their key. */
static enum xcy_status end(void *state, struct xcy_error *err)
{
    struct tables *t = state;
    enum xcy_status status =
        xcy_sql_do(t->sql, "CREATE INDEX requests_class ON requests (run, is_warmup, class)", err);
    return status == XCY_OK ? xcy_sql_finish(t->sql, err) : status;
}

const struct xcy_export_form xcy_export_sqlite = {
    .begin = begin, .add_run = add_run, .add_row = add_row, .end = end, .free_state = free_state};
