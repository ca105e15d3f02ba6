#include "analyzers/summary_json.h"

#include <math.h>
#include <stdio.h>

void xcy_json_put_ms(struct xcy_json *object, const char *key, double us)
{
    xcy_json_put_number(object, key, isfinite(us) ? us / 1000.0 : NAN);
}

void xcy_json_put_estimate(struct xcy_json *metric, double q, const struct xcy_estimate *e)
{
    char name[16];
    snprintf(name, sizeof name, "p%g", q * 100);
    struct xcy_json *o = xcy_json_put_object(metric, name);
    xcy_json_put_ms(o, "low_ms", e->low_us);
    xcy_json_put_ms(o, "high_ms", e->high_us);
    xcy_json_put_bool(o, "is_left_censored", e->is_left);
    xcy_json_put_bool(o, "is_right_censored", isinf(e->high_us));
    if (e->has_interval) {
        xcy_json_put_ms(o, "ci95_low_ms", e->ci_low_us);
        xcy_json_put_ms(o, "ci95_high_ms", e->ci_high_us);
    } else {
        xcy_json_put_null(o, "ci95_low_ms");
        xcy_json_put_null(o, "ci95_high_ms");
    }
    xcy_json_put_ms(o, "clock_low_ms", e->clock_low_us);
    xcy_json_put_ms(o, "clock_high_ms", e->clock_high_us);
}

static void put_metric(struct xcy_json *metrics, const struct xcy_metric_summary *m)
{
    struct xcy_json *o = xcy_json_put_object(metrics, m->metric->name);
    xcy_json_put_string(o, "from", xcy_points[m->metric->from].name);
    xcy_json_put_string(o, "to", xcy_points[m->metric->to].name);
    xcy_json_put_string(o, "meaning", m->metric->meaning);
    xcy_json_put_bool(o, "crosses_clocks", xcy_metric_crosses_clocks(m->metric));
    xcy_json_put_int64(o, "n", m->n);
    xcy_json_put_int64(o, "n_left_censored", m->n_left);
    xcy_json_put_int64(o, "n_right_censored", m->n_right);
    for (size_t q = 0; q < XCY_N_QUANTILES && m->n > 0; q++) {
        xcy_json_put_estimate(o, xcy_quantiles[q], &m->quantiles[q]);
    }
}

static void put_classes(struct xcy_json *root, const struct xcy_summary *s)
{
    const struct xcy_counts *c = &s->evidence.counts;
    struct xcy_json *classes = xcy_json_put_object(root, "classes");
    xcy_json_put_int64(classes, "planned", c->planned);
    xcy_json_put_int64(classes, "warmup", c->warmup);
    for (size_t k = 0; k < XCY_N_CLASSES; k++) {
        xcy_json_put_int64(classes, xcy_class_names[k], c->classes[k]);
    }
    struct xcy_json *share = xcy_json_put_object(root, "inconsistent");
    int64_t events = c->classes[XCY_CLASS_INCONSISTENT];
    xcy_json_put_int64(share, "events", events);
    xcy_json_put_int64(share, "n", s->decided);
    xcy_json_put_number(share, "share", s->decided > 0 ? (double)events / (double)s->decided : NAN);
    xcy_json_put_number(share, "wilson95_low", s->inconsistent_share.low);
    xcy_json_put_number(share, "wilson95_high", s->inconsistent_share.high);
    xcy_json_put_number(share, "clopper_pearson95_high", s->inconsistent_upper);
    xcy_json_put_number(share, "share_min", s->share_range.low);
    xcy_json_put_number(share, "share_max", s->share_range.high);
}

static void put_barrier(struct xcy_json *root, const struct xcy_evidence *e)
{
    const struct xcy_counts *c = &e->counts;
    bool has_barrier = e->manifest.combination.consistency != XCY_CONSISTENCY_NONE;
    struct xcy_json *barrier = xcy_json_put_object(root, "barrier");
    xcy_json_put_int64(barrier, "waited", c->waited);
    xcy_json_put_int64(barrier, "past_deadline", c->barriers_late);
    xcy_json_put_int64(barrier, "residual", has_barrier ? c->classes[XCY_CLASS_INCONSISTENT] : 0);
}

static void put_size(struct xcy_json *sizes, const struct xcy_metric_summary *m)
{
    struct xcy_json *o = xcy_json_put_object(sizes, m->metric->name);
    xcy_json_put_string(o, "meaning", m->metric->meaning);
    xcy_json_put_int64(o, "n", m->n);
    xcy_json_put_number(o, "mean_bytes", m->mean);
    xcy_json_put_int64(o, "min_bytes", m->n > 0 ? (int64_t)m->least : 0);
    xcy_json_put_int64(o, "max_bytes", m->n > 0 ? (int64_t)m->most : 0);
}

static void put_disorders(struct xcy_json *root, const struct xcy_disorders *disorders)
{
    struct xcy_json *all = xcy_json_put_array(root, "disorders");
    for (size_t n = 0; n < xcy_disorders_listed(disorders); n++) {
        const struct xcy_disordered *d = &disorders->first[n];
        struct xcy_json *o = xcy_json_append_object(all);
        xcy_json_put_int64(o, "i", d->i);
        xcy_json_put_string(o, "before", xcy_points[d->pair.before].name);
        xcy_json_put_string(o, "after", xcy_points[d->pair.after].name);
        xcy_json_put_ms(o, "by_ms", d->pair.by_us);
    }
}

static void put_intervals(struct xcy_json *root, const struct xcy_clocks *clocks)
{
    struct xcy_json *all = xcy_json_put_array(root, "clocks");
    for (size_t i = 0; i < xcy_clocks_found(clocks)->instances; i++) {
        struct xcy_clock_interval c = xcy_clocks_interval(clocks, i);
        struct xcy_json *o = xcy_json_append_object(all);
        xcy_json_put_string(o, "instance", c.name);
        xcy_json_put_int64(o, "constraints", (int64_t)c.n);
        xcy_json_put_bool(o, "stepped", c.stepped);
        xcy_json_put_int64(o, "at_us", (int64_t)c.at_us);
        xcy_json_put_number(o, "low_us", c.theta.low_us); /* null: no bound */
        xcy_json_put_number(o, "high_us", c.theta.high_us);
    }
}

static void put_clocks(struct xcy_json *root, const struct xcy_evidence *e)
{
    const struct xcy_clocks_found *c = xcy_clocks_found(e->clocks);
    xcy_json_put_number(root, "clock_drift_ppm", e->drift_ppm);
    xcy_json_put_int64(root, "clock_instances", (int64_t)c->instances);
    xcy_json_put_int64(root, "clock_unbounded_below", (int64_t)c->without_low);
    xcy_json_put_int64(root, "clock_unbounded_above", (int64_t)c->without_high);
    xcy_json_put_int64(root, "clock_unnamed", e->counts.unnamed);
    xcy_json_put_int64(root, "clock_steps", (int64_t)c->stepped);
    if (c->stepped == 0) {
        xcy_json_put_null(root, "clock_step");
        return;
    }
    struct xcy_json *o = xcy_json_put_object(root, "clock_step");
    xcy_json_put_string(o, "instance", c->worst.instance);
    xcy_json_put_int64(o, "high_i", c->worst.high_i);
    xcy_json_put_int64(o, "low_i", c->worst.low_i);
    xcy_json_put_ms(o, "by_ms", c->worst.by_us);
}

static void put_phase(struct xcy_json *phases, enum xcy_phase_of of, const struct xcy_phase *phase)
{
    struct xcy_json *o = xcy_json_put_object(phases, xcy_phase_names[of]);
    xcy_json_put_bool(o, "is_tested", phase->is_tested);
    xcy_json_put_bool(o, "is_found", phase->is_found);
    xcy_json_put_number(o, "p", phase->p);
    if (of == XCY_PHASE_SHARE) {
        xcy_json_put_number(o, "least_share", phase->least);
        xcy_json_put_number(o, "most_share", phase->most);
    } else {
        xcy_json_put_ms(o, "least_p50_ms", phase->least);
        xcy_json_put_ms(o, "most_p50_ms", phase->most);
    }
}

static void put_median(struct xcy_json *o, const char *key, const struct xcy_sample *sample)
{
    xcy_json_put_ms(o, key, xcy_sample_size(sample) > 0 ? xcy_sample_quantile(sample, 0.5) : NAN);
}

void xcy_json_put_timeline(struct xcy_json *root, const struct xcy_summary *s)
{
    const struct xcy_timeline *t = &s->evidence.timeline;
    struct xcy_json *phases = xcy_json_put_object(root, "phases");
    for (enum xcy_phase_of of = 0; of < XCY_N_PHASES; of++) {
        put_phase(phases, of, &s->phases[of]);
    }
    struct xcy_json *all = xcy_json_put_array(root, "timeline");
    for (size_t i = 0; i < t->n; i++) {
        const struct xcy_block *block = &t->blocks[i];
        struct xcy_json *o = xcy_json_append_object(all);
        xcy_json_put_number(o, "begin_s", (double)i * (double)t->width_us / 1e6);
        xcy_json_put_number(o, "end_s", (double)(i + 1) * (double)t->width_us / 1e6);
        xcy_json_put_int64(o, "n", block->decided);
        xcy_json_put_int64(o, "inconsistent", block->inconsistent);
        put_median(o, "window_p50_ms", &block->window);
        put_median(o, "inconsistent_window_p50_ms", &block->missed);
    }
}

static void put_counts(struct xcy_json *root, const struct xcy_evidence *e)
{
    const struct xcy_counts *c = &e->counts;
    xcy_json_put_int64(root, "late", c->late);
    xcy_json_put_int64(root, "retried", c->retried);
    xcy_json_put_int64(root, "many_execs", c->many_execs);
    xcy_json_put_int64(root, "conflicts", c->conflicts);
    xcy_json_put_int64(root, "refused", c->refused);
    xcy_json_put_int64(root, "disordered", e->disorders.n);
}

/* Bytes as sizes, durations as metrics. */
static void put_metrics(struct xcy_json *root, const struct xcy_summary *s, bool is_bytes)
{
    struct xcy_json *to = xcy_json_put_object(root, is_bytes ? "sizes" : "metrics");
    for (size_t i = 0; i < s->evidence.metrics->n; i++) {
        const struct xcy_metric_summary *m = &s->metrics[i];
        if ((m->metric->kind == XCY_METRIC_BYTES) == is_bytes) {
            (is_bytes ? put_size : put_metric)(to, m);
        }
    }
}

struct xcy_json *xcy_summary_to_json(const struct xcy_summary *s)
{
    const struct xcy_evidence *e = &s->evidence;
    const struct xcy_manifest *m = &e->manifest;
    struct xcy_json *root = xcy_json_new_object();
    xcy_json_put_int64(root, "format_version", 1);
    xcy_json_put_string(root, "run", m->run);
    xcy_json_put_string(root, "path", e->path);
    xcy_json_put(root, "combination", xcy_combination_to_json(&m->combination));
    xcy_json_put_number(root, "rate_per_s", m->rate_per_s);
    xcy_json_put_string(root, "arrivals", m->arrivals);
    xcy_json_put_bool(root, "is_async", m->is_async);
    xcy_json_put_number(root, "time_scale", m->time_scale);
    xcy_json_put_bool(root, "is_valid", s->problem[0] == '\0');
    xcy_json_put_string(root, "problem", s->problem);
    put_classes(root, s);
    put_barrier(root, e);
    put_metrics(root, s, true);
    put_counts(root, e);
    put_disorders(root, &e->disorders);
    put_clocks(root, e);
    put_intervals(root, e->clocks);
    put_metrics(root, s, false);
    xcy_json_put_timeline(root, s);
    return root;
}
