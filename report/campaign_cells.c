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

/* The figures of a cell without a valid run are of runs that are not. */
static void add_verdict(struct xcy_buf *out, const struct xcy_branch *cell, const char *key)
{
    struct xcy_branch runs = xcy_branch_get(cell, key);
    double n_used = xcy_branch_number(&runs, "used");
    double n_valid = xcy_branch_number(&runs, "valid");
    if (n_used > 0 && n_valid == 0) {
        xcy_buf_add_text(out, "NOT VALID");
    } else if (n_valid < xcy_branch_number(&runs, "planned")) {
        xcy_buf_add_text(out, "valid in part");
    } else {
        xcy_buf_add_text(out, "valid");
    }
}

struct column {
    const char *title;
    const char *key;
    add_fn *add;
};

static const struct column outcomes[] = {
    {"verdict", "runs", add_verdict},
    {"delay ms", "cell.delay_ms", add_count},
    {"inconsistent", "inconsistent.share", add_share},
    {"95% interval", "inconsistent", add_interval},
    {"published ms", "by_rounds.published_p50_ms", add_rounds},
    {"window ms, upper end", "by_rounds.window_high_p50_ms", add_rounds},
    {"lower end", "by_rounds.window_low_p50_ms", add_rounds},
    {"clock ms", "clock_ms", add_clock},
    {"barrier's overhead ms", "overhead_ms", add_rounds},
    {"clock ms", "overhead_clock_ms", add_clock},
};

static const struct column loads[] = {
    {"runs planned", "runs.planned", add_count},
    {"valid", "runs.valid", add_count},
    {"used", "runs.used", add_count},
    {"requests", "classes.planned", add_count},
    {"decided", "inconsistent.n", add_count},
    {"lost", "classes.lost", add_count},
    {"failed", "classes.failed", add_count},
    {"skipped", "classes.skipped", add_count},
    {"write ms", "by_rounds.write_p50_ms", add_rounds},
    {"response ms", "by_rounds.response_p50_ms", add_rounds},
    {"ok/s", "by_rounds.throughput_per_s", add_rounds},
};

static void add_cell(struct xcy_buf *out, const struct xcy_campaign_part *campaign, size_t i,
                     const struct column *columns, size_t n)
{
    char label[XCY_CELL_LABEL_BYTES];
    struct xcy_branch cells = xcy_branch_get(&campaign->json, "cells");
    struct xcy_branch cell = xcy_branch_at(&cells, i);
    xcy_cell_label(campaign->results->cells[i].cell, label);
    xcy_buf_addf(out, "<tr><th scope=\"row\">%s</th>", label);
    for (size_t c = 0; c < n; c++) {
        xcy_buf_add_text(out, "<td class=\"number\">");
        columns[c].add(out, &cell, columns[c].key);
        xcy_buf_add_text(out, "</td>");
    }
    xcy_buf_add_text(out, "</tr>\n");
}

static void add_table(struct xcy_buf *out, const struct xcy_campaign_part *campaign,
                      const struct column *columns, size_t n)
{
    xcy_scroll_begin(out, "cells");
    xcy_buf_add_text(out, "<table class=\"sortable\"><thead><tr><th scope=\"col\">cell</th>");
    for (size_t c = 0; c < n; c++) {
        xcy_buf_addf(out, "<th scope=\"col\" class=\"number\">%s</th>", columns[c].title);
    }
    xcy_buf_add_text(out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < campaign->results->state->plan.n_cells; i++) {
        add_cell(out, campaign, i, columns, n);
    }
    xcy_buf_add_text(out, "</tbody></table>");
    xcy_scroll_end(out);
}

void xcy_campaign_add_outcomes(struct xcy_buf *out, const struct xcy_campaign_part *campaign)
{
    add_table(out, campaign, outcomes, sizeof outcomes / sizeof *outcomes);
}

void xcy_campaign_add_loads(struct xcy_buf *out, const struct xcy_campaign_part *campaign)
{
    add_table(out, campaign, loads, sizeof loads / sizeof *loads);
}
