#include "loadgen/judge/sample.h"

#include "loadgen/judge/objective.h"

#include <math.h>

static const double confidence = 0.95;

struct xcy_sample xcy_sample_of(const struct xcy_hist *hist)
{
    int64_t n = hist ? xcy_hist_count(hist) + xcy_hist_outside(hist) : 0;
    return (struct xcy_sample){.hist = hist, .n = n};
}

/* The value of a rank from 1; below 1 it is 0, beyond the last infinite. */
static double value_at(const struct xcy_sample *s, int64_t rank)
{
    if (rank < 1) {
        return 0;
    }
    int64_t count = xcy_hist_count(s->hist);
    if (rank > count) {
        return INFINITY;
    }
    /* The middle of the rank's step: no rounding can lift it to another one. */
    return (double)xcy_hist_percentile(s->hist, ((double)rank - 0.5) / (double)count * 100);
}

int64_t xcy_percentile_needs(double percentile)
{
    xcy_assert(percentile > 0 && percentile < 100);
    double rarer = percentile < 50 ? percentile : 100 - percentile;
    double needs = 100 / rarer;
    /* Rounding must not lift a whole number to the next; more than any run has is as good as none. */
    return needs < 1e15 ? (int64_t)ceil(needs - needs * 1e-9) : (int64_t)1e15;
}

bool xcy_sample_has_percentile(const struct xcy_sample *s, double percentile)
{
    return s->n >= xcy_percentile_needs(percentile);
}

double xcy_sample_percentile(const struct xcy_sample *s, double percentile)
{
    xcy_assert(s->n > 0);
    double rank = percentile / 100 * (double)s->n;
    return value_at(s, (int64_t)ceil(rank - rank * 1e-14));
}

/* Ranks whose values hold the q-quantile between them with the confidence: with K binomial(n, q), the
 * largest low with P(K < low) and the smallest high with P(K >= high) at most half of what is missing
 * to 1; 0 and n + 1 where there is none. By the definition of the exact interval of a share, P(K <= k)
 * is at most its tail where the interval of k of n ends at or below q, and P(K >= k) where it begins
 * at or above q. Both are monotone in the rank, so that halving finds them. */
static int64_t low_rank(int64_t n, double q)
{
    int64_t good = 0;
    int64_t bad = n + 1;
    while (bad - good > 1) {
        int64_t rank = good + (bad - good) / 2;
        bool is_good = xcy_clopper_pearson(rank - 1, n, confidence).high <= q;
        good = is_good ? rank : good;
        bad = is_good ? bad : rank;
    }
    return good;
}

static int64_t high_rank(int64_t n, double q)
{
    int64_t bad = 0;
    int64_t good = n + 1;
    while (good - bad > 1) {
        int64_t rank = bad + (good - bad) / 2;
        bool is_good = xcy_clopper_pearson(rank, n, confidence).low >= q;
        good = is_good ? rank : good;
        bad = is_good ? bad : rank;
    }
    return good;
}

struct xcy_interval xcy_sample_interval(const struct xcy_sample *s, double percentile)
{
    double q = percentile / 100;
    return (struct xcy_interval){
        .low = value_at(s, low_rank(s->n, q)),
        .high = value_at(s, high_rank(s->n, q)),
    };
}

double xcy_sample_min(const struct xcy_sample *s)
{
    return xcy_hist_count(s->hist) > 0 ? (double)xcy_hist_min(s->hist) : INFINITY;
}

double xcy_sample_mean(const struct xcy_sample *s)
{
    return xcy_hist_outside(s->hist) > 0 ? INFINITY : xcy_hist_mean(s->hist);
}

double xcy_sample_max(const struct xcy_sample *s)
{
    return xcy_hist_outside(s->hist) > 0 ? INFINITY : (double)xcy_hist_max(s->hist);
}
