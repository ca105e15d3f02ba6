#include "report/panel.h"

#include "common/base/mem.h"
#include "report/html.h"

#include <stdlib.h>

enum { MAX_CSV_BYTES = 64 << 20 };

void xcy_scroll_begin(struct xcy_buf *out, const char *title)
{
    xcy_buf_add_text(out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
    xcy_markup_add_text(out, title);
    xcy_buf_add_text(out, "\">");
}

void xcy_scroll_end(struct xcy_buf *out)
{
    xcy_buf_add_text(out, "</div>\n");
}

static void add_legend(struct xcy_buf *out, const struct xcy_drawing *drawing)
{
    xcy_buf_add_text(out, "<ul class=\"legend\">");
    for (size_t s = 0; s < drawing->n_series; s++) {
        xcy_buf_add_text(out, "<li>");
        xcy_svg_add_sample(out, &drawing->series[s]);
        xcy_markup_add_text(out, drawing->series[s].label);
        xcy_buf_add_text(out, "</li>");
    }
    xcy_buf_add_text(out, "</ul>\n");
}

static void add_data(struct xcy_buf *out, const struct xcy_panel *panel)
{
    struct xcy_buf csv;
    char *file = xcy_format("%s.csv", panel->name);
    xcy_buf_init(&csv, MAX_CSV_BYTES);
    xcy_grid_add_csv(panel->drawing.grid, &csv);
    xcy_buf_add_text(out, "<details><summary>Data</summary>\n");
    xcy_html_add_csv_link(out, file, xcy_buf_bytes(&csv));
    xcy_scroll_begin(out, panel->drawing.title);
    xcy_grid_add_table(panel->drawing.grid, out);
    xcy_scroll_end(out);
    xcy_buf_add_text(out, "</details>\n");
    xcy_buf_clear(&csv);
    free(file);
}

void xcy_panel_add(struct xcy_buf *out, const struct xcy_panel *panel)
{
    static void (*const draw[])(struct xcy_buf *, const struct xcy_drawing *) = {
        [XCY_PANEL_CURVES] = xcy_svg_add_curves,
        [XCY_PANEL_ROWS] = xcy_svg_add_rows,
    };
    if (!xcy_svg_has_values(&panel->drawing)) {
        return;
    }
    xcy_buf_add_text(out, "<figure><figcaption>");
    xcy_markup_add_text(out, panel->drawing.title);
    xcy_buf_add_text(out, "</figcaption>\n");
    draw[panel->form](out, &panel->drawing);
    add_legend(out, &panel->drawing);
    if (panel->note) {
        xcy_buf_add_text(out, "<p class=\"faint\">");
        xcy_markup_add_text(out, panel->note);
        xcy_buf_add_text(out, "</p>\n");
    }
    add_data(out, panel);
    xcy_buf_add_text(out, "</figure>\n");
}
