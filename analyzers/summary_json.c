#include "analyzers/summary.h"

#include "common/data/json.h"

#include <math.h>
#include <stdio.h>

/* Milliseconds; an infinite value (censored) becomes null. */
static void put_ms(struct xcy_json *object, const char *key, double us)
{
    xcy_json_put_number(object, key, isfinite(us) ? us / 1000.0 : NAN);
}

static void put_estimate(struct xcy_json *metric, double q, const struct xcy_estimate *e)
{
    char name[16];
    snprintf(name, sizeof name, "p%g", q * 100);
    struct xcy_json *o = xcy_json_put_object(metric, name);
    put_ms(o, "low_ms", e->low_us);
    put_ms(o, "high_ms", e->high_us);
    xcy_json_put_bool(o, "is_left_censored", isinf(e->low_us));
    xcy_json_put_bool(o, "is_right_censored", isinf(e->high_us));
    if (e->has_interval) {
        put_ms(o, "ci95_low_ms", e->ci_low_us);
        put_ms(o, "ci95_high_ms", e->ci_high_us);
    } else {
        xcy_json_put_null(o, "ci95_low_ms");
        xcy_json_put_null(o, "ci95_high_ms");
    }
    put_ms(o, "clock_low_ms", e->clock_low_us);
    put_ms(o, "clock_high_ms", e->clock_high_us);
}

static void put_metric(struct xcy_json *metrics, const struct xcy_metric_summary *m)
{
    struct xcy_json *o = xcy_json_put_object(metrics, m->metric->name);
    xcy_json_put_string(o, "from", xcy_points[m->metric->from].name);
    xcy_json_put_string(o, "to", xcy_points[m->metric->to].name);
    xcy_json_put_string(o, "meaning", m->metric->meaning);
    xcy_json_put_bool(o, "crosses_clocks", xcy_metric_crosses_clocks(m->metric));
    xcy_json_put_int64(o, "n", (int64_t)m->n);
    xcy_json_put_int64(o, "n_left_censored", (int64_t)m->n_left);
    xcy_json_put_int64(o, "n_right_censored", (int64_t)m->n_right);
    for (size_t q = 0; q < XCY_N_QUANTILES && m->n > 0; q++) {
        put_estimate(o, xcy_quantiles[q], &m->quantiles[q]);
    }
}

static void put_classes(struct xcy_json *root, const struct xcy_summary *s)
{
    struct xcy_json *classes = xcy_json_put_object(root, "classes");
    xcy_json_put_int64(classes, "planned", (int64_t)s->n_records);
    xcy_json_put_int64(classes, "warmup", s->warmup);
    for (size_t c = 0; c < XCY_N_CLASSES; c++) {
        xcy_json_put_int64(classes, xcy_class_names[c], s->classes[c]);
    }
    struct xcy_json *share = xcy_json_put_object(root, "inconsistent");
    int64_t events = s->classes[XCY_CLASS_INCONSISTENT];
    xcy_json_put_int64(share, "events", events);
    xcy_json_put_int64(share, "n", s->decided);
    xcy_json_put_number(share, "share", s->decided > 0 ? (double)events / (double)s->decided : NAN);
    xcy_json_put_number(share, "wilson95_low", s->inconsistent_share.low);
    xcy_json_put_number(share, "wilson95_high", s->inconsistent_share.high);
    xcy_json_put_number(share, "clopper_pearson95_high", s->inconsistent_upper);
    xcy_json_put_number(share, "share_min", s->share_range.low);
    xcy_json_put_number(share, "share_max", s->share_range.high);
}

static void put_barrier(struct xcy_json *root, const struct xcy_summary *s)
{
    bool has_barrier = s->manifest.combination.consistency != XCY_CONSISTENCY_NONE;
    struct xcy_json *barrier = xcy_json_put_object(root, "barrier");
    xcy_json_put_int64(barrier, "waited", s->waited);
    xcy_json_put_int64(barrier, "past_deadline", s->barriers_late);
    xcy_json_put_int64(barrier, "residual", has_barrier ? s->classes[XCY_CLASS_INCONSISTENT] : 0);
}

static void put_sizes(struct xcy_json *root, const struct xcy_summary *s)
{
    struct xcy_json *sizes = xcy_json_put_object(root, "sizes");
    for (size_t i = 0; i < XCY_N_SIZES; i++) {
        const struct xcy_size_summary *size = &s->sizes[i];
        struct xcy_json *o = xcy_json_put_object(sizes, xcy_size_names[i]);
        xcy_json_put_string(o, "meaning", xcy_size_meanings[i]);
        xcy_json_put_int64(o, "n", size->n);
        xcy_json_put_number(o, "mean_bytes", size->n > 0 ? size->mean_bytes : NAN);
        xcy_json_put_int64(o, "min_bytes", size->min_bytes);
        xcy_json_put_int64(o, "max_bytes", size->max_bytes);
    }
}

static void put_disorders(struct xcy_json *root, const struct xcy_summary *s)
{
    struct xcy_json *all = xcy_json_put_array(root, "disorders");
    for (int64_t n = 0; n < s->disordered && n < XCY_MAX_DISORDERS; n++) {
        const struct xcy_disordered *d = &s->disorders[n];
        struct xcy_json *o = xcy_json_append_object(all);
        xcy_json_put_int64(o, "i", d->i);
        xcy_json_put_string(o, "before", xcy_points[d->pair.before].name);
        xcy_json_put_string(o, "after", xcy_points[d->pair.after].name);
        put_ms(o, "by_ms", d->pair.by_us);
    }
}

static void put_intervals(struct xcy_json *root, const struct xcy_summary *s)
{
    struct xcy_json *clocks = xcy_json_put_array(root, "clocks");
    for (size_t i = 0; i < s->clocks.instances; i++) {
        const struct xcy_clock_summary *c = &s->intervals[i];
        struct xcy_json *o = xcy_json_append_object(clocks);
        xcy_json_put_string(o, "instance", c->instance);
        xcy_json_put_int64(o, "constraints", c->constraints);
        xcy_json_put_bool(o, "stepped", c->stepped);
        xcy_json_put_int64(o, "at_us", c->at_us);
        xcy_json_put_number(o, "low_us", c->low_us); /* null: no bound */
        xcy_json_put_number(o, "high_us", c->high_us);
    }
}

static void put_clocks(struct xcy_json *root, const struct xcy_summary *s)
{
    const struct xcy_clocks_found *c = &s->clocks;
    xcy_json_put_number(root, "clock_drift_ppm", s->drift_ppm);
    xcy_json_put_int64(root, "clock_instances", (int64_t)c->instances);
    xcy_json_put_int64(root, "clock_unbounded_below", (int64_t)c->without_low);
    xcy_json_put_int64(root, "clock_unbounded_above", (int64_t)c->without_high);
    xcy_json_put_int64(root, "clock_unnamed", s->clock_unnamed);
    xcy_json_put_int64(root, "clock_steps", (int64_t)c->stepped);
    if (c->stepped == 0) {
        xcy_json_put_null(root, "clock_step");
        return;
    }
    struct xcy_json *o = xcy_json_put_object(root, "clock_step");
    xcy_json_put_string(o, "instance", c->worst.instance);
    xcy_json_put_int64(o, "high_i", c->worst.high_i);
    xcy_json_put_int64(o, "low_i", c->worst.low_i);
    put_ms(o, "by_ms", c->worst.by_us);
}

struct xcy_json *xcy_summary_to_json(const struct xcy_summary *s)
{
    struct xcy_json *root = xcy_json_new_object();
    xcy_json_put_int64(root, "format_version", 1);
    xcy_json_put_string(root, "run", s->manifest.run);
    xcy_json_put_string(root, "path", s->path);
    xcy_json_put(root, "combination", xcy_combination_to_json(&s->manifest.combination));
    xcy_json_put_number(root, "rate_per_s", s->manifest.rate_per_s);
    xcy_json_put_string(root, "arrivals", s->manifest.arrivals);
    xcy_json_put_bool(root, "is_async", s->manifest.is_async);
    xcy_json_put_number(root, "time_scale", s->manifest.time_scale);
    xcy_json_put_bool(root, "is_valid", s->problem[0] == '\0');
    xcy_json_put_string(root, "problem", s->problem);
    put_classes(root, s);
    put_barrier(root, s);
    put_sizes(root, s);
    xcy_json_put_int64(root, "late", s->late);
    xcy_json_put_int64(root, "retried", s->retried);
    xcy_json_put_int64(root, "many_execs", s->many_execs);
    xcy_json_put_int64(root, "conflicts", s->conflicts);
    xcy_json_put_int64(root, "refused", s->refused);
    xcy_json_put_int64(root, "disordered", s->disordered);
    put_disorders(root, s);
    put_clocks(root, s);
    put_intervals(root, s);
    struct xcy_json *metrics = xcy_json_put_object(root, "metrics");
    for (size_t i = 0; i < XCY_N_METRICS; i++) {
        put_metric(metrics, &s->metrics[i]);
    }
    return root;
}
