#include "tests/simulation/simulation.h"

#include "common/stats/holm.h"
#include "common/stats/rounds.h"
#include "common/stats/tost.h"
#include "common/stats/welch.h"

#include <math.h>

#define CONFIDENCE 0.95
enum { MAX_ROUNDS = 20, BOOTSTRAP_RUNS = 500, N_CELLS = 24 };

typedef double draw_function(struct xcy_stream *stream);

/* Skewed: exp of a normal value of deviation 0.5; its mean is exp(1/8). */
static double skewed(struct xcy_stream *stream)
{
    return exp(0.5 * simulation_normal(stream));
}

struct one_sample {
    const char *method;
    const char *data;
    draw_function *draw;
    double truth;
    size_t n;
    double enumerated; /* the t interval of normal values is exact */
    int runs;
};

static bool simulate_one(const struct one_sample *o)
{
    struct simulation s = {o->method, o->data, CONFIDENCE, false, o->enumerated, o->runs, 0};
    struct xcy_stream *stream = xcy_stream_new(1, o->data);
    for (int run = 0; run < s.runs; run++) {
        double values[MAX_ROUNDS];
        for (size_t i = 0; i < o->n; i++) {
            values[i] = o->draw(stream);
        }
        struct xcy_rounds r = xcy_rounds_of(values, o->n, CONFIDENCE);
        s.right += r.low <= o->truth && o->truth <= r.high;
    }
    xcy_stream_free(stream);
    return simulation_report(&s);
}

struct two_samples {
    const char *method;
    const char *data;
    size_t n;
    size_t m;
    double deviation; /* of the second; the first's is 1 */
    double mean;      /* of the second; the first's is 0 */
};

static void draw_two(struct xcy_stream *stream, const struct two_samples *t, double scale,
                     double *from, double *to)
{
    for (size_t i = 0; i < t->n; i++) {
        from[i] = scale * simulation_normal(stream);
    }
    for (size_t i = 0; i < t->m; i++) {
        to[i] = t->mean + scale * t->deviation * simulation_normal(stream);
    }
}

static bool simulate_welch(const struct two_samples *t)
{
    struct simulation s = {t->method, t->data, CONFIDENCE, false, NAN, SIMULATION_RUNS, 0};
    struct xcy_stream *stream = xcy_stream_new(1, t->data);
    for (int run = 0; run < s.runs; run++) {
        double from[MAX_ROUNDS];
        double to[MAX_ROUNDS];
        draw_two(stream, t, 1, from, to);
        struct xcy_welch w =
            xcy_welch((struct xcy_values){from, t->n}, (struct xcy_values){to, t->m}, CONFIDENCE);
        s.right += w.interval.low <= t->mean && t->mean <= w.interval.high;
    }
    xcy_stream_free(stream);
    return simulation_report(&s);
}

/* Rounds vary by 1 %, the margin is 2 %. At a true ratio of just the margin, "equivalent" is wrong;
 * at equality it is right, and its share is the power. */
static bool simulate_tost(const struct two_samples *t, enum xcy_tost_verdict verdict,
                          bool is_wanted)
{
    struct simulation s = {t->method,       t->data, is_wanted ? NAN : CONFIDENCE, false, NAN,
                           SIMULATION_RUNS, 0};
    struct xcy_stream *stream = xcy_stream_new(1, t->data);
    for (int run = 0; run < s.runs; run++) {
        double from[MAX_ROUNDS];
        double to[MAX_ROUNDS];
        draw_two(stream, t, 0.01, from, to);
        struct xcy_tost got = xcy_tost_welch((struct xcy_values){from, t->n},
                                             (struct xcy_values){to, t->m}, 0.02, 1 - CONFIDENCE);
        s.right += (got.verdict == verdict) == is_wanted;
    }
    xcy_stream_free(stream);
    return simulation_report(&s);
}

/* A matrix in which nothing differs: p values are uniform. */
static bool simulate_holm(void)
{
    double alpha = 1 - CONFIDENCE;
    struct simulation s = {"Holm, no false finding",
                           "24 cells, nothing differs",
                           CONFIDENCE,
                           true,
                           pow(1 - alpha / N_CELLS, N_CELLS),
                           SIMULATION_RUNS,
                           0};
    struct xcy_stream *stream = xcy_stream_new(1, "Holm");
    for (int run = 0; run < s.runs; run++) {
        double p[N_CELLS];
        for (size_t i = 0; i < N_CELLS; i++) {
            p[i] = xcy_stream_uniform(stream);
        }
        xcy_holm(p, N_CELLS, p);
        bool is_found = false;
        for (size_t i = 0; i < N_CELLS; i++) {
            is_found = is_found || p[i] <= alpha;
        }
        s.right += !is_found;
    }
    xcy_stream_free(stream);
    return simulation_report(&s);
}

int simulate_rounds(void)
{
    static const struct one_sample ones[] = {
        {"t of rounds", "3 rounds, normal", simulation_normal, 0, 3, CONFIDENCE, SIMULATION_RUNS},
        {"t of rounds", "5 rounds, normal", simulation_normal, 0, 5, CONFIDENCE, SIMULATION_RUNS},
        {"t of rounds", "5 rounds, skewed", skewed, 1.1331484530668263, 5, NAN, SIMULATION_RUNS},
        {"bootstrap of rounds", "10 rounds, normal", simulation_normal, 0, 10, NAN, BOOTSTRAP_RUNS},
        {"bootstrap of rounds", "20 rounds, normal", simulation_normal, 0, 20, NAN, BOOTSTRAP_RUNS},
        {"bootstrap of rounds", "10 rounds, skewed", skewed, 1.1331484530668263, 10, NAN,
         BOOTSTRAP_RUNS},
    };
    static const struct two_samples welches[] = {
        {"Welch", "3 and 3 rounds, equal deviations", 3, 3, 1, 0.5},
        {"Welch", "5 and 5 rounds, equal deviations", 5, 5, 1, 0.5},
        {"Welch", "5 and 5 rounds, deviations 1 to 3", 5, 5, 3, 0.5},
        {"Welch", "8 and 4 rounds, deviations 1 to 3", 8, 4, 3, 0.5},
    };
    double limit = log1p(0.02);
    const struct two_samples at_limit[] = {
        {"TOST, not falsely equivalent", "3 and 3 rounds, ratio 1.02, margin 2 %", 3, 3, 1, limit},
        {"TOST, not falsely equivalent", "10 and 10 rounds, ratio 1.02, margin 2 %", 10, 10, 1,
         limit},
        {"TOST, not falsely different", "10 and 10 rounds, ratio 1.02, margin 2 %", 10, 10, 1,
         limit}};
    const struct two_samples equals[] = {
        {"TOST, equivalent found", "3 and 3 rounds, ratio 1, margin 2 %", 3, 3, 1, 0},
        {"TOST, equivalent found", "10 and 10 rounds, ratio 1, margin 2 %", 10, 10, 1, 0}};
    int n_failed = 0;
    for (size_t i = 0; i < sizeof ones / sizeof ones[0]; i++) {
        n_failed += !simulate_one(&ones[i]);
    }
    for (size_t i = 0; i < sizeof welches / sizeof welches[0]; i++) {
        n_failed += !simulate_welch(&welches[i]);
    }
    for (size_t i = 0; i < 3; i++) {
        enum xcy_tost_verdict wrong = i < 2 ? XCY_TOST_EQUIVALENT : XCY_TOST_DIFFERENT;
        n_failed += !simulate_tost(&at_limit[i], wrong, false);
    }
    for (size_t i = 0; i < sizeof equals / sizeof equals[0]; i++) {
        n_failed += !simulate_tost(&equals[i], XCY_TOST_EQUIVALENT, true);
    }
    return n_failed + !simulate_holm();
}
