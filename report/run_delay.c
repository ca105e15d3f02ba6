/* run_delay.c - what an artificial delay would hide, derived from the run. */

#include "report/run_part.h"

#include "report/html.h"
#include "report/panel.h"

#include <math.h>
#include <string.h>

static void add_figure(struct xcy_buf *out, const struct xcy_branch *delay)
{
    enum column { DELAY, LOW, HIGH, BAND_LOW, BAND_HIGH, LEAST, MOST, N_COLUMNS };
    static const struct xcy_grid_column columns[N_COLUMNS] = {
        [DELAY] = {.name = "delay_ms"},        [LOW] = {.name = "share_low"},
        [HIGH] = {.name = "share_high"},       [BAND_LOW] = {.name = "band95_low"},
        [BAND_HIGH] = {.name = "band95_high"}, [LEAST] = {.name = "share_min"},
        [MOST] = {.name = "share_max"},
    };
    static const struct xcy_series series[] = {
        {XCY_SERIES_BAND, "95% band", 0, XCY_SERIES_NONE, BAND_LOW, BAND_HIGH},
        {XCY_SERIES_LINE, "upper end", 0, HIGH, XCY_SERIES_NONE, XCY_SERIES_NONE},
        {XCY_SERIES_LINE, "lower end", 1, LOW, XCY_SERIES_NONE, XCY_SERIES_NONE},
    };
    struct xcy_grid grid = {.columns = columns, .n_columns = N_COLUMNS};
    struct xcy_branch curve = xcy_branch_get(delay, "curve");
    for (size_t i = 0; i < xcy_json_size(curve.node); i++) {
        struct xcy_branch point = xcy_branch_at(&curve, i);
        xcy_grid_add(&grid, NULL, &point);
    }
    const struct xcy_panel panel = {
        .form = XCY_PANEL_CURVES,
        .name = "delay",
        .note = "Upper and lower end: what polling leaves open of this run. The band holds at all "
                "delays at once.",
        .drawing = {.title = "Inconsistent reads behind a delay",
                    .grid = &grid,
                    .series = series,
                    .n_series = sizeof series / sizeof *series,
                    .value = {.title = "inconsistent (%)", .factor = 100, .from_zero = true},
                    .along = {.title = "delay before the notification (ms), 0 at the edge",
                              .factor = 1,
                              .wants_log = true},
                    .x = DELAY,
                    .x_end = XCY_SERIES_NONE},
    };
    xcy_panel_add(out, &panel);
    xcy_grid_clear(&grid);
}

static bool is_polled(const struct xcy_branch *delay)
{
    return strcmp(xcy_json_get_string(delay->node, "basis", ""), "at_zero") != 0;
}

/* Why there is no end: nobody polled, or not for long enough. */
static const char *no_end(const struct xcy_branch *delay)
{
    return is_polled(delay) ? "beyond the polls" : "not polled";
}

static void add_interval(struct xcy_buf *out, const struct xcy_branch *needed,
                         const char *otherwise)
{
    bool has_low = isfinite(xcy_branch_number(needed, "ci95_low_ms"));
    bool has_high = isfinite(xcy_branch_number(needed, "ci95_high_ms"));
    if (has_low || has_high) {
        xcy_branch_show_ms(needed, "ci95_low_ms", otherwise, out);
        xcy_buf_add_text(out, "..");
        xcy_branch_show_ms(needed, "ci95_high_ms", otherwise, out);
    } else {
        bool is_few = isfinite(xcy_branch_number(needed, "needs_n"));
        xcy_buf_add_text(out, is_few ? "too few reads" : otherwise);
    }
}

/* How many reads an interval would take. */
static void add_reads(struct xcy_buf *out, const struct xcy_branch *needed)
{
    if (isfinite(xcy_branch_number(needed, "needs_n"))) {
        xcy_branch_show_count(needed, "needs_n", out);
    } else {
        xcy_branch_show(needed, "needs_n", out, "-");
    }
}

static void add_needed(struct xcy_buf *out, const struct xcy_branch *delay)
{
    struct xcy_branch all = xcy_branch_get(delay, "needed");
    xcy_scroll_begin(out, "delays needed");
    xcy_buf_add_text(
        out, "<table class=\"sortable\"><thead><tr>"
             "<th scope=\"col\" class=\"number\">inconsistent at most</th>"
             "<th scope=\"col\" class=\"number\">delay needed, lower end</th>"
             "<th scope=\"col\" class=\"number\">upper end</th>"
             "<th scope=\"col\" class=\"number\">95% interval</th>"
             "<th scope=\"col\" class=\"number\">which takes reads</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < xcy_json_size(all.node); i++) {
        struct xcy_branch needed = xcy_branch_at(&all, i);
        xcy_buf_add_text(out, "<tr><td class=\"number\">");
        xcy_branch_show(&needed, "target", out, "%g%%", 100 * xcy_branch_number(&needed, "target"));
        xcy_buf_add_text(out, "</td><td class=\"number\">");
        xcy_branch_show_ms(&needed, "low_ms", no_end(delay), out);
        xcy_buf_add_text(out, "</td><td class=\"number\">");
        xcy_branch_show_ms(&needed, "high_ms", no_end(delay), out);
        xcy_buf_add_text(out, "</td><td class=\"number\">");
        add_interval(out, &needed, no_end(delay));
        xcy_buf_add_text(out, "</td><td class=\"number\">");
        add_reads(out, &needed);
        xcy_buf_add_text(out, "</td></tr>\n");
    }
    xcy_buf_add_text(out, "</tbody></table>");
    xcy_scroll_end(out);
}

/* Beyond it the upper end of the curve says nothing. */
static void add_limit(struct xcy_buf *out, const struct xcy_branch *delay)
{
    if (!is_polled(delay)) {
        struct xcy_branch combination = xcy_branch_get(delay, "combination");
        xcy_buf_add_text(out,
                         "<p class=\"faint\">No inconsistent read was polled (visibility was ");
        xcy_markup_add_text(out, xcy_json_get_string(combination.node, "visibility", ""));
        xcy_buf_add_text(out, ", run.yml): what more delay than ");
        xcy_branch_show_ms(delay, "defined_to_ms", "-", out);
        xcy_buf_add_text(out, " would hide is not known.</p>\n");
    } else if (isfinite(xcy_branch_number(delay, "defined_to_ms"))) {
        xcy_buf_add_text(out, "<p class=\"faint\">Polls were given up: beyond a delay of ");
        xcy_branch_show_ms(delay, "defined_to_ms", "-", out);
        xcy_buf_add_text(out, " the upper end says nothing.</p>\n");
    }
}

void xcy_run_add_delay(struct xcy_buf *out, const struct xcy_run_part *run)
{
    const struct xcy_branch *delay = &run->delay;
    xcy_buf_add_text(out, "<div data-of=\"delay\">\n<h3>What a delay would hide</h3>\n");
    if (!delay->node) {
        xcy_buf_add_text(out, "<p>There is no curve: ");
        xcy_markup_add_text(out, run->no_delay);
        xcy_buf_add_text(out, ".</p>\n</div>\n");
        return;
    }
    xcy_buf_add_text(out, "<p class=\"faint\">From ");
    xcy_branch_show_count(delay, "n", out);
    xcy_buf_add_text(out, " reads, ");
    xcy_branch_show_count(delay, "inconsistent", out);
    xcy_buf_add_text(out, " of them inconsistent, visibility polled for ");
    xcy_branch_show_count(delay, "polled", out);
    xcy_buf_add_text(out, " of these; ");
    xcy_branch_show_count(delay, "unknown", out);
    xcy_buf_add_text(out, " requests lost or failed and never read. Left out: ");
    xcy_branch_show_count(delay, "many_execs", out);
    xcy_buf_add_text(out, " reads whose writer ran more than once, or may have, and ");
    xcy_branch_show_count(delay, "untold", out);
    xcy_buf_add_text(out, " that do not tell when they asked.</p>\n");
    add_limit(out, delay);
    add_needed(out, delay);
    add_figure(out, delay);
    xcy_buf_add_text(out, "</div>\n");
}
