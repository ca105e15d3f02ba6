#ifndef XCY_REPORT_SVG_PARTS_H
#define XCY_REPORT_SVG_PARTS_H

/* svg_parts.h - what charts of curves and charts of rows have in common; for svg*.c. */

#include "report/svg.h"

#define XCY_SVG_WIDTH 420.0

struct xcy_svg_area {
    double left;
    double right;
    double top;
    double bottom;
};

/* The axis of all y, low and high of the series, or of the two columns (the second may be none). */
struct xcy_axis xcy_svg_value_axis(const struct xcy_drawing *drawing, size_t n_wanted);
struct xcy_axis xcy_svg_along_axis(const struct xcy_drawing *drawing, size_t n_wanted);

void xcy_svg_begin(struct xcy_buf *out, const struct xcy_drawing *drawing, double height);
void xcy_svg_end(struct xcy_buf *out);

/* Ticks, grid lines, numbers and title below the area. */
void xcy_svg_add_bottom_axis(struct xcy_buf *out, const struct xcy_svg_area *area,
                             const struct xcy_axis *axis, const char *title);
void xcy_svg_add_line(struct xcy_buf *out, const char *classes, double x1, double y1, double x2,
                      double y2);
void xcy_svg_add_marker(struct xcy_buf *out, int style, double x, double y);
/* classes: "tick middle". */
void xcy_svg_add_label(struct xcy_buf *out, const char *classes, double x, double y,
                       const char *text);
void xcy_svg_format_tick(double value, char to[32]);

#endif
