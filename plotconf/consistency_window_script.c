#include "plotconf/consistency_window.h"

#include "plotconf/gnuplot.h"

#include <math.h>

/* The range of the axis: whole decades around all that is drawn. */
static void range_ms(const struct xcy_window_plot *plot, double *low, double *high)
{
    double least = INFINITY;
    double most = 0;
    for (size_t i = 0; i < plot->n_groups; i++) {
        for (size_t side = 0; side < XCY_N_WINDOW_SIDES; side++) {
            const struct xcy_window_bar *bar = &plot->groups[i].sides[side];
            if (bar->n > 0) {
                least = fmin(least, bar->has_interval ? bar->ci_low_ms : bar->median_ms);
                most = fmax(most, bar->has_interval ? bar->ci_high_ms : bar->median_ms);
            }
        }
    }
    *low = pow(10, floor(log10(fmax(least, 1)) - 0.3));
    *high = fmax(pow(10, ceil(log10(fmax(most, 10)))), most * 3);
}

static void add_labels(const struct xcy_window_plot *plot, struct xcy_buf *out)
{
    for (size_t i = 0; i < plot->n_groups; i++) {
        const struct xcy_window_group *group = &plot->groups[i];
        for (size_t side = 0; side < XCY_N_WINDOW_SIDES; side++) {
            const struct xcy_window_bar *bar = &group->sides[side];
            double x = (double)i + (side == 0 ? -0.2 : 0.2);
            if (bar->n == 0) {
                xcy_buf_addf(out,
                             "set label 'no runs' at %g, graph 0.04 center rotate "
                             "tc rgb '#888888' font ',10'\n",
                             x);
                continue;
            }
            double top = bar->has_interval ? bar->ci_high_ms : bar->median_ms;
            xcy_buf_addf(out, "set label '%.0f ms' at %g, %.6g center offset 0,0.8 font ',11'\n",
                         bar->rounded_ms, x, fmax(top, bar->median_ms));
        }
        if (group->sides[0].n > 0 && group->sides[1].n > 0) {
            double top = fmax(group->sides[0].median_ms, group->sides[1].median_ms);
            xcy_buf_addf(out,
                         "set label '+ %.0f ms' at %zu, %.6g center offset 0,2.2 "
                         "font ',12' tc rgb '#D55E00'\n",
                         xcy_window_overhead_as_published_ms(group), i, top);
        }
    }
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
                     "median of writer start to first read; notifications by SNS; whiskers: exact "
                     "95% interval; orange: overhead of Antipode");
    xcy_gnuplot_log_ms_axis(out, "y", low, high);
    xcy_buf_add_text(out, "set datafile separator '\\t'\nset datafile missing '?'\n"
                          "set ylabel 'consistency window (log scale)'\nset boxwidth 0.36\n");
    xcy_buf_addf(out, "set xrange [-0.6:%g]\nset xtics (", (double)plot->n_groups - 0.4);
    for (size_t i = 0; i < plot->n_groups; i++) {
        xcy_buf_addf(out, "%s'%s' %zu", i > 0 ? ", " : "",
                     xcy_post_storage_title(plot->groups[i].post_storage), i);
    }
    xcy_buf_add_text(out, ")\n");
    add_labels(plot, out);
    xcy_buf_add_text(
        out, "x(s) = column(1) + (strcol(3) eq 'Original' ? -0.2 : 0.2)\n"
             "of(s) = strcol(3) eq s ? column(5) : NaN\n"
             "DRAW = \"plot $data using (x(0)):(of('Original')) with boxes lc rgb '#56B4E9' title "
             "'Original', $data using (x(0)):(of('Antipode')) with boxes lc rgb '#0072B2' title "
             "'Antipode', $data using (x(0)):6:(0):(column(7) - column(6)) with vectors heads size "
             "graph 0.006,90 lw 2 lc rgb '#222222' notitle\"\n");
    xcy_gnuplot_tail(out, name);
}
