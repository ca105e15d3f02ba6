/* run_windows.c - for how long posts were invisible: which share was visible within a time. */

#include "report/run_part.h"

#include "report/html.h"
#include "report/panel.h"

/* Of one run there is one group: its own combination. */
static struct xcy_branch group_of(const struct xcy_run_part *run)
{
    struct xcy_branch groups = xcy_branch_get(&run->windows, "groups");
    return xcy_branch_at(&groups, 0);
}

static void add_figure(struct xcy_buf *out, const struct xcy_branch *group)
{
    enum column {
        AT,
        LOW,
        HIGH,
        CLOCK_LOW,
        CLOCK_HIGH,
        BAND_LOW,
        BAND_HIGH,
        LIKELIEST_LOW,
        LIKELIEST_HIGH,
        N_COLUMNS
    };
    static const struct xcy_grid_column columns[N_COLUMNS] = {
        [AT] = {.name = "at_ms"},
        [LOW] = {.name = "share_low"},
        [HIGH] = {.name = "share_high"},
        [CLOCK_LOW] = {.name = "clock_share_low"},
        [CLOCK_HIGH] = {.name = "clock_share_high"},
        [BAND_LOW] = {.name = "band95_low"},
        [BAND_HIGH] = {.name = "band95_high"},
        [LIKELIEST_LOW] = {.name = "likeliest_low"},
        [LIKELIEST_HIGH] = {.name = "likeliest_high"},
    };
    static const struct xcy_series series[] = {
        {XCY_SERIES_BAND, "95% band", 0, XCY_SERIES_NONE, BAND_LOW, BAND_HIGH},
        {XCY_SERIES_BAND, "with the clocks", 2, XCY_SERIES_NONE, CLOCK_LOW, CLOCK_HIGH},
        {XCY_SERIES_LINE, "at most", 0, HIGH, XCY_SERIES_NONE, XCY_SERIES_NONE},
        {XCY_SERIES_LINE, "at least", 1, LOW, XCY_SERIES_NONE, XCY_SERIES_NONE},
        {XCY_SERIES_LINE, "likeliest", 3, LIKELIEST_HIGH, XCY_SERIES_NONE, XCY_SERIES_NONE},
    };
    struct xcy_grid grid = {.columns = columns, .n_columns = N_COLUMNS};
    struct xcy_branch within = xcy_branch_get(group, "within");
    for (size_t i = 0; i < xcy_json_size(within.node); i++) {
        struct xcy_branch point = xcy_branch_at(&within, i);
        xcy_grid_add(&grid, NULL, &point);
    }
    const struct xcy_panel panel = {
        .form = XCY_PANEL_CURVES,
        .name = "windows",
        .note =
            "At least and at most: what polling leaves open. A first read that found the post "
            "leaves all before it open. The band holds at all times at once. The likeliest "
            "distribution (Turnbull; of up to 20,000 windows) is for the eye: it has no error of "
            "its own.",
        .drawing = {.title = "Posts visible within a time",
                    .grid = &grid,
                    .series = series,
                    .n_series = sizeof series / sizeof *series,
                    .value = {.title = "visible (%)", .factor = 100, .from_zero = true},
                    .along = {.title = "after the acknowledged write (ms), 0 at the edge",
                              .factor = 1,
                              .wants_log = true},
                    .x = AT,
                    .x_end = XCY_SERIES_NONE},
    };
    xcy_panel_add(out, &panel);
    xcy_grid_clear(&grid);
}

static void add_kinds(struct xcy_buf *out, const struct xcy_branch *group)
{
    xcy_buf_add_text(out, "<p class=\"faint\">Of ");
    xcy_branch_show_count(group, "n", out);
    xcy_buf_add_text(out, " windows ");
    xcy_branch_show_count(group, "n_left_censored", out);
    xcy_buf_add_text(out, " are known as at most a time (the first read found the post), ");
    xcy_branch_show_count(group, "n_interval", out);
    xcy_buf_add_text(out, " between two times, ");
    xcy_branch_show_count(group, "n_right_censored", out);
    xcy_buf_add_text(out, " as more than a time (never seen). ");
    xcy_branch_show_count(group, "unknown", out);
    xcy_buf_add_text(out, " requests lost or failed have none.</p>\n");
}

void xcy_run_add_windows(struct xcy_buf *out, const struct xcy_run_part *run)
{
    struct xcy_branch group = group_of(run);
    xcy_buf_add_text(out,
                     "<div data-of=\"windows\">\n<h3>For how long posts were invisible</h3>\n");
    if (group.node) {
        add_kinds(out, &group);
        add_figure(out, &group);
    } else {
        xcy_buf_add_text(out, "<p>No window is known: ");
        xcy_markup_add_text(out, run->no_windows);
        xcy_buf_add_text(out, ".</p>\n");
    }
    xcy_buf_add_text(out, "</div>\n");
}
