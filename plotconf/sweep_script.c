#include "plotconf/sweep.h"

#include "plotconf/gnuplot.h"

#include <math.h>

/* Where a delay of 0 stands on a log axis: this many decades before the least other delay. */
static const double zero_decades = 0.35;

static const char *const colors[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                     "#E69F00", "#56B4E9", "#000000"};
enum { N_COLORS = sizeof colors / sizeof *colors };

/* So many names fit into the remark. */
enum { MOST_NAMED = 2, MAX_REMARK_BYTES = 1024 };

static size_t count_pairs(const struct xcy_sweep *sweep)
{
    size_t n = 0;
    for (size_t pair = xcy_sweep_next_pair(sweep, 0); pair != SIZE_MAX;
         pair = xcy_sweep_next_pair(sweep, pair + 1)) {
        n++;
    }
    return n;
}

struct delays {
    double least; /* above 0; infinite: none is */
    double most;
    bool has_zero;
    double highest_share;
};

static void take_curve(struct delays *d, const struct xcy_derived *derived)
{
    for (size_t i = 0; i < derived->n_rows; i++) {
        const struct xcy_derived_row *row = &derived->rows[i];
        d->least = row->delay_ms > 0 ? fmin(d->least, row->delay_ms) : d->least;
        d->most = fmax(d->most, row->delay_ms);
        d->highest_share = fmax(d->highest_share, row->at.band.high);
    }
}

static struct delays delays_of(const struct xcy_sweep *sweep)
{
    struct delays d = {.least = INFINITY};
    for (size_t i = 0; i < sweep->n_curves; i++) {
        take_curve(&d, sweep->curves[i].derived);
    }
    for (size_t i = 0; i < sweep->n_points; i++) {
        const struct xcy_sweep_point *p = &sweep->points[i];
        double ms = (double)p->delay_ms;
        d.has_zero = d.has_zero || p->delay_ms == 0;
        d.least = ms > 0 ? fmin(d.least, ms) : d.least;
        d.most = fmax(d.most, ms);
        d.highest_share = fmax(d.highest_share, p->pooled.n > 0 ? p->pooled.exact.high : 0);
        for (size_t k = 0; k < p->n_rounds; k++) {
            d.highest_share = fmax(d.highest_share, p->rounds[k].share);
        }
    }
    return d;
}

/* Two strokes through the axis: left of them it is not the log axis. */
static void add_break(struct xcy_buf *out, double zero, double low)
{
    double middle = sqrt(zero * low);
    for (int i = 0; i < 2; i++) {
        double x = middle * (i == 0 ? 0.985 : 1.015);
        xcy_buf_addf(out,
                     "set arrow from %.6g, graph -0.015 to %.6g, graph 0.015 nohead front lw 2 lc "
                     "rgb '#444444'\n",
                     x * 0.985, x * 1.015);
    }
}

static void add_x_axis(const struct delays *d, size_t n_pairs, struct xcy_buf *out)
{
    double middle = ((double)n_pairs - 1) / 2;
    if (!isfinite(d->least)) {
        xcy_buf_addf(out, "at(d, i) = 0.02 * (i - %g)\nset xrange [-1:1]\nset xtics ('0' 0)\n",
                     middle);
        return;
    }
    double zero = d->least / pow(10, zero_decades);
    double low = d->least / 1.15;
    double high = d->most * 1.15;
    xcy_buf_addf(out, "at(d, i) = (d > 0 ? d : %.6g) * %.6g ** (i - %g)\n", zero,
                 pow(high / low, 0.006), middle);
    xcy_gnuplot_log_ms_axis(out, "x", low, high);
    if (d->has_zero) {
        xcy_buf_addf(out, "set xrange [%.6g:%.6g]\nset xtics add ('0' %.6g)\n", zero / 1.15, high,
                     zero);
        add_break(out, zero, low);
    }
}

static bool has_many_rounds(const struct xcy_sweep *sweep)
{
    for (size_t i = 0; i < sweep->n_points; i++) {
        if (sweep->points[i].n_rounds > 1) {
            return true;
        }
    }
    return false;
}

static const struct xcy_sweep_curve *curve_of(const struct xcy_sweep *sweep, size_t pair_index)
{
    for (size_t i = 0; i < sweep->n_curves; i++) {
        if (sweep->curves[i].pair_index == pair_index) {
            return &sweep->curves[i];
        }
    }
    return NULL;
}

/* Under the points: the band, both ends of the curve, and at a delay of 0 a piece of the band in its
 * place. Points stand beside each other by their index, and curves with them. */
static void add_curve(const struct xcy_sweep *sweep, const struct xcy_sweep_curve *curve,
                      size_t index, struct xcy_buf *out)
{
    size_t block = 2 * count_pairs(sweep) + (size_t)(curve - sweep->curves);
    const char *color = colors[index % N_COLORS];
    xcy_buf_addf(
        out,
        "$data index %zu using ($1 > 0 ? at($1, %zu) : NaN):(100 * $4):(100 * $5) with "
        "filledcurves fs transparent solid 0.16 noborder fc rgb '%s' notitle, "
        "$data index %zu using ($1 > 0 ? NaN : at($1, %zu)):(100 * $2):(at($1, %zu - 1)):(at($1, "
        "%zu + 1)):(100 * $4):(100 * $5) with boxxyerror fs transparent solid 0.16 "
        "noborder fc rgb '%s' notitle, ",
        block, index, color, block, index, index, index, color);
    for (int column = 2; column <= 3; column++) {
        xcy_buf_addf(out,
                     "$data index %zu using ($1 > 0 ? at($1, %zu) : NaN):(100 * $%d) with lines lw "
                     "1.5 lc rgb '%s' notitle, ",
                     block, index, column, color);
    }
}

/* A line is not drawn from 0 to the least other delay: there is no such stretch on the axis. Nor is one
 * where there is a curve, which says more. */
static void add_line(size_t index, struct xcy_buf *out)
{
    xcy_buf_addf(out,
                 "$data index %zu using ($1 > 0 ? at($1, %zu) : NaN):(100 * $2) with lines lw 2.5 "
                 "lc rgb '%s' notitle, ",
                 2 * index, index, colors[index % N_COLORS]);
}

/* No band may lie over another combination's points. */
static void add_under(const struct xcy_sweep *sweep, size_t pair, size_t index, struct xcy_buf *out)
{
    const struct xcy_sweep_curve *curve = curve_of(sweep, pair);
    if (curve) {
        add_curve(sweep, curve, index, out);
    } else {
        add_line(index, out);
    }
}

/* Points of one delay stand a little beside each other, so that no whisker hides another's. */
static void add_pair(const struct xcy_pair *pair, size_t index, bool many, struct xcy_buf *out)
{
    const char *color = colors[index % N_COLORS];
    xcy_buf_addf(out,
                 "$data index %zu using (at($1, %zu)):(100 * $2):(100 * $3):(100 * $4) with "
                 "yerrorbars pt 7 ps 1.4 * dot lw 2 lc rgb '%s' title '%s, %s'",
                 2 * index, index, color, xcy_post_storage_title(pair->post_storage),
                 xcy_notification_storage_title(pair->notification_storage));
    if (many) {
        xcy_buf_addf(out,
                     ", $data index %zu using (at($1, %zu)):($3 > 1 ? 100 * $2 : NaN) with points "
                     "pt 6 ps 1.1 * dot "
                     "lw 1.5 lc rgb '%s' notitle, "
                     "$data index %zu using (at($1, %zu)):($8 > 1 ? 100 * $5 : NaN) with points pt "
                     "2 ps 1.4 * dot lw 2 "
                     "lc rgb '%s' notitle",
                     2 * index + 1, index, color, 2 * index, index, color);
    }
}

/* "; the sweep agrees with each", "; the sweep disagrees with Redis, SNS (2 of 5 delays), and 1 more" */
static void add_verdict(const struct xcy_sweep *sweep, struct xcy_buf *text)
{
    size_t n_checked = 0;
    size_t n_disagreeing = 0;
    for (size_t i = 0; i < sweep->n_curves; i++) {
        const struct xcy_sweep_curve *curve = &sweep->curves[i];
        size_t n = xcy_derived_disagreeing(curve->derived);
        n_checked += curve->derived->n_checks > 0;
        n_disagreeing += n > 0;
        if (n > 0 && n_disagreeing <= MOST_NAMED) {
            xcy_buf_addf(text, "%s %s, %s (%zu of %zu delays)",
                         n_disagreeing == 1 ? "; the sweep disagrees with" : ",",
                         xcy_post_storage_title(curve->pair.post_storage),
                         xcy_notification_storage_title(curve->pair.notification_storage), n,
                         curve->derived->n_checks);
        }
    }
    if (n_disagreeing > MOST_NAMED) {
        xcy_buf_addf(text, " and %zu more", n_disagreeing - MOST_NAMED);
    } else if (n_disagreeing == 0 && n_checked > 0) {
        xcy_buf_addf(text, "; the sweep agrees with %s", n_checked == 1 ? "it" : "each");
    }
}

/* What the curves are, and whether the sweep agrees. */
static void add_remark(const struct xcy_sweep *sweep, struct xcy_buf *out)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_REMARK_BYTES);
    xcy_buf_addf(&text, "curves: both ends and 95%% band, derived from one run%s",
                 sweep->n_curves > 1 ? " each" : "");
    add_verdict(sweep, &text);
    xcy_gnuplot_remark(out, text.ptr);
    xcy_buf_clear(&text);
}

void xcy_sweep_script(const struct xcy_sweep *sweep, struct xcy_buf *out)
{
    struct delays d = delays_of(sweep);
    bool many = has_many_rounds(sweep);
    double top = fmax(fmin(d.highest_share * 1.08, 1.03), 0.001);
    xcy_gnuplot_head(out, "Inconsistent reads by artificial delay",
                     many
                         ? "dots: share of all rounds, with its exact 95% interval; circles: each "
                           "round; crosses: as published, the least of them"
                         : "dots: share, with its exact 95% interval; one round each, so that this "
                           "is the published share, too");
    if (sweep->n_curves > 0) {
        add_remark(sweep, out);
    }
    add_x_axis(&d, count_pairs(sweep), out);
    xcy_buf_addf(out,
                 "set yrange [0:%.6g]\nset format y '%%g %%%%'\nset grid xtics lt 1 lc rgb "
                 "'#eeeeee' lw 1\nset xlabel 'delay between write and notification (log scale)'\n"
                 "set ylabel 'inconsistent reads'\nset datafile separator '\\t'\n"
                 "set datafile missing '?'\nset bmargin 4.5\n",
                 top * 100);
    xcy_buf_add_text(out, "DRAW = \"plot ");
    for (size_t pair = xcy_sweep_next_pair(sweep, 0), index = 0; pair != SIZE_MAX;
         pair = xcy_sweep_next_pair(sweep, pair + 1), index++) {
        add_under(sweep, pair, index, out);
    }
    for (size_t pair = xcy_sweep_next_pair(sweep, 0), index = 0; pair != SIZE_MAX;
         pair = xcy_sweep_next_pair(sweep, pair + 1), index++) {
        xcy_buf_add_text(out, index > 0 ? ", " : "");
        add_pair(xcy_sweep_pair_at(sweep, pair), index, many, out);
    }
    xcy_buf_add_text(out, "\"\n");
}
