#include "report/run_part.h"

#include "report/html.h"

static xcy_run_section_fn *const sections[] = {
    xcy_run_add_verdict,  xcy_run_add_asked,   xcy_run_add_classes,
    xcy_run_add_share,    xcy_run_add_metrics, xcy_run_add_windows,
    xcy_run_add_timeline, xcy_run_add_delay,   xcy_run_add_clocks,
};

void xcy_run_part_add(struct xcy_buf *out, const struct xcy_run_part *run)
{
    char title[160];
    xcy_combination_describe(&run->summary->evidence.manifest.combination, title);
    xcy_buf_addf(out, "<section class=\"run\" data-of=\"summary\" id=\"%s\" data-run=\"",
                 run->anchor);
    xcy_markup_add_text(out, run->summary->evidence.path);
    xcy_buf_add_text(out, "\">\n<h2>");
    xcy_markup_add_text(out, title);
    xcy_buf_add_text(out, "</h2>\n");
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        sections[i](out, run);
    }
    xcy_buf_add_text(out, "</section>\n");
}
