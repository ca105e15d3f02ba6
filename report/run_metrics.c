/* run_metrics.c - quantiles of each metric, with what sampling, polling and clocks leave open. */

#include "report/run_part.h"

#include "analyzers/cells.h"
#include "analyzers/duration.h"
#include "common/base/mem.h"
#include "report/html.h"
#include "report/panel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* A quantile of a metric: what is known of it, and where it stands in the tree. */
struct quantile {
    const struct xcy_metric_summary *of;
    const struct xcy_estimate *estimate;
    struct xcy_branch metric;
    struct xcy_branch branch;
    const char *name; /* "p50" */
};

static void add_value(struct xcy_buf *out, const struct quantile *q)
{
    char text[XCY_CELL_BYTES];
    bool is_right = isinf(q->estimate->high_us);
    xcy_cell_value(q->estimate, text);
    xcy_branch_show(&q->branch, is_right ? "low_ms" : "high_ms", out, "%s", text);
}

/* As of xcy_cell_ci, each end a number of its own. */
static void add_sampling(struct xcy_buf *out, const struct quantile *q)
{
    const struct xcy_estimate *e = q->estimate;
    if (!e->has_interval) {
        xcy_buf_add_text(out, "n too small");
        return;
    }
    if (e->ci_low_us == -INFINITY) {
        xcy_buf_add_text(out, "&lt;= ");
    } else {
        xcy_branch_show_ms(&q->branch, "ci95_low_ms", "unbounded", out);
        xcy_buf_add_text(out, "..");
    }
    xcy_branch_show_ms(&q->branch, "ci95_high_ms", "unbounded", out);
}

/* The lower end: what polling leaves open of a time of visibility. */
static void add_polling(struct xcy_buf *out, const struct quantile *q)
{
    if (q->of->metric->kind == XCY_METRIC_VISIBILITY) {
        xcy_branch_show_ms(&q->branch, "low_ms", "censored", out);
    }
}

static void add_clock_end(struct xcy_buf *out, const struct quantile *q, bool is_upper)
{
    char text[XCY_DURATION_TEXT_BYTES] = "unbounded";
    double us = is_upper ? q->estimate->clock_high_us : q->estimate->clock_low_us;
    if (isfinite(us)) {
        xcy_duration_format_end(us, is_upper, text);
    }
    xcy_branch_show(&q->branch, is_upper ? "clock_high_ms" : "clock_low_ms", out, "%s", text);
}

static void add_clocks(struct xcy_buf *out, const struct quantile *q)
{
    if (!xcy_metric_crosses_clocks(q->of->metric)) {
        xcy_buf_add_text(out, "one clock");
        return;
    }
    add_clock_end(out, q, true);
    xcy_buf_add_char(out, '/');
    add_clock_end(out, q, false);
}

static void add_n(struct xcy_buf *out, const struct quantile *q)
{
    xcy_branch_show_count(&q->metric, "n", out);
}

static void add_left(struct xcy_buf *out, const struct quantile *q)
{
    xcy_branch_show_count(&q->metric, "n_left_censored", out);
}

static void add_right(struct xcy_buf *out, const struct quantile *q)
{
    xcy_branch_show_count(&q->metric, "n_right_censored", out);
}

static void add_name(struct xcy_buf *out, const struct quantile *q)
{
    xcy_markup_add_text(out, q->of->metric->title);
}

static void add_quantile(struct xcy_buf *out, const struct quantile *q)
{
    xcy_buf_add_text(out, q->name);
}

static const struct {
    const char *title;
    bool is_number;
    void (*add)(struct xcy_buf *out, const struct quantile *q);
} columns[] = {
    {"metric", false, add_name},
    {"quantile", false, add_quantile},
    {"value", true, add_value},
    {"95% interval (sampling)", true, add_sampling},
    {"lower end (polling)", true, add_polling},
    {"may truly be (clocks)", true, add_clocks},
    {"n", true, add_n},
    {"known as at most", true, add_left},
    {"as more than", true, add_right},
};

enum { N_COLUMNS = sizeof columns / sizeof *columns };

static void add_row(struct xcy_buf *out, const struct quantile *q)
{
    xcy_buf_add_text(out, "<tr>");
    for (size_t c = 0; c < N_COLUMNS; c++) {
        xcy_buf_addf(out, "<td%s>", columns[c].is_number ? " class=\"number\"" : "");
        columns[c].add(out, q);
        xcy_buf_add_text(out, "</td>");
    }
    xcy_buf_add_text(out, "</tr>\n");
}

static bool is_duration(const struct xcy_metric_summary *m)
{
    return m->metric->kind != XCY_METRIC_BYTES && m->n > 0;
}

static void add_rows(struct xcy_buf *out, const struct xcy_run_part *run,
                     const struct xcy_metric_summary *m)
{
    struct xcy_branch metrics = xcy_branch_get(&run->json, "metrics");
    struct xcy_branch metric = xcy_branch_get(&metrics, m->metric->name);
    for (size_t i = 0; i < XCY_N_QUANTILES; i++) {
        char name[16];
        snprintf(name, sizeof name, "p%g", 100 * xcy_quantiles[i]);
        struct quantile q = {m, &m->quantiles[i], metric, xcy_branch_get(&metric, name), name};
        add_row(out, &q);
    }
}

static void add_table(struct xcy_buf *out, const struct xcy_run_part *run)
{
    xcy_scroll_begin(out, "metrics");
    xcy_buf_add_text(out, "<table class=\"sortable metrics\"><thead><tr>");
    for (size_t c = 0; c < N_COLUMNS; c++) {
        xcy_buf_addf(out, "<th scope=\"col\"%s>%s</th>",
                     columns[c].is_number ? " class=\"number\"" : "", columns[c].title);
    }
    xcy_buf_add_text(out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < run->summary->evidence.metrics->n; i++) {
        if (is_duration(&run->summary->metrics[i])) {
            add_rows(out, run, &run->summary->metrics[i]);
        }
    }
    xcy_buf_add_text(out, "</tbody></table>");
    xcy_scroll_end(out);
}

/* What a logarithmic axis can show. */
static bool is_above_zero(const struct xcy_metric_summary *m)
{
    return is_duration(m) && m->quantiles[0].high_us > 0;
}

static const struct xcy_grid_column grid_columns[] = {
    {.name = "p50.high_ms"}, {.name = "p50.ci95_low_ms"}, {.name = "p50.ci95_high_ms"},
    {.name = "p90.high_ms"}, {.name = "p90.ci95_low_ms"}, {.name = "p90.ci95_high_ms"},
    {.name = "p99.high_ms"}, {.name = "p99.ci95_low_ms"}, {.name = "p99.ci95_high_ms"},
};
static const struct xcy_series series[] = {
    {XCY_SERIES_POINTS, "p50", 0, 0, 1, 2},
    {XCY_SERIES_POINTS, "p90", 1, 3, 4, 5},
    {XCY_SERIES_POINTS, "p99", 2, 6, 7, 8},
};

static void fill(struct xcy_grid *grid, const struct xcy_run_part *run)
{
    struct xcy_branch metrics = xcy_branch_get(&run->json, "metrics");
    for (size_t i = 0; i < run->summary->evidence.metrics->n; i++) {
        const struct xcy_metric *metric = run->summary->metrics[i].metric;
        if (is_above_zero(&run->summary->metrics[i])) {
            struct xcy_branch branch = xcy_branch_get(&metrics, metric->name);
            xcy_grid_add(grid, metric->title, &branch);
        }
    }
}

static void add_figure(struct xcy_buf *out, const struct xcy_run_part *run)
{
    struct xcy_grid grid = {.labels = "metric",
                            .columns = grid_columns,
                            .n_columns = sizeof grid_columns / sizeof *grid_columns};
    fill(&grid, run);
    const struct xcy_panel panel = {
        .form = XCY_PANEL_ROWS,
        .name = "metrics",
        .note =
            "Upper ends of the quantiles; bars are 95% intervals of sampling alone, and one from "
            "the edge begins at 0. Not drawn: quantiles beyond the polls, and metrics whose "
            "median is not above 0.",
        .drawing = {.title = "Where the time goes",
                    .grid = &grid,
                    .series = series,
                    .n_series = sizeof series / sizeof *series,
                    .value = {.title = "time (ms)", .factor = 1, .wants_log = true},
                    .x = XCY_SERIES_NONE,
                    .x_end = XCY_SERIES_NONE},
    };
    xcy_panel_add(out, &panel);
    xcy_grid_clear(&grid);
}

static void add_size(struct xcy_buf *out, const struct xcy_run_part *run,
                     const struct xcy_metric_summary *m)
{
    static const char *const keys[] = {"mean_bytes", "min_bytes", "max_bytes", "n"};
    struct xcy_branch sizes = xcy_branch_get(&run->json, "sizes");
    struct xcy_branch size = xcy_branch_get(&sizes, m->metric->name);
    xcy_buf_add_text(out, "<tr><th scope=\"row\">");
    xcy_markup_add_text(out, m->metric->title);
    xcy_buf_add_text(out, "</th>");
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        xcy_buf_add_text(out, "<td class=\"number\">");
        xcy_branch_show(&size, keys[k], out, k == 0 ? "%.1f" : "%.0f",
                        xcy_branch_number(&size, keys[k]));
        xcy_buf_add_text(out, "</td>");
    }
    xcy_buf_add_text(out, "</tr>\n");
}

static void add_sizes(struct xcy_buf *out, const struct xcy_run_part *run)
{
    xcy_scroll_begin(out, "sizes");
    xcy_buf_add_text(out, "<table class=\"sortable\"><thead><tr><th scope=\"col\">bytes of</th>"
                          "<th scope=\"col\" class=\"number\">mean</th>"
                          "<th scope=\"col\" class=\"number\">least</th>"
                          "<th scope=\"col\" class=\"number\">most</th>"
                          "<th scope=\"col\" class=\"number\">n</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < run->summary->evidence.metrics->n; i++) {
        const struct xcy_metric_summary *m = &run->summary->metrics[i];
        if (m->metric->kind == XCY_METRIC_BYTES && m->n > 0) {
            add_size(out, run, m);
        }
    }
    xcy_buf_add_text(out, "</tbody></table>");
    xcy_scroll_end(out);
}

void xcy_run_add_metrics(struct xcy_buf *out, const struct xcy_run_part *run)
{
    xcy_buf_add_text(out,
                     "<h3>Times</h3>\n<p class=\"faint\">Three errors, apart: how far another "
                     "sample of this size may lie (sampling), what the reader's polls leave open "
                     "(polling), how far the clocks of different processes may have moved it "
                     "(clocks).</p>\n");
    add_table(out, run);
    add_figure(out, run);
    xcy_buf_add_text(out, "<h3>Sizes</h3>\n");
    add_sizes(out, run);
}
