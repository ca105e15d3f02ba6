/* svg_curves.c - values upwards over x. */

#include "report/svg.h"

#include "report/svg_parts.h"

#include <math.h>

static const double height = 260;
static const struct xcy_svg_area area = {.left = 46, .right = 398, .top = 26, .bottom = 218};

/* Where the numbers of the drawing stand in the picture. */
struct curves {
    const struct xcy_drawing *of;
    struct xcy_axis along;
    struct xcy_axis value;
};

static double x_of(const struct curves *c, double value)
{
    return area.left +
           xcy_axis_at(&c->along, value * c->of->along.factor) * (area.right - area.left);
}

static double y_of(const struct curves *c, size_t row, int column)
{
    double value = c->of->grid->rows[row].values[column] * c->of->value.factor;
    return area.bottom - xcy_axis_at(&c->value, value) * (area.bottom - area.top);
}

static double x_at(const struct curves *c, size_t row)
{
    return x_of(c, c->of->grid->rows[row].values[c->of->x]);
}

/* Where a row ends: at its own end, or where the next begins; the last one where it begins. */
static double x_end_at(const struct curves *c, size_t row)
{
    const struct xcy_grid *grid = c->of->grid;
    if (c->of->x_end != XCY_SERIES_NONE) {
        return x_of(c, grid->rows[row].values[c->of->x_end]);
    }
    return x_at(c, row + 1 < grid->n_rows ? row + 1 : row);
}

static bool has(const struct curves *c, size_t row, int column)
{
    const double *values = c->of->grid->rows[row].values;
    return isfinite(values[column]) && isfinite(values[c->of->x]);
}

static void add_left_axis(struct xcy_buf *out, const struct curves *c)
{
    for (size_t i = 0; i < c->value.n_ticks; i++) {
        char text[32];
        double y =
            area.bottom - xcy_axis_at(&c->value, c->value.ticks[i]) * (area.bottom - area.top);
        xcy_svg_format_tick(c->value.ticks[i], text);
        xcy_svg_add_line(out, "grid", area.left - 4, y, area.right, y);
        xcy_svg_add_label(out, "tick end", area.left - 7, y + 4, text);
    }
    xcy_svg_add_line(out, "frame", area.left, area.top, area.left, area.bottom);
    xcy_svg_add_label(out, "", 2, 13, c->of->value.title);
}

static void add_step(struct xcy_buf *out, const struct curves *c, const struct xcy_series *series)
{
    bool is_drawing = false;
    xcy_buf_addf(out, "<path class=\"stroke s%d\" d=\"", series->style);
    for (size_t i = 0; i < c->of->grid->n_rows; i++) {
        bool is_there = has(c, i, series->y);
        if (is_there) {
            double y = y_of(c, i, series->y);
            xcy_buf_addf(out, "%c%.1f %.1fH%.1f", is_drawing ? 'L' : 'M', x_at(c, i), y,
                         x_end_at(c, i));
        }
        is_drawing = is_there;
    }
    xcy_buf_add_text(out, "\"/>\n");
}

static void add_line(struct xcy_buf *out, const struct curves *c, const struct xcy_series *series)
{
    bool is_drawing = false;
    xcy_buf_addf(out, "<path class=\"stroke s%d\" d=\"", series->style);
    for (size_t i = 0; i < c->of->grid->n_rows; i++) {
        bool is_there = has(c, i, series->y);
        if (is_there) {
            xcy_buf_addf(out, "%c%.1f %.1f", is_drawing ? 'L' : 'M', x_at(c, i),
                         y_of(c, i, series->y));
        }
        is_drawing = is_there;
    }
    xcy_buf_add_text(out, "\"/>\n");
}

/* An edge of a band at row i of those before `to`. Between two rows of a curve that rises or falls, it is
 * nowhere beyond the outermost of both. */
static double edge(const struct curves *c, size_t i, size_t to, int column, bool is_upper)
{
    double y = y_of(c, i, column);
    if (c->of->x_end != XCY_SERIES_NONE || i + 1 == to) {
        return y;
    }
    double next = y_of(c, i + 1, column);
    return is_upper ? fmin(y, next) : fmax(y, next);
}

/* The upper edge forth and the lower edge back, for each stretch without a gap. */
static void add_stretch(struct xcy_buf *out, const struct curves *c,
                        const struct xcy_series *series, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        xcy_buf_addf(out, "%c%.1f %.1fH%.1f", i == from ? 'M' : 'L', x_at(c, i),
                     edge(c, i, to, series->high, true), x_end_at(c, i));
    }
    for (size_t i = to; i-- > from;) {
        xcy_buf_addf(out, "L%.1f %.1fH%.1f", x_end_at(c, i), edge(c, i, to, series->low, false),
                     x_at(c, i));
    }
    xcy_buf_add_char(out, 'z');
}

static void add_band(struct xcy_buf *out, const struct curves *c, const struct xcy_series *series)
{
    size_t n = c->of->grid->n_rows;
    xcy_buf_addf(out, "<path class=\"fill band s%d\" d=\"", series->style);
    for (size_t from = 0; from < n;) {
        size_t to = from;
        while (to < n && has(c, to, series->low) && has(c, to, series->high)) {
            to++;
        }
        if (to > from) {
            add_stretch(out, c, series, from, to);
        }
        from = to + 1;
    }
    xcy_buf_add_text(out, "\"/>\n");
}

/* A point stands in the middle of what it is of. */
static void add_points(struct xcy_buf *out, const struct curves *c, const struct xcy_series *series)
{
    static const char *const bars[XCY_SVG_STYLES] = {"bar s0", "bar s1", "bar s2", "bar s3"};
    bool has_bars = series->low != XCY_SERIES_NONE && series->high != XCY_SERIES_NONE;
    for (size_t i = 0; i < c->of->grid->n_rows; i++) {
        bool is_span = c->of->x_end != XCY_SERIES_NONE;
        if (has(c, i, series->y)) {
            double x = is_span ? (x_at(c, i) + x_end_at(c, i)) / 2 : x_at(c, i);
            if (has_bars && has(c, i, series->low) && has(c, i, series->high)) {
                xcy_svg_add_line(out, bars[series->style], x, y_of(c, i, series->low), x,
                                 y_of(c, i, series->high));
            }
            xcy_svg_add_marker(out, series->style, x, y_of(c, i, series->y));
        }
    }
}

void xcy_svg_add_curves(struct xcy_buf *out, const struct xcy_drawing *drawing)
{
    static void (*const add[])(struct xcy_buf *, const struct curves *,
                               const struct xcy_series *) = {
        [XCY_SERIES_STEP] = add_step,
        [XCY_SERIES_LINE] = add_line,
        [XCY_SERIES_BAND] = add_band,
        [XCY_SERIES_POINTS] = add_points,
    };
    struct curves curves = {.of = drawing,
                            .along = xcy_svg_along_axis(drawing, 5),
                            .value = xcy_svg_value_axis(drawing, 5)};
    xcy_svg_begin(out, drawing, height);
    xcy_svg_add_bottom_axis(out, &area, &curves.along, drawing->along.title);
    add_left_axis(out, &curves);
    for (size_t s = 0; s < drawing->n_series; s++) {
        const struct xcy_series *series = &drawing->series[s];
        add[series->kind](out, &curves, series);
    }
    xcy_svg_end(out);
}
