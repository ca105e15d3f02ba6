#include "tests/simulation/simulation.h"
#include "tests/support/enumerated.h"

#include "common/base/mem.h"
#include "common/stats/fisher.h"
#include "common/stats/newcombe.h"
#include "common/stats/proportion.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define CONFIDENCE 0.95

static int64_t draw(struct xcy_stream *stream, int64_t n, double p)
{
    int64_t events = 0;
    for (int64_t i = 0; i < n; i++) {
        events += xcy_stream_uniform(stream) < p;
    }
    return events;
}

struct share_method {
    const char *name;
    interval_function *interval;
    bool is_exact;
};

static const struct share_method share_methods[] = {
    {"Clopper-Pearson", xcy_clopper_pearson, true},
    {"Wilson", xcy_wilson, false},
};

static bool simulate_share(const struct share_method *m, int64_t n, double p)
{
    struct xcy_interval *intervals = xcy_alloc_array((size_t)n + 1, sizeof *intervals);
    enumerated_intervals(m->interval, n, CONFIDENCE, intervals);
    char data[64];
    snprintf(data, sizeof data, "n = %d, share %g", (int)n, p);
    struct simulation s = {
        m->name,         data, CONFIDENCE, m->is_exact, enumerated_coverage(intervals, n, p),
        SIMULATION_RUNS, 0};
    struct xcy_stream *stream = xcy_stream_new(1, data);
    for (int run = 0; run < s.runs; run++) {
        struct xcy_interval i = intervals[draw(stream, n, p)];
        s.right += i.low <= p && p <= i.high;
    }
    xcy_stream_free(stream);
    free(intervals);
    return simulation_report(&s);
}

struct pair {
    int64_t n1;
    double p1;
    int64_t n2;
    double p2;
};

typedef bool is_right_function(const struct pair *pair, struct xcy_share one, struct xcy_share two);

static bool newcombe_is_right(const struct pair *pair, struct xcy_share one, struct xcy_share two)
{
    struct xcy_interval i = xcy_newcombe(one, two, CONFIDENCE);
    double truth = pair->p2 - pair->p1;
    /* An end that is the truth, but for the last digit, holds it. */
    return i.low <= truth + 1e-12 && truth <= i.high + 1e-12;
}

static bool fisher_is_right(const struct pair *pair, struct xcy_share one, struct xcy_share two)
{
    (void)pair;
    return xcy_fisher(one, two) > 1 - CONFIDENCE;
}

/* Whether it is right in each of all outcomes; n2 + 1 columns. */
static bool *all_outcomes(is_right_function *is_right, const struct pair *pair)
{
    size_t columns = (size_t)pair->n2 + 1;
    bool *right = xcy_alloc_array(((size_t)pair->n1 + 1) * columns, sizeof *right);
    for (int64_t x1 = 0; x1 <= pair->n1; x1++) {
        for (int64_t x2 = 0; x2 <= pair->n2; x2++) {
            struct xcy_share one = {x1, pair->n1};
            struct xcy_share two = {x2, pair->n2};
            right[(size_t)x1 * columns + (size_t)x2] = is_right(pair, one, two);
        }
    }
    return right;
}

static double enumerate(const bool *right, const struct pair *pair)
{
    double sum = 0;
    for (int64_t x1 = 0; x1 <= pair->n1; x1++) {
        double row = 0;
        for (int64_t x2 = 0; x2 <= pair->n2; x2++) {
            bool is_right = right[x1 * (pair->n2 + 1) + x2];
            row += is_right ? enumerated_probability(x2, pair->n2, pair->p2) : 0;
        }
        sum += row * enumerated_probability(x1, pair->n1, pair->p1);
    }
    return sum;
}

static bool simulate_pair(const char *method, is_right_function *is_right, bool is_exact,
                          const struct pair *pair)
{
    char data[96];
    snprintf(data, sizeof data, "n = %d and %d, shares %g and %g", (int)pair->n1, (int)pair->n2,
             pair->p1, pair->p2);
    bool *right = all_outcomes(is_right, pair);
    struct simulation s = {method,          data, CONFIDENCE, is_exact, enumerate(right, pair),
                           SIMULATION_RUNS, 0};
    struct xcy_stream *stream = xcy_stream_new(1, data);
    for (int run = 0; run < s.runs; run++) {
        int64_t x1 = draw(stream, pair->n1, pair->p1);
        int64_t x2 = draw(stream, pair->n2, pair->p2);
        s.right += right[x1 * (pair->n2 + 1) + x2];
    }
    xcy_stream_free(stream);
    free(right);
    return simulation_report(&s);
}

int simulate_shares(void)
{
    static const int64_t sizes[] = {20, 100, 1000};
    static const double truths[] = {0.005, 0.05, 0.3};
    static const struct pair pairs[] = {
        {30, 0.2, 30, 0.2}, {100, 0.02, 200, 0.05}, {300, 0.5, 300, 0.55}, {20, 0.01, 200, 0.01}};
    static const struct pair equals[] = {{20, 0.3, 20, 0.3}, {100, 0.05, 200, 0.05}};
    int n_failed = 0;
    for (size_t m = 0; m < 2; m++) {
        for (size_t i = 0; i < 9; i++) {
            n_failed += !simulate_share(&share_methods[m], sizes[i / 3], truths[i % 3]);
        }
    }
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        n_failed += !simulate_pair("Newcombe", newcombe_is_right, false, &pairs[i]);
    }
    for (size_t i = 0; i < sizeof equals / sizeof equals[0]; i++) {
        n_failed += !simulate_pair("Fisher, no false finding", fisher_is_right, true, &equals[i]);
    }
    return n_failed;
}
