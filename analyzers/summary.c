#include "analyzers/summary.h"

#include "analyzers/causality.h"
#include "analyzers/judge.h"
#include "analyzers/readers.h"
#include "common/base/mem.h"
#include "common/stats/quantile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const double xcy_quantiles[XCY_N_QUANTILES] = {0.5, 0.9, 0.99};

static bool is_warmup(const struct xcy_record *r)
{
    return (r->flags & XCY_FLAG_WARMUP) != 0;
}

static void count_record(struct xcy_summary *s, const struct xcy_record *r)
{
    s->refused += (r->flags & XCY_FLAG_REFUSED) ? 1 : 0;
    if (is_warmup(r)) {
        s->warmup++;
        return;
    }
    s->classes[r->klass]++;
    s->retried += r->attempts > 1 ? 1 : 0;
    s->late += (r->flags & XCY_FLAG_LATE) ? 1 : 0;
    s->waited += (r->flags & XCY_FLAG_WAITED) ? 1 : 0;
    s->barriers_late += (r->flags & XCY_FLAG_BARRIER_TIMEOUT) ? 1 : 0;
    s->many_execs += (r->flags & XCY_FLAG_MANY_EXECS) ? 1 : 0;
    s->conflicts += (r->flags & XCY_FLAG_CONFLICT) ? 1 : 0;
    s->conflicts_of[r->klass] += (r->flags & XCY_FLAG_CONFLICT) ? 1 : 0;
}

static void count(struct xcy_summary *s, const struct xcy_record *records)
{
    for (size_t i = 0; i < s->n_records; i++) {
        count_record(s, &records[i]);
    }
    int64_t sum = s->warmup;
    for (size_t c = 0; c < XCY_N_CLASSES; c++) {
        sum += s->classes[c];
    }
    xcy_assert(sum == (int64_t)s->n_records);
    int64_t events = s->classes[XCY_CLASS_INCONSISTENT];
    s->decided = events + s->classes[XCY_CLASS_CONSISTENT];
    s->inconsistent_share = xcy_wilson(events, s->decided, XCY_CONFIDENCE);
    s->inconsistent_upper = xcy_clopper_pearson(events, s->decided, XCY_CONFIDENCE).high;
    /* A conflicting request may be either way, a lost or failed one too. */
    int64_t unknown = s->classes[XCY_CLASS_LOST] + s->classes[XCY_CLASS_FAILED];
    int64_t least = events - s->conflicts_of[XCY_CLASS_INCONSISTENT];
    int64_t most = events + unknown + s->conflicts_of[XCY_CLASS_CONSISTENT];
    double all = (double)(s->decided + unknown);
    if (all > 0) {
        s->share_range = (struct xcy_interval){(double)least / all, (double)most / all};
    }
}

/* The values of one metric, both ends apart; and each end moved as far as the clocks of its own record
 * allow, so that one loosely bound instance does not widen what the others say. */
struct sample {
    double *low_us;
    double *high_us;
    double *least_us; /* low, corrected downwards */
    double *most_us;  /* high, corrected upwards */
    size_t n;
};

static struct sample sample_new(size_t capacity)
{
    return (struct sample){.low_us = xcy_alloc_array(capacity, sizeof(double)),
                           .high_us = xcy_alloc_array(capacity, sizeof(double)),
                           .least_us = xcy_alloc_array(capacity, sizeof(double)),
                           .most_us = xcy_alloc_array(capacity, sizeof(double))};
}

static void sample_clear(struct sample *sample)
{
    free(sample->low_us);
    free(sample->high_us);
    free(sample->least_us);
    free(sample->most_us);
}

/* How far the clocks may have moved an end; a censored one is no difference of stamps. */
static struct xcy_clock_bound correction_of(const struct xcy_clocks *clocks,
                                            const struct xcy_metric *metric,
                                            const struct xcy_record *r, enum xcy_point to)
{
    return to == XCY_N_POINTS ? (struct xcy_clock_bound){0, 0}
                              : xcy_clocks_correction(clocks, r, metric->from, to);
}

static void take_value(struct xcy_metric_summary *m, struct sample *sample,
                       const struct xcy_record *r, const struct xcy_clocks *clocks,
                       struct xcy_value value)
{
    m->n_left += value.low_to == XCY_N_POINTS ? 1 : 0;
    m->n_right += value.high_to == XCY_N_POINTS ? 1 : 0;
    sample->low_us[sample->n] = value.low_us;
    sample->high_us[sample->n] = value.high_us;
    sample->least_us[sample->n] =
        value.low_us + correction_of(clocks, m->metric, r, value.low_to).low_us;
    sample->most_us[sample->n] =
        value.high_us + correction_of(clocks, m->metric, r, value.high_to).high_us;
    sample->n++;
}

static void collect(struct xcy_metric_summary *m, const struct xcy_summary *s,
                    const struct xcy_record *records, const struct xcy_clocks *clocks,
                    struct sample *sample)
{
    for (size_t i = 0; i < s->n_records; i++) {
        struct xcy_value value;
        const struct xcy_record *r = &records[i];
        if (is_warmup(r) ||
            !xcy_metric_of(m->metric, r, s->manifest.combination.consistency, &value)) {
            continue;
        }
        take_value(m, sample, r, clocks, value);
    }
}

/* How far a quantile moves from one sorted sample to another; none between equal infinities. */
static double moved_us(const double *from, const double *to, size_t n, double q)
{
    double a = xcy_quantile(from, n, q);
    double b = xcy_quantile(to, n, q);
    return a == b ? 0 : b - a;
}

static struct xcy_estimate estimate(const struct sample *sample, double q)
{
    struct xcy_estimate e = {.low_us = xcy_quantile(sample->low_us, sample->n, q),
                             .high_us = xcy_quantile(sample->high_us, sample->n, q)};
    struct xcy_quantile_interval ranks = xcy_quantile_ranks(sample->n, q, XCY_CONFIDENCE);
    e.has_interval = ranks.exists;
    if (ranks.exists) {
        e.ci_low_us = sample->low_us[ranks.low_index];
        e.ci_high_us = sample->high_us[ranks.high_index];
    }
    e.clock_low_us = moved_us(sample->low_us, sample->least_us, sample->n, q);
    e.clock_high_us = moved_us(sample->high_us, sample->most_us, sample->n, q);
    return e;
}

static void summarise(struct xcy_metric_summary *m, const struct xcy_summary *s,
                      const struct xcy_record *records, const struct xcy_clocks *clocks)
{
    struct sample sample = sample_new(s->n_records);
    collect(m, s, records, clocks, &sample);
    m->n = sample.n;
    xcy_sort(sample.low_us, sample.n);
    xcy_sort(sample.high_us, sample.n);
    xcy_sort(sample.least_us, sample.n);
    xcy_sort(sample.most_us, sample.n);
    for (size_t q = 0; q < XCY_N_QUANTILES && sample.n > 0; q++) {
        m->quantiles[q] = estimate(&sample, xcy_quantiles[q]);
    }
    sample_clear(&sample);
}

/* Of all records, those of the warm-up too: a broken clock breaks everything. */
static void check_causality(struct xcy_summary *s, const struct xcy_record *records,
                            const struct xcy_clocks *clocks)
{
    for (size_t i = 0; i < s->n_records; i++) {
        struct xcy_disordered d = {.i = records[i].i};
        struct xcy_clocks_view view;
        xcy_clocks_look(clocks, &records[i], &view);
        if (xcy_causality_holds(&view, &d.pair)) {
            continue;
        }
        if (s->disordered < XCY_MAX_DISORDERS) {
            s->disorders[s->disordered] = d;
        }
        s->disordered++;
    }
}

/* Stamps of functions that do not name their process, as the reference's. */
static void count_unnamed(struct xcy_summary *s, const struct xcy_record *records)
{
    for (size_t i = 0; i < s->n_records; i++) {
        const struct xcy_record *r = &records[i];
        bool has_writer = xcy_stamps_has(&r->points, XCY_POINT_START);
        bool has_reader = xcy_stamps_has(&r->points, XCY_POINT_SEEN);
        s->clock_unnamed += (has_writer && r->writer_instance[0] == '\0') ||
                                    (has_reader && r->reader_instance[0] == '\0')
                                ? 1
                                : 0;
    }
}

static enum xcy_status check_sum(const struct xcy_summary *s, struct xcy_error *err)
{
    bool is_known = xcy_manifest_knows_planned(&s->manifest);
    if (is_known && (int64_t)s->n_records != s->manifest.planned) {
        return xcy_fail(err, XCY_EINVALID,
                        "%s: records.csv has %zu lines but %lld requests were planned; run gather "
                        "again",
                        s->path, s->n_records, (long long)s->manifest.planned);
    }
    return XCY_OK;
}

static void list_intervals(struct xcy_summary *s, const struct xcy_clocks *clocks)
{
    s->intervals = xcy_alloc_array(s->clocks.instances, sizeof *s->intervals);
    for (size_t i = 0; i < s->clocks.instances; i++) {
        struct xcy_clock_interval interval = xcy_clocks_interval(clocks, i);
        struct xcy_clock_summary *to = &s->intervals[i];
        snprintf(to->instance, sizeof to->instance, "%s", interval.name);
        to->constraints = (int64_t)interval.n;
        to->stepped = interval.stepped;
        to->at_us = (int64_t)interval.at_us;
        to->low_us = interval.theta.low_us;
        to->high_us = interval.theta.high_us;
    }
}

static void compute(struct xcy_summary *s, const struct xcy_record *records, double drift_ppm)
{
    count(s, records);
    xcy_sizes_summarise(records, s->n_records, s->sizes);
    struct xcy_clocks *clocks =
        xcy_clocks_new(records, s->n_records, s->manifest.is_async, drift_ppm);
    s->drift_ppm = drift_ppm;
    s->clocks = *xcy_clocks_found(clocks);
    list_intervals(s, clocks);
    count_unnamed(s, records);
    check_causality(s, records, clocks);
    xcy_summary_judge(s, xcy_readers_at_a_time(records, s->n_records));
    for (size_t i = 0; i < XCY_N_METRICS; i++) {
        s->metrics[i].metric = &xcy_metrics[i];
        summarise(&s->metrics[i], s, records, clocks);
    }
    xcy_clocks_free(clocks);
}

enum xcy_status xcy_summary_make(const char *run_path, double drift_ppm, struct xcy_summary *s,
                                 struct xcy_error *err)
{
    struct xcy_summary made = {.path = xcy_strdup(run_path)};
    struct xcy_record *records = NULL;
    enum xcy_status status = xcy_manifest_read(run_path, &made.manifest, err);
    if (status == XCY_OK) {
        status = xcy_manifest_check_invoked(&made.manifest, run_path, err);
    }
    if (status == XCY_OK) {
        status = xcy_records_read(run_path, &records, &made.n_records, err);
    }
    if (status == XCY_OK) {
        status = check_sum(&made, err);
    }
    if (status == XCY_OK) {
        compute(&made, records, drift_ppm);
        *s = made;
    } else {
        xcy_summary_clear(&made);
    }
    free(records);
    return status;
}

void xcy_summary_clear(struct xcy_summary *s)
{
    free(s->path);
    free(s->intervals);
    xcy_manifest_clear(&s->manifest);
    *s = (struct xcy_summary){0};
}
