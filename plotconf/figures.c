#include "plotconf/figures.h"

#include "common/base/nearest.h"
#include "plotconf/config.h"
#include "plotconf/picture.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_TEXT_BYTES = 16 << 20 };

/* The plots of the reference and of its Rendezvous branch, then ours; one row a plot. */
static const struct {
    const char *name;
    enum xcy_arguments_form form;
    xcy_figure_fn *make;
} figures[] = {
    {"consistency_window", XCY_ARGUMENTS_RUNS, xcy_consistency_window_make},
    {"delay_vs_per_inconsistencies", XCY_ARGUMENTS_SWEEP, xcy_sweep_make},
    {"storage_overhead", XCY_ARGUMENTS_RUNS, xcy_storage_make},
    {"write_post_overhead", XCY_ARGUMENTS_RUNS, xcy_write_post_overhead_make},
    {"prevented_inconsistencies", XCY_ARGUMENTS_RUNS, xcy_prevented_make},
    {"cost_at_equal_residual", XCY_ARGUMENTS_RUNS, xcy_cost_figure_make},
};

enum { N_FIGURES = sizeof figures / sizeof *figures };

/* What is drawn of one config, and what it gives besides the plots' own numbers. */
struct job {
    const struct xcy_figure_settings *settings;
    struct xcy_notes notes;
    struct xcy_json *unpublished; /* plot name -> list */
    struct xcy_json *derived;     /* likewise */
    struct xcy_arguments arguments[N_FIGURES];
    bool is_wanted[N_FIGURES];
    bool is_empty[N_FIGURES]; /* wanted, and nothing can be drawn: why tells */
    struct xcy_error why[N_FIGURES];
};

void xcy_figure_output_init(struct xcy_figure_output *output)
{
    *output = (struct xcy_figure_output){0};
    xcy_buf_init(&output->table, MAX_TEXT_BYTES);
    xcy_buf_init(&output->data, MAX_TEXT_BYTES);
    xcy_buf_init(&output->script, MAX_TEXT_BYTES);
}

void xcy_figure_output_clear(struct xcy_figure_output *output)
{
    xcy_json_free(output->rows);
    xcy_json_free(output->unpublished);
    xcy_json_free(output->derived);
    xcy_buf_clear(&output->table);
    xcy_buf_clear(&output->data);
    xcy_buf_clear(&output->script);
    *output = (struct xcy_figure_output){0};
}

void xcy_drawn_init(struct xcy_drawn *drawn)
{
    *drawn = (struct xcy_drawn){.numbers = xcy_json_new_object()};
    xcy_buf_init(&drawn->text, MAX_TEXT_BYTES);
}

void xcy_drawn_clear(struct xcy_drawn *drawn)
{
    xcy_buf_clear(&drawn->text);
    xcy_json_free(drawn->numbers);
    *drawn = (struct xcy_drawn){0};
}

static void list_names(const char *names[N_FIGURES])
{
    for (size_t i = 0; i < N_FIGURES; i++) {
        names[i] = figures[i].name;
    }
}

static bool is_in(const char *const *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Or one that begins so: names are long. NULL: none is near. */
static const char *nearest_to(const char *word, const char *const names[N_FIGURES])
{
    const char *nearest = xcy_nearest(word, names, N_FIGURES);
    size_t n = strlen(word);
    for (size_t i = 0; !nearest && n > 0 && i < N_FIGURES; i++) {
        nearest = strncmp(names[i], word, n) == 0 ? names[i] : NULL;
    }
    return nearest;
}

static enum xcy_status check_known(const char *const *wanted, size_t n, struct xcy_error *err)
{
    const char *names[N_FIGURES];
    list_names(names);
    for (size_t i = 0; i < n; i++) {
        if (!is_in(names, N_FIGURES, wanted[i])) {
            const char *nearest = nearest_to(wanted[i], names);
            return xcy_fail(err, XCY_EUSAGE, "--plots %s: no such plot; %s%s", wanted[i],
                            nearest ? "did you mean " : "see plot --help", nearest ? nearest : "");
        }
    }
    return XCY_OK;
}

/* As in the reference one command line serves many configs: what is wanted and not configured is left
 * out, unless nothing is left. */
static enum xcy_status check_wanted(const struct xcy_plot_config *config, const char *path,
                                    const char *const *wanted, size_t n, struct xcy_notes *notes,
                                    struct xcy_error *err)
{
    size_t n_missing = 0;
    for (size_t i = 0; i < n; i++) {
        n_missing += !xcy_plot_config_get(config, wanted[i]);
    }
    if (n > 0 && n_missing == n) {
        return xcy_fail(err, XCY_EUSAGE, "--plots %s: %s does not configure it", wanted[0], path);
    }
    for (size_t i = 0; i < n; i++) {
        if (!xcy_plot_config_get(config, wanted[i])) {
            xcy_notes_begin(notes, wanted[i]);
            xcy_notes_add(notes, XCY_NOTE_NOT_CONFIGURED, NULL, "%s does not configure it", path);
        }
    }
    return XCY_OK;
}

static enum xcy_status read_arguments(const struct xcy_plot_config *config,
                                      const char *const *wanted, size_t n_wanted, struct job *job,
                                      struct xcy_error *err)
{
    const char *names[N_FIGURES];
    list_names(names);
    enum xcy_status status = xcy_plot_config_check(config, names, N_FIGURES, err);
    for (size_t i = 0; status == XCY_OK && i < N_FIGURES; i++) {
        const struct xcy_yaml *node = xcy_plot_config_get(config, names[i]);
        job->is_wanted[i] = node && (n_wanted == 0 || is_in(wanted, n_wanted, names[i]));
        if (job->is_wanted[i]) {
            status = xcy_arguments_read(node, figures[i].form, &job->arguments[i], err);
        }
    }
    return status;
}

/* Files and text of one plot. */
static enum xcy_status put_picture(const char *plot, const struct xcy_figure_settings *settings,
                                   const struct xcy_notes *notes,
                                   const struct xcy_figure_output *output, struct xcy_drawn *drawn,
                                   struct xcy_error *err)
{
    char *name = NULL;
    const struct xcy_picture picture = {.data = &output->data,
                                        .script = &output->script,
                                        .n_not_valid = notes->n_not_valid,
                                        .is_drawn = !settings->no_pictures};
    enum xcy_status status = xcy_picture_take_name(settings->output, plot, &name, err);
    if (status == XCY_OK) {
        status = xcy_picture_draw(settings->output, name, &picture, err);
    }
    if (status == XCY_OK) {
        xcy_buf_add(&drawn->text, xcy_buf_bytes(&output->table));
        xcy_picture_list(settings->output, name, picture.is_drawn, &drawn->text);
    }
    free(name);
    return status;
}

static void move(struct xcy_json **list, struct xcy_json *to, const char *plot)
{
    if (*list) {
        xcy_json_put(to, plot, *list);
        *list = NULL;
    }
}

/* Fails where files cannot be written; that its runs give no picture is kept for all to be told. */
static enum xcy_status draw(size_t i, struct job *job, struct xcy_drawn *drawn,
                            struct xcy_error *err)
{
    const struct xcy_figure_input input = {
        .arguments = &job->arguments[i], .settings = job->settings, .notes = &job->notes};
    struct xcy_figure_output output;
    xcy_figure_output_init(&output);
    xcy_notes_begin(&job->notes, figures[i].name);
    job->is_empty[i] = figures[i].make(&input, &output, &job->why[i]) != XCY_OK;
    enum xcy_status status = XCY_OK;
    if (!job->is_empty[i]) {
        status = put_picture(figures[i].name, job->settings, &job->notes, &output, drawn, err);
    }
    if (status == XCY_OK && !job->is_empty[i]) {
        move(&output.rows, drawn->numbers, figures[i].name);
        move(&output.unpublished, job->unpublished, figures[i].name);
        move(&output.derived, job->derived, figures[i].name);
    }
    xcy_figure_output_clear(&output);
    return status;
}

/* A plot that has nothing to draw does not take the others with it. Where all are so, the first of them
 * says why. */
static enum xcy_status tell_empty(struct job *job, struct xcy_error *err)
{
    size_t n_drawn = 0;
    size_t first = N_FIGURES;
    for (size_t i = 0; i < N_FIGURES; i++) {
        n_drawn += job->is_wanted[i] && !job->is_empty[i];
        first = job->is_empty[i] && first == N_FIGURES ? i : first;
    }
    if (n_drawn == 0 && first < N_FIGURES) {
        *err = job->why[first];
        return xcy_error_context(err, "%s", figures[first].name);
    }
    for (size_t i = first; i < N_FIGURES; i++) {
        if (job->is_empty[i]) {
            xcy_notes_begin(&job->notes, figures[i].name);
            xcy_notes_add(&job->notes, XCY_NOTE_NOTHING_TO_DRAW, NULL, "%s; it is not drawn",
                          job->why[i].text);
        }
    }
    return XCY_OK;
}

static enum xcy_status draw_each(struct job *job, struct xcy_drawn *drawn, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    job->unpublished = xcy_json_new_object();
    job->derived = xcy_json_new_object();
    for (size_t i = 0; status == XCY_OK && i < N_FIGURES; i++) {
        if (job->is_wanted[i]) {
            status = draw(i, job, drawn, err);
        }
    }
    if (status == XCY_OK) {
        status = tell_empty(job, err);
    }
    xcy_json_put(drawn->numbers, "unpublished", job->unpublished);
    xcy_json_put(drawn->numbers, "derived", job->derived);
    return status;
}

enum xcy_status xcy_figures_draw(const char *config_path, const char *const *wanted,
                                 size_t n_wanted, const struct xcy_figure_settings *settings,
                                 struct xcy_drawn *drawn, struct xcy_error *err)
{
    struct xcy_plot_config *config = NULL;
    struct job job = {.settings = settings};
    xcy_notes_init(&job.notes);
    enum xcy_status status = check_known(wanted, n_wanted, err);
    if (status == XCY_OK) {
        status = xcy_plot_config_read(config_path, &config, err);
    }
    if (status == XCY_OK) {
        status = read_arguments(config, wanted, n_wanted, &job, err);
    }
    if (status == XCY_OK) {
        status = check_wanted(config, config_path, wanted, n_wanted, &job.notes, err);
    }
    if (status == XCY_OK) {
        status = draw_each(&job, drawn, err);
    }
    xcy_json_put(drawn->numbers, "notes", xcy_notes_take(&job.notes));
    for (size_t i = 0; i < N_FIGURES; i++) {
        xcy_arguments_clear(&job.arguments[i]);
    }
    xcy_plot_config_free(config);
    return status;
}
