#include "report/campaign_part.h"

#include "common/base/mem.h"
#include "report/campaign_cells.h"
#include "report/html.h"
#include "report/panel.h"
#include "report/run_pages.h"

#include <math.h>
#include <stdlib.h>

static void add_progress(struct xcy_buf *out, const struct xcy_campaign_state *state)
{
    size_t n_done = xcy_campaign_count(state, XCY_RUN_DONE);
    size_t n_failed = xcy_campaign_count(state, XCY_RUN_FAILED);
    size_t n_bad = 0;
    for (size_t i = 0; i < state->plan.n_runs; i++) {
        n_bad += state->runs[i].progress == XCY_RUN_DONE && !state->runs[i].is_valid ? 1 : 0;
    }
    bool is_good = n_done == state->plan.n_runs && n_bad == 0;
    xcy_buf_addf(out, "<p class=\"verdict%s\"><strong>%s</strong> ", is_good ? "" : " bad",
                 is_good ? "Complete." : "Not all runs are done and valid.");
    xcy_buf_addf(out, "%zu runs of %zu cells: %zu done", state->plan.n_runs, state->plan.n_cells,
                 n_done);
    xcy_buf_addf(out, " (%zu of them not valid), %zu failed, %zu to do.</p>\n", n_bad, n_failed,
                 state->plan.n_runs - n_done - n_failed);
}

/* A row of the grid for each cell. */
static void fill(struct xcy_grid *grid, const struct xcy_campaign_part *campaign)
{
    struct xcy_branch cells = xcy_branch_get(&campaign->json, "cells");
    for (size_t i = 0; i < campaign->results->state->plan.n_cells; i++) {
        const struct xcy_cell_result *result = &campaign->results->cells[i];
        char label[XCY_CELL_LABEL_BYTES];
        struct xcy_branch cell = xcy_branch_at(&cells, i);
        xcy_cell_label(result->cell, label);
        char *told = xcy_format("%s%s", label,
                                result->n_used > 0 && result->n_valid == 0 ? " (NOT VALID)" : "");
        xcy_grid_add(grid, told, &cell);
        free(told);
    }
}

static void add_panel(struct xcy_buf *out, const struct xcy_campaign_part *campaign,
                      struct xcy_panel *panel, struct xcy_grid *grid)
{
    grid->labels = "cell";
    fill(grid, campaign);
    panel->form = XCY_PANEL_ROWS;
    panel->drawing.grid = grid;
    panel->drawing.x = XCY_SERIES_NONE;
    panel->drawing.x_end = XCY_SERIES_NONE;
    xcy_panel_add(out, panel);
    xcy_grid_clear(grid);
}

static void add_shares(struct xcy_buf *out, const struct xcy_campaign_part *campaign)
{
    static const struct xcy_grid_column columns[] = {
        {.name = "inconsistent.events"},
        {.name = "inconsistent.n"},
        {.name = "inconsistent.share"},
        {.name = "inconsistent.wilson95_low"},
        {.name = "inconsistent.wilson95_high"},
        {.name = "by_rounds.inconsistent_share.mean"},
        {.name = "by_rounds.inconsistent_share.low"},
        {.name = "by_rounds.inconsistent_share.high"},
    };
    static const struct xcy_series series[] = {
        {XCY_SERIES_POINTS, "all rounds together, 95% interval", 0, 2, 3, 4},
        {XCY_SERIES_POINTS, "mean of rounds, and how far they move", 1, 5, 6, 7},
    };
    struct xcy_grid grid = {.columns = columns, .n_columns = sizeof columns / sizeof *columns};
    struct xcy_panel panel = {
        .name = "shares",
        .drawing = {.title = "Inconsistent reads by cell",
                    .series = series,
                    .n_series = sizeof series / sizeof *series,
                    .value = {.title = "inconsistent (%)", .factor = 100, .from_zero = true}},
    };
    add_panel(out, campaign, &panel, &grid);
}

static void add_windows(struct xcy_buf *out, const struct xcy_campaign_part *campaign)
{
    static const struct xcy_grid_column columns[] = {
        {.name = "by_rounds.published_p50_ms.mean"},  {.name = "by_rounds.published_p50_ms.low"},
        {.name = "by_rounds.published_p50_ms.high"},  {.name = "by_rounds.window_high_p50_ms.mean"},
        {.name = "by_rounds.window_high_p50_ms.low"}, {.name = "by_rounds.window_high_p50_ms.high"},
    };
    static const struct xcy_series series[] = {
        {XCY_SERIES_POINTS, "as published", 0, 0, 1, 2},
        {XCY_SERIES_POINTS, "by visibility, upper end", 1, 3, 4, 5},
    };
    struct xcy_grid grid = {.columns = columns, .n_columns = sizeof columns / sizeof *columns};
    struct xcy_panel panel = {
        .name = "windows",
        .note = "Means of the rounds' medians; bars: how far they move from round to round.",
        .drawing = {.title = "Windows by cell",
                    .series = series,
                    .n_series = sizeof series / sizeof *series,
                    .value = {.title = "window, p50 (ms)", .factor = 1, .wants_log = true}},
    };
    add_panel(out, campaign, &panel, &grid);
}

static void add_run(struct xcy_buf *out, const struct xcy_campaign_part *campaign, size_t i)
{
    const struct xcy_campaign_state *state = campaign->results->state;
    const struct xcy_run_record *run = &state->runs[i];
    char label[XCY_CELL_LABEL_BYTES];
    char anchor[XCY_ANCHOR_BYTES];
    struct xcy_branch runs = xcy_branch_get(&campaign->json, "runs");
    struct xcy_branch json = xcy_branch_at(&runs, i);
    xcy_cell_label(&state->plan.cells[state->plan.runs[i].cell], label);
    xcy_buf_add_text(out, "<tr><td class=\"number\">");
    xcy_branch_show_count(&json, "n", out);
    xcy_buf_add_text(out, "</td><td class=\"number\">");
    xcy_branch_show_count(&json, "round", out);
    xcy_buf_add_text(out, "</td><th scope=\"row\">");
    if (campaign->parts[i] > 0) {
        xcy_run_pages_anchor(campaign->parts[i], anchor);
        xcy_buf_addf(out, "<a href=\"#%s\">%s</a>", anchor, label);
    } else {
        xcy_buf_add_text(out, label);
    }
    xcy_buf_addf(out, "</th><td>%s%s</td><td class=\"number\">",
                 xcy_run_progress_names[run->progress],
                 run->progress == XCY_RUN_DONE && !run->is_valid ? ", NOT VALID" : "");
    double took_s = xcy_branch_number(&json, "took_s");
    xcy_branch_show(&json, "took_s", out, isfinite(took_s) ? "%.1f s" : "", took_s);
    xcy_buf_add_text(out, "</td><td class=\"long\">");
    xcy_markup_add_text(out, run->reason ? run->reason : "");
    xcy_buf_add_text(out, "</td></tr>\n");
}

static void add_runs(struct xcy_buf *out, const struct xcy_campaign_part *campaign)
{
    xcy_buf_add_text(out, "<h2>Runs, in their order</h2>\n");
    xcy_scroll_begin(out, "runs");
    xcy_buf_add_text(out, "<table class=\"sortable\"><thead><tr>"
                          "<th scope=\"col\" class=\"number\">run</th>"
                          "<th scope=\"col\" class=\"number\">round</th>"
                          "<th scope=\"col\">cell</th><th scope=\"col\">state</th>"
                          "<th scope=\"col\" class=\"number\">took</th>"
                          "<th scope=\"col\">why</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < campaign->results->state->plan.n_runs; i++) {
        add_run(out, campaign, i);
    }
    xcy_buf_add_text(out, "</tbody></table>");
    xcy_scroll_end(out);
}

void xcy_campaign_part_add(struct xcy_buf *out, const struct xcy_campaign_part *campaign)
{
    xcy_buf_add_text(out, "<section data-of=\"campaign\">\n");
    add_progress(out, campaign->results->state);
    xcy_buf_add_text(out, "<h2>Cells</h2>\n<p class=\"faint\">Figures of a cell's valid runs; "
                          "where none is valid, of all. Medians are means over the rounds, in "
                          "brackets how far they move.</p>\n");
    xcy_campaign_add_outcomes(out, campaign);
    xcy_buf_add_text(out, "<div class=\"figures\">\n");
    add_shares(out, campaign);
    add_windows(out, campaign);
    xcy_buf_add_text(out, "</div>\n<h3>What they are from</h3>\n");
    xcy_campaign_add_loads(out, campaign);
    add_runs(out, campaign);
    xcy_buf_add_text(out, "</section>\n");
}
