#include "analyzers/compare/shift.h"

#include "common/base/mem.h"
#include "common/stats/hodges_lehmann.h"
#include "common/stats/mann_whitney.h"
#include "common/stats/needed.h"
#include "common/stats/welch.h"

#include <math.h>
#include <stdlib.h>

struct xcy_method {
    const char *name;
    struct xcy_shift (*shift)(struct xcy_values from, struct xcy_values to, double confidence);
    struct xcy_shift_test (*test)(struct xcy_values from, struct xcy_values to);
};

static const struct xcy_interval all = {-INFINITY, INFINITY};

static struct xcy_shift shift_of_ranks(struct xcy_values from, struct xcy_values to,
                                       double confidence)
{
    struct xcy_hodges_lehmann h = xcy_hodges_lehmann(from, to, confidence);
    return (struct xcy_shift){h.estimate, h.interval, h.exists};
}

static struct xcy_shift_test test_ranks(struct xcy_values from, struct xcy_values to)
{
    struct xcy_mann_whitney m = xcy_mann_whitney(from, to);
    return (struct xcy_shift_test){m.p, m.u - (double)from.n * (double)to.n / 2};
}

static bool are_finite(struct xcy_values v)
{
    return v.n > 0 && isfinite(v.at[0]) && isfinite(v.at[v.n - 1]);
}

static struct xcy_shift shift_of_means(struct xcy_values from, struct xcy_values to,
                                       double confidence)
{
    if (!are_finite(from) || !are_finite(to)) {
        return (struct xcy_shift){.estimate = all, .interval = all};
    }
    struct xcy_welch w = xcy_welch(from, to, confidence);
    return (struct xcy_shift){{w.difference, w.difference}, w.interval, w.exists};
}

static struct xcy_shift_test test_means(struct xcy_values from, struct xcy_values to)
{
    if (!are_finite(from) || !are_finite(to)) {
        return (struct xcy_shift_test){NAN, 0};
    }
    struct xcy_welch w = xcy_welch(from, to, 0.95);
    return (struct xcy_shift_test){w.exists ? w.p : NAN, w.difference};
}

const struct xcy_method xcy_method_ranks = {"mann_whitney", shift_of_ranks, test_ranks};
const struct xcy_method xcy_method_means = {"welch", shift_of_means, test_means};

const char *xcy_method_name(const struct xcy_method *method)
{
    return method->name;
}

struct xcy_shift xcy_shift_of(const struct xcy_method *method, struct xcy_ends a, struct xcy_ends b,
                              double confidence)
{
    struct xcy_shift low = method->shift(a.high, b.low, confidence);
    if (xcy_ends_are_points(a) && xcy_ends_are_points(b)) {
        return low;
    }
    struct xcy_shift high = method->shift(a.low, b.high, confidence);
    return (struct xcy_shift){
        .estimate = {low.estimate.low, high.estimate.high},
        .interval = {low.interval.low, high.interval.high},
        .exists = low.exists && high.exists,
    };
}

struct xcy_shift_test xcy_shift_test_of(const struct xcy_method *method, struct xcy_ends a,
                                        struct xcy_ends b)
{
    if (a.low.n == 0 || b.low.n == 0) {
        return (struct xcy_shift_test){NAN, 0};
    }
    struct xcy_shift_test low = method->test(a.high, b.low);
    if (xcy_ends_are_points(a) && xcy_ends_are_points(b)) {
        return low;
    }
    struct xcy_shift_test high = method->test(a.low, b.high);
    if (isnan(low.p) || isnan(high.p)) {
        return (struct xcy_shift_test){NAN, 0};
    }
    if (low.direction * high.direction <= 0) {
        return (struct xcy_shift_test){1, 0};
    }
    return (struct xcy_shift_test){fmax(low.p, high.p), low.direction};
}

static double *logs_of(struct xcy_values v)
{
    double *logs = xcy_alloc_array(v.n, sizeof *logs);
    for (size_t i = 0; i < v.n; i++) {
        logs[i] = log(v.at[i]);
    }
    return logs;
}

static struct xcy_owned_ends logs_of_ends(struct xcy_ends ends)
{
    double *low = logs_of(ends.low);
    return (struct xcy_owned_ends){
        .low = low,
        .high = xcy_ends_are_points(ends) ? low : logs_of(ends.high),
        .n = ends.low.n,
    };
}

static bool has_logs(struct xcy_ends ends)
{
    return ends.low.n > 0 && ends.low.at[0] >= 0 && ends.high.at[0] >= 0;
}

bool xcy_shift_of_logs(const struct xcy_method *method, struct xcy_ends a, struct xcy_ends b,
                       double confidence, struct xcy_shift *shift)
{
    if (!has_logs(a) || !has_logs(b)) {
        return false;
    }
    struct xcy_owned_ends log_a = logs_of_ends(a);
    struct xcy_owned_ends log_b = logs_of_ends(b);
    *shift =
        xcy_shift_of(method, xcy_owned_ends_get(&log_a), xcy_owned_ends_get(&log_b), confidence);
    xcy_owned_ends_clear(&log_a);
    xcy_owned_ends_clear(&log_b);
    return true;
}

static struct xcy_moments log_moments_of(struct xcy_values v)
{
    double *logs = logs_of(v);
    struct xcy_moments moments = xcy_moments_of((struct xcy_values){logs, v.n});
    free(logs);
    return moments;
}

int64_t xcy_shift_needs_rounds(struct xcy_ends a, struct xcy_ends b, bool is_log, double limit,
                               double confidence)
{
    if (!xcy_ends_are_points(a) || !xcy_ends_are_points(b) || a.low.n < 2 || b.low.n < 2) {
        return 0;
    }
    struct xcy_moments (*moments_of)(struct xcy_values) = is_log ? log_moments_of : xcy_moments_of;
    struct xcy_moments from = moments_of(a.low);
    struct xcy_moments to = moments_of(b.low);
    bool is_known = isfinite(from.variance) && isfinite(to.variance);
    return is_known ? xcy_needed_rounds(from, to, limit, confidence) : 0;
}
