#include "common/stats/hodges_lehmann.h"

#include "common/base/mem.h"
#include "common/stats/differences.h"
#include "common/stats/rank_sum_law.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

enum { EXACT_BELOW = 50 };

/* The largest k with P(U <= k - 1) <= tail; normal: (k - 1 + 1/2 - nm/2) / sigma <= -z. */
static uint64_t rank_of_ends(size_t n, size_t m, double tail)
{
    if (n < EXACT_BELOW && m < EXACT_BELOW) {
        return xcy_rank_sum_ranks(tail, n, m);
    }
    double pairs = (double)n * (double)m;
    double sigma = sqrt(pairs * ((double)n + (double)m + 1) / 12);
    double k = floor(pairs / 2 + 0.5 - gsl_cdf_ugaussian_Qinv(tail) * sigma);
    return k < 1 ? 0 : (uint64_t)k;
}

/* Of sorted values; the other infinity where none is finite. */
static double nearest_finite(struct xcy_values v, double infinity)
{
    double found = -infinity;
    for (size_t i = 0; i < v.n; i++) {
        if (isfinite(v.at[i]) && (infinity > 0 || isinf(found))) {
            found = v.at[i];
        }
    }
    return found;
}

/* A copy in which that infinity has become the finite value that is nearest to it. */
static double *without(struct xcy_values v, double infinity)
{
    double *copy = xcy_alloc_array(v.n, sizeof *copy);
    double nearest = nearest_finite(v, infinity);
    for (size_t i = 0; i < v.n; i++) {
        copy[i] = v.at[i] == infinity ? nearest : v.at[i];
    }
    return copy;
}

/* The median of the differences, of which none is +inf; where the lower one in the middle is -inf,
 * that one. */
static double lower_median(struct xcy_values from, struct xcy_values to)
{
    uint64_t pairs = (uint64_t)from.n * to.n;
    double below = xcy_difference_select(from, to, (pairs + 1) / 2);
    if (pairs % 2 == 1 || isinf(below)) {
        return below;
    }
    double above = xcy_difference_next(from, to, pairs / 2, below);
    return below + (above - below) / 2;
}

/* The low ends of estimate and interval; the high ends are these of the mirrored samples. */
struct low_ends {
    double estimate;
    double interval;
};

static struct low_ends low_ends_of(struct xcy_values from, struct xcy_values to, uint64_t k)
{
    double *high = without(from, -INFINITY);
    double *low = without(to, INFINITY);
    struct xcy_values highs = {high, from.n};
    struct xcy_values lows = {low, to.n};
    struct low_ends ends = {
        .estimate = lower_median(highs, lows),
        .interval = k > 0 ? xcy_difference_select(highs, lows, k) : -INFINITY,
    };
    free(high);
    free(low);
    return ends;
}

struct xcy_hodges_lehmann xcy_hodges_lehmann(struct xcy_values from, struct xcy_values to,
                                             double confidence)
{
    xcy_assert(confidence > 0 && confidence < 1);
    xcy_assert((double)from.n * (double)to.n < 0x1p53);
    struct xcy_interval all = {-INFINITY, INFINITY};
    if (from.n == 0 || to.n == 0) {
        return (struct xcy_hodges_lehmann){.estimate = all, .interval = all};
    }
    uint64_t k = rank_of_ends(from.n, to.n, (1 - confidence) / 2);
    /* The k-th largest of to - from is the k-th smallest of from - to, negated; 0 - 0 shows no
     * sign. */
    struct low_ends low = low_ends_of(from, to, k);
    struct low_ends high = low_ends_of(to, from, k);
    return (struct xcy_hodges_lehmann){
        .estimate = {low.estimate, 0 - high.estimate},
        .interval = {low.interval, 0 - high.interval},
        .exists = k > 0,
    };
}
