#include "plotconf/consistency_window.h"

#include "common/cli/bound.h"
#include "plotconf/gnuplot.h"

#include <math.h>

/* The part of the axis's height above the highest whisker that two lines of labels need. */
static const double label_room = 0.14;
static const double bar_offset = 0.2;

static double top_of(const struct xcy_window_bar *bar)
{
    return bar->has_interval ? bar->ci_high_ms : bar->median_ms;
}

static double bottom_of(const struct xcy_window_bar *bar)
{
    return bar->has_interval ? bar->ci_low_ms : bar->median_ms;
}

/* The range of the axis: from the decade below all that is drawn, so that no bar is a mere line, to
 * what leaves room for the labels. */
static void range_ms(const struct xcy_window_plot *plot, double *low, double *high)
{
    double least = INFINITY;
    double most = 0;
    for (size_t i = 0; i < plot->n_groups; i++) {
        for (size_t side = 0; side < XCY_N_WINDOW_SIDES; side++) {
            const struct xcy_window_bar *bar = &plot->groups[i].sides[side];
            if (bar->n > 0) {
                least = fmin(least, bottom_of(bar));
                most = fmax(most, top_of(bar));
            }
        }
    }
    double low_log = floor(log10(isfinite(least) ? fmax(least, 1) : 1) - 0.3);
    double most_log = fmax(log10(fmax(most, 1)), low_log + 1);
    *low = pow(10, low_log);
    *high = pow(10, low_log + (most_log - low_log) / (1 - label_room));
}

/* In ms while that is short enough to stand over a bar. */
static void add_ms(struct xcy_buf *out, const char *format_sign, double ms)
{
    bool in_s = fabs(ms) >= 100000;
    const char *sign = ms < 0 ? "-" : format_sign;
    xcy_buf_addf(out, "%s%.*f %s", sign, in_s ? 1 : 0, fabs(in_s ? ms / 1000 : ms),
                 in_s ? "s" : "ms");
}

static void add_bar_label(const struct xcy_window_bar *bar, double x, double low,
                          struct xcy_buf *out)
{
    if (bar->n == 0) {
        xcy_buf_addf(
            out, "set label 'no data' at %g, graph 0.025 center tc rgb '#888888' font ',10'\n", x);
        return;
    }
    xcy_buf_add_text(out, "set label '");
    add_ms(out, "", bar->rounded_ms);
    xcy_buf_addf(out, "' at %g, %.6g center offset 0,0.8 font ',11'\n", x, fmax(top_of(bar), low));
}

static void add_overhead_label(const struct xcy_window_group *group, size_t position, double low,
                               struct xcy_buf *out)
{
    double published = xcy_window_overhead_as_published_ms(group);
    double measured = xcy_window_overhead_ms(group);
    double top = fmax(top_of(&group->sides[XCY_WINDOW_ORIGINAL]),
                      top_of(&group->sides[XCY_WINDOW_ANTIPODE]));
    xcy_buf_add_text(out, "set label '");
    add_ms(out, "+ ", published);
    if (measured < published) {
        xcy_buf_add_text(out, " (");
        add_ms(out, "", measured);
        xcy_buf_add_text(out, ")");
    }
    xcy_buf_addf(out, "' at %zu, %.6g center offset 0,2.2 font ',12' tc rgb '#D55E00'\n", position,
                 fmax(top, low));
}

static void add_labels(const struct xcy_window_plot *plot, double low, struct xcy_buf *out)
{
    for (size_t i = 0; i < plot->n_groups; i++) {
        const struct xcy_window_group *group = &plot->groups[i];
        add_bar_label(&group->sides[XCY_WINDOW_ORIGINAL], (double)i - bar_offset, low, out);
        add_bar_label(&group->sides[XCY_WINDOW_ANTIPODE], (double)i + bar_offset, low, out);
        if (xcy_window_has_both(group)) {
            add_overhead_label(group, i, low, out);
        }
    }
}

/* Whether the published overhead of some group hides a negative one. */
static bool hides_any(const struct xcy_window_plot *plot)
{
    for (size_t i = 0; i < plot->n_groups; i++) {
        if (xcy_window_has_both(&plot->groups[i]) && xcy_window_overhead_ms(&plot->groups[i]) < 0) {
            return true;
        }
    }
    return false;
}

/* The widest of all bars. */
static void add_clock_line(const struct xcy_window_plot *plot, struct xcy_buf *out)
{
    char bound[XCY_BOUND_BYTES];
    double low_ms = 0;
    double high_ms = 0;
    bool is_there = false;
    for (size_t i = 0; i < plot->n_groups; i++) {
        for (size_t side = 0; side < XCY_N_WINDOW_SIDES; side++) {
            const struct xcy_window_bar *bar = &plot->groups[i].sides[side];
            is_there = is_there || bar->n > 0;
            low_ms = bar->n > 0 ? fmin(low_ms, bar->clock_low_ms) : low_ms;
            high_ms = bar->n > 0 ? fmax(high_ms, bar->clock_high_ms) : high_ms;
        }
    }
    if (is_there) {
        xcy_bound_format(low_ms, high_ms, bound);
        xcy_buf_addf(out,
                     "set label 3 'bound of the clocks on each median, in ms: %s' at graph 0, "
                     "screen 0.875 left noenhanced font ',10' tc rgb '#666666'\n",
                     bound);
    }
}

static void add_positions(const struct xcy_window_plot *plot, struct xcy_buf *out)
{
    double margin = plot->n_groups == 1 ? 1 : 0.6; /* a single pair of bars keeps its shape */
    xcy_buf_addf(out, "set xrange [%g:%g]\nset xtics (", -margin,
                 (double)plot->n_groups - 1 + margin);
    for (size_t i = 0; i < plot->n_groups; i++) {
        xcy_buf_addf(out, "%s'%s' %zu", i > 0 ? ", " : "",
                     xcy_post_storage_title(plot->groups[i].post_storage), i);
    }
    xcy_buf_add_text(out, ")\n");
}

void xcy_window_plot_script(const struct xcy_window_plot *plot, const char *name,
                            struct xcy_buf *out)
{
    double low = 1;
    double high = 1000;
    range_ms(plot, &low, &high);
    xcy_buf_add_text(out,
                     "# Draws itself: gnuplot <this file>. The data stands in it.\n$data << EOD\n");
    xcy_window_plot_data(plot, out);
    xcy_buf_add_text(out, "EOD\n");
    xcy_gnuplot_head(out, "Consistency window as published, by post storage",
                     hides_any(plot)
                         ? "medians; notifications by SNS; whiskers: exact 95% interval; orange: "
                           "overhead of Antipode as published (as measured, if below 0)"
                         : "medians; notifications by SNS; whiskers: exact 95% interval; orange: "
                           "overhead of Antipode");
    add_clock_line(plot, out);
    xcy_gnuplot_log_ms_axis(out, "y", low, high);
    xcy_buf_add_text(out, "set datafile separator '\\t'\nset datafile missing '?'\n"
                          "set ylabel 'writer start to first read (log scale)'\n"
                          "set boxwidth 0.36\n");
    add_positions(plot, out);
    add_labels(plot, low, out);
    /* What lies below a log axis, 0 included, is drawn at its foot. */
    xcy_buf_addf(out, "shown(ms) = ms < %.6g ? %.6g : ms\n", low, low);
    xcy_buf_addf(out, "x(s) = column(1) + (strcol(3) eq 'Original' ? -%g : %g)\n", bar_offset,
                 bar_offset);
    xcy_buf_add_text(
        out,
        "of(s) = strcol(3) eq s ? shown(column(5)) : NaN\n"
        "DRAW = \"plot $data using (x(0)):(of('Original')) with boxes lc rgb '#56B4E9' title "
        "'Original', $data using (x(0)):(of('Antipode')) with boxes lc rgb '#0072B2' title "
        "'Antipode', $data using (x(0)):(shown(column(6))):(0):"
        "(shown(column(7)) - shown(column(6))) with vectors heads size graph 0.006,90,90 fixed "
        "lw 2 lc rgb '#222222' notitle\"\n");
    xcy_gnuplot_tail(out, name);
}
