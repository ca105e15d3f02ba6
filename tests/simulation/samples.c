#include "tests/simulation/simulation.h"

#include "common/stats/beta.h"
#include "common/stats/dkw.h"
#include "common/stats/hodges_lehmann.h"
#include "common/stats/kruskal_wallis.h"
#include "common/stats/mann_whitney.h"
#include "common/stats/quantile.h"
#include "common/stats/rank_sum_law.h"

#include <math.h>
#include <stdio.h>

#define CONFIDENCE 0.95
#define TAIL       ((1 - CONFIDENCE) / 2)
enum { MAX_VALUES = 400, KW_GROUPS = 5, KW_SIZE = 20 };

/* Exponential with mean 1, whose quantiles are known; rounded up to whole steps where step > 0. */
static void draw(struct xcy_stream *stream, double step, double shift, double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double value = xcy_stream_exponential(stream, 1);
        values[i] = (step > 0 ? ceil(value / step) * step : value) + shift;
    }
    xcy_sort(values, n);
}

static bool simulate_quantile(size_t n, double q, double step)
{
    char data[64];
    snprintf(data, sizeof data, "p%g, n = %zu%s", 100 * q, n,
             step > 0 ? ", rounded, many equal" : "");
    struct xcy_quantile_interval ranks = xcy_quantile_ranks(n, q, CONFIDENCE);
    int64_t low = (int64_t)ranks.low_index + 1;
    int64_t high = (int64_t)ranks.high_index + 1;
    double enumerated = xcy_binomial_at_most(high - 1, (int64_t)n, q) -
                        xcy_binomial_at_most(low - 1, (int64_t)n, q);
    struct simulation s = {"order statistics", data, CONFIDENCE, true, step > 0 ? NAN : enumerated,
                           SIMULATION_RUNS,    0};
    struct xcy_stream *stream = xcy_stream_new(1, data);
    double truth = step > 0 ? ceil(-log1p(-q) / step) * step : -log1p(-q);
    for (int run = 0; run < s.runs; run++) {
        double values[MAX_VALUES];
        draw(stream, step, 0, values, n);
        s.right += values[ranks.low_index] <= truth && truth <= values[ranks.high_index];
    }
    xcy_stream_free(stream);
    return simulation_report(&s);
}

/* Everywhere: just below and at each value, where sample and truth are farthest apart. */
static bool holds_everywhere(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double truth = -expm1(-values[i]);
        if (truth < xcy_dkw_band(i + 1, n, CONFIDENCE).low ||
            truth > xcy_dkw_band(i, n, CONFIDENCE).high) {
            return false;
        }
    }
    return true;
}

static bool simulate_dkw(size_t n)
{
    char data[64];
    snprintf(data, sizeof data, "n = %zu, whole curve", n);
    struct simulation s = {"DKW band", data, CONFIDENCE, true, NAN, SIMULATION_RUNS, 0};
    struct xcy_stream *stream = xcy_stream_new(1, "DKW");
    for (int run = 0; run < s.runs; run++) {
        double values[MAX_VALUES];
        draw(stream, 0, 0, values, n);
        s.right += holds_everywhere(values, n);
    }
    xcy_stream_free(stream);
    return simulation_report(&s);
}

struct two_samples {
    const char *data;
    size_t n;
    size_t m;
    double step;
    bool is_exact; /* then the share is reckoned from the rank sum's distribution, unless rounded */
};

static double enumerate(const struct two_samples *t)
{
    if (!t->is_exact || t->step > 0) {
        return NAN;
    }
    size_t k = xcy_rank_sum_ranks(TAIL, t->n, t->m);
    return 1 - 2 * xcy_rank_sum_at_most(k - 1, t->n, t->m);
}

/* The interval of a known shift, and the test where there is none. */
static int simulate_two(const struct two_samples *t)
{
    const double shift = 0.5;
    double right = enumerate(t);
    struct simulation interval = {"Hodges-Lehmann", t->data, CONFIDENCE, t->is_exact, right,
                                  SIMULATION_RUNS,  0};
    bool is_exact_test = t->is_exact && t->step == 0;
    struct simulation test = {"Mann-Whitney, no false finding",
                              t->data,
                              CONFIDENCE,
                              is_exact_test,
                              right,
                              SIMULATION_RUNS,
                              0};
    struct xcy_stream *stream = xcy_stream_new(1, t->data);
    for (int run = 0; run < SIMULATION_RUNS; run++) {
        double from[MAX_VALUES];
        double to[MAX_VALUES];
        struct xcy_values one = {from, t->n};
        struct xcy_values two = {to, t->m};
        draw(stream, t->step, 0, from, t->n);
        draw(stream, t->step, shift, to, t->m);
        struct xcy_interval i = xcy_hodges_lehmann(one, two, CONFIDENCE).interval;
        interval.right += i.low <= shift && shift <= i.high;
        draw(stream, t->step, 0, to, t->m);
        test.right += xcy_mann_whitney(one, two).p > 1 - CONFIDENCE;
    }
    xcy_stream_free(stream);
    return !simulation_report(&interval) + !simulation_report(&test);
}

static bool simulate_kruskal_wallis(void)
{
    struct simulation s = {"Kruskal-Wallis, no false finding",
                           "5 blocks of 20",
                           CONFIDENCE,
                           false,
                           NAN,
                           SIMULATION_RUNS,
                           0};
    struct xcy_stream *stream = xcy_stream_new(1, "Kruskal-Wallis");
    for (int run = 0; run < s.runs; run++) {
        double values[KW_GROUPS][KW_SIZE];
        struct xcy_values groups[KW_GROUPS];
        for (size_t g = 0; g < KW_GROUPS; g++) {
            draw(stream, 0, 0, values[g], KW_SIZE);
            groups[g] = (struct xcy_values){values[g], KW_SIZE};
        }
        s.right += xcy_kruskal_wallis(groups, KW_GROUPS).p > 1 - CONFIDENCE;
    }
    xcy_stream_free(stream);
    return simulation_report(&s);
}

int simulate_samples(void)
{
    static const struct two_samples pairs[] = {
        {"n = 5 and 6", 5, 6, 0, true},
        {"n = 10 and 12", 10, 12, 0, true},
        {"n = 10 and 12, rounded, many equal", 10, 12, 0.5, true},
        {"n = 50 and 20", 50, 20, 0, false},
    };
    int n_failed = 0;
    n_failed += !simulate_quantile(30, 0.5, 0);
    n_failed += !simulate_quantile(100, 0.5, 0);
    n_failed += !simulate_quantile(100, 0.9, 0);
    n_failed += !simulate_quantile(400, 0.99, 0);
    n_failed += !simulate_quantile(100, 0.9, 0.5);
    n_failed += !simulate_dkw(30) + !simulate_dkw(200);
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        n_failed += simulate_two(&pairs[i]);
    }
    return n_failed + !simulate_kruskal_wallis();
}
