#include "campaign/plan.h"

#include "common/base/mem.h"
#include "common/net/crypto.h"
#include "common/stats/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double loadgen_rate_per_s = 100; /* loadgen's default, for estimates only */

static int64_t most_rounds(const struct xcy_cell *cells, size_t n)
{
    int64_t most = 0;
    for (size_t i = 0; i < n; i++) {
        most = cells[i].rounds > most ? cells[i].rounds : most;
    }
    return most;
}

/* Fisher and Yates. */
static void shuffle(struct xcy_campaign_run *runs, size_t n, struct xcy_stream *stream)
{
    for (size_t left = n; left > 1; left--) {
        size_t pick = (size_t)(xcy_stream_uniform(stream) * (double)left);
        struct xcy_campaign_run last = runs[left - 1];
        runs[left - 1] = runs[pick];
        runs[pick] = last;
    }
}

static void fill_runs(struct xcy_campaign_plan *plan)
{
    struct xcy_stream *stream = xcy_stream_new((uint64_t)plan->seed, "campaign order");
    int64_t rounds = most_rounds(plan->cells, plan->n_cells);
    size_t n = 0;
    for (int64_t round = 1; round <= rounds; round++) {
        size_t first = n;
        for (size_t c = 0; c < plan->n_cells; c++) {
            if (plan->cells[c].rounds >= round) {
                plan->runs[n++] = (struct xcy_campaign_run){.round = round, .cell = c};
            }
        }
        shuffle(plan->runs + first, n - first, stream);
    }
    xcy_assert(n == plan->n_runs);
    xcy_stream_free(stream);
}

enum xcy_status xcy_campaign_plan_make(const struct xcy_cell *cells, size_t n_cells, int64_t seed,
                                       struct xcy_campaign_plan *plan, struct xcy_error *err)
{
    int64_t n_runs = 0;
    for (size_t i = 0; i < n_cells; i++) {
        n_runs += cells[i].rounds;
    }
    if (n_runs > XCY_CAMPAIGN_MAX_RUNS || n_cells > XCY_CAMPAIGN_MAX_CELLS || n_runs == 0) {
        return xcy_fail(err, XCY_EUSAGE, "%lld runs are planned; 1..%d are possible",
                        (long long)n_runs, XCY_CAMPAIGN_MAX_RUNS);
    }
    *plan = (struct xcy_campaign_plan){.seed = seed, .n_cells = n_cells, .n_runs = (size_t)n_runs};
    plan->cells = xcy_alloc_array(n_cells, sizeof *plan->cells);
    plan->runs = xcy_alloc_array(plan->n_runs, sizeof *plan->runs);
    for (size_t i = 0; i < n_cells; i++) {
        plan->cells[i] = xcy_cell_copy(&cells[i]);
    }
    fill_runs(plan);
    return XCY_OK;
}

void xcy_campaign_plan_clear(struct xcy_campaign_plan *plan)
{
    for (size_t i = 0; i < plan->n_cells; i++) {
        xcy_cell_clear(&plan->cells[i]);
    }
    free(plan->cells);
    free(plan->runs);
    *plan = (struct xcy_campaign_plan){0};
}

int64_t xcy_campaign_run_seed(const struct xcy_campaign_plan *plan, size_t run)
{
    char purpose[64];
    const struct xcy_campaign_run *r = &plan->runs[run];
    snprintf(purpose, sizeof purpose, "round %lld of cell %zu", (long long)r->round, r->cell);
    struct xcy_stream *stream = xcy_stream_new((uint64_t)plan->seed, purpose);
    int64_t seed = 1 + (int64_t)(xcy_stream_uniform(stream) * 9007199254740990.0);
    xcy_stream_free(stream);
    return seed;
}

double xcy_cell_load_s(const struct xcy_cell *cell)
{
    double rate_per_s = cell->rate_per_s > 0 ? cell->rate_per_s : loadgen_rate_per_s;
    return cell->warmup_s + (double)cell->requests / rate_per_s;
}

void xcy_campaign_digest(const struct xcy_cell *cells, size_t n_cells,
                         char to[XCY_CAMPAIGN_DIGEST_BYTES])
{
    struct xcy_json *list = xcy_json_new_array();
    for (size_t i = 0; i < n_cells; i++) {
        xcy_json_append(list, xcy_cell_to_json(&cells[i]));
    }
    char *text = xcy_json_text(list);
    xcy_sha256_hex(xcy_bytes_of(text), to);
    free(text);
    xcy_json_free(list);
}
