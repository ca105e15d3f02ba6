#include "report/campaign_cells.h"

#include "common/cli/bound.h"
#include "report/html.h"
#include "report/panel.h"

#include <math.h>

/* A column adds what it says of one cell; key: where that stands in the cell's object. */
typedef void add_fn(struct xcy_buf *out, const struct xcy_branch *cell, const char *key);

static void add_count(struct xcy_buf *out, const struct xcy_branch *cell, const char *key)
{
    xcy_branch_show_count(cell, key, out);
}

static void add_share(struct xcy_buf *out, const struct xcy_branch *cell, const char *key)
{
    xcy_branch_show_share(cell, key, 1, out);
}

/* For none of n the upper end of the exact interval. */
static void add_interval(struct xcy_buf *out, const struct xcy_branch *cell, const char *key)
{
    struct xcy_branch share = xcy_branch_get(cell, key);
    if (xcy_branch_number(&share, "n") > 0 && xcy_branch_number(&share, "events") > 0) {
        xcy_branch_show_share(&share, "wilson95_low", 1, out);
        xcy_buf_add_text(out, "..");
        xcy_branch_show_share(&share, "wilson95_high", 1, out);
    } else if (xcy_branch_number(&share, "n") > 0) {
        xcy_buf_add_text(out, "&lt;= ");
        xcy_branch_show_share(&share, "clopper_pearson95_high", 2, out);
    }
}

static void show_number(struct xcy_buf *out, const struct xcy_branch *branch, const char *key)
{
    double value = xcy_branch_number(branch, key);
    double size = fabs(value);
    if (isfinite(value)) {
        xcy_branch_show(branch, key, out, "%.*f", size < 10 ? 2 : size < 100 ? 1 : 0, value);
    }
}

/* "101 (95.0..107)": over the rounds; of one round alone, the value. */
static void add_rounds(struct xcy_buf *out, const struct xcy_branch *cell, const char *key)
{
    struct xcy_branch rounds = xcy_branch_get(cell, key);
    show_number(out, &rounds, "mean");
    if (xcy_branch_number(&rounds, "n") >= 2) {
        xcy_buf_add_text(out, " (");
        show_number(out, &rounds, "low");
        xcy_buf_add_text(out, "..");
        show_number(out, &rounds, "high");
        xcy_buf_add_char(out, ')');
    }
}

static void show_bound(struct xcy_buf *out, const struct xcy_branch *clock, const char *key,
                       bool is_upper)
{
    char text[XCY_BOUND_END_BYTES];
    double value = xcy_branch_number(clock, key);
    if (isfinite(value)) {
        xcy_bound_format_end(value, is_upper, 1, text);
        xcy_branch_show(clock, key, out, "%s", text);
    } else {
        xcy_branch_show(clock, key, out, "unbounded");
    }
}

static void add_clock(struct xcy_buf *out, const struct xcy_branch *cell, const char *key)
{
    struct xcy_branch clock = xcy_branch_get(cell, key);
    if (xcy_json_kind(clock.node) == XCY_JSON_OBJECT) {
        show_bound(out, &clock, "high", true);
        xcy_buf_add_char(out, '/');
        show_bound(out, &clock, "low", false);
    }
}

static const struct {
    const char *title;
    const char *key;
    add_fn *add;
} columns[] = {
    {"delay ms", "cell.delay_ms", add_count},
    {"runs used", "runs.used", add_count},
    {"decided", "inconsistent.n", add_count},
    {"of", "classes.planned", add_count},
    {"inconsistent", "inconsistent.share", add_share},
    {"95% interval", "inconsistent", add_interval},
    {"published ms", "by_rounds.published_p50_ms", add_rounds},
    {"window ms, upper end", "by_rounds.window_high_p50_ms", add_rounds},
    {"lower end", "by_rounds.window_low_p50_ms", add_rounds},
    {"clock ms", "clock_ms", add_clock},
    {"write ms", "by_rounds.write_p50_ms", add_rounds},
    {"response ms", "by_rounds.response_p50_ms", add_rounds},
    {"ok/s", "by_rounds.throughput_per_s", add_rounds},
    {"overhead ms", "overhead_ms", add_rounds},
    {"clock ms", "overhead_clock_ms", add_clock},
    {"lost", "classes.lost", add_count},
    {"failed", "classes.failed", add_count},
    {"skipped", "classes.skipped", add_count},
    {"runs valid", "runs.valid", add_count},
    {"planned", "runs.planned", add_count},
};

enum { N_COLUMNS = sizeof columns / sizeof *columns };

static void add_cell(struct xcy_buf *out, const struct xcy_campaign_part *campaign, size_t i)
{
    char label[XCY_CELL_LABEL_BYTES];
    struct xcy_branch cells = xcy_branch_get(&campaign->json, "cells");
    struct xcy_branch cell = xcy_branch_at(&cells, i);
    xcy_cell_label(campaign->results->cells[i].cell, label);
    xcy_buf_addf(out, "<tr><th scope=\"row\">%s</th>", label);
    for (size_t c = 0; c < N_COLUMNS; c++) {
        xcy_buf_add_text(out, "<td class=\"number\">");
        columns[c].add(out, &cell, columns[c].key);
        xcy_buf_add_text(out, "</td>");
    }
    xcy_buf_add_text(out, "</tr>\n");
}

void xcy_campaign_cells_add(struct xcy_buf *out, const struct xcy_campaign_part *campaign)
{
    xcy_scroll_begin(out, "cells");
    xcy_buf_add_text(out, "<table class=\"sortable\"><thead><tr><th scope=\"col\">cell</th>");
    for (size_t c = 0; c < N_COLUMNS; c++) {
        xcy_buf_addf(out, "<th scope=\"col\" class=\"number\">%s</th>", columns[c].title);
    }
    xcy_buf_add_text(out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < campaign->results->state->plan.n_cells; i++) {
        add_cell(out, campaign, i);
    }
    xcy_buf_add_text(out, "</tbody></table>");
    xcy_scroll_end(out);
}
