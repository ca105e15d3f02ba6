#include "campaign/results.h"

#include "common/base/mem.h"

#include <math.h>
#include <stdlib.h>

#define MOST_REQUESTS INT64_C(1000000000000)

const char *const xcy_campaign_figure_names[] = {
    "inconsistent_share", "published_p50_ms", "window_low_p50_ms",
    "window_high_p50_ms", "notify_p50_ms",    "write_p50_ms",
    "response_p50_ms",    "barrier_p50_ms",   "throughput_per_s"};
const char *const xcy_campaign_count_names[] = {"planned", "consistent", "inconsistent",
                                                "lost",    "failed",     "skipped"};

/* Where a run's summary has a figure; the share and the throughput are reckoned. */
static const struct {
    const char *metric;
    const char *end;
} sources[XCY_N_FIGURES] = {
    [XCY_FIGURE_PUBLISHED] = {"window_as_published", "high_ms"},
    [XCY_FIGURE_WINDOW_LOW] = {"window", "low_ms"},
    [XCY_FIGURE_WINDOW] = {"window", "high_ms"},
    [XCY_FIGURE_NOTIFY] = {"notification_latency", "high_ms"},
    [XCY_FIGURE_WRITE] = {"write_latency", "high_ms"},
    [XCY_FIGURE_RESPONSE] = {"response", "high_ms"},
    [XCY_FIGURE_BARRIER] = {"barrier_cost", "high_ms"},
};

static int64_t count_of(const struct xcy_run_record *r, enum xcy_campaign_count count)
{
    const struct xcy_json *classes = xcy_json_get(r->summary, "classes");
    int64_t n = xcy_json_get_int64(classes, xcy_campaign_count_names[count], 0);
    if (count == XCY_COUNT_PLANNED) {
        n -= xcy_json_get_int64(classes, "warmup", 0);
    }
    return n > 0 && n <= MOST_REQUESTS ? n
                                       : 0; /* a journal that was edited cannot overflow a sum */
}

/* NaN: the run does not have it. */
static double figure_of(const struct xcy_run_record *r, enum xcy_campaign_figure figure)
{
    if (figure == XCY_FIGURE_THROUGHPUT) {
        return r->throughput_per_s;
    }
    if (figure == XCY_FIGURE_SHARE) {
        double events = (double)count_of(r, XCY_COUNT_INCONSISTENT);
        double n = events + (double)count_of(r, XCY_COUNT_CONSISTENT);
        return n > 0 ? events / n : NAN;
    }
    const struct xcy_json *metrics = xcy_json_get(r->summary, "metrics");
    const struct xcy_json *p50 = xcy_json_get(xcy_json_get(metrics, sources[figure].metric), "p50");
    return xcy_json_get_number(p50, sources[figure].end, NAN);
}

/* A bound that is null is none. */
static void widen(struct xcy_interval *clock, const struct xcy_run_record *r)
{
    static const enum xcy_campaign_figure crossing[] = {XCY_FIGURE_PUBLISHED, XCY_FIGURE_WINDOW,
                                                        XCY_FIGURE_NOTIFY};
    const struct xcy_json *metrics = xcy_json_get(r->summary, "metrics");
    for (size_t f = 0; f < sizeof crossing / sizeof *crossing; f++) {
        const struct xcy_json *metric = xcy_json_get(metrics, sources[crossing[f]].metric);
        const struct xcy_json *p50 = xcy_json_get(metric, "p50");
        if (p50) {
            clock->low = fmin(clock->low, xcy_json_get_number(p50, "clock_low_ms", -INFINITY));
            clock->high = fmax(clock->high, xcy_json_get_number(p50, "clock_high_ms", INFINITY));
        }
    }
}

static bool is_used(const struct xcy_cell_result *c, const struct xcy_run_record *r)
{
    return r->progress == XCY_RUN_DONE && (r->is_valid || c->n_valid == 0);
}

static void count_runs(const struct xcy_campaign_state *state, struct xcy_cell_result *cells)
{
    for (size_t i = 0; i < state->plan.n_runs; i++) {
        const struct xcy_run_record *r = &state->runs[i];
        struct xcy_cell_result *c = &cells[state->plan.runs[i].cell];
        c->n_runs++;
        c->n_done += r->progress == XCY_RUN_DONE ? 1 : 0;
        c->n_valid += r->progress == XCY_RUN_DONE && r->is_valid ? 1 : 0;
        c->n_failed += r->progress == XCY_RUN_FAILED ? 1 : 0;
    }
    for (size_t i = 0; i < state->plan.n_cells; i++) {
        cells[i].n_used = cells[i].n_valid > 0 ? cells[i].n_valid : cells[i].n_done;
    }
}

/* Of each round the value, in the order of the journal; values has room for all runs. */
static size_t round_values(const struct xcy_campaign_state *state, size_t cell,
                           const struct xcy_cell_result *c, enum xcy_campaign_figure figure,
                           double *values)
{
    size_t n = 0;
    for (size_t i = 0; i < state->plan.n_runs; i++) {
        double value = state->plan.runs[i].cell == cell && is_used(c, &state->runs[i])
                           ? figure_of(&state->runs[i], figure)
                           : NAN;
        if (isfinite(value)) {
            values[n++] = value;
        }
    }
    return n;
}

/* A figure that is censored in one round has no mean over the rounds. */
static bool is_whole(const struct xcy_cell_result *c, enum xcy_campaign_figure figure, size_t n)
{
    bool may_be_censored = figure == XCY_FIGURE_WINDOW || figure == XCY_FIGURE_WINDOW_LOW ||
                           figure == XCY_FIGURE_PUBLISHED || figure == XCY_FIGURE_BARRIER;
    return !may_be_censored || n == c->n_used;
}

static void fill_cell(const struct xcy_campaign_state *state, size_t index,
                      struct xcy_cell_result *c, double *values)
{
    for (size_t i = 0; i < state->plan.n_runs; i++) {
        if (state->plan.runs[i].cell != index || !is_used(c, &state->runs[i])) {
            continue;
        }
        for (int k = 0; k < XCY_N_COUNTS; k++) {
            c->counts[k] += count_of(&state->runs[i], (enum xcy_campaign_count)k);
        }
        widen(&c->clock, &state->runs[i]);
    }
    int64_t events = c->counts[XCY_COUNT_INCONSISTENT];
    c->decided = events + c->counts[XCY_COUNT_CONSISTENT];
    c->share = xcy_wilson(events, c->decided, XCY_CAMPAIGN_CONFIDENCE);
    c->share_upper = xcy_clopper_pearson(events, c->decided, XCY_CAMPAIGN_CONFIDENCE).high;
    for (int f = 0; f < XCY_N_FIGURES; f++) {
        enum xcy_campaign_figure figure = (enum xcy_campaign_figure)f;
        size_t n = round_values(state, index, c, figure, values);
        c->figures[f] =
            xcy_rounds_of(values, is_whole(c, figure, n) ? n : 0, XCY_CAMPAIGN_CONFIDENCE);
    }
}

/* The cell that differs in nothing but the barrier. */
static bool find_like(const struct xcy_campaign_plan *plan, size_t cell, size_t *like)
{
    struct xcy_cell wanted = plan->cells[cell]; /* borrows its texts */
    wanted.consistency = XCY_CONSISTENCY_NONE;
    for (size_t i = 0; i < plan->n_cells; i++) {
        if (xcy_cell_is_same(&plan->cells[i], &wanted)) {
            *like = i;
            return true;
        }
    }
    return false;
}

static double published_in(const struct xcy_campaign_results *results, size_t cell, int64_t round)
{
    const struct xcy_campaign_state *state = results->state;
    for (size_t i = 0; i < state->plan.n_runs; i++) {
        const struct xcy_campaign_run *run = &state->plan.runs[i];
        if (run->cell == cell && run->round == round &&
            is_used(&results->cells[cell], &state->runs[i])) {
            return figure_of(&state->runs[i], XCY_FIGURE_PUBLISHED);
        }
    }
    return NAN;
}

static void compare(struct xcy_campaign_results *results, size_t cell, double *values)
{
    struct xcy_cell_result *c = &results->cells[cell];
    size_t like = 0;
    size_t n = 0;
    if (c->cell->consistency == XCY_CONSISTENCY_NONE ||
        !find_like(&results->state->plan, cell, &like)) {
        return;
    }
    for (int64_t round = 1; round <= c->cell->rounds; round++) {
        double with = published_in(results, cell, round);
        double without = published_in(results, like, round);
        if (isfinite(with) && isfinite(without)) {
            values[n++] = with - without;
        }
    }
    c->has_overhead = n > 0;
    c->overhead = xcy_rounds_of(values, n, XCY_CAMPAIGN_CONFIDENCE);
    const struct xcy_interval *other = &results->cells[like].clock;
    c->overhead_clock =
        (struct xcy_interval){c->clock.low - other->high, c->clock.high - other->low};
}

struct xcy_campaign_results xcy_campaign_results_of(const struct xcy_campaign_state *state)
{
    struct xcy_campaign_results results = {.state = state};
    size_t n_cells = state->plan.n_cells;
    double *values = xcy_alloc_array(state->plan.n_runs, sizeof *values);
    results.cells = xcy_alloc_array(n_cells, sizeof *results.cells);
    count_runs(state, results.cells);
    for (size_t i = 0; i < n_cells; i++) {
        results.cells[i].cell = &state->plan.cells[i];
        fill_cell(state, i, &results.cells[i], values);
    }
    for (size_t i = 0; i < n_cells; i++) {
        compare(&results, i, values);
    }
    free(values);
    return results;
}

void xcy_campaign_results_clear(struct xcy_campaign_results *results)
{
    free(results->cells);
    *results = (struct xcy_campaign_results){0};
}
