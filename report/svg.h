#ifndef XCY_REPORT_SVG_H
#define XCY_REPORT_SVG_H

/*
 * svg.h - a chart as SVG inside a page: axes with units, step lines, bands, points with error bars.
 *
 * Colours are classes of page.css, so that one picture serves light and dark; each series also has a
 * dash and a marker of its own. The picture is 420 wide in its own units: text is readable on a
 * phone, where that is about as many pixels.
 *
 * Threads:  safe.
 */

#include "report/axis.h"
#include "report/grid.h"

enum { XCY_SVG_STYLES = 4, XCY_SERIES_NONE = -1 };

enum xcy_series_kind {
    XCY_SERIES_STEP, /* y from x to x_end, or to the next row's x */
    XCY_SERIES_LINE, /* y at x, straight between rows: of a curve that is known at some x */
    XCY_SERIES_BAND, /* low to high from x to x_end; or, of such a curve, the outermost of both rows */
    XCY_SERIES_POINTS, /* y, with a bar from low to high if they are given */
};

/* Columns of the grid. A row whose number is NaN is left out: a gap. */
struct xcy_series {
    enum xcy_series_kind kind;
    const char *label;
    int style; /* 0..XCY_SVG_STYLES-1; series that belong together share one */
    int y;
    int low; /* XCY_SERIES_NONE: no bar */
    int high;
};

struct xcy_scale {
    const char *title; /* with its unit: "delay (ms)" */
    double factor;     /* from the grid's numbers to those of the axis: 100 for percent */
    bool wants_log;    /* used only if every y is above 0; bars, and an x of 0, stand at the edge */
    bool from_zero;    /* a linear axis begins at 0 */
};

struct xcy_drawing {
    const char *title; /* read out where the picture is not seen */
    const struct xcy_grid *grid;
    const struct xcy_series *series;
    size_t n_series;
    struct xcy_scale value; /* of y, low and high */
    struct xcy_scale along; /* of x */
    int x;
    int x_end; /* or XCY_SERIES_NONE */
};

/* Whether it has anything to draw. */
bool xcy_svg_has_values(const struct xcy_drawing *drawing);

/* Values upwards over x. */
void xcy_svg_add_curves(struct xcy_buf *out, const struct xcy_drawing *drawing);
/* Values to the right, a line for each row of the grid, under its label; points alone. */
void xcy_svg_add_rows(struct xcy_buf *out, const struct xcy_drawing *drawing);
/* What a series looks like, for a legend in HTML. */
void xcy_svg_add_sample(struct xcy_buf *out, const struct xcy_series *series);

#endif
