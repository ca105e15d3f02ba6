#include "report/svg.h"

#include "report/html.h"
#include "report/svg_parts.h"

#include <math.h>
#include <stdio.h>

static const double tick_length = 4;

struct range {
    double low;
    double high;
};

static const struct range nothing = {INFINITY, -INFINITY};

static void widen(struct range *range, const struct xcy_grid *grid, int column, double factor,
                  bool only_positive)
{
    for (size_t i = 0; column != XCY_SERIES_NONE && i < grid->n_rows; i++) {
        double value = grid->rows[i].values[column] * factor;
        if (isfinite(value) && (value > 0 || !only_positive)) {
            range->low = fmin(range->low, value);
            range->high = fmax(range->high, value);
        }
    }
}

static struct range range_of_values(const struct xcy_drawing *drawing, bool is_log)
{
    struct range range = nothing;
    for (size_t s = 0; s < drawing->n_series; s++) {
        const int columns[] = {drawing->series[s].y, drawing->series[s].low,
                               drawing->series[s].high};
        for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
            widen(&range, drawing->grid, columns[c], drawing->value.factor, is_log);
        }
    }
    return range;
}

/* Bars may reach down to 0 on a logarithmic axis: where it begins. What they are of may not. */
static bool is_positive(const struct xcy_drawing *drawing)
{
    struct range range = nothing;
    for (size_t s = 0; s < drawing->n_series; s++) {
        widen(&range, drawing->grid, drawing->series[s].y, 1, false);
    }
    return range.low > 0 && range.low <= range.high;
}

static struct range range_along(const struct xcy_drawing *drawing, bool is_log)
{
    struct range range = nothing;
    widen(&range, drawing->grid, drawing->x, drawing->along.factor, is_log);
    widen(&range, drawing->grid, drawing->x_end, drawing->along.factor, is_log);
    return range;
}

bool xcy_svg_has_values(const struct xcy_drawing *drawing)
{
    struct range along = range_along(drawing, false);
    struct range values = range_of_values(drawing, false);
    return values.low <= values.high && (drawing->x == XCY_SERIES_NONE || along.low <= along.high);
}

static struct xcy_axis axis_of(const struct xcy_scale *scale, struct range range, bool is_log,
                               size_t n_wanted)
{
    if (is_log) {
        return xcy_axis_log(range.low, range.high, n_wanted);
    }
    if (scale->from_zero) {
        range.low = fmin(range.low, 0);
        range.high = fmax(range.high, 0);
    }
    return xcy_axis_linear(range.low, range.high, n_wanted);
}

struct xcy_axis xcy_svg_value_axis(const struct xcy_drawing *drawing, size_t n_wanted)
{
    bool is_log = drawing->value.wants_log && is_positive(drawing);
    return axis_of(&drawing->value, range_of_values(drawing, is_log), is_log, n_wanted);
}

struct xcy_axis xcy_svg_along_axis(const struct xcy_drawing *drawing, size_t n_wanted)
{
    struct range all = range_along(drawing, false);
    struct range positive = range_along(drawing, true);
    bool is_log = drawing->along.wants_log && all.low >= 0 && positive.low < positive.high;
    return axis_of(&drawing->along, is_log ? positive : all, is_log, n_wanted);
}

void xcy_svg_begin(struct xcy_buf *out, const struct xcy_drawing *drawing, double height)
{
    xcy_buf_addf(out, "<svg viewBox=\"0 0 %g %g\" role=\"img\" aria-label=\"", XCY_SVG_WIDTH,
                 height);
    xcy_markup_add_text(out, drawing->title);
    xcy_buf_add_text(out, "\">\n");
}

void xcy_svg_end(struct xcy_buf *out)
{
    xcy_buf_add_text(out, "</svg>\n");
}

void xcy_svg_add_line(struct xcy_buf *out, const char *classes, double x1, double y1, double x2,
                      double y2)
{
    xcy_buf_addf(out, "<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n", classes, x1, y1, x2, y2);
}

void xcy_svg_add_label(struct xcy_buf *out, const char *classes, double x, double y,
                       const char *text)
{
    xcy_buf_addf(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", classes, x, y);
    xcy_markup_add_text(out, text);
    xcy_buf_add_text(out, "</text>\n");
}

/* A shape for each style, about a centre: circle, square, triangle, diamond. */
void xcy_svg_add_marker(struct xcy_buf *out, int style, double x, double y)
{
    static const char *const shapes[XCY_SVG_STYLES] = {
        "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
        "m-3.5-3.5h7v7h-7z",
        "m0-4.8l4.6 8h-9.2z",
        "m0-5l4.5 5l-4.5 5l-4.5-5z",
    };
    xcy_buf_addf(out, "<path class=\"fill marker s%d\" d=\"M%.1f %.1f%s\"/>\n", style, x, y,
                 shapes[style]);
}

void xcy_svg_format_tick(double value, char to[32])
{
    if (fabs(value) >= 1e6 || (value != 0 && fabs(value) < 1e-4)) {
        snprintf(to, 32, "%.6g", value);
    } else {
        snprintf(to, 32, "%.10g", value);
    }
}

void xcy_svg_add_bottom_axis(struct xcy_buf *out, const struct xcy_svg_area *area,
                             const struct xcy_axis *axis, const char *title)
{
    for (size_t i = 0; i < axis->n_ticks; i++) {
        char text[32];
        double x = area->left + xcy_axis_at(axis, axis->ticks[i]) * (area->right - area->left);
        xcy_svg_format_tick(axis->ticks[i], text);
        xcy_svg_add_line(out, "grid", x, area->top, x, area->bottom + tick_length);
        xcy_svg_add_label(out, "tick middle", x, area->bottom + 17, text);
    }
    xcy_svg_add_line(out, "frame", area->left, area->bottom, area->right, area->bottom);
    xcy_svg_add_label(out, "middle", (area->left + area->right) / 2, area->bottom + 34, title);
}

void xcy_svg_add_sample(struct xcy_buf *out, const struct xcy_series *series)
{
    xcy_buf_add_text(out, "<svg viewBox=\"0 0 36 16\" aria-hidden=\"true\">");
    if (series->kind == XCY_SERIES_BAND) {
        xcy_buf_addf(out, "<path class=\"fill band s%d\" d=\"M2 2h32v12h-32z\"/>", series->style);
    } else if (series->kind != XCY_SERIES_POINTS) {
        xcy_buf_addf(out, "<path class=\"stroke s%d\" d=\"M2 8h32\"/>", series->style);
    } else {
        xcy_svg_add_marker(out, series->style, 18, 8);
    }
    xcy_buf_add_text(out, "</svg>");
}
