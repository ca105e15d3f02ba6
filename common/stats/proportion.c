#include "common/stats/proportion.h"

#include "common/base/error.h"
#include "common/stats/beta.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static void check(int64_t events, int64_t n, double confidence)
{
    xcy_assert(events >= 0 && events <= n && confidence > 0 && confidence < 1);
}

/* With p = x/n and z the normal quantile of 1 - alpha/2:
 *     (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n) */
struct xcy_interval xcy_wilson(int64_t events, int64_t n, double confidence)
{
    check(events, n, confidence);
    if (n == 0) {
        return (struct xcy_interval){0, 1};
    }
    double z = gsl_cdf_ugaussian_Qinv((1 - confidence) / 2);
    double size = (double)n;
    double p = (double)events / size;
    double middle = p + z * z / (2 * size);
    double half = z * sqrt(p * (1 - p) / size + z * z / (4 * size * size));
    double scale = 1 + z * z / size;
    /* At the edges the formula is exactly 0 or 1; rounding would leave a trace. */
    return (struct xcy_interval){
        .low = events == 0 ? 0 : (middle - half) / scale,
        .high = events == n ? 1 : (middle + half) / scale,
    };
}

/* P(K <= x) = tail at the upper bound: it has `tail` of Beta(x + 1, n - x) above it. */
static double upper_bound(int64_t events, int64_t n, double tail)
{
    if (events == n) {
        return 1;
    }
    return xcy_beta_quantile_above(tail, (double)events + 1, (double)(n - events));
}

/* P(K >= x) = tail at the lower bound: it has `tail` of Beta(x, n - x + 1) below it. */
static double lower_bound(int64_t events, int64_t n, double tail)
{
    if (events == 0) {
        return 0;
    }
    return xcy_beta_quantile_below(tail, (double)events, (double)(n - events) + 1);
}

struct xcy_interval xcy_clopper_pearson(int64_t events, int64_t n, double confidence)
{
    check(events, n, confidence);
    double tail = (1 - confidence) / 2;
    return (struct xcy_interval){
        .low = lower_bound(events, n, tail),
        .high = upper_bound(events, n, tail),
    };
}
