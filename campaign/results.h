#ifndef XCY_CAMPAIGN_RESULTS_H
#define XCY_CAMPAIGN_RESULTS_H

/*
 * results.h - what a campaign's runs showed, cell by cell, from its journal alone.
 *
 * A share is given twice: pooled over all requests with its Wilson interval (how well this many
 * requests tell it), and over the rounds (how far it moved from one to the next; rounds.h). The
 * other figures are the rounds' own medians, taken together over the rounds; percentiles of different
 * runs are never pooled. What a barrier costs is the difference to the cell without one, pair by
 * pair of the same round.
 *
 * A cell's figures are of its valid runs; where none is valid, of all, and the cell says so.
 *
 * Units:    shares 0..1; durations in milliseconds.
 * Memory:   xcy_campaign_results_clear; borrows from the state.
 */

#include "campaign/journal.h"
#include "common/stats/proportion.h"
#include "common/stats/rounds.h"

#define XCY_CAMPAIGN_CONFIDENCE 0.95

enum xcy_campaign_figure {
    XCY_FIGURE_SHARE,      /* inconsistent reads, of those decided; 0..1 */
    XCY_FIGURE_PUBLISHED,  /* p50 of the window as published */
    XCY_FIGURE_WINDOW_LOW, /* p50 of the window by visibility: lower ends */
    XCY_FIGURE_WINDOW,     /* and upper ends */
    XCY_FIGURE_NOTIFY,     /* p50 of the notification's latency */
    XCY_FIGURE_WRITE,      /* p50 of the write's */
    XCY_FIGURE_RESPONSE,   /* p50 of the whole invocation's, from when it was due */
    XCY_FIGURE_BARRIER,    /* p50 of what the barrier waited */
    XCY_FIGURE_THROUGHPUT, /* invocations that ended well, a second */
    XCY_N_FIGURES
};
extern const char *const xcy_campaign_figure_names[];

enum xcy_campaign_count {
    XCY_COUNT_PLANNED, /* without the warm-up */
    XCY_COUNT_CONSISTENT,
    XCY_COUNT_INCONSISTENT,
    XCY_COUNT_LOST,
    XCY_COUNT_FAILED,
    XCY_COUNT_SKIPPED,
    XCY_N_COUNTS
};
extern const char *const xcy_campaign_count_names[];

struct xcy_cell_result {
    const struct xcy_cell *cell;
    size_t n_runs; /* planned */
    size_t n_done;
    size_t n_valid;
    size_t n_failed;
    size_t n_used;                /* whose figures are taken: the valid ones, or all done */
    int64_t counts[XCY_N_COUNTS]; /* summed over those used */
    int64_t decided;              /* consistent + inconsistent */
    struct xcy_interval share;    /* Wilson, pooled */
    double share_upper;           /* of the exact interval, for none of n */
    struct xcy_rounds figures[XCY_N_FIGURES];
    /* How far the clocks may have moved the medians that cross them (published, window, notify) in any
     * of the rounds, in ms; infinite: no bound. */
    struct xcy_interval clock;
    bool has_overhead;          /* a cell with a barrier, and its like without one */
    struct xcy_rounds overhead; /* of the window as published, in ms, over pairs of one round */
    struct xcy_interval overhead_clock;
};

struct xcy_campaign_results {
    const struct xcy_campaign_state *state;
    struct xcy_cell_result *cells; /* state->plan.n_cells */
};

struct xcy_campaign_results xcy_campaign_results_of(const struct xcy_campaign_state *state);
void xcy_campaign_results_clear(struct xcy_campaign_results *results);

/* For people: a row a cell, then what failed or is not valid and why. */
void xcy_campaign_results_text(const struct xcy_campaign_results *results, struct xcy_buf *out);
/* For machines: docs/formats.md. Owned by the caller. */
struct xcy_json *xcy_campaign_results_json(const struct xcy_campaign_results *results);

#endif
