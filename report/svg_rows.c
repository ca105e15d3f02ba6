/* svg_rows.c - values to the right, a line for each row of the grid under its label. */

#include "report/svg.h"

#include "report/svg_parts.h"

#include <math.h>

/* A row is its label and, below, a lane for each series. */
static const double label_height = 16;
static const double lane_height = 13;
static const double row_gap = 6;
static const double left = 20;
static const double right = 400;
static const double top = 4;
static const double axis_height = 42;

struct rows {
    const struct xcy_drawing *of;
    struct xcy_axis axis;
};

static double row_height(const struct xcy_drawing *drawing)
{
    return label_height + lane_height * (double)drawing->n_series + row_gap;
}

static double x_of(const struct rows *r, double value)
{
    double at = xcy_axis_at(&r->axis, value * r->of->value.factor);
    return left + at * (right - left);
}

static void add_mark(struct xcy_buf *out, const struct rows *r, const double *values,
                     const struct xcy_series *series, double y)
{
    static const char *const bars[XCY_SVG_STYLES] = {"bar s0", "bar s1", "bar s2", "bar s3"};
    bool has_bars = series->low != XCY_SERIES_NONE && series->high != XCY_SERIES_NONE;
    if (has_bars && isfinite(values[series->low]) && isfinite(values[series->high])) {
        xcy_svg_add_line(out, bars[series->style], x_of(r, values[series->low]), y,
                         x_of(r, values[series->high]), y);
    }
    if (isfinite(values[series->y])) {
        xcy_svg_add_marker(out, series->style, x_of(r, values[series->y]), y);
    }
}

static void add_row(struct xcy_buf *out, const struct rows *r, size_t index)
{
    const struct xcy_grid_row *row = &r->of->grid->rows[index];
    double y = top + (double)index * row_height(r->of);
    xcy_svg_add_label(out, "", 0, y + 12, row->label);
    for (size_t s = 0; s < r->of->n_series; s++) {
        add_mark(out, r, row->values, &r->of->series[s],
                 y + label_height + lane_height * ((double)s + 0.5));
    }
}

void xcy_svg_add_rows(struct xcy_buf *out, const struct xcy_drawing *drawing)
{
    struct rows rows = {.of = drawing, .axis = xcy_svg_value_axis(drawing, 5)};
    double bottom = top + (double)drawing->grid->n_rows * row_height(drawing);
    struct xcy_svg_area area = {.left = left, .right = right, .top = top, .bottom = bottom};
    xcy_svg_begin(out, drawing, bottom + axis_height);
    xcy_svg_add_bottom_axis(out, &area, &rows.axis, drawing->value.title);
    for (size_t i = 0; i < drawing->grid->n_rows; i++) {
        add_row(out, &rows, i);
    }
    xcy_svg_end(out);
}
