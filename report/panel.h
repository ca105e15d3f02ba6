#ifndef XCY_REPORT_PANEL_H
#define XCY_REPORT_PANEL_H

/*
 * panel.h - a figure of the page: picture, legend, and its data one click away, as a table and as CSV.
 *
 * Threads:  safe.
 */

#include "report/svg.h"

enum xcy_panel_form { XCY_PANEL_CURVES, XCY_PANEL_ROWS };

struct xcy_panel {
    enum xcy_panel_form form;
    const char *name; /* of the CSV: "delay" */
    const char *note; /* how to read it; NULL: nothing to say */
    struct xcy_drawing drawing;
};

/* Nothing where there is nothing to draw. */
void xcy_panel_add(struct xcy_buf *out, const struct xcy_panel *panel);

/* A table that scrolls by itself where it is wider than the screen; title: for those who hear it. */
void xcy_scroll_begin(struct xcy_buf *out, const char *title);
void xcy_scroll_end(struct xcy_buf *out);

#endif
