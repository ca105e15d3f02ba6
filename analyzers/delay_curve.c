#include "analyzers/delay_curve.h"

#include "common/stats/dkw.h"
#include "common/stats/needed.h"
#include "common/stats/proportion.h"
#include "common/stats/quantile.h"

#include <math.h>

const char *const xcy_delay_basis_names[] = {
    [XCY_DELAY_AT_ZERO] = "at_zero",
    [XCY_DELAY_SAMPLED] = "sampled",
    [XCY_DELAY_WHOLE] = "whole",
};

/* Low ends at or above d, high ends above d. */
static int64_t lower_count(const struct xcy_sample *low, int64_t delay_us)
{
    return xcy_sample_size(low) - xcy_sample_at_most(low, delay_us - 1);
}

static int64_t upper_count(const struct xcy_sample *high, int64_t delay_us)
{
    return xcy_sample_size(high) - xcy_sample_at_most(high, delay_us);
}

/* Those who were never seen to become visible are above their low end and no more is known: from the
 * smallest of these on the upper end cannot fall below their share. */
static double defined_to_us(const struct xcy_distribution *d)
{
    const struct xcy_sample *low = xcy_distribution_end(d, XCY_END_LOW);
    const struct xcy_sample *high = xcy_distribution_end(d, XCY_END_HIGH);
    if (d->n_right == 0) {
        return INFINITY;
    }
    int64_t n = xcy_sample_size(high);
    double last_seen_us = n > d->n_right ? xcy_sample_at(high, n - d->n_right - 1) : 0;
    double last_low_us = xcy_sample_at(low, n - 1);
    return fmax(0, fmin(last_seen_us, last_low_us));
}

static enum xcy_delay_basis basis_of(const struct xcy_delay_curve *curve)
{
    if (curve->polled == curve->reads.share.events) {
        return XCY_DELAY_WHOLE;
    }
    return curve->polled > 0 ? XCY_DELAY_SAMPLED : XCY_DELAY_AT_ZERO;
}

struct xcy_delay_reads xcy_delay_reads_of(const struct xcy_evidence *e)
{
    const struct xcy_distribution *margins = xcy_evidence_find(e, "race_margin");
    const int64_t n = xcy_distribution_size(margins);
    const int64_t many_execs = e->counts.many_execs_decided;
    return (struct xcy_delay_reads){
        .share = {lower_count(xcy_distribution_end(margins, XCY_END_LOW), 0), n},
        .many_execs = many_execs,
        .untold = xcy_counts_decided(&e->counts) - many_execs - n,
    };
}

void xcy_delay_reads_add(struct xcy_delay_reads *to, const struct xcy_delay_reads *from)
{
    to->share.events += from->share.events;
    to->share.n += from->share.n;
    to->many_execs += from->many_execs;
    to->untold += from->untold;
}

static enum xcy_status check_reads(const struct xcy_evidence *e,
                                   const struct xcy_delay_reads *reads, struct xcy_error *err)
{
    if (reads->share.n > 0) {
        return XCY_OK;
    }
    if (reads->many_execs > 0) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s: the writer of each read ran more than once, or may have; there is no "
                        "curve",
                        e->path);
    }
    return xcy_fail(err, XCY_EUSAGE,
                    "%s: no read tells when it was asked and what it found; there is no curve",
                    e->path);
}

enum xcy_status xcy_delay_curve_make(const struct xcy_evidence *e, double confidence,
                                     struct xcy_delay_curve *curve, struct xcy_error *err)
{
    const struct xcy_distribution *margins = xcy_evidence_find(e, "race_margin");
    if (e->manifest.combination.consistency != XCY_CONSISTENCY_NONE) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s: read behind a barrier, which hides the margins; take a run of "
                        "consistency none",
                        e->path);
    }
    const struct xcy_delay_reads reads = xcy_delay_reads_of(e);
    enum xcy_status status = check_reads(e, &reads, err);
    if (status != XCY_OK) {
        return status;
    }
    *curve = (struct xcy_delay_curve){
        .reads = reads,
        .polled = xcy_distribution_size(&e->polled),
        .unknown = e->counts.classes[XCY_CLASS_LOST] + e->counts.classes[XCY_CLASS_FAILED],
    };
    curve->basis = basis_of(curve);
    const struct xcy_distribution *from = curve->basis == XCY_DELAY_SAMPLED ? &e->polled : margins;
    curve->low = xcy_distribution_end(from, XCY_END_LOW);
    curve->high = xcy_distribution_end(from, XCY_END_HIGH);
    curve->defined_to_us = defined_to_us(from);
    *curve = xcy_delay_curve_with(curve, confidence);
    return XCY_OK;
}

/* Of a sampled run both factors' intervals hold together: each has half of what may fail. */
static double each_of_two(double confidence)
{
    return 1 - (1 - confidence) / 2;
}

struct xcy_delay_curve xcy_delay_curve_with(const struct xcy_delay_curve *curve, double confidence)
{
    struct xcy_delay_curve other = *curve;
    other.confidence = confidence;
    other.sampled_share = xcy_clopper_pearson(curve->reads.share.events, curve->reads.share.n,
                                              each_of_two(confidence));
    return other;
}

/* The lower edge of the band of the lower end, the upper edge of that of the upper end. */
static struct xcy_interval band_of(int64_t least, int64_t most, int64_t n, double confidence)
{
    return (struct xcy_interval){xcy_dkw_band((size_t)least, (size_t)n, confidence).low,
                                 xcy_dkw_band((size_t)most, (size_t)n, confidence).high};
}

static struct xcy_delay_point whole_point(const struct xcy_delay_curve *c, int64_t least,
                                          int64_t most)
{
    double n = (double)c->reads.share.n;
    return (struct xcy_delay_point){
        .share = {(double)least / n, (double)most / n},
        .band = band_of(least, most, c->reads.share.n, c->confidence),
    };
}

static struct xcy_delay_point sampled_point(const struct xcy_delay_curve *c, int64_t least,
                                            int64_t most)
{
    double all = xcy_share_value(c->reads.share);
    double m = (double)c->polled;
    struct xcy_interval above = band_of(least, most, c->polled, each_of_two(c->confidence));
    return (struct xcy_delay_point){
        .share = {all * (double)least / m, all * (double)most / m},
        .band = {c->sampled_share.low * above.low, c->sampled_share.high * above.high},
    };
}

struct xcy_delay_point xcy_delay_curve_at(const struct xcy_delay_curve *c, int64_t delay_us)
{
    xcy_assert(delay_us >= 0);
    int64_t least = lower_count(c->low, delay_us);
    int64_t most = upper_count(c->high, delay_us);
    struct xcy_delay_point point =
        c->basis == XCY_DELAY_SAMPLED ? sampled_point(c, least, most) : whole_point(c, least, most);
    double n = (double)c->reads.share.n;
    double all = n + (double)c->unknown;
    point.range = (struct xcy_interval){point.share.low * n / all,
                                        (point.share.high * n + (double)c->unknown) / all};
    return point;
}

double xcy_delay_curve_last_us(const struct xcy_delay_curve *c)
{
    double last = 0;
    for (size_t i = 0; i < c->high->n_steps; i++) {
        if (c->high->steps[i].value != XCY_SAMPLE_ABOVE) {
            last = fmax(last, (double)c->high->steps[i].value);
        }
    }
    return fmax(last, isfinite(c->defined_to_us) ? c->defined_to_us : 0);
}

/* Which edge of a point must come down to the target. */
enum edge { SHARE_LOW, SHARE_HIGH, BAND_LOW, BAND_HIGH };

static double edge_of(const struct xcy_delay_point *point, enum edge edge)
{
    switch (edge) {
    case SHARE_LOW:
        return point->share.low;
    case SHARE_HIGH:
        return point->share.high;
    case BAND_LOW:
        return point->band.low;
    case BAND_HIGH:
        return point->band.high;
    }
    return NAN;
}

/* The least delay at which the edge is at most the target; the curve falls only where a margin ends, so
 * that these are the candidates. */
static double crossing_us(const struct xcy_delay_curve *c, enum edge edge, double target)
{
    bool is_low = edge == SHARE_LOW || edge == BAND_LOW;
    const struct xcy_sample *ends = is_low ? c->low : c->high;
    size_t low = 0;
    size_t high = ends->n_steps;
    struct xcy_delay_point zero = xcy_delay_curve_at(c, 0);
    if (edge_of(&zero, edge) <= target) {
        return 0;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int64_t value = ends->steps[middle].value;
        bool is_met = value == XCY_SAMPLE_ABOVE;
        if (!is_met && value >= 0) {
            /* A low end counts up to itself, a high end no more at it. */
            struct xcy_delay_point point = xcy_delay_curve_at(c, is_low ? value + 1 : value);
            is_met = edge_of(&point, edge) <= target;
        }
        if (is_met) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    bool is_known = low < ends->n_steps && ends->steps[low].value != XCY_SAMPLE_ABOVE;
    return is_known ? (double)ends->steps[low].value : INFINITY;
}

/* Of a whole run the delay for a share is a quantile of the margins, with an exact interval. */
static void bound_by_order(const struct xcy_delay_curve *c, struct xcy_delay_needed *needed)
{
    double q = 1 - needed->target;
    struct xcy_quantile_interval ranks =
        xcy_quantile_ranks((size_t)c->reads.share.n, q, c->confidence);
    needed->needs_n = xcy_needed_for_quantile(q, c->confidence);
    needed->has_interval = ranks.exists;
    if (ranks.exists) {
        needed->interval_us =
            (struct xcy_interval){fmax(0, xcy_sample_at(c->low, (int64_t)ranks.low_index)),
                                  fmax(0, xcy_sample_at(c->high, (int64_t)ranks.high_index))};
    }
}

/* The band's upper edge beyond all margins that were seen, of so many reads with the shares of ours. */
static double last_edge(const struct xcy_delay_curve *c, int64_t n)
{
    const struct xcy_share *ours = &c->reads.share;
    bool is_sampled = c->basis == XCY_DELAY_SAMPLED;
    double confidence = is_sampled ? each_of_two(c->confidence) : c->confidence;
    double scale = (double)n / (double)ours->n;
    double size = (double)xcy_sample_size(c->high);
    double never_seen = (double)upper_count(c->high, XCY_SAMPLE_ABOVE - 1) / size;
    double above = fmin(1, never_seen + xcy_dkw_epsilon((size_t)(size * scale), confidence));
    int64_t inconsistent = llround((double)ours->events * scale);
    return is_sampled ? xcy_clopper_pearson(inconsistent, n, confidence).high * above : above;
}

/* The least number of reads at which that edge is at most the target; 0: it would never be. */
static int64_t reads_for_band(const struct xcy_delay_curve *c, double target, bool has_interval)
{
    const int64_t most = 1000000000000;
    int64_t low = has_interval ? 1 : c->reads.share.n + 1;
    int64_t high = has_interval ? c->reads.share.n : most;
    if (last_edge(c, high) > target) {
        return 0;
    }
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (last_edge(c, middle) <= target) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* Where the band never comes down to the target, there is no end above. */
static void bound_by_band(const struct xcy_delay_curve *c, struct xcy_delay_needed *needed)
{
    needed->interval_us = (struct xcy_interval){crossing_us(c, BAND_LOW, needed->target),
                                                crossing_us(c, BAND_HIGH, needed->target)};
    needed->has_interval = isfinite(needed->interval_us.high);
    needed->needs_n = reads_for_band(c, needed->target, needed->has_interval);
}

struct xcy_delay_needed xcy_delay_curve_needed(const struct xcy_delay_curve *c, double target)
{
    xcy_assert(target > 0 && target < 1);
    struct xcy_delay_needed needed = {.target = target};
    needed.delay_us = (struct xcy_interval){crossing_us(c, SHARE_LOW, target),
                                            crossing_us(c, SHARE_HIGH, target)};
    if (c->basis == XCY_DELAY_WHOLE) {
        bound_by_order(c, &needed);
    } else {
        bound_by_band(c, &needed);
    }
    return needed;
}

void xcy_delay_reads_put(const struct xcy_delay_reads *reads, struct xcy_json *to)
{
    xcy_json_put_int64(to, "many_execs", reads->many_execs);
    xcy_json_put_int64(to, "untold", reads->untold);
}

void xcy_delay_curve_put(const struct xcy_delay_curve *c, struct xcy_json *to)
{
    xcy_json_put_string(to, "basis", xcy_delay_basis_names[c->basis]);
    xcy_json_put_int64(to, "n", c->reads.share.n);
    xcy_json_put_int64(to, "inconsistent", c->reads.share.events);
    xcy_json_put_int64(to, "polled", c->polled);
    xcy_delay_reads_put(&c->reads, to);
    xcy_json_put_int64(to, "unknown", c->unknown);
}
