#include "report/overview.h"

#include "analyzers/cells.h"
#include "report/html.h"
#include "report/panel.h"

#include <math.h>
#include <stdio.h>

static void add_heading(struct xcy_buf *out, const char *title, bool is_number)
{
    xcy_buf_addf(out, "<th scope=\"col\"%s>", is_number ? " class=\"number\"" : "");
    xcy_markup_add_text(out, title);
    xcy_buf_add_text(out, "</th>");
}

void xcy_overview_begin(struct xcy_buf *out)
{
    xcy_buf_add_text(out, "<h2>All runs</h2>\n");
    xcy_scroll_begin(out, "all runs");
    xcy_buf_add_text(out, "<table class=\"sortable\"><thead><tr>");
    add_heading(out, "run", false);
    add_heading(out, "verdict", false);
    add_heading(out, "decided", true);
    add_heading(out, "planned", true);
    add_heading(out, "inconsistent", true);
    add_heading(out, "95% interval", true);
    for (size_t i = 0; i < XCY_N_SHORTS; i++) {
        add_heading(out, xcy_shorts[i].title, true);
    }
    add_heading(out, "clock", true);
    add_heading(out, "folder", false);
    xcy_buf_add_text(out, "</tr></thead><tbody>\n");
}

static void add_link(struct xcy_buf *out, const struct xcy_run_part *run)
{
    const struct xcy_combination *c = &run->summary->evidence.manifest.combination;
    char stores[32];
    xcy_combination_folder(c, stores);
    xcy_buf_addf(out, "<th scope=\"row\"><a href=\"#%s\">%s %s", run->anchor, stores,
                 xcy_consistency_names[c->consistency]);
    if (c->delay_ms > 0) {
        xcy_buf_addf(out, ", delay %lld ms", (long long)c->delay_ms);
    }
    xcy_buf_add_text(out, "</a></th>");
}

/* For none of n the upper end of the exact interval, as in the table of analyze. */
static void add_share(struct xcy_buf *out, const struct xcy_run_part *run)
{
    struct xcy_branch share = xcy_branch_get(&run->json, "inconsistent");
    xcy_branch_show_share(&share, "share", 1, out);
    xcy_buf_add_text(out, "</td><td class=\"number\">");
    if (run->summary->decided == 0) {
        xcy_buf_add_char(out, '-');
    } else if (xcy_branch_number(&share, "events") > 0) {
        xcy_branch_show_share(&share, "wilson95_low", 1, out);
        xcy_buf_add_text(out, "..");
        xcy_branch_show_share(&share, "wilson95_high", 1, out);
    } else {
        xcy_buf_add_text(out, "&lt;= ");
        xcy_branch_show_share(&share, "clopper_pearson95_high", 2, out);
    }
}

static void add_short(struct xcy_buf *out, const struct xcy_run_part *run,
                      const struct xcy_short *figure)
{
    char text[XCY_CELL_BYTES];
    char path[160];
    const struct xcy_metric_summary *m = xcy_summary_find(run->summary, figure->metric);
    xcy_buf_add_text(out, "<td class=\"number\">");
    if (m) {
        const struct xcy_estimate *e = &m->quantiles[figure->quantile];
        xcy_cell_value(e, text);
        snprintf(path, sizeof path, "metrics.%s.p%g.%s", figure->metric,
                 100 * xcy_quantiles[figure->quantile], isinf(e->high_us) ? "low_ms" : "high_ms");
        xcy_branch_show(&run->json, path, out, "%s", text);
    }
    xcy_buf_add_text(out, "</td>");
}

void xcy_overview_add(struct xcy_buf *out, const struct xcy_run_part *run)
{
    char clock[XCY_CELL_BYTES];
    const char *problem = run->summary->problem;
    xcy_buf_add_text(out, "<tr data-of=\"summary\" data-run=\"");
    xcy_markup_add_text(out, run->summary->evidence.path);
    xcy_buf_add_text(out, "\">");
    add_link(out, run);
    xcy_buf_addf(out, "<td>%s</td><td class=\"number\">", problem[0] ? "NOT VALID" : "valid");
    xcy_branch_show_count(&run->json, "inconsistent.n", out);
    xcy_buf_add_text(out, "</td><td class=\"number\">");
    xcy_branch_show_count(&run->json, "classes.planned", out);
    xcy_buf_add_text(out, "</td><td class=\"number\">");
    add_share(out, run);
    xcy_buf_add_text(out, "</td>");
    for (size_t i = 0; i < XCY_N_SHORTS; i++) {
        add_short(out, run, &xcy_shorts[i]);
    }
    xcy_cell_shorts_clock(run->summary, clock);
    xcy_buf_addf(out, "<td class=\"number\">%s</td><td class=\"long\">", clock);
    xcy_markup_add_text(out, run->summary->evidence.path);
    xcy_buf_add_text(out, "</td></tr>\n");
}

void xcy_overview_end(struct xcy_buf *out)
{
    xcy_buf_add_text(out, "</tbody></table>");
    xcy_scroll_end(out);
}
