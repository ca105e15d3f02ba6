#include "plotconf/chart.h"

#include "plotconf/gnuplot.h"

#include <math.h>

/* The part of the axis's height above the highest whisker that a line of labels needs. */
static const double line_room = 0.08;
static const double group_width = 0.8;

/* Okabe and Ito's, told apart by the colour-blind and in grey. */
static const char *const colors[XCY_CHART_MAX_SERIES] = {"#56B4E9", "#0072B2", "#CC79A7"};
static const char range_color[] = "#009E73";
static const char note_color[] = "#D55E00";

struct range {
    double low;
    double high;
};

struct xcy_chart_category *xcy_chart_add(struct xcy_chart *chart, const char *title)
{
    xcy_assert(chart->n_categories < XCY_CHART_MAX_CATEGORIES);
    struct xcy_chart_category *category = &chart->categories[chart->n_categories++];
    *category = (struct xcy_chart_category){.title = title};
    for (size_t i = 0; i < XCY_CHART_MAX_SERIES; i++) {
        category->bars[i] = (struct xcy_chart_bar){NAN, NAN, NAN, NAN, NAN, ""};
    }
    return category;
}

static void add_number(struct xcy_buf *out, double value)
{
    if (isfinite(value)) {
        xcy_buf_addf(out, "\t%.10g", value);
    } else {
        xcy_buf_add_text(out, "\t?");
    }
}

static double x_of(const struct xcy_chart *chart, size_t category, size_t series)
{
    double width = group_width / (double)chart->n_series;
    return (double)category + ((double)series - ((double)chart->n_series - 1) / 2) * width;
}

void xcy_chart_data(const struct xcy_chart *chart, struct xcy_buf *out)
{
    xcy_buf_add_text(out, "# x\tcategory\tseries\tvalue\tlow\thigh\trange_low\trange_high\n");
    for (size_t i = 0; i < chart->n_categories; i++) {
        for (size_t s = 0; s < chart->n_series; s++) {
            const struct xcy_chart_bar *bar = &chart->categories[i].bars[s];
            const struct xcy_chart_category *category = &chart->categories[i];
            xcy_buf_addf(out, "%.6g\t%s%s%s\t%s", x_of(chart, i, s), category->title,
                         category->subtitle[0] ? ", " : "", category->subtitle, chart->series[s]);
            add_number(out, bar->value);
            add_number(out, bar->low);
            add_number(out, bar->high);
            add_number(out, bar->range_low);
            add_number(out, bar->range_high);
            xcy_buf_add_char(out, '\n');
        }
    }
}

/* The highest point of the bar, and of what stands beside it; labels go over it. */
static double top_of(const struct xcy_chart_bar *bar)
{
    double top = fmax(fmax(bar->value, bar->high), bar->range_high);
    return isfinite(top) ? top : bar->value;
}

/* fmin and fmax pass over NaN. */
static struct range extremes(const struct xcy_chart *chart)
{
    struct range r = {NAN, NAN};
    for (size_t i = 0; i < chart->n_categories; i++) {
        for (size_t s = 0; s < chart->n_series; s++) {
            const struct xcy_chart_bar *bar = &chart->categories[i].bars[s];
            r.low = fmin(r.low, fmin(bar->value, bar->low));
            r.high = fmax(r.high, top_of(bar));
        }
    }
    return r;
}

static double label_room(const struct xcy_chart *chart)
{
    size_t lines = 2;
    for (size_t i = 0; i < chart->n_categories; i++) {
        lines = chart->categories[i].range_note[0] ? 3 : lines;
    }
    return line_room * (double)lines;
}

/* From the decade below all that is drawn, so that no bar is a mere line, to what leaves room for the
 * labels. */
static struct range log_range(struct range r, double room)
{
    double low_log = floor(log10(isnan(r.low) ? 1 : fmax(r.low, 1)) - 0.3);
    double high_log = fmax(log10(fmax(r.high, 1)), low_log + 1);
    return (struct range){pow(10, low_log), pow(10, low_log + (high_log - low_log) / (1 - room))};
}

static struct range linear_range(struct range r, double room)
{
    double low = fmin(0, isnan(r.low) ? 0 : r.low);
    double high = fmax(0, isnan(r.high) ? 0 : r.high);
    double height = high > low ? high - low : 1;
    return (struct range){low < 0 ? low - height * room / 2 : 0, high + height * room / (1 - room)};
}

static bool is_log(enum xcy_chart_scale scale)
{
    return scale == XCY_CHART_LOG_MS || scale == XCY_CHART_LOG_BYTES;
}

static struct range add_axis(const struct xcy_chart *chart, struct xcy_buf *out)
{
    static const char *const formats[] = {[XCY_CHART_LOG_MS] = "%g ms",
                                          [XCY_CHART_MS] = "%g ms",
                                          [XCY_CHART_LOG_BYTES] = "%.0s %cB",
                                          [XCY_CHART_PERCENT] = "%g %%"};
    struct range r = extremes(chart);
    double room = label_room(chart);
    r = is_log(chart->scale) ? log_range(r, room) : linear_range(r, room);
    if (chart->scale == XCY_CHART_LOG_MS) {
        xcy_gnuplot_log_ms_axis(out, "y", r.low, r.high);
        return r;
    }
    xcy_buf_addf(out, "set yrange [%.6g:%.6g]\nset format y '%s'\n", r.low, r.high,
                 formats[chart->scale]);
    if (is_log(chart->scale)) {
        xcy_buf_add_text(out, "set logscale y\n");
    } else if (r.low < 0) {
        xcy_buf_add_text(out, "set xzeroaxis lt 1 lc rgb '#444444'\n");
    }
    return r;
}

/* Only between double quotes gnuplot breaks lines. Both lines are words of ours. */
static void add_title(const struct xcy_chart_category *category, struct xcy_buf *out)
{
    const char *second = category->subtitle;
    xcy_buf_addf(out, second[0] ? "\"%s\\n%s\"" : "\"%s%s\"", category->title, second);
}

static void add_positions(const struct xcy_chart *chart, struct xcy_buf *out)
{
    double margin = chart->n_categories == 1 ? 1 : 0.6; /* a single group keeps its shape */
    if (chart->n_categories > 0 && chart->categories[0].subtitle[0]) {
        xcy_buf_add_text(out, "set bmargin 3.6\n");
    }
    xcy_buf_addf(out, "set xrange [%g:%g]\nset xtics (", -margin,
                 (double)chart->n_categories - 1 + margin);
    for (size_t i = 0; i < chart->n_categories; i++) {
        xcy_buf_add_text(out, i > 0 ? ", " : "");
        add_title(&chart->categories[i], out);
        xcy_buf_addf(out, " %zu", i);
    }
    xcy_buf_add_text(out, ")\n");
}

static void add_bar_label(const struct xcy_chart_bar *bar, double x, double foot, int points,
                          struct xcy_buf *out)
{
    if (isnan(bar->value)) {
        xcy_buf_addf(out,
                     "set label 'no data' at %.6g, graph 0.025 center tc rgb '#888888' "
                     "font ',%d'\n",
                     x, points - 1);
        return;
    }
    xcy_buf_add_text(out, "set label ");
    xcy_gnuplot_add_quoted(out, bar->label);
    xcy_buf_addf(out, " at %.6g, %.6g center offset 0,0.8 noenhanced font ',%d'\n", x,
                 fmax(top_of(bar), foot), points);
}

/* Labels of many bars are smaller, so that they stay apart. */
static int label_points(const struct xcy_chart *chart)
{
    size_t bars = chart->n_categories * chart->n_series;
    return bars <= 8 ? 11 : bars <= 12 ? 9 : 7;
}

struct note {
    const char *text;
    const char *color;
    double lines; /* above top */
};

static void add_note(struct note note, size_t category, double top, int points, struct xcy_buf *out)
{
    if (note.text[0]) {
        xcy_buf_add_text(out, "set label ");
        xcy_gnuplot_add_quoted(out, note.text);
        xcy_buf_addf(out, " at %zu, %.6g center offset 0,%g noenhanced font ',%d' tc rgb '%s'\n",
                     category, top, note.lines, points, note.color);
    }
}

static void add_labels(const struct xcy_chart *chart, double foot, struct xcy_buf *out)
{
    int points = label_points(chart);
    for (size_t i = 0; i < chart->n_categories; i++) {
        const struct xcy_chart_category *category = &chart->categories[i];
        double top = foot;
        for (size_t s = 0; s < chart->n_series; s++) {
            add_bar_label(&category->bars[s], x_of(chart, i, s), foot, points, out);
            top = fmax(top, top_of(&category->bars[s]));
        }
        const struct note published = {category->note, note_color, 2.2};
        const struct note measured = {category->range_note, range_color,
                                      category->note[0] ? 3.5 : 2.2};
        add_note(published, i, top, points + 1, out);
        add_note(measured, i, top, points + 1, out);
    }
}

/* The macro @DRAW. */
static void add_draw(const struct xcy_chart *chart, struct xcy_buf *out)
{
    const size_t n = chart->n_series;
    xcy_assert(n > 0 && n <= XCY_CHART_MAX_SERIES);
    double width = group_width / (double)n;
    xcy_buf_add_text(out, "DRAW = \"plot ");
    for (size_t s = 0; s < n; s++) {
        xcy_buf_addf(out,
                     "$data using 1:(strcol(3) eq '%s' ? shown(column(4)) : NaN) with boxes "
                     "lc rgb '%s' title '%s', ",
                     chart->series[s], colors[s], chart->series[s]);
    }
    if (chart->range_title) {
        xcy_buf_addf(out,
                     "$data using (column(1) + %.6g):(shown(column(7))):(0):"
                     "(most(column(8)) - shown(column(7))) with vectors nohead lw 7 lc rgb '%s' "
                     "title '%s', $data using (column(1) + %.6g):(most(column(8))) with points "
                     "pt 5 ps 0.9 * dot lc rgb '%s' notitle, ",
                     width * 0.3, range_color, chart->range_title, width * 0.3, range_color);
    }
    xcy_buf_add_text(out, "$data using 1:(shown(column(5))):(0):(shown(column(6)) - "
                          "shown(column(5))) with vectors heads size graph 0.006,90,90 fixed lw 2 "
                          "lc rgb '#222222' notitle\"\n");
}

void xcy_chart_script(const struct xcy_chart *chart, struct xcy_buf *out)
{
    xcy_gnuplot_head(out, chart->title, chart->subtitle);
    if (chart->remark[0]) {
        xcy_gnuplot_remark(out, chart->remark);
    }
    struct range r = add_axis(chart, out);
    xcy_buf_add_text(out, "set datafile separator '\\t'\nset datafile missing '?'\nset ylabel ");
    xcy_gnuplot_add_quoted(out, chart->axis);
    xcy_buf_addf(out, "\nset boxwidth %.6g\n", group_width / (double)chart->n_series * 0.9);
    add_positions(chart, out);
    add_labels(chart, is_log(chart->scale) ? r.low : 0, out);
    xcy_buf_addf(out, "shown(v) = v < %.6g ? %.6g : v\nmost(v) = v > %.6g ? %.6g : v\n", r.low,
                 r.low, r.high, r.high);
    add_draw(chart, out);
}
