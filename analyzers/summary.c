#include "analyzers/summary.h"

#include "analyzers/judge.h"
#include "common/base/mem.h"

#include <math.h>
#include <stdlib.h>

const double xcy_quantiles[XCY_N_QUANTILES] = {0.5, 0.9, 0.99};

static void estimate_share(struct xcy_summary *s)
{
    const struct xcy_counts *c = &s->evidence.counts;
    int64_t events = c->classes[XCY_CLASS_INCONSISTENT];
    s->decided = xcy_counts_decided(c);
    s->inconsistent_share = xcy_wilson(events, s->decided, XCY_CONFIDENCE);
    s->inconsistent_upper = xcy_clopper_pearson(events, s->decided, XCY_CONFIDENCE).high;
    /* A conflicting request may be either way, a lost or failed one too. */
    int64_t unknown = c->classes[XCY_CLASS_LOST] + c->classes[XCY_CLASS_FAILED];
    int64_t least = events - c->conflicts_of[XCY_CLASS_INCONSISTENT];
    int64_t most = events + unknown + c->conflicts_of[XCY_CLASS_CONSISTENT];
    double all = (double)(s->decided + unknown);
    if (all > 0) {
        s->share_range = (struct xcy_interval){(double)least / all, (double)most / all};
    }
}

static struct xcy_metric_summary summary_of(const struct xcy_distribution *d)
{
    struct xcy_metric_summary m = {.metric = d->metric,
                                   .n = xcy_distribution_size(d),
                                   .n_left = d->n_left,
                                   .n_right = d->n_right,
                                   .mean = NAN,
                                   .least = NAN,
                                   .most = NAN};
    for (size_t q = 0; q < XCY_N_QUANTILES && m.n > 0; q++) {
        m.quantiles[q] = xcy_estimate_of(d, xcy_quantiles[q]);
    }
    if (d->metric->kind == XCY_METRIC_BYTES && m.n > 0) {
        const struct xcy_sample *bytes = xcy_distribution_end(d, XCY_END_LOW);
        m.mean = xcy_sample_mean(bytes);
        m.least = xcy_sample_at(bytes, 0);
        m.most = xcy_sample_at(bytes, m.n - 1);
    }
    return m;
}

enum xcy_status xcy_summary_make(const char *run_path, const struct xcy_evidence_settings *settings,
                                 struct xcy_summary *s, struct xcy_error *err)
{
    struct xcy_summary made = {.decided = 0};
    enum xcy_status status = xcy_evidence_read(run_path, settings, &made.evidence, err);
    if (status != XCY_OK) {
        return status;
    }
    size_t n = made.evidence.metrics->n;
    estimate_share(&made);
    xcy_summary_judge(&made);
    xcy_timeline_phases(&made.evidence.timeline, made.phases);
    made.metrics = xcy_alloc_array(n, sizeof *made.metrics);
    for (size_t i = 0; i < n; i++) {
        made.metrics[i] = summary_of(&made.evidence.distributions[i]);
    }
    *s = made;
    return XCY_OK;
}

void xcy_summary_clear(struct xcy_summary *s)
{
    free(s->metrics);
    xcy_evidence_clear(&s->evidence);
    *s = (struct xcy_summary){.metrics = NULL};
}

enum xcy_status xcy_summary_check(const struct xcy_summary *s, struct xcy_error *err)
{
    if (!s->problem[0]) {
        return XCY_OK;
    }
    return xcy_fail(err, XCY_EINVALID, "%s is not valid: %s", s->evidence.path, s->problem);
}

const struct xcy_metric_summary *xcy_summary_find(const struct xcy_summary *s, const char *metric)
{
    const struct xcy_metric *found = xcy_metric_set_find(s->evidence.metrics, metric);
    const struct xcy_metric_summary *m =
        found ? &s->metrics[found - s->evidence.metrics->items] : NULL;
    return m && m->n > 0 ? m : NULL;
}
