#include "plotconf/sweep.h"

#include <math.h>

static void add_number(struct xcy_buf *out, double value)
{
    if (isnan(value)) {
        xcy_buf_add_text(out, "\t?");
    } else {
        xcy_buf_addf(out, "\t%.10g", value);
    }
}

static void add_points(const struct xcy_sweep *sweep, size_t pair, struct xcy_buf *out)
{
    for (size_t i = 0; i < sweep->n_points; i++) {
        const struct xcy_sweep_point *p = &sweep->points[i];
        if (p->pair_index == pair) {
            const struct xcy_pooled *pooled = &p->pooled;
            bool has = pooled->n > 0;
            xcy_buf_addf(out, "%lld", (long long)p->delay_ms);
            add_number(out, xcy_pooled_value(pooled));
            add_number(out, has ? pooled->exact.low : NAN);
            add_number(out, has ? pooled->exact.high : NAN);
            add_number(out, p->least_share);
            xcy_buf_addf(out, "\t%lld\t%lld\t%zu\n", (long long)pooled->events,
                         (long long)pooled->n, p->n_rounds);
        }
    }
}

static void add_rounds(const struct xcy_sweep *sweep, size_t pair, struct xcy_buf *out)
{
    for (size_t i = 0; i < sweep->n_points; i++) {
        const struct xcy_sweep_point *p = &sweep->points[i];
        for (size_t k = 0; p->pair_index == pair && k < p->n_rounds; k++) {
            xcy_buf_addf(out, "%lld\t%.10g\t%zu\n", (long long)p->delay_ms, p->rounds[k].share,
                         p->n_rounds);
        }
    }
}

static void add_curve_rows(const struct xcy_sweep_curve *curve, struct xcy_buf *out)
{
    const struct xcy_derived *derived = curve->derived;
    xcy_buf_addf(out,
                 "\n\n# %s-%s, derived from %s\n"
                 "# delay_ms\tshare_low\tshare_high\tband95_low\tband95_high\n",
                 xcy_post_storage_names[curve->pair.post_storage],
                 xcy_notification_storage_names[curve->pair.notification_storage], derived->path);
    for (size_t i = 0; i < derived->n_rows; i++) {
        const struct xcy_delay_point *at = &derived->rows[i].at;
        xcy_buf_addf(out, "%.10g\t%.10g\t%.10g\t%.10g\t%.10g\n", derived->rows[i].delay_ms,
                     at->share.low, at->share.high, at->band.low, at->band.high);
    }
}

/* For each pair two blocks, then one for each curve, which gnuplot tells apart by two blank lines. */
void xcy_sweep_data(const struct xcy_sweep *sweep, struct xcy_buf *out)
{
    const char *gap = "";
    for (size_t pair = xcy_sweep_next_pair(sweep, 0); pair != SIZE_MAX;
         pair = xcy_sweep_next_pair(sweep, pair + 1)) {
        const struct xcy_pair *names = xcy_sweep_pair_at(sweep, pair);
        xcy_buf_addf(out,
                     "%s# %s-%s\n# delay_ms\tshare\tlow\thigh\tleast_share\tevents\tn\trounds\n",
                     gap, xcy_post_storage_names[names->post_storage],
                     xcy_notification_storage_names[names->notification_storage]);
        add_points(sweep, pair, out);
        xcy_buf_add_text(out, "\n\n# each round: delay_ms\tshare\trounds\n");
        add_rounds(sweep, pair, out);
        gap = "\n\n";
    }
    for (size_t i = 0; i < sweep->n_curves; i++) {
        add_curve_rows(&sweep->curves[i], out);
    }
}
