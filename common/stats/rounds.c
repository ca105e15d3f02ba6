#include "common/stats/rounds.h"

#include "common/base/mem.h"
#include "common/stats/quantile.h"
#include "common/stats/stream.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

enum { LEAST_FOR_T = 3, LEAST_FOR_BOOTSTRAP = 10, N_RESAMPLES = 9999 };

const char *const xcy_rounds_kind_names[] = {"none", "spread", "t", "bootstrap", NULL};

static void take_spread(const double *values, struct xcy_rounds *r)
{
    r->kind = XCY_ROUNDS_SPREAD;
    r->low = values[0];
    r->high = values[0];
    for (size_t i = 1; i < r->n; i++) {
        r->low = fmin(r->low, values[i]);
        r->high = fmax(r->high, values[i]);
    }
}

/* mean -+ t s / sqrt(n), t of n - 1 degrees of freedom. */
struct xcy_interval xcy_student_interval(struct xcy_moments m, size_t n, double confidence)
{
    xcy_assert(n >= 2 && confidence > 0 && confidence < 1);
    double t = gsl_cdf_tdist_Qinv((1 - confidence) / 2, (double)n - 1);
    double half = t * sqrt(m.variance / (double)n);
    return (struct xcy_interval){m.mean - half, m.mean + half};
}

static void take_t(const double *values, double confidence, struct xcy_rounds *r)
{
    struct xcy_moments m = xcy_moments_of((struct xcy_values){values, r->n});
    struct xcy_interval t = xcy_student_interval(m, r->n, confidence);
    r->kind = XCY_ROUNDS_T;
    r->low = t.low;
    r->high = t.high;
}

static void take_bootstrap(const double *values, double confidence, struct xcy_rounds *r)
{
    struct xcy_stream *stream = xcy_stream_new(1, "bootstrap over rounds");
    double *means = xcy_alloc_array(N_RESAMPLES, sizeof *means);
    for (size_t s = 0; s < N_RESAMPLES; s++) {
        double sum = 0;
        for (size_t i = 0; i < r->n; i++) {
            sum += values[(size_t)(xcy_stream_uniform(stream) * (double)r->n)];
        }
        means[s] = sum / (double)r->n;
    }
    xcy_sort(means, N_RESAMPLES);
    r->kind = XCY_ROUNDS_BOOTSTRAP;
    r->low = xcy_quantile(means, N_RESAMPLES, (1 - confidence) / 2);
    r->high = xcy_quantile(means, N_RESAMPLES, (1 + confidence) / 2);
    free(means);
    xcy_stream_free(stream);
}

struct xcy_rounds xcy_rounds_of(const double *values, size_t n, double confidence)
{
    xcy_assert(confidence > 0 && confidence < 1);
    struct xcy_rounds r = {.n = n, .mean = NAN, .low = NAN, .high = NAN};
    if (n == 0) {
        return r;
    }
    r.mean = xcy_moments_of((struct xcy_values){values, n}).mean;
    xcy_assert(isfinite(r.mean));
    if (n < LEAST_FOR_T) {
        take_spread(values, &r);
    } else if (n < LEAST_FOR_BOOTSTRAP) {
        take_t(values, confidence, &r);
    } else {
        take_bootstrap(values, confidence, &r);
    }
    return r;
}
