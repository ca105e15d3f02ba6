#include "common/stats/welch.h"

#include "common/base/error.h"
#include "common/stats/moments.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* A point as wide as nothing: the limit of the t distribution as its scale goes to 0. */
static double without_error(double distance)
{
    if (distance == 0) {
        return 0.5;
    }
    return distance > 0 ? 0 : 1;
}

double xcy_welch_above(const struct xcy_welch *welch, double shift)
{
    xcy_assert(welch->exists);
    double distance = welch->difference - shift;
    if (welch->error == 0) {
        return without_error(distance);
    }
    return gsl_cdf_tdist_Q(distance / welch->error, welch->freedom);
}

/* With v = s1^2 / n1 + s2^2 / n2:
 *     d -+ t sqrt(v),   t of v^2 / ((s1^2/n1)^2 / (n1 - 1) + (s2^2/n2)^2 / (n2 - 1)) degrees of
 *     freedom. */
struct xcy_welch xcy_welch_of_moments(struct xcy_moments from, struct xcy_moments to,
                                      const size_t n[2], double confidence)
{
    xcy_assert(confidence > 0 && confidence < 1);
    struct xcy_welch w = {
        .difference = to.mean - from.mean,
        .error = NAN,
        .freedom = NAN,
        .interval = {-INFINITY, INFINITY},
        .p = 1,
    };
    if (n[0] < 2 || n[1] < 2) {
        return w;
    }
    xcy_assert(isfinite(from.variance) && isfinite(to.variance));
    double v1 = from.variance / (double)n[0];
    double v2 = to.variance / (double)n[1];
    double least = fmin((double)n[0], (double)n[1]) - 1;
    double part = v1 / (v1 + v2);
    w.exists = true;
    w.error = sqrt(v1 + v2);
    w.freedom =
        w.error == 0
            ? least
            : 1 / (part * part / ((double)n[0] - 1) + (1 - part) * (1 - part) / ((double)n[1] - 1));
    double half = gsl_cdf_tdist_Qinv((1 - confidence) / 2, w.freedom) * w.error;
    w.interval = (struct xcy_interval){w.difference - half, w.difference + half};
    double above = xcy_welch_above(&w, 0);
    w.p = 2 * fmin(above, 1 - above);
    return w;
}

struct xcy_welch xcy_welch(struct xcy_values from, struct xcy_values to, double confidence)
{
    const size_t n[2] = {from.n, to.n};
    return xcy_welch_of_moments(xcy_moments_of(from), xcy_moments_of(to), n, confidence);
}
