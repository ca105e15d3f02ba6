#include "plotconf/prevented.h"

#include "common/base/mem.h"
#include "common/cli/table.h"
#include "common/stats/quantile.h"
#include "plotconf/figure.h"
#include "plotconf/run_list.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The names of the reference's two tables, and of their columns. */
static const struct {
    const char *table;
    const char *column;
    const char *tag;
    const char *title;
} kinds[XCY_N_PREVENTED_KINDS] = {
    {"rendezvous", "% prevented inconsistencies", "%_PREVENTED_INCONSISTENCIES",
     "prevented by Rendezvous"},
    {"baseline", "% inconsistencies", "%_INCONSISTENCIES", "inconsistent without"},
};

void xcy_prevented_add(struct xcy_prevented_plot *plot, const struct xcy_gathered *g,
                       struct xcy_notes *notes)
{
    bool is_rendezvous = g->has_rendezvous;
    enum xcy_prevented_kind kind = is_rendezvous ? XCY_PREVENTED : XCY_NOT_PREVENTED;
    double share = is_rendezvous ? g->prevented_share : g->inconsistent_share;
    if (isnan(share)) {
        xcy_notes_add(notes, XCY_NOTE_MISSING_TAG, g->path,
                      "%s/tags.yml: no key %s; it takes no part", g->path, kinds[kind].tag);
        return;
    }
    struct xcy_prevented_cell *cell = &plot->cells[kind][g->post_storage];
    if (cell->n_runs++ == 0) {
        plot->order[kind][plot->n_order[kind]++] = g->post_storage;
    }
    cell->n_ncc += g->has_ncc;
    cell->published = share;
    int64_t events = 0;
    if (!is_rendezvous && g->side == XCY_SIDE_ANTIPODE) {
        xcy_notes_add(
            notes, XCY_NOTE_MIXED_CONSISTENCIES, g->path,
            "%s is of Antipode, published among those without; the pooled share leaves it "
            "out",
            g->path);
    } else if (xcy_gathered_count(g, share, &events)) {
        xcy_pooled_add(&cell->pooled, events, g->n_results);
    } else {
        xcy_notes_add(
            notes, XCY_NOTE_MISSING_TAG, g->path,
            "%s/tags.yml: NUM_RESULTS does not tell how many %.6g are of: it is not in the "
            "pooled share",
            g->path, share);
    }
}

static const struct {
    const char *column;
    const char *key;
} calls[XCY_N_CALLS] = {
    {"rendezvous_call_writer_spent_ms", "call_writer_median_ms"},
    {"rendezvous_call_reader_spent_ms", "call_reader_median_ms"},
};

void xcy_prevented_add_calls(struct xcy_prevented_plot *plot, const struct xcy_gathered *g,
                             struct xcy_notes *notes)
{
    struct xcy_error err;
    for (size_t i = 0; g->has_rendezvous && i < XCY_N_CALLS; i++) {
        struct xcy_traces rows = {0};
        if (xcy_traces_read(g->path, calls[i].column, &rows, &err) == XCY_OK) {
            xcy_traces_append(&plot->calls[g->post_storage][i], &rows);
        } else {
            xcy_run_note_unread(g->path, &err, "its shares alone are told", notes);
        }
        xcy_traces_clear(&rows);
    }
}

void xcy_prevented_clear(struct xcy_prevented_plot *plot)
{
    for (size_t storage = 0; storage < XCY_N_POST_STORAGES; storage++) {
        for (size_t i = 0; i < XCY_N_CALLS; i++) {
            xcy_traces_clear(&plot->calls[storage][i]);
        }
    }
    *plot = (struct xcy_prevented_plot){0};
}

void xcy_prevented_note(const struct xcy_prevented_plot *plot, struct xcy_notes *notes)
{
    for (size_t kind = 0; kind < XCY_N_PREVENTED_KINDS; kind++) {
        for (size_t storage = 0; storage < XCY_N_POST_STORAGES; storage++) {
            const struct xcy_prevented_cell *cell = &plot->cells[kind][storage];
            const char *title = xcy_post_storage_title((enum xcy_post_storage)storage);
            if (cell->n_runs > 1) {
                xcy_notes_add(notes, XCY_NOTE_REPEATED, NULL,
                              "%s: %zu runs, %s; the published number is the last one's", title,
                              cell->n_runs, kinds[kind].title);
            }
            if (cell->n_ncc > 0 && cell->n_ncc < cell->n_runs) {
                xcy_notes_add(notes, XCY_NOTE_MIXED_CONSISTENCIES, NULL,
                              "%s: runs of Rendezvous with and without its consistency checks",
                              title);
            }
            if (cell->n_runs == 0 && plot->cells[1 - kind][storage].n_runs > 0) {
                xcy_notes_add(notes, XCY_NOTE_MISSING_SIDE, NULL, "%s: no run, %s", title,
                              kinds[kind].title);
            }
        }
    }
}

static void put_cell(struct xcy_json *row, const char *column, enum xcy_post_storage storage,
                     const struct xcy_prevented_cell *cell)
{
    xcy_json_put_string(row, "storage", xcy_post_storage_names[storage]);
    xcy_json_put_number(row, column, cell->published);
    xcy_json_put_int64(row, "runs", (int64_t)cell->n_runs);
    xcy_pooled_put(&cell->pooled, row);
}

static void put_calls(struct xcy_json *row, const struct xcy_traces rows[XCY_N_CALLS],
                      const struct xcy_prevented_cell *cell)
{
    xcy_json_put_int64(row, "ncc_runs", (int64_t)cell->n_ncc);
    for (size_t i = 0; i < XCY_N_CALLS; i++) {
        struct xcy_traces sorted = {0};
        xcy_traces_append(&sorted, &rows[i]);
        xcy_sort(sorted.values_ms, sorted.n);
        xcy_json_put_number(row, calls[i].key,
                            sorted.n > 0 ? xcy_quantile_linear(sorted.values_ms, sorted.n, 0.5)
                                         : NAN);
        xcy_traces_clear(&sorted);
    }
}

struct xcy_json *xcy_prevented_to_json(const struct xcy_prevented_plot *plot)
{
    struct xcy_json *object = xcy_json_new_object();
    for (size_t kind = 0; kind < XCY_N_PREVENTED_KINDS; kind++) {
        struct xcy_json *list = xcy_json_put_array(object, kinds[kind].table);
        for (size_t i = 0; i < plot->n_order[kind]; i++) {
            enum xcy_post_storage storage = plot->order[kind][i];
            const struct xcy_prevented_cell *cell = &plot->cells[kind][storage];
            struct xcy_json *row = xcy_json_append_object(list);
            put_cell(row, kinds[kind].column, storage, cell);
            if (kind == XCY_PREVENTED) {
                put_calls(row, plot->calls[storage], cell);
            }
        }
    }
    return object;
}

static void print_cell(struct xcy_table *table, size_t kind, enum xcy_post_storage storage,
                       const struct xcy_prevented_cell *cell)
{
    xcy_table_add_cell(table, "%s", xcy_post_storage_title(storage));
    xcy_table_add_cell(table, "%s", kinds[kind].title);
    xcy_table_add_cell(table, "%zu", cell->n_runs);
    xcy_table_add_cell(table, "%.3g %%", cell->published * 100);
    xcy_pooled_print(&cell->pooled, table);
}

void xcy_prevented_print(const struct xcy_prevented_plot *plot, struct xcy_buf *out)
{
    static const char *const heads[] = {"post storage", "inconsistencies", "runs",
                                        "as published", "events",          "exact 95% CI"};
    struct xcy_table *table = xcy_table_new("llrrrr");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        xcy_table_add_cell(table, "%s", heads[i]);
    }
    xcy_table_add_rule(table);
    for (size_t kind = 0; kind < XCY_N_PREVENTED_KINDS; kind++) {
        for (size_t i = 0; i < plot->n_order[kind]; i++) {
            enum xcy_post_storage storage = plot->order[kind][i];
            print_cell(table, kind, storage, &plot->cells[kind][storage]);
        }
    }
    xcy_table_format(table, out);
    xcy_table_free(table);
}

static void fill_bar(const struct xcy_prevented_cell *cell, struct xcy_chart_bar *bar)
{
    if (cell->pooled.n == 0) {
        return;
    }
    bar->value = 100 * xcy_pooled_value(&cell->pooled);
    bar->low = 100 * cell->pooled.exact.low;
    bar->high = 100 * cell->pooled.exact.high;
    snprintf(bar->label, sizeof bar->label, "%.3g %%", bar->value);
}

void xcy_prevented_chart(const struct xcy_prevented_plot *plot, struct xcy_chart *chart)
{
    *chart =
        (struct xcy_chart){.title = "Inconsistencies, and those that Rendezvous prevented",
                           .subtitle = "shares of requests; whiskers: exact 95% interval",
                           .axis = "share of requests",
                           .scale = XCY_CHART_PERCENT,
                           .series = {kinds[XCY_NOT_PREVENTED].title, kinds[XCY_PREVENTED].title},
                           .n_series = 2};
    for (size_t storage = 0; storage < XCY_N_POST_STORAGES; storage++) {
        const struct xcy_prevented_cell *without = &plot->cells[XCY_NOT_PREVENTED][storage];
        const struct xcy_prevented_cell *with = &plot->cells[XCY_PREVENTED][storage];
        if (without->n_runs + with->n_runs > 0) {
            struct xcy_chart_category *category =
                xcy_chart_add(chart, xcy_post_storage_title((enum xcy_post_storage)storage));
            fill_bar(without, &category->bars[0]);
            fill_bar(with, &category->bars[1]);
        }
    }
}

enum xcy_status xcy_prevented_make(const struct xcy_figure_input *input,
                                   struct xcy_figure_output *output, struct xcy_error *err)
{
    struct xcy_run_list runs = {0};
    struct xcy_prevented_plot plot = {0};
    enum xcy_status status = xcy_run_list_find(input->arguments->gather_paths,
                                               input->settings->root, input->notes, &runs, err);
    for (size_t i = 0; status == XCY_OK && i < runs.n; i++) {
        xcy_run_note_validity(&runs.items[i], input->notes);
        xcy_prevented_add(&plot, &runs.items[i], input->notes);
        xcy_prevented_add_calls(&plot, &runs.items[i], input->notes);
    }
    if (status == XCY_OK && plot.n_order[XCY_PREVENTED] + plot.n_order[XCY_NOT_PREVENTED] == 0) {
        status = xcy_run_fail_none(input->settings->root, err);
    }
    if (status == XCY_OK) {
        struct xcy_chart *chart = xcy_alloc(sizeof *chart);
        xcy_prevented_note(&plot, input->notes);
        xcy_prevented_print(&plot, &output->table);
        output->rows = xcy_prevented_to_json(&plot);
        xcy_prevented_chart(&plot, chart);
        xcy_chart_data(chart, &output->data);
        xcy_chart_script(chart, &output->script);
        free(chart);
    }
    xcy_prevented_clear(&plot);
    xcy_run_list_clear(&runs);
    return status;
}
