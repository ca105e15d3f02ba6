#include "analyzers/cost/cost.h"

#include "analyzers/compare/undecided.h"
#include "analyzers/facts.h"
#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

const char *const xcy_remedy_names[] = {"none", "delay", "barrier", NULL};

const enum xcy_remedy xcy_cost_pairs[XCY_N_COST_PAIRS][2] = {
    [XCY_COST_OF_DELAY] = {XCY_REMEDY_NONE, XCY_REMEDY_DELAY},
    [XCY_COST_OF_BARRIER] = {XCY_REMEDY_NONE, XCY_REMEDY_BARRIER},
    [XCY_COST_OF_CHOICE] = {XCY_REMEDY_DELAY, XCY_REMEDY_BARRIER},
};

/* What is left, what the client waits for, what the reader's user waits for, how much is got through,
 * bytes, and how many requests all that is not of. NULL: shares, and the throughput. */
static const struct {
    enum xcy_contrast_kind kind;
    const char *metric;
} figures[XCY_N_COST_FIGURES] = {
    {XCY_KIND_INCONSISTENT, NULL},
    {XCY_KIND_DURATION, "response"},
    {XCY_KIND_DURATION, "window_as_published"},
    {XCY_KIND_THROUGHPUT, NULL},
    {XCY_KIND_BYTES, "post_stored"},
    {XCY_KIND_BYTES, "notification"},
    [XCY_COST_UNDECIDED] = {XCY_KIND_UNDECIDED, NULL},
};

/* With as many reads on both sides the claim of 0 of n is just where the curve's interval begins to
 * exist: rounding is not to decide that. */
static const double hair = 1e-9;

static const struct xcy_contrast_settings contrast_settings = {.quantile = XCY_COST_QUANTILE};

static const struct xcy_combination *combination_of(const struct xcy_summary *s)
{
    return &s->evidence.manifest.combination;
}

static bool has_barrier(const struct xcy_summary *s)
{
    return combination_of(s)->consistency != XCY_CONSISTENCY_NONE;
}

/* By consistency, none first; then by delay; rounds by name. */
static int compare_runs(const void *a, const void *b)
{
    const struct xcy_combination *x = combination_of(a);
    const struct xcy_combination *y = combination_of(b);
    if (x->consistency != y->consistency) {
        return x->consistency < y->consistency ? -1 : 1;
    }
    if (x->delay_ms != y->delay_ms) {
        return x->delay_ms < y->delay_ms ? -1 : 1;
    }
    return strcmp(((const struct xcy_summary *)a)->evidence.path,
                  ((const struct xcy_summary *)b)->evidence.path);
}

static enum xcy_status check_alike(const struct xcy_summary *first, const struct xcy_summary *run,
                                   struct xcy_error *err)
{
    static const unsigned may_differ = 1U << XCY_FACT_CONSISTENCY | 1U << XCY_FACT_DELAY_MS;
    enum xcy_status status =
        xcy_facts_check_alike(&first->evidence, &run->evidence, may_differ,
                              "runs may differ in consistency and delay alone", err);
    if (status == XCY_OK && has_barrier(run) && combination_of(run)->delay_ms > 0) {
        status = xcy_fail(err, XCY_EUSAGE, "%s: behind a barrier and a delay at once",
                          run->evidence.path);
    }
    return status;
}

static enum xcy_status read_runs(struct xcy_cost *cost, const struct xcy_run_set *set,
                                 const struct xcy_evidence_settings *settings,
                                 struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    cost->runs = xcy_alloc_array(set->n, sizeof *cost->runs);
    for (size_t i = 0; i < set->n && status == XCY_OK; i++) {
        status = xcy_summary_make(set->runs[i].path, settings, &cost->runs[i], err);
        cost->n_runs += status == XCY_OK ? 1 : 0;
        if (status == XCY_OK) {
            status = check_alike(&cost->runs[0], &cost->runs[i], err);
        }
    }
    qsort(cost->runs, cost->n_runs, sizeof *cost->runs, compare_runs);
    return status;
}

static bool is_of(const struct xcy_cost_setting *setting, const struct xcy_summary *run)
{
    return setting->consistency == combination_of(run)->consistency &&
           setting->delay_ms == combination_of(run)->delay_ms;
}

static void group(struct xcy_cost *cost)
{
    cost->settings = xcy_alloc_array(cost->n_runs, sizeof *cost->settings);
    for (size_t i = 0; i < cost->n_runs; i++) {
        const struct xcy_summary *run = &cost->runs[i];
        struct xcy_cost_setting *last = &cost->settings[cost->n_settings];
        if (cost->n_settings > 0 && is_of(last - 1, run)) {
            last--;
        } else {
            *last = (struct xcy_cost_setting){.side.runs = run,
                                              .consistency = combination_of(run)->consistency,
                                              .delay_ms = combination_of(run)->delay_ms};
            cost->n_settings++;
        }
        last->side.n++;
        xcy_counts_add(&last->counts, &run->evidence.counts);
    }
    for (size_t i = 0; i < cost->n_settings; i++) {
        struct xcy_cost_setting *s = &cost->settings[i];
        s->share = (struct xcy_share){s->counts.classes[XCY_CLASS_INCONSISTENT],
                                      xcy_counts_decided(&s->counts)};
        s->exact = xcy_clopper_pearson(s->share.events, s->share.n, XCY_CONFIDENCE);
    }
}

static enum xcy_status find_ends(struct xcy_cost *cost, struct xcy_error *err)
{
    const struct xcy_cost_setting *first = &cost->settings[0];
    const struct xcy_cost_setting *last = &cost->settings[cost->n_settings - 1];
    cost->remedies[XCY_REMEDY_NONE] = first;
    cost->remedies[XCY_REMEDY_BARRIER] = last;
    if (first->consistency != XCY_CONSISTENCY_NONE || first->delay_ms > 0) {
        return xcy_fail(err, XCY_EUSAGE,
                        "no run is of consistency none and delay 0: there is nothing that a remedy "
                        "could be held against");
    }
    if (last->consistency == XCY_CONSISTENCY_NONE) {
        return xcy_fail(err, XCY_EUSAGE,
                        "no run is behind a barrier: there is no residual to tune a delay to");
    }
    if (first->share.n == 0 || last->share.n == 0) {
        const struct xcy_cost_setting *empty = first->share.n == 0 ? first : last;
        return xcy_fail(err, XCY_EUSAGE, "%s: no read was answered",
                        empty->side.runs[0].evidence.path);
    }
    return XCY_OK;
}

static void set_target(struct xcy_cost *cost)
{
    const struct xcy_cost_setting *barrier = cost->remedies[XCY_REMEDY_BARRIER];
    cost->is_claimed = barrier->share.events == 0;
    cost->target =
        cost->is_claimed ? barrier->exact.high * (1 + hair) : xcy_share_value(barrier->share);
}

static bool is_enough(const struct xcy_cost *cost, const struct xcy_cost_setting *s)
{
    double most = cost->is_claimed ? s->exact.high : xcy_share_value(s->share);
    return s->share.n > 0 && most <= cost->target;
}

/* The least delay that is enough, as all longer ones are: a longer one that is not says that it was
 * luck. None at all may be. */
static void find_delay(struct xcy_cost *cost)
{
    bool is_broken = false;
    for (size_t i = cost->n_settings - 1; i-- > 0;) {
        struct xcy_cost_setting *s = &cost->settings[i];
        if (s->consistency == XCY_CONSISTENCY_NONE) {
            s->is_enough = is_enough(cost, s) && !is_broken;
            is_broken = !s->is_enough;
            if (s->is_enough && s->delay_ms > 0) {
                cost->remedies[XCY_REMEDY_DELAY] = s;
            }
        }
    }
}

/* What the curve is made of, of all rounds together. */
static struct xcy_evidence pool(struct xcy_cost *cost, struct xcy_distribution *distributions)
{
    struct xcy_compared_side side = cost->remedies[XCY_REMEDY_NONE]->side;
    struct xcy_evidence pooled = side.runs[0].evidence;
    const struct xcy_metric *margin = xcy_metric_set_find(pooled.metrics, "race_margin");
    size_t index = (size_t)(margin - pooled.metrics->items);
    xcy_distribution_init(&cost->margins, margin, XCY_CONSISTENCY_NONE);
    xcy_distribution_init(&cost->polled, margin, XCY_CONSISTENCY_NONE);
    pooled.counts = (struct xcy_counts){.planned = 0};
    for (size_t i = 0; i < side.n; i++) {
        const struct xcy_evidence *e = &side.runs[i].evidence;
        xcy_counts_add(&pooled.counts, &e->counts);
        xcy_distribution_include(&cost->margins, &e->distributions[index]);
        xcy_distribution_include(&cost->polled, &e->polled);
    }
    xcy_distribution_settle(&cost->margins);
    xcy_distribution_settle(&cost->polled);
    distributions[index] = cost->margins;
    pooled.distributions = distributions;
    pooled.polled = cost->polled;
    return pooled;
}

static void ask_curve(struct xcy_cost *cost)
{
    struct xcy_error err;
    struct xcy_delay_curve curve;
    size_t n = cost->runs[0].evidence.metrics->n;
    struct xcy_distribution *distributions = xcy_alloc_array(n, sizeof *distributions);
    struct xcy_evidence pooled = pool(cost, distributions);
    /* Runs of other readers tell no margins: then there is no curve, and the runs alone decide. */
    cost->has_curve =
        xcy_delay_curve_make(&pooled, XCY_CONFIDENCE, &curve, &err) == XCY_OK && cost->target < 1;
    if (cost->has_curve) {
        cost->needed = xcy_delay_curve_needed(&curve, cost->target);
    }
    free(distributions);
}

static struct xcy_contrast contrast_of(size_t figure, struct xcy_compared_side a,
                                       struct xcy_compared_side b)
{
    if (!figures[figure].metric) {
        return figures[figure].kind == XCY_KIND_THROUGHPUT
                   ? xcy_contrast_of_throughput(a, b, &contrast_settings)
                   : xcy_contrast_of_share(figures[figure].kind, a, b, &contrast_settings);
    }
    const struct xcy_metric_set *set = a.runs[0].evidence.metrics;
    const struct xcy_metric *metric = xcy_metric_set_find(set, figures[figure].metric);
    return xcy_contrast_of_metric(a, b, (size_t)(metric - set->items), &contrast_settings);
}

static void compare_pair(struct xcy_cost *cost, enum xcy_cost_pair pair, struct xcy_family *family)
{
    const struct xcy_cost_setting *from = cost->remedies[xcy_cost_pairs[pair][0]];
    const struct xcy_cost_setting *to = cost->remedies[xcy_cost_pairs[pair][1]];
    cost->has_pair[pair] = from && to;
    for (size_t i = 0; cost->has_pair[pair] && i < cost->n_figures; i++) {
        cost->figures[pair][i] = contrast_of(i, from->side, to->side);
        xcy_family_add(family, &cost->figures[pair][i]);
    }
}

/* Of none anywhere a test finds nothing. */
static size_t n_figures_of(const struct xcy_cost *cost)
{
    int64_t n_undecided = 0;
    for (size_t remedy = 0; remedy < XCY_N_REMEDIES; remedy++) {
        const struct xcy_cost_setting *s = cost->remedies[remedy];
        n_undecided += s ? xcy_undecided_share(&s->counts).events : 0;
    }
    return n_undecided > 0 ? XCY_N_COST_FIGURES : XCY_COST_UNDECIDED;
}

static void compare(struct xcy_cost *cost)
{
    struct xcy_family family = {.n = 0};
    cost->n_figures = n_figures_of(cost);
    for (size_t pair = 0; pair < XCY_N_COST_PAIRS; pair++) {
        compare_pair(cost, (enum xcy_cost_pair)pair, &family);
    }
    cost->tests = xcy_family_adjust(&family, 0);
    xcy_family_clear(&family);
}

enum xcy_status xcy_cost_make(const struct xcy_run_set *set,
                              const struct xcy_evidence_settings *settings, struct xcy_cost *cost,
                              struct xcy_error *err)
{
    struct xcy_cost made = {.n_runs = 0};
    xcy_assert(set->n > 0);
    enum xcy_status status = read_runs(&made, set, settings, err);
    if (status == XCY_OK) {
        group(&made);
        status = find_ends(&made, err);
    }
    if (status != XCY_OK) {
        xcy_cost_clear(&made);
        return status;
    }
    set_target(&made);
    find_delay(&made);
    ask_curve(&made);
    compare(&made);
    *cost = made;
    return XCY_OK;
}

void xcy_cost_clear(struct xcy_cost *cost)
{
    for (size_t i = 0; i < cost->n_runs; i++) {
        xcy_summary_clear(&cost->runs[i]);
    }
    free(cost->runs);
    free(cost->settings);
    xcy_distribution_clear(&cost->margins);
    xcy_distribution_clear(&cost->polled);
    *cost = (struct xcy_cost){.n_runs = 0};
}

const struct xcy_contrast *xcy_cost_figure(const struct xcy_cost *cost, enum xcy_remedy remedy,
                                           size_t figure, size_t *side)
{
    for (size_t pair = 0; pair < XCY_N_COST_PAIRS; pair++) {
        for (size_t i = 0; i < 2; i++) {
            if (cost->has_pair[pair] && xcy_cost_pairs[pair][i] == remedy) {
                *side = i;
                return &cost->figures[pair][figure];
            }
        }
    }
    return NULL;
}
