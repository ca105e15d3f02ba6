#include "campaign/results.h"

#include <math.h>

static void put_rounds(struct xcy_json *object, const char *key, const struct xcy_rounds *r)
{
    struct xcy_json *o = xcy_json_put_object(object, key);
    xcy_json_put_int64(o, "n", (int64_t)r->n);
    xcy_json_put_string(o, "kind", xcy_rounds_kind_names[r->kind]);
    xcy_json_put_number(o, "mean", r->mean);
    xcy_json_put_number(o, "low", r->low);
    xcy_json_put_number(o, "high", r->high);
}

/* What is infinite has no bound: null. */
static void put_clock(struct xcy_json *object, const char *key, const struct xcy_interval *clock)
{
    struct xcy_json *o = xcy_json_put_object(object, key);
    xcy_json_put_number(o, "low", clock->low);
    xcy_json_put_number(o, "high", clock->high);
}

static void put_share(struct xcy_json *object, const struct xcy_cell_result *c)
{
    struct xcy_json *o = xcy_json_put_object(object, "inconsistent");
    int64_t events = c->counts[XCY_COUNT_INCONSISTENT];
    xcy_json_put_int64(o, "events", events);
    xcy_json_put_int64(o, "n", c->decided);
    xcy_json_put_number(o, "share", c->decided > 0 ? (double)events / (double)c->decided : NAN);
    xcy_json_put_number(o, "wilson95_low", c->share.low);
    xcy_json_put_number(o, "wilson95_high", c->share.high);
    xcy_json_put_number(o, "clopper_pearson95_high", c->share_upper);
}

static void put_cell(struct xcy_json *list, const struct xcy_cell_result *c)
{
    struct xcy_json *o = xcy_json_append_object(list);
    xcy_json_put(o, "cell", xcy_cell_to_json(c->cell));
    struct xcy_json *runs = xcy_json_put_object(o, "runs");
    xcy_json_put_int64(runs, "planned", (int64_t)c->n_runs);
    xcy_json_put_int64(runs, "done", (int64_t)c->n_done);
    xcy_json_put_int64(runs, "valid", (int64_t)c->n_valid);
    xcy_json_put_int64(runs, "failed", (int64_t)c->n_failed);
    xcy_json_put_int64(runs, "used", (int64_t)c->n_used);
    struct xcy_json *classes = xcy_json_put_object(o, "classes");
    for (int k = 0; k < XCY_N_COUNTS; k++) {
        xcy_json_put_int64(classes, xcy_campaign_count_names[k], c->counts[k]);
    }
    put_share(o, c);
    struct xcy_json *figures = xcy_json_put_object(o, "by_rounds");
    for (int f = 0; f < XCY_N_FIGURES; f++) {
        put_rounds(figures, xcy_campaign_figure_names[f], &c->figures[f]);
    }
    put_clock(o, "clock_ms", &c->clock);
    if (c->has_overhead) {
        put_rounds(o, "overhead_ms", &c->overhead);
        put_clock(o, "overhead_clock_ms", &c->overhead_clock);
    } else {
        xcy_json_put_null(o, "overhead_ms");
        xcy_json_put_null(o, "overhead_clock_ms");
    }
}

static void put_run(struct xcy_json *list, const struct xcy_campaign_state *state, size_t i)
{
    const struct xcy_run_record *r = &state->runs[i];
    struct xcy_json *o = xcy_json_append_object(list);
    xcy_json_put_int64(o, "n", (int64_t)i + 1);
    xcy_json_put_int64(o, "round", state->plan.runs[i].round);
    xcy_json_put_int64(o, "cell", (int64_t)state->plan.runs[i].cell);
    xcy_json_put_string(o, "progress", xcy_run_progress_names[r->progress]);
    xcy_json_put_bool(o, "is_valid", r->is_valid);
    xcy_json_put_string(o, "reason", r->reason);
    xcy_json_put_string(o, "folder", r->folder);
    xcy_json_put_string(o, "log", r->log);
    xcy_json_put_number(o, "took_s",
                        r->progress == XCY_RUN_DONE || r->progress == XCY_RUN_FAILED ? r->took_s
                                                                                     : NAN);
}

struct xcy_json *xcy_campaign_results_json(const struct xcy_campaign_results *results)
{
    const struct xcy_campaign_state *state = results->state;
    struct xcy_json *root = xcy_json_new_object();
    xcy_json_put_int64(root, "format_version", 1);
    xcy_json_put_string(root, "name", state->name);
    xcy_json_put_string(root, "digest", state->digest);
    xcy_json_put_int64(root, "seed", state->plan.seed);
    struct xcy_json *cells = xcy_json_put_array(root, "cells");
    for (size_t i = 0; i < state->plan.n_cells; i++) {
        put_cell(cells, &results->cells[i]);
    }
    struct xcy_json *runs = xcy_json_put_array(root, "runs");
    for (size_t i = 0; i < state->plan.n_runs; i++) {
        put_run(runs, state, i);
    }
    return root;
}
