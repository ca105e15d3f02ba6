#ifndef XCY_CAMPAIGN_PLAN_H
#define XCY_CAMPAIGN_PLAN_H

/*
 * plan.h - the order in which a campaign's cells are measured.
 *
 * Each round has every cell that wants so many rounds once, in an order of its own, shuffled by the
 * seed. Whatever drifts over the hours (other tenants, temperature, a filling disk) then falls on
 * all cells alike and is seen as the spread between rounds, and a campaign that is stopped early
 * has whole rounds.
 *
 * Memory:   xcy_campaign_plan_clear. It owns copies of the cells.
 * Threads:  plain data.
 */

#include "campaign/cell.h"

struct xcy_campaign_run {
    int64_t round; /* from 1 */
    size_t cell;   /* index */
};

struct xcy_campaign_plan {
    int64_t seed;
    struct xcy_cell *cells;
    size_t n_cells;
    struct xcy_campaign_run *runs; /* in order; run number n is runs[n - 1] */
    size_t n_runs;
};

enum { XCY_CAMPAIGN_MAX_CELLS = 10000, XCY_CAMPAIGN_MAX_RUNS = 1000000 };

/* XCY_EUSAGE: more runs than anybody lives to see. */
enum xcy_status xcy_campaign_plan_make(const struct xcy_cell *cells, size_t n_cells, int64_t seed,
                                       struct xcy_campaign_plan *plan,
                                       struct xcy_error *err) XCY_MUST_USE;
void xcy_campaign_plan_clear(struct xcy_campaign_plan *plan);

/* loadgen's seed for a run (index), 1..2^53-1: of the campaign's seed, the round and the cell, so
 * that a run that is done again is the same load. */
int64_t xcy_campaign_run_seed(const struct xcy_campaign_plan *plan, size_t run);

/* How long the sending of a run takes, with the warm-up; loadgen's own rate where none is said. */
double xcy_cell_load_s(const struct xcy_cell *cell);

/* Digest of the cells: two configs with the same one ask for the same. */
enum { XCY_CAMPAIGN_DIGEST_BYTES = 65 };
void xcy_campaign_digest(const struct xcy_cell *cells, size_t n_cells,
                         char to[XCY_CAMPAIGN_DIGEST_BYTES]);

#endif
