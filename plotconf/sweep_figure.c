#include "common/base/mem.h"
#include "plotconf/figure.h"
#include "plotconf/sweep.h"

#include <stdlib.h>

static bool is_pair(const struct xcy_pair *a, const struct xcy_pair *b)
{
    return a->post_storage == b->post_storage && a->notification_storage == b->notification_storage;
}

static bool is_repeated(const struct xcy_arguments *a, size_t pair_index)
{
    for (size_t i = 0; i < pair_index; i++) {
        if (is_pair(&a->pairs[i], &a->pairs[pair_index])) {
            return true;
        }
    }
    return false;
}

/* What names a larger number than num_requests is no run of it, with failures or without: as in the
 * reference its files are not opened. */
static void drop_larger(const struct xcy_arguments *a, struct xcy_paths *paths, size_t *n_dropped)
{
    size_t n_kept = 0;
    for (size_t i = 0; i < paths->n; i++) {
        int64_t n = 0;
        int64_t delay_ms = 0;
        if (xcy_sweep_parse_name(paths->items[i], a->writer_region, a->reader_region, &n,
                                 &delay_ms) &&
            n > a->num_requests) {
            free(paths->items[i]);
            (*n_dropped)++;
        } else {
            paths->items[n_kept++] = paths->items[i];
        }
    }
    paths->n = n_kept;
}

/* The runs that lie where the reference looks: the folder tells their stores, whatever their tags do. */
static void find_runs(const struct xcy_figure_input *input, size_t pair_index,
                      struct xcy_sweep *sweep, struct xcy_run_list *runs)
{
    const struct xcy_arguments *a = input->arguments;
    const struct xcy_pair *pair = &a->pairs[pair_index];
    struct xcy_paths paths = {0};
    char *pattern =
        xcy_format("%s-%s/%s-%s__*__delay-*", xcy_post_storage_names[pair->post_storage],
                   xcy_notification_storage_names[pair->notification_storage], a->writer_region,
                   a->reader_region);
    xcy_paths_glob(&paths, input->settings->root, pattern);
    drop_larger(a, &paths, &sweep->n_left_out);
    xcy_run_list_read(&paths, xcy_gathered_read_share, input->notes, runs);
    free(pattern);
    xcy_paths_clear(&paths);
}

/* With the names that were looked for: a region may be written as nobody names it. */
static void note_none(const struct xcy_figure_input *input, const struct xcy_pair *pair)
{
    const struct xcy_arguments *a = input->arguments;
    const char *post = xcy_post_storage_names[pair->post_storage];
    const char *notification = xcy_notification_storage_names[pair->notification_storage];
    char *folder = a->gather_paths
                       ? xcy_strdup("gather_paths")
                       : xcy_format("%s/%s-%s", input->settings->root, post, notification);
    xcy_notes_add(
        input->notes, XCY_NOTE_NO_MATCH, NULL,
        "no run of %s-%s from %s to %s with %lld requests: looked for %s-%s__%lld__delay-* "
        "in %s",
        post, notification, a->writer_region, a->reader_region, (long long)a->num_requests,
        a->writer_region, a->reader_region, (long long)a->num_requests, folder);
    free(folder);
}

static void add_pair(const struct xcy_figure_input *input, const struct xcy_run_list *runs,
                     size_t pair_index, struct xcy_sweep *sweep)
{
    const struct xcy_arguments *a = input->arguments;
    const struct xcy_pair *pair = &a->pairs[pair_index];
    size_t before = sweep->n_points;
    for (size_t i = 0; i < runs->n; i++) {
        const struct xcy_gathered *g = &runs->items[i];
        const struct xcy_pair found = {g->post_storage, g->notification_storage};
        if (is_pair(&found, pair) || !a->gather_paths) {
            xcy_sweep_add(sweep, a, pair_index, g, input->notes);
        }
    }
    if (sweep->n_points == before) {
        note_none(input, pair);
    }
}

/* Of the directories that the config lists, or of those under root. */
static enum xcy_status collect(const struct xcy_figure_input *input, struct xcy_sweep *sweep,
                               struct xcy_error *err)
{
    const struct xcy_arguments *a = input->arguments;
    struct xcy_run_list listed = {0};
    enum xcy_status status = XCY_OK;
    if (a->gather_paths) {
        status =
            xcy_run_list_find(a->gather_paths, input->settings->root, input->notes, &listed, err);
    }
    for (size_t i = 0; status == XCY_OK && i < a->n_pairs; i++) {
        if (is_repeated(a, i)) {
            xcy_notes_add(input->notes, XCY_NOTE_REPEATED, NULL,
                          "combination %zu stands twice; it is drawn once", i + 1);
            continue;
        }
        struct xcy_run_list found = {0};
        if (!a->gather_paths) {
            find_runs(input, i, sweep, &found);
        }
        add_pair(input, a->gather_paths ? &listed : &found, i, sweep);
        xcy_run_list_clear(&found);
    }
    xcy_run_list_clear(&listed);
    return status;
}

enum xcy_status xcy_sweep_make(const struct xcy_figure_input *input,
                               struct xcy_figure_output *output, struct xcy_error *err)
{
    struct xcy_sweep sweep = {0};
    enum xcy_status status = collect(input, &sweep, err);
    if (status == XCY_OK && sweep.n_points == 0) {
        status = xcy_run_fail_none(input->settings->root, err);
    }
    if (status == XCY_OK) {
        xcy_sweep_compute(&sweep);
        xcy_sweep_derive(&sweep, input->settings->drift_ppm, input->notes);
        xcy_sweep_note(&sweep, input->notes);
        xcy_sweep_print(&sweep, &output->table);
        output->rows = xcy_sweep_to_json(&sweep, true);
        output->unpublished = xcy_sweep_to_json(&sweep, false);
        output->derived = xcy_sweep_curves_to_json(&sweep);
        xcy_sweep_data(&sweep, &output->data);
        xcy_sweep_script(&sweep, &output->script);
    }
    xcy_sweep_clear(&sweep);
    return status;
}
