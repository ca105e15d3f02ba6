#include "common/base/mem.h"
#include "plotconf/figure.h"
#include "plotconf/medians.h"
#include "plotconf/mixture.h"
#include "plotconf/run_list.h"

#include <stdlib.h>

/* The rows of one run: as the reference wrote them or, where its column is not there, as it would
 * have. */
static enum xcy_status read_rows(const struct xcy_median_figure *figure, const char *path,
                                 const struct xcy_measured *measured, struct xcy_traces *rows,
                                 struct xcy_error *err)
{
    enum xcy_status status = xcy_traces_read(path, figure->column, rows, err);
    if (status == XCY_ENOTFOUND && measured) {
        xcy_measured_rows(measured, figure->from, figure->to, rows);
        return XCY_OK;
    }
    if (status == XCY_OK && measured) {
        xcy_measured_bound(measured, figure->from, figure->to, rows);
    }
    return status;
}

/* A run whose rows cannot be read is noted. */
static void pool(const struct xcy_gathered *g, const struct xcy_figure_input *input,
                 struct xcy_median_plot *plot, struct xcy_mixture *mixture)
{
    struct xcy_error err;
    struct xcy_traces rows = {0};
    struct xcy_spans spans = {0};
    struct xcy_measured *measured = xcy_measured_open(g->path, input->settings->drift_ppm);
    if (read_rows(plot->figure, g->path, measured, &rows, &err) == XCY_OK) {
        if (measured && plot->figure->has_window) {
            xcy_measured_windows(measured, &spans);
        }
        xcy_median_plot_add(plot, g, &rows, &spans);
        xcy_mixture_add(mixture, g, measured ? xcy_measured_combination(measured) : NULL);
        xcy_run_note_validity(g, input->notes);
    } else {
        xcy_run_note_unread(g->path, &err, NULL, input->notes);
    }
    xcy_measured_free(measured);
    xcy_traces_clear(&rows);
    free(spans.items);
}

static enum xcy_status pool_all(const struct xcy_run_list *runs,
                                const struct xcy_figure_input *input, struct xcy_median_plot *plot,
                                struct xcy_error *err)
{
    struct xcy_mixture mixture = {0};
    for (size_t i = 0; i < runs->n; i++) {
        const struct xcy_gathered *g = &runs->items[i];
        if (g->notification_storage != XCY_NOTIFICATION_SNS) {
            xcy_notes_add(input->notes, XCY_NOTE_LEFT_OUT, g->path,
                          "%s takes no part: its notification storage is not sns", g->path);
        } else {
            pool(g, input, plot, &mixture);
        }
    }
    xcy_mixture_note(&mixture, input->notes);
    xcy_mixture_clear(&mixture);
    return plot->n_groups > 0 ? XCY_OK : xcy_run_fail_none(input->settings->root, err);
}

static enum xcy_status make(const struct xcy_median_figure *figure,
                            const struct xcy_figure_input *input, struct xcy_figure_output *output,
                            struct xcy_error *err)
{
    struct xcy_run_list runs = {0};
    struct xcy_median_plot plot;
    xcy_median_plot_init(&plot, figure);
    enum xcy_status status = xcy_run_list_find(input->arguments->gather_paths,
                                               input->settings->root, input->notes, &runs, err);
    if (status == XCY_OK) {
        status = pool_all(&runs, input, &plot, err);
    }
    if (status == XCY_OK) {
        struct xcy_chart *chart = xcy_alloc(sizeof *chart);
        xcy_median_plot_compute(&plot);
        xcy_median_plot_note(&plot, input->notes);
        xcy_median_plot_print(&plot, &output->table);
        output->rows = xcy_median_plot_to_json(&plot);
        xcy_median_plot_chart(&plot, chart);
        xcy_chart_data(chart, &output->data);
        xcy_chart_script(chart, &output->script);
        free(chart);
    }
    xcy_median_plot_clear(&plot);
    xcy_run_list_clear(&runs);
    return status;
}

enum xcy_status xcy_consistency_window_make(const struct xcy_figure_input *input,
                                            struct xcy_figure_output *output, struct xcy_error *err)
{
    return make(&xcy_consistency_window, input, output, err);
}

enum xcy_status xcy_write_post_overhead_make(const struct xcy_figure_input *input,
                                             struct xcy_figure_output *output,
                                             struct xcy_error *err)
{
    return make(&xcy_write_post_overhead, input, output, err);
}
