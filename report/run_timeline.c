/* run_timeline.c - the run in blocks of time: whether it was one run, or several in turn. */

#include "report/run_part.h"

#include "common/stats/proportion.h"
#include "report/panel.h"

#include <math.h>

enum column { BEGIN, END, N, INCONSISTENT, SHARE, LOW, HIGH, WINDOW, MISSED, N_COLUMNS };

static const struct xcy_grid_column columns[N_COLUMNS] = {
    [BEGIN] = {.name = "begin_s"},
    [END] = {.name = "end_s"},
    [N] = {.name = "n"},
    [INCONSISTENT] = {.name = "inconsistent"},
    [SHARE] = {.name = "share", .is_computed = true},
    [LOW] = {.name = "wilson95_low", .is_computed = true},
    [HIGH] = {.name = "wilson95_high", .is_computed = true},
    [WINDOW] = {.name = "window_p50_ms"},
    [MISSED] = {.name = "inconsistent_window_p50_ms"},
};

static void fill(struct xcy_grid *grid, const struct xcy_branch *timeline)
{
    for (size_t i = 0; i < xcy_json_size(timeline->node); i++) {
        struct xcy_branch block = xcy_branch_at(timeline, i);
        double *values = xcy_grid_add(grid, NULL, &block)->values;
        if (values[N] > 0) {
            struct xcy_interval share =
                xcy_wilson((int64_t)values[INCONSISTENT], (int64_t)values[N], XCY_CONFIDENCE);
            values[SHARE] = values[INCONSISTENT] / values[N];
            values[LOW] = share.low;
            values[HIGH] = share.high;
        }
    }
}

static struct xcy_drawing drawing_of(const struct xcy_grid *grid, size_t n_series)
{
    return (struct xcy_drawing){.grid = grid,
                                .n_series = n_series,
                                .along = {.title = "sent after the beginning (s)", .factor = 1},
                                .x = BEGIN,
                                .x_end = END};
}

static void add_shares(struct xcy_buf *out, const struct xcy_grid *grid)
{
    static const struct xcy_series series[] = {
        {XCY_SERIES_POINTS, "share of a block, 95% interval", 0, SHARE, LOW, HIGH}};
    struct xcy_panel panel = {
        .form = XCY_PANEL_CURVES, .name = "shares-over-time", .drawing = drawing_of(grid, 1)};
    panel.drawing.title = "Inconsistent reads over time";
    panel.drawing.series = series;
    panel.drawing.value =
        (struct xcy_scale){.title = "inconsistent (%)", .factor = 100, .from_zero = true};
    xcy_panel_add(out, &panel);
}

static void add_windows(struct xcy_buf *out, const struct xcy_grid *grid)
{
    static const struct xcy_series series[] = {{XCY_SERIES_STEP, "median upper end of a block", 0,
                                                WINDOW, XCY_SERIES_NONE, XCY_SERIES_NONE},
                                               {XCY_SERIES_STEP, "of its inconsistent reads", 1,
                                                MISSED, XCY_SERIES_NONE, XCY_SERIES_NONE}};
    struct xcy_panel panel = {
        .form = XCY_PANEL_CURVES, .name = "windows-over-time", .drawing = drawing_of(grid, 2)};
    panel.drawing.title = "Windows by visibility over time";
    panel.drawing.series = series;
    panel.drawing.value =
        (struct xcy_scale){.title = "window, p50 (ms)", .factor = 1, .from_zero = true};
    xcy_panel_add(out, &panel);
}

/* Whether the blocks differ: said also where they do not. */
static void add_test(struct xcy_buf *out, const struct xcy_run_part *run, enum xcy_phase_of of,
                     const char *what)
{
    struct xcy_branch phases = xcy_branch_get(&run->json, "phases");
    struct xcy_branch phase = xcy_branch_get(&phases, xcy_phase_names[of]);
    if (!run->summary->phases[of].is_tested) {
        xcy_buf_addf(out, "%s: too few to tell", what);
        return;
    }
    xcy_buf_addf(out, "%s: %s (", what,
                 run->summary->phases[of].is_found ? "the blocks differ" : "no phase");
    xcy_branch_show_p(&phase, "p", out);
    xcy_buf_add_char(out, ')');
}

void xcy_run_add_timeline(struct xcy_buf *out, const struct xcy_run_part *run)
{
    struct xcy_branch timeline = xcy_branch_get(&run->json, "timeline");
    struct xcy_grid grid = {.columns = columns, .n_columns = N_COLUMNS};
    fill(&grid, &timeline);
    xcy_buf_add_text(out, "<h3>Over time</h3>\n<p>");
    add_test(out, run, XCY_PHASE_SHARE, "Inconsistent reads");
    xcy_buf_add_text(out, "; ");
    add_test(out, run, XCY_PHASE_WINDOW, "windows");
    xcy_buf_add_text(out, "; ");
    add_test(out, run, XCY_PHASE_MISSED, "windows of inconsistent reads");
    xcy_buf_add_text(out, ".</p>\n<div class=\"figures\">\n");
    add_shares(out, &grid);
    add_windows(out, &grid);
    xcy_buf_add_text(out, "</div>\n");
    xcy_grid_clear(&grid);
}
