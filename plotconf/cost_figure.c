#include "analyzers/compare/contrast_cells.h"
#include "analyzers/compare/undecided.h"
#include "analyzers/cost/cost.h"
#include "common/base/mem.h"
#include "plotconf/chart.h"
#include "plotconf/figure.h"
#include "plotconf/paths.h"
#include "plotconf/run_list.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Under the groups, in the order of a cost's figures; what is undecided stands in the legend, as a
 * percentage of none is none. */
static const struct {
    const char *title;
    const char *subtitle;
} groups[XCY_COST_UNDECIDED] = {
    {"inconsistent", "share of reads"}, {"response", "median"},   {"window", "as published"},
    {"throughput", "requests"},         {"post", "bytes stored"}, {"notification", "bytes"},
};

enum { SERIES_BYTES = 64 };

/* What a chart borrows. */
struct titles {
    char title[128];
    char series[XCY_N_REMEDIES][SERIES_BYTES];
};

/* "barrier antipode, 39.2% undecided". */
static void add_undecided(const struct xcy_cost_setting *s, char title[SERIES_BYTES])
{
    struct xcy_share share = {0, 0};
    size_t len = strlen(title);
    if (s) {
        share = xcy_undecided_share(&s->counts);
    }
    if (share.events > 0) {
        snprintf(title + len, SERIES_BYTES - len, ", %.3g%% undecided",
                 100 * xcy_share_value(share));
    }
}

static void fill_titles(const struct xcy_cost *cost, struct titles *t)
{
    const struct xcy_combination *c = &cost->runs[0].evidence.manifest.combination;
    const struct xcy_cost_setting *delay = cost->remedies[XCY_REMEDY_DELAY];
    snprintf(t->title, sizeof t->title, "Cost at equal residual inconsistency: %s, %s",
             xcy_post_storage_title(c->post_storage),
             xcy_notification_storage_title(c->notification_storage));
    snprintf(t->series[XCY_REMEDY_NONE], sizeof t->series[0], "no remedy");
    if (delay) {
        snprintf(t->series[XCY_REMEDY_DELAY], sizeof t->series[0], "delay of %lld ms",
                 (long long)delay->delay_ms);
    } else {
        snprintf(t->series[XCY_REMEDY_DELAY], sizeof t->series[0], "no such delay");
    }
    snprintf(t->series[XCY_REMEDY_BARRIER], sizeof t->series[0], "barrier %s",
             xcy_consistency_names[cost->remedies[XCY_REMEDY_BARRIER]->consistency]);
    for (size_t remedy = 0; remedy < XCY_N_REMEDIES; remedy++) {
        add_undecided(cost->remedies[remedy], t->series[remedy]);
    }
}

/* The share is that of all rounds together, so that none of so many has an interval, too. */
static struct xcy_chart_bar share_bar(const struct xcy_cost_setting *s)
{
    return (struct xcy_chart_bar){
        xcy_share_value(s->share), s->exact.low, s->exact.high, NAN, NAN, ""};
}

static struct xcy_chart_bar value_bar(const struct xcy_estimate *e)
{
    return (struct xcy_chart_bar){e->low_us,
                                  e->has_interval ? e->ci_low_us : NAN,
                                  e->has_interval ? e->ci_high_us : NAN,
                                  NAN,
                                  NAN,
                                  ""};
}

/* In percent of what it is without a remedy; of nothing there is no percentage. */
static void scale(struct xcy_chart_bar *bar, double whole)
{
    double factor = whole > 0 ? 100 / whole : NAN;
    bar->value *= factor;
    bar->low *= factor;
    bar->high *= factor;
}

static void fill_bar(const struct xcy_cost *cost, enum xcy_remedy remedy, size_t figure,
                     struct xcy_chart_bar *bar)
{
    char label[XCY_CONTRAST_CELL_BYTES];
    size_t side = 0;
    const struct xcy_contrast *c = xcy_cost_figure(cost, remedy, figure, &side);
    if (!c || c->n[side] == 0) {
        return;
    }
    *bar = c->kind == XCY_KIND_INCONSISTENT ? share_bar(cost->remedies[remedy])
                                            : value_bar(&c->sides[side]);
    xcy_contrast_value(c, side, label);
    if (c->kind != XCY_KIND_INCONSISTENT || bar->value > 0) {
        snprintf(bar->label, sizeof bar->label, "%.60s", label);
    } else {
        snprintf(bar->label, sizeof bar->label, "≤%.2g%%", 100 * bar->high);
    }
}

/* Over the group: the barrier against the delay; where there is none, against no remedy. */
static void fill_category(const struct xcy_cost *cost, size_t figure,
                          struct xcy_chart_category *category)
{
    char shift[XCY_CONTRAST_CELL_BYTES];
    bool has_choice = cost->has_pair[XCY_COST_OF_CHOICE];
    const struct xcy_contrast *choice =
        &cost->figures[has_choice ? XCY_COST_OF_CHOICE : XCY_COST_OF_BARRIER][figure];
    for (size_t remedy = 0; remedy < XCY_N_REMEDIES; remedy++) {
        fill_bar(cost, (enum xcy_remedy)remedy, figure, &category->bars[remedy]);
    }
    double whole = category->bars[XCY_REMEDY_NONE].value;
    for (size_t remedy = 0; remedy < XCY_N_REMEDIES; remedy++) {
        scale(&category->bars[remedy], whole);
    }
    xcy_contrast_cell(choice, XCY_CONTRAST_SHIFT, shift);
    snprintf(category->note, sizeof category->note, "%.60s", shift);
    snprintf(category->subtitle, sizeof category->subtitle, "%s", groups[figure].subtitle);
}

static void draw(const struct xcy_cost *cost, struct xcy_figure_output *output)
{
    struct titles titles;
    struct xcy_chart *chart = xcy_alloc(sizeof *chart);
    fill_titles(cost, &titles);
    *chart = (struct xcy_chart){
        .title = titles.title,
        .subtitle = "bars in percent of no remedy, with 95% intervals; over them what was measured",
        .axis = "percent of no remedy",
        .scale = XCY_CHART_PERCENT,
        .series = {titles.series[0], titles.series[1], titles.series[2]},
        .n_series = XCY_N_REMEDIES,
    };
    snprintf(chart->remark, sizeof chart->remark, "orange: the barrier against %s",
             cost->has_pair[XCY_COST_OF_CHOICE] ? "the delay" : "no remedy");
    for (size_t i = 0; i < XCY_COST_UNDECIDED; i++) {
        fill_category(cost, i, xcy_chart_add(chart, groups[i].title));
    }
    xcy_chart_data(chart, &output->data);
    xcy_chart_script(chart, &output->script);
    free(chart);
}

static void note_validity(const struct xcy_cost *cost, struct xcy_notes *notes)
{
    for (size_t i = 0; i < cost->n_runs; i++) {
        const struct xcy_summary *s = &cost->runs[i];
        if (s->problem[0]) {
            xcy_notes_add(notes, XCY_NOTE_NOT_VALID, s->evidence.path, "%s is not valid: %s",
                          s->evidence.path, s->problem);
        }
    }
}

static void note_undecided(const struct xcy_cost *cost, struct xcy_notes *notes)
{
    for (size_t remedy = 0; remedy < XCY_N_REMEDIES; remedy++) {
        const struct xcy_cost_setting *s = cost->remedies[remedy];
        if (s && xcy_undecided_share(&s->counts).events > 0) {
            struct xcy_buf words;
            xcy_buf_init(&words, 1024);
            xcy_undecided_add(&s->counts, &words);
            xcy_notes_add(notes, XCY_NOTE_UNDECIDED, NULL,
                          "remedy %s: %s are undecided; the share of inconsistent reads is of the "
                          "others",
                          xcy_remedy_names[remedy], words.ptr);
            xcy_buf_clear(&words);
        }
    }
}

static enum xcy_status find_runs(const struct xcy_figure_input *input, struct xcy_run_set *set,
                                 struct xcy_error *err)
{
    struct xcy_paths paths = {0};
    enum xcy_status status = xcy_paths_resolve(input->arguments->gather_paths,
                                               input->settings->root, input->notes, &paths, err);
    for (size_t i = 0; status == XCY_OK && i < paths.n; i++) {
        struct xcy_error why;
        char *pattern = xcy_paths_escape(paths.items[i]);
        if (xcy_run_set_add(set, input->settings->root, pattern, &why) != XCY_OK) {
            xcy_run_note_unread(paths.items[i], &why, NULL, input->notes);
        }
        free(pattern);
    }
    if (status == XCY_OK && set->n == 0) {
        status = xcy_run_fail_none(input->settings->root, err);
    }
    xcy_paths_clear(&paths);
    return status;
}

/* Leaves out the runs that cannot be read, and notes them; how many. */
static size_t drop_broken(const struct xcy_evidence_settings *settings, struct xcy_run_set *set,
                          struct xcy_notes *notes)
{
    size_t n_whole = 0;
    size_t n = set->n;
    for (size_t i = 0; i < n; i++) {
        struct xcy_error why;
        struct xcy_evidence evidence = {0};
        struct xcy_set_run run = set->runs[i];
        if (xcy_evidence_read(run.path, settings, &evidence, &why) == XCY_OK) {
            xcy_evidence_clear(&evidence);
            set->runs[n_whole++] = run;
        } else {
            xcy_run_note_unread(run.path, &why, NULL, notes);
            free(run.path);
        }
    }
    set->n = n_whole;
    return n - n_whole;
}

/* Its runs, read and held against each other; what is wrong with them is told with file and line of the
 * config that names them. The cost borrows the metrics. */
static enum xcy_status make_cost(const struct xcy_figure_input *input,
                                 const struct xcy_metric_set *metrics, struct xcy_cost *cost,
                                 struct xcy_error *err)
{
    struct xcy_run_set set = {.n = 0};
    enum xcy_status status = find_runs(input, &set, err);
    if (status == XCY_OK) {
        const struct xcy_evidence_settings settings = {.metrics = metrics,
                                                       .drift_ppm = input->settings->drift_ppm};
        status = xcy_cost_make(&set, &settings, cost, err);
        if (status != XCY_OK && drop_broken(&settings, &set, input->notes) > 0) {
            status = set.n > 0 ? xcy_cost_make(&set, &settings, cost, err)
                               : xcy_run_fail_none(input->settings->root, err);
        }
        if (status != XCY_OK) {
            const struct xcy_error why = *err;
            xcy_yaml_fail(input->arguments->gather_paths, err, "%s", why.text);
            err->status = why.status;
        }
    }
    xcy_run_set_clear(&set);
    return status;
}

enum xcy_status xcy_cost_figure_make(const struct xcy_figure_input *input,
                                     struct xcy_figure_output *output, struct xcy_error *err)
{
    struct xcy_metric_set metrics = {.n = 0};
    struct xcy_cost cost;
    enum xcy_status status = xcy_metric_set_read(NULL, &metrics, err);
    if (status == XCY_OK) {
        status = make_cost(input, &metrics, &cost, err);
    }
    if (status == XCY_OK) {
        note_validity(&cost, input->notes);
        note_undecided(&cost, input->notes);
        xcy_cost_print(&cost, &output->table);
        output->rows = xcy_cost_to_json(&cost);
        draw(&cost, output);
        xcy_cost_clear(&cost);
    }
    xcy_metric_set_clear(&metrics);
    return status;
}
