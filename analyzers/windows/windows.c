#include "analyzers/windows/windows.h"

#include "analyzers/facts.h"
#include "common/base/mem.h"
#include "common/stats/holm.h"
#include "common/stats/kruskal_wallis.h"

#include <math.h>
#include <stdlib.h>

const double xcy_percentiles[XCY_N_PERCENTILES] = {0.5, 0.9, 0.99, 0.999, 0.9999};

const struct xcy_distribution *xcy_windows_of(const struct xcy_summary *run)
{
    return xcy_evidence_find(&run->evidence, "window");
}

struct xcy_window_kinds xcy_window_kinds_of(const struct xcy_distribution *windows)
{
    int64_t n = xcy_distribution_size(windows);
    return (struct xcy_window_kinds){windows->n_left, n - windows->n_left - windows->n_right,
                                     windows->n_right};
}

struct xcy_interval xcy_windows_spread(const struct xcy_windows_group *g, double q)
{
    struct xcy_interval spread = {INFINITY, -INFINITY};
    for (size_t i = 0; i < g->n_rounds; i++) {
        const struct xcy_distribution *d = xcy_windows_of(g->rounds[i]);
        double value = xcy_sample_quantile(xcy_distribution_end(d, XCY_END_HIGH), q);
        spread.low = fmin(spread.low, value);
        spread.high = fmax(spread.high, value);
    }
    return spread;
}

/* Runs of one combination under one load are rounds of one cell. */
static bool is_one_cell(const struct xcy_evidence *a, const struct xcy_evidence *b)
{
    struct xcy_error why;
    return xcy_facts_check_alike(a, b, 0, "", &why) == XCY_OK &&
           xcy_combination_equal(&a->manifest.combination, &b->manifest.combination);
}

/* The group of the run, perhaps a new one. There is room for one a run. */
static struct xcy_windows_group *group_of(struct xcy_windows *windows,
                                          const struct xcy_evidence *run)
{
    for (size_t i = 0; i < windows->n; i++) {
        if (is_one_cell(&windows->groups[i].rounds[0]->evidence, run)) {
            return &windows->groups[i];
        }
    }
    struct xcy_windows_group *group = &windows->groups[windows->n++];
    group->combination = &run->manifest.combination;
    return group;
}

static void add_round(struct xcy_windows_group *g, const struct xcy_summary *run)
{
    const int64_t *classes = run->evidence.counts.classes;
    const struct xcy_distribution *d = xcy_windows_of(run);
    if (g->n_rounds == 0) {
        xcy_distribution_init(&g->windows, d->metric, d->consistency);
    }
    xcy_distribution_include(&g->windows, d);
    g->rounds = xcy_realloc_array(g->rounds, g->n_rounds + 1, sizeof(const struct xcy_summary *));
    g->rounds[g->n_rounds++] = run;
    g->unknown += classes[XCY_CLASS_LOST] + classes[XCY_CLASS_FAILED];
}

/* The upper ends of the windows of a round's inconsistent reads. */
static struct xcy_sample missed_of(const struct xcy_summary *run)
{
    const struct xcy_timeline *t = &run->evidence.timeline;
    struct xcy_sample missed = {.n_steps = 0};
    for (size_t i = 0; i < t->n; i++) {
        xcy_sample_include(&missed, &t->blocks[i].missed);
    }
    return missed;
}

/* Rounds without a value do not count. */
static struct xcy_phase differ(const struct xcy_sample *const *rounds, size_t n)
{
    struct xcy_phase phase = {.is_tested = n > 1, .least = INFINITY, .most = -INFINITY};
    for (size_t i = 0; i < n; i++) {
        if (xcy_sample_size(rounds[i]) > 0) {
            double median = xcy_sample_quantile(rounds[i], 0.5);
            phase.least = fmin(phase.least, median);
            phase.most = fmax(phase.most, median);
        }
    }
    phase.p = phase.is_tested ? xcy_kruskal_wallis_samples(rounds, n).p : NAN;
    return phase;
}

/* As the blocks of one run are (timeline.h). */
static void compare_rounds(struct xcy_windows_group *g)
{
    struct xcy_sample *missed = xcy_alloc_array(g->n_rounds, sizeof *missed);
    const struct xcy_sample **samples =
        xcy_alloc_array(2 * g->n_rounds, sizeof(const struct xcy_sample *));
    for (size_t i = 0; i < g->n_rounds; i++) {
        missed[i] = missed_of(g->rounds[i]);
        samples[i] = xcy_distribution_end(xcy_windows_of(g->rounds[i]), XCY_END_HIGH);
        samples[g->n_rounds + i] = &missed[i];
    }
    g->between = differ(samples, g->n_rounds);
    g->between_missed = differ(samples + g->n_rounds, g->n_rounds);
    struct xcy_phase *both[] = {&g->between, &g->between_missed};
    double p[] = {g->between.p, g->between_missed.p};
    xcy_holm(p, 2, p);
    for (size_t i = 0; i < 2; i++) {
        both[i]->p = p[i];
        both[i]->is_found = both[i]->is_tested && p[i] < XCY_PHASE_LEVEL &&
                            xcy_medians_apart(both[i]->least, both[i]->most);
    }
    for (size_t i = 0; i < g->n_rounds; i++) {
        xcy_sample_clear(&missed[i]);
    }
    free(missed);
    free((void *)samples);
}

bool xcy_windows_differ(const struct xcy_windows_group *g)
{
    return g->between.is_found || g->between_missed.is_found;
}

enum xcy_status xcy_windows_make(const struct xcy_summary *runs, size_t n_runs,
                                 struct xcy_windows *windows, struct xcy_error *err)
{
    struct xcy_windows made = {.groups = xcy_alloc_array(n_runs, sizeof *made.groups)};
    for (size_t i = 0; i < n_runs; i++) {
        if (xcy_distribution_size(xcy_windows_of(&runs[i])) > 0) {
            add_round(group_of(&made, &runs[i].evidence), &runs[i]);
        }
    }
    for (size_t i = 0; i < made.n; i++) {
        compare_rounds(&made.groups[i]);
    }
    if (made.n == 0) {
        xcy_windows_clear(&made);
        return xcy_fail(err, XCY_EUSAGE,
                        "%s: no window: no read was decided of a post whose write was acknowledged",
                        runs[0].evidence.path);
    }
    *windows = made;
    return XCY_OK;
}

void xcy_windows_clear(struct xcy_windows *windows)
{
    for (size_t i = 0; i < windows->n; i++) {
        xcy_distribution_clear(&windows->groups[i].windows);
        free((void *)windows->groups[i].rounds);
        if (windows->groups[i].likeliest) {
            xcy_turnbull_clear(windows->groups[i].likeliest);
            free(windows->groups[i].likeliest);
        }
    }
    free(windows->groups);
    *windows = (struct xcy_windows){.n = 0};
}
