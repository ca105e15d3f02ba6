/* run_clocks.c - how well the clocks of the processes are known against the load generator's. */

#include "report/run_part.h"

#include "report/html.h"
#include "report/panel.h"

#include <math.h>

static void add_end(struct xcy_buf *out, const struct xcy_branch *clock, const char *key)
{
    double us = xcy_branch_number(clock, key);
    xcy_buf_add_text(out, "<td class=\"number\">");
    if (isfinite(us)) {
        xcy_branch_show(clock, key, out, "%.3f ms", us / 1000);
    } else {
        xcy_branch_show(clock, key, out, "unbounded");
    }
    xcy_buf_add_text(out, "</td>");
}

static void add_instance(struct xcy_buf *out, const struct xcy_branch *clock)
{
    xcy_buf_add_text(out, "<tr><th scope=\"row\">");
    xcy_markup_add_text(out, xcy_json_get_string(clock->node, "instance", ""));
    xcy_buf_add_text(out, "</th>");
    add_end(out, clock, "low_us");
    add_end(out, clock, "high_us");
    xcy_buf_add_text(out, "<td class=\"number\">");
    xcy_branch_show_count(clock, "constraints", out);
    xcy_buf_addf(out, "</td><td>%s</td></tr>\n",
                 xcy_json_get_bool(clock->node, "stepped", false) ? "stepped" : "");
}

static void add_table(struct xcy_buf *out, const struct xcy_branch *clocks)
{
    xcy_buf_add_text(out, "<details><summary>Each process</summary>\n");
    xcy_scroll_begin(out, "clocks");
    xcy_buf_add_text(out, "<table class=\"sortable\"><thead><tr><th scope=\"col\">process</th>"
                          "<th scope=\"col\" class=\"number\">ahead by at least</th>"
                          "<th scope=\"col\" class=\"number\">and at most</th>"
                          "<th scope=\"col\" class=\"number\">constraints</th>"
                          "<th scope=\"col\">step</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < xcy_json_size(clocks->node); i++) {
        struct xcy_branch clock = xcy_branch_at(clocks, i);
        add_instance(out, &clock);
    }
    xcy_buf_add_text(out, "</tbody></table>");
    xcy_scroll_end(out);
    xcy_buf_add_text(out, "</details>\n");
}

void xcy_run_add_clocks(struct xcy_buf *out, const struct xcy_run_part *run)
{
    const struct xcy_branch *json = &run->json;
    struct xcy_branch clocks = xcy_branch_get(json, "clocks");
    xcy_buf_add_text(out, "<h3>Clocks</h3>\n<p>");
    xcy_branch_show_count(json, "clock_instances", out);
    xcy_buf_add_text(out, " processes stamped points; drift up to ");
    xcy_branch_show(json, "clock_drift_ppm", out, "%g", xcy_branch_number(json, "clock_drift_ppm"));
    xcy_buf_add_text(out, " ppm allowed. Stepped: ");
    xcy_branch_show_count(json, "clock_steps", out);
    xcy_buf_add_text(out, "; not bounded from below: ");
    xcy_branch_show_count(json, "clock_unbounded_below", out);
    xcy_buf_add_text(out, ", from above: ");
    xcy_branch_show_count(json, "clock_unbounded_above", out);
    xcy_buf_add_text(out, "; records that do not name their process: ");
    xcy_branch_show_count(json, "clock_unnamed", out);
    xcy_buf_add_text(out, ".</p>\n");
    if (xcy_json_size(clocks.node) > 0) {
        add_table(out, &clocks);
    }
}
