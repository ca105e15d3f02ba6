#include "analyzers/summary.h"

#include "analyzers/clock.h"
#include "analyzers/readers.h"
#include "common/base/mem.h"
#include "common/stats/quantile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const double xcy_quantiles[XCY_N_QUANTILES] = {0.5, 0.9, 0.99};

/* What a process stamps, in the order it does: later ones may not be earlier. */
static const enum xcy_point orders[][6] = {
    {XCY_POINT_DUE, XCY_POINT_SENT, XCY_POINT_ACKED, XCY_N_POINTS},
    {XCY_POINT_START, XCY_POINT_WROTE, XCY_POINT_NOTED, XCY_POINT_ENDED, XCY_N_POINTS},
    {XCY_POINT_SEEN, XCY_POINT_READY, XCY_POINT_ASKED, XCY_POINT_READ, XCY_POINT_REPORTED,
     XCY_N_POINTS},
    {XCY_POINT_ASKED, XCY_POINT_MISSED, XCY_POINT_VISIBLE, XCY_POINT_REPORTED, XCY_N_POINTS},
};

static bool is_ordered(const struct xcy_record *r)
{
    for (size_t o = 0; o < sizeof orders / sizeof *orders; o++) {
        int64_t before_us = 0;
        for (const enum xcy_point *p = orders[o]; *p != XCY_N_POINTS; p++) {
            int64_t us = r->points.us[*p];
            if (us != 0 && us < before_us) {
                return false;
            }
            before_us = us != 0 ? us : before_us;
        }
    }
    return true;
}

static bool is_warmup(const struct xcy_record *r)
{
    return (r->flags & XCY_FLAG_WARMUP) != 0;
}

static void count_record(struct xcy_summary *s, const struct xcy_record *r)
{
    s->refused += (r->flags & XCY_FLAG_REFUSED) ? 1 : 0;
    s->disordered += is_ordered(r) ? 0 : 1;
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

static void take_value(struct xcy_metric_summary *m, struct sample *sample, struct xcy_value value,
                       struct xcy_clock_bound correction)
{
    bool is_left = value.low_us <= m->metric->floor_us && value.low_us < value.high_us;
    m->n_left += m->metric->kind == XCY_METRIC_VISIBILITY && is_left ? 1 : 0;
    m->n_right += isinf(value.high_us) ? 1 : 0;
    sample->low_us[sample->n] = value.low_us;
    sample->high_us[sample->n] = value.high_us;
    sample->least_us[sample->n] = value.low_us + correction.low_us;
    sample->most_us[sample->n] = value.high_us + correction.high_us;
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
        /* Where `to` was not stamped (censored), another stamp of the reader stands for it. */
        bool has_to = xcy_stamps_has(&r->points, m->metric->to);
        enum xcy_point to = has_to ? m->metric->to : XCY_POINT_READ;
        take_value(m, sample, value, xcy_clocks_correction(clocks, r, m->metric->from, to));
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

/* Above this share of its readers a stream or a queue keeps notifications waiting: its shards are not
 * equally busy. */
static const double readers_full = 0.8;

/* Over a topic who finds no reader is throttled instead. */
static bool was_full(const struct xcy_manifest *m, double readers)
{
    return m->combination.notification_storage != XCY_NOTIFICATION_SNS &&
           m->readers_at_a_time > 0 && readers > (double)m->readers_at_a_time * readers_full;
}

static void judge(struct xcy_summary *s, const char *stepped, double readers)
{
    const struct xcy_manifest *m = &s->manifest;
    if (s->clock_steps > 0) {
        snprintf(s->problem, sizeof s->problem,
                 "a clock stepped, or drifted beyond the allowance: instance %s", stepped);
    } else if (s->disordered > 0) {
        snprintf(s->problem, sizeof s->problem,
                 "%lld records have their points in an impossible order", (long long)s->disordered);
    } else if (s->refused > 0) {
        snprintf(s->problem, sizeof s->problem,
                 "%lld requests were evaluated under another combination than the run's (see "
                 "quarantine.jsonl)",
                 (long long)s->refused);
    } else if (m->verdict == XCY_VERDICT_GENERATOR_LIMITED ||
               m->verdict == XCY_VERDICT_TARGET_LIMITED) {
        snprintf(s->problem, sizeof s->problem, "%s: %.200s", xcy_verdict_names[m->verdict],
                 m->verdict_reason ? m->verdict_reason : "");
    } else if (was_full(m, readers)) {
        snprintf(s->problem, sizeof s->problem,
                 "TARGET_LIMITED: on average %.1f readers were busy, of at most %lld, so that "
                 "notifications waited for them; lower the rate, or raise the shards or the batch",
                 readers, (long long)m->readers_at_a_time);
    } else if (m->verdict == XCY_VERDICT_NONE && m->verdict_reason && m->verdict_reason[0]) {
        snprintf(s->problem, sizeof s->problem, "%.200s", m->verdict_reason);
    } else if (s->n_records > 0 && s->warmup == (int64_t)s->n_records) {
        snprintf(s->problem, sizeof s->problem, "nothing was measured: all of it was warm-up");
    } else if (s->decided == 0 && s->n_records > 0) {
        snprintf(s->problem, sizeof s->problem, "no read was decided: %lld lost, %lld failed",
                 (long long)s->classes[XCY_CLASS_LOST], (long long)s->classes[XCY_CLASS_FAILED]);
    } else if (m->state == XCY_RUN_RUNNING) {
        snprintf(s->problem, sizeof s->problem, "the load generator did not end in order");
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

static void compute(struct xcy_summary *s, const struct xcy_record *records, double drift_ppm)
{
    count(s, records);
    xcy_sizes_summarise(records, s->n_records, s->sizes);
    struct xcy_clocks *clocks =
        xcy_clocks_new(records, s->n_records, s->manifest.is_async, drift_ppm);
    const char *stepped = NULL;
    s->clock_instances = xcy_clocks_count(clocks);
    s->clock_steps = xcy_clocks_steps(clocks, &stepped);
    judge(s, stepped, xcy_readers_at_a_time(records, s->n_records));
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
    xcy_manifest_clear(&s->manifest);
    *s = (struct xcy_summary){0};
}
