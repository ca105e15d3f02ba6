#include "analyzers/compare/comparison.h"

#include "analyzers/compare/undecided.h"
#include "common/base/mem.h"
#include "common/base/nearest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const xcy_expectation_names[] = {"nothing", "equivalent", "not-worse", NULL};

static const char own_name[] = "lag"; /* the generator's, not what was measured with it */
static const double plain_quantile = 0.5;

static bool is_in(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_wanted(const struct xcy_comparison_settings *s, const char *name)
{
    return s->n_figures == 0 ? strcmp(name, own_name) != 0 : is_in(s->figures, s->n_figures, name);
}

static enum xcy_status check_figures(const struct xcy_comparison_settings *s, struct xcy_error *err)
{
    const struct xcy_metric_set *metrics = s->evidence.metrics;
    const char **known = xcy_alloc_array(metrics->n + XCY_N_KINDS, sizeof *known);
    size_t n = 0;
    for (size_t kind = 0; kind < XCY_N_KINDS; kind++) {
        if (xcy_contrast_traits[kind].name) {
            known[n++] = xcy_contrast_traits[kind].name;
        }
    }
    for (size_t i = 0; i < metrics->n; i++) {
        known[n++] = metrics->items[i].name;
    }
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; i < s->n_figures && status == XCY_OK; i++) {
        const char *name = s->figures[i];
        const char *nearest = xcy_nearest(name, known, n);
        if (!is_in(known, n, name)) {
            status = xcy_fail(err, XCY_EUSAGE, "--metric: no metric is called '%s'%s%s%s", name,
                              nearest ? "; did you mean '" : " (analyze metrics lists them)",
                              nearest ? nearest : "", nearest ? "'?" : "");
        }
    }
    free(known);
    return status;
}

/* A quantile of fewer values than there are in its tail is their least or most. */
static enum xcy_status check_tail(const struct xcy_summary *run,
                                  const struct xcy_comparison_settings *settings,
                                  struct xcy_error *err)
{
    static const double hair = 1e-9; /* 1 / (1 - 0.9) is a little more than 10 */
    double q = settings->contrast.quantile;
    int64_t needs = (int64_t)ceil(1 / fmin(q, 1 - q) - hair);
    for (size_t i = 0; q != plain_quantile && i < settings->evidence.metrics->n; i++) {
        const struct xcy_metric_summary *m = &run->metrics[i];
        bool is_of_quantile =
            m->metric->kind != XCY_METRIC_BYTES && is_wanted(settings, m->metric->name);
        if (is_of_quantile && m->n > 0 && m->n < needs) {
            return xcy_fail(err, XCY_EUSAGE,
                            "--quantile %g needs %lld values of each round, and %s has %lld of %s; "
                            "name other metrics by --metric, or a quantile nearer to 0.5",
                            q, (long long)needs, run->evidence.path, (long long)m->n,
                            m->metric->name);
        }
    }
    return XCY_OK;
}

static enum xcy_status read_side(const struct xcy_cell_pair *pair, size_t side,
                                 const struct xcy_comparison_settings *settings,
                                 struct xcy_summary *runs, struct xcy_error *err)
{
    for (size_t i = 0; i < pair->n[side]; i++) {
        enum xcy_status status =
            xcy_summary_make(pair->runs[side][i]->path, &settings->evidence, &runs[i], err);
        if (status == XCY_OK) {
            status = check_tail(&runs[i], settings, err);
        }
        if (status != XCY_OK) {
            return status;
        }
    }
    return XCY_OK;
}

static void put(struct xcy_compared_cell *cell, struct xcy_contrast contrast)
{
    if (contrast.n[0] > 0 || contrast.n[1] > 0) {
        cell->contrasts = xcy_realloc_array(cell->contrasts, cell->n + 1, sizeof *cell->contrasts);
        cell->contrasts[cell->n++] = contrast;
    }
}

static bool is_kind_wanted(const struct xcy_comparison_settings *s, enum xcy_contrast_kind kind)
{
    return is_wanted(s, xcy_contrast_traits[kind].name);
}

struct xcy_counts xcy_compared_cell_counts(const struct xcy_compared_cell *cell, size_t side)
{
    struct xcy_counts counts = {.planned = 0};
    for (size_t i = 0; i < cell->pair->n[side]; i++) {
        xcy_counts_add(&counts, &cell->runs[side][i].counts);
    }
    return counts;
}

/* Of none on both sides a test finds nothing, and in a matrix would only make those of other cells find
 * less (Tarone 1990, A modified Bonferroni method for discrete data). */
static bool has_undecided(const struct xcy_compared_cell *cell)
{
    const struct xcy_counts sides[2] = {xcy_compared_cell_counts(cell, 0),
                                        xcy_compared_cell_counts(cell, 1)};
    return xcy_undecided_is_any(sides);
}

static void compare_cell(struct xcy_compared_cell *cell, struct xcy_compared_side a,
                         struct xcy_compared_side b, const struct xcy_comparison_settings *settings)
{
    const struct xcy_metric_set *metrics = settings->evidence.metrics;
    bool is_named = settings->n_figures > 0;
    bool of_rounds = a.n > 1 || b.n > 1;
    if (is_kind_wanted(settings, XCY_KIND_INCONSISTENT)) {
        put(cell, xcy_contrast_of_share(XCY_KIND_INCONSISTENT, a, b, &settings->contrast));
    }
    if (is_kind_wanted(settings, XCY_KIND_UNDECIDED) && (is_named || has_undecided(cell))) {
        put(cell, xcy_contrast_of_share(XCY_KIND_UNDECIDED, a, b, &settings->contrast));
    }
    if (is_kind_wanted(settings, XCY_KIND_THROUGHPUT) && (is_named || of_rounds)) {
        put(cell, xcy_contrast_of_throughput(a, b, &settings->contrast));
    }
    for (size_t i = 0; i < metrics->n; i++) {
        if (is_wanted(settings, metrics->items[i].name)) {
            put(cell, xcy_contrast_of_metric(a, b, i, &settings->contrast));
        }
    }
}

static struct xcy_compared_run *runs_of(const struct xcy_summary *runs, size_t n)
{
    struct xcy_compared_run *of = xcy_alloc_array(n, sizeof *of);
    for (size_t i = 0; i < n; i++) {
        of[i].path = xcy_strdup(runs[i].evidence.path);
        snprintf(of[i].problem, sizeof of[i].problem, "%s", runs[i].problem);
        of[i].counts = runs[i].evidence.counts;
    }
    return of;
}

static enum xcy_status make_cell(const struct xcy_cell_pair *pair,
                                 const struct xcy_comparison_settings *settings,
                                 struct xcy_compared_cell *cell, struct xcy_error *err)
{
    struct xcy_summary *runs[2] = {xcy_alloc_array(pair->n[0], sizeof **runs),
                                   xcy_alloc_array(pair->n[1], sizeof **runs)};
    enum xcy_status status = read_side(pair, 0, settings, runs[0], err);
    if (status == XCY_OK) {
        status = read_side(pair, 1, settings, runs[1], err);
    }
    if (status == XCY_OK) {
        *cell = (struct xcy_compared_cell){.pair = pair};
        cell->n_unlike = xcy_cell_pair_unlike(pair, cell->unlike);
        cell->runs[0] = runs_of(runs[0], pair->n[0]);
        cell->runs[1] = runs_of(runs[1], pair->n[1]);
        compare_cell(cell, (struct xcy_compared_side){runs[0], pair->n[0]},
                     (struct xcy_compared_side){runs[1], pair->n[1]}, settings);
    }
    for (size_t side = 0; side < 2; side++) {
        for (size_t i = 0; i < pair->n[side]; i++) {
            xcy_summary_clear(&runs[side][i]);
        }
        free(runs[side]);
    }
    return status;
}

/* The whole matrix is one family. */
static void adjust(struct xcy_comparison *c)
{
    struct xcy_family family = {.n = 0};
    for (size_t i = 0; i < c->n_cells; i++) {
        for (size_t k = 0; k < c->cells[i].n; k++) {
            xcy_family_add(&family, &c->cells[i].contrasts[k]);
        }
    }
    c->n_figures = family.n;
    c->tests = xcy_family_adjust(&family, c->settings->contrast.margin);
    for (size_t i = 0; i < family.n; i++) {
        c->n_missed += xcy_contrast_is_missed(family.members[i], c->settings) ? 1 : 0;
    }
    xcy_family_clear(&family);
}

static void count_not_valid(struct xcy_comparison *c)
{
    for (size_t i = 0; i < c->n_cells; i++) {
        for (size_t side = 0; side < 2; side++) {
            for (size_t run = 0; run < c->cells[i].pair->n[side]; run++) {
                c->n_not_valid += c->cells[i].runs[side][run].problem[0] ? 1 : 0;
            }
        }
    }
}

static enum xcy_status check_quantile(const struct xcy_cell_pair *pair,
                                      const struct xcy_comparison_settings *settings,
                                      struct xcy_error *err)
{
    bool of_rounds = pair->n[0] > 1 || pair->n[1] > 1;
    if (of_rounds || settings->contrast.quantile == plain_quantile) {
        return XCY_OK;
    }
    return xcy_fail(err, XCY_EUSAGE,
                    "--quantile is of rounds, and %s and %s are one run each: of these all values "
                    "are compared",
                    pair->runs[0][0]->path, pair->runs[1][0]->path);
}

static enum xcy_status make_cells(struct xcy_comparison *c, struct xcy_error *err)
{
    const struct xcy_pairing *p = &c->pairing;
    c->cells = xcy_alloc_array(p->n_pairs, sizeof *c->cells);
    c->alone = xcy_alloc_array(p->n_pairs, sizeof(const struct xcy_cell_pair *));
    for (size_t i = 0; i < p->n_pairs; i++) {
        const struct xcy_cell_pair *pair = &p->pairs[i];
        if (pair->n[0] == 0 || pair->n[1] == 0) {
            c->alone[c->n_alone++] = pair;
            continue;
        }
        enum xcy_status status = check_quantile(pair, c->settings, err);
        if (status == XCY_OK) {
            status = make_cell(pair, c->settings, &c->cells[c->n_cells], err);
        }
        if (status != XCY_OK) {
            return status;
        }
        c->n_cells++;
    }
    if (c->n_cells == 0) {
        return xcy_fail(err, XCY_EUSAGE,
                        "no cell of A has its like in B: A has '%s', B has none of it; compare "
                        "runs of one cell with runs of another, or two campaigns of the same cells",
                        c->alone[0]->label);
    }
    return XCY_OK;
}

enum xcy_status xcy_comparison_make(const struct xcy_run_set *a, const struct xcy_run_set *b,
                                    const struct xcy_comparison_settings *settings,
                                    struct xcy_comparison *comparison, struct xcy_error *err)
{
    struct xcy_comparison made = {.settings = settings};
    const char *shared = xcy_run_set_shared(a, b);
    if (shared) {
        return xcy_fail(err, XCY_EUSAGE, "%s is on both sides", shared);
    }
    enum xcy_status status = check_figures(settings, err);
    if (status == XCY_OK) {
        status = xcy_pairing_make(a, b, &made.pairing, err);
    }
    if (status == XCY_OK) {
        status = make_cells(&made, err);
    }
    if (status != XCY_OK) {
        xcy_comparison_clear(&made);
        return status;
    }
    adjust(&made);
    count_not_valid(&made);
    *comparison = made;
    return XCY_OK;
}

void xcy_comparison_clear(struct xcy_comparison *c)
{
    for (size_t i = 0; i < c->n_cells; i++) {
        for (size_t side = 0; side < 2; side++) {
            for (size_t run = 0; run < c->cells[i].pair->n[side]; run++) {
                free(c->cells[i].runs[side][run].path);
            }
            free(c->cells[i].runs[side]);
        }
        for (size_t k = 0; k < c->cells[i].n_unlike; k++) {
            xcy_unlike_clear(&c->cells[i].unlike[k]);
        }
        free(c->cells[i].contrasts);
    }
    free(c->cells);
    free((void *)c->alone);
    xcy_pairing_clear(&c->pairing);
    *c = (struct xcy_comparison){.n_cells = 0};
}

static bool is_worse_than(const struct xcy_contrast *c, double margin)
{
    bool is_more_better = xcy_contrast_traits[c->kind].is_more_better;
    enum xcy_found worse = is_more_better ? XCY_FOUND_SMALLER : XCY_FOUND_LARGER;
    return c->found == worse && xcy_contrast_is_beyond(c, margin);
}

/* What clocks, polls or a barrier leave open cannot be shown to be equal by any number of requests; one
 * who wants it all the same names it. */
static bool is_asked(const struct xcy_contrast *c, const struct xcy_comparison_settings *settings)
{
    const struct xcy_metric *m = c->metric;
    bool is_open = m && (m->kind == XCY_METRIC_VISIBILITY || m->needs_barrier ||
                         m->without_barrier || c->crosses_clocks);
    return settings->n_figures > 0 || !is_open;
}

bool xcy_contrast_is_missed(const struct xcy_contrast *c,
                            const struct xcy_comparison_settings *settings)
{
    bool is_missed[XCY_N_EXPECTATIONS] = {
        [XCY_EXPECT_EQUIVALENT] = is_asked(c, settings) && c->equivalence != XCY_TOST_EQUIVALENT,
        [XCY_EXPECT_NOT_WORSE] = is_worse_than(c, settings->contrast.margin),
    };
    return is_missed[settings->expect];
}
