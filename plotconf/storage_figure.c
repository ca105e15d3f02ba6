#include "common/base/mem.h"
#include "plotconf/figure.h"
#include "plotconf/measured.h"
#include "plotconf/mixture.h"
#include "plotconf/run_list.h"
#include "plotconf/storage.h"

#include <math.h>
#include <stdlib.h>

/* 0: it was not measured. */
static void add_size(struct xcy_object_sizes *sizes, int64_t bytes, int64_t added_bytes)
{
    if (bytes > 0) {
        double value = (double)bytes;
        sizes->min_bytes = sizes->n > 0 ? fmin(sizes->min_bytes, value) : value;
        sizes->max_bytes = fmax(sizes->max_bytes, value);
        sizes->sum_bytes += value;
        sizes->added_bytes += (double)added_bytes;
        sizes->n++;
    }
}

static void add_run(const struct xcy_gathered *g, const struct xcy_figure_input *input,
                    struct xcy_storage_plot *plot, struct xcy_mixture *mixture)
{
    struct xcy_run_sizes sizes = {.contexts = {0}};
    struct xcy_measured *measured = xcy_measured_open(g->path, input->settings->drift_ppm);
    const struct xcy_record *r = NULL;
    size_t index = 0;
    while (measured && (r = xcy_measured_next(measured, &index)) != NULL) {
        add_size(&sizes.roles[XCY_ROLE_POST], r->post_stored_bytes, r->post_metadata_bytes);
        add_size(&sizes.roles[XCY_ROLE_NOTIFICATION], r->notification_bytes, r->context_bytes);
        add_size(&sizes.contexts, r->context_bytes, 0);
    }
    if (isnan(g->post_avg_bytes) || isnan(g->notification_avg_bytes) ||
        isnan(g->post_total_bytes) || isnan(g->notification_total_bytes)) {
        xcy_notes_add(input->notes, XCY_NOTE_MISSING_TAG, g->path,
                      "%s/tags.yml does not tell all sizes", g->path);
    }
    xcy_storage_add(plot, g, &sizes);
    xcy_mixture_add(mixture, g, measured ? xcy_measured_combination(measured) : NULL);
    xcy_run_note_validity(g, input->notes);
    xcy_measured_free(measured);
}

enum xcy_status xcy_storage_make(const struct xcy_figure_input *input,
                                 struct xcy_figure_output *output, struct xcy_error *err)
{
    struct xcy_run_list runs = {0};
    struct xcy_storage_plot plot = {0};
    struct xcy_mixture mixture = {0};
    enum xcy_status status = xcy_run_list_find(input->arguments->gather_paths,
                                               input->settings->root, input->notes, &runs, err);
    if (status == XCY_OK) {
        struct xcy_chart *chart = xcy_alloc(sizeof *chart);
        for (size_t i = 0; i < runs.n; i++) {
            add_run(&runs.items[i], input, &plot, &mixture);
        }
        xcy_mixture_note(&mixture, input->notes);
        xcy_storage_note(&plot, input->notes);
        xcy_storage_print(&plot, &output->table);
        xcy_storage_growth_print(&plot, &output->table);
        output->rows = xcy_storage_to_json(&plot);
        output->derived = xcy_storage_growth_to_json(&plot);
        xcy_storage_chart(&plot, chart);
        xcy_chart_data(chart, &output->data);
        xcy_chart_script(chart, &output->script);
        free(chart);
    }
    xcy_mixture_clear(&mixture);
    xcy_storage_clear(&plot);
    xcy_run_list_clear(&runs);
    return status;
}
