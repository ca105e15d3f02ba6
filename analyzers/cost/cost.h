#ifndef XCY_ANALYZERS_COST_COST_H
#define XCY_ANALYZERS_COST_COST_H

/*
 * cost.h - what consistency costs at the same residual inconsistency: nothing done, an artificial delay
 * that leaves no more than the barrier does, the barrier.
 *
 * A delay and a barrier can only be compared at what they leave: any delay is cheaper than a barrier if
 * it may leave more. So the delay is tuned: of the delays that were run, the least that left no larger
 * share than the barrier did, as all longer ones did. Beside it stands what the delay curve of the
 * runs without either asks for (delay_curve.h): the delay to run where none of them reaches it.
 *
 * Where the barrier left nothing, the target is the upper end of what that can be claimed to be: for
 * a share of zero no sample tells a delay. Then no more may be claimed of the delay either: the upper
 * end of its share is held against it, so that few reads are enough of neither.
 *
 * Rounds of the runs without either are pooled for the curve: band and interval speak of runs like these.
 *
 * Units:    those of contrast.h; delays in milliseconds.
 * Sources:  delay_curve.h; contrast.h; the exact interval of proportion.h.
 * Memory:   the caller owns the struct; xcy_cost_clear. All runs are in memory at once.
 * Threads:  one owner.
 */

#include "analyzers/compare/family.h"
#include "analyzers/delay_curve.h"
#include "analyzers/run_set.h"
#include "common/data/json.h"
#include "common/stats/share.h"

#define XCY_COST_QUANTILE 0.5 /* of the durations of a round */

enum xcy_remedy { XCY_REMEDY_NONE, XCY_REMEDY_DELAY, XCY_REMEDY_BARRIER, XCY_N_REMEDIES };
extern const char *const xcy_remedy_names[]; /* "none", "delay", "barrier" */

/* Runs of one delay, or of the barrier. */
struct xcy_cost_setting {
    struct xcy_compared_side side;
    enum xcy_consistency consistency;
    int64_t delay_ms;
    struct xcy_counts counts; /* of all rounds together, as all below */
    struct xcy_share share;   /* inconsistent */
    struct xcy_interval exact;
    /* of delays: it and all longer ones left no more than the target, for certain where that is a claim */
    bool is_enough;
};

/* Two remedies held against each other, B against A. */
enum xcy_cost_pair {
    XCY_COST_OF_DELAY,   /* delay against none */
    XCY_COST_OF_BARRIER, /* barrier against none */
    XCY_COST_OF_CHOICE,  /* barrier against delay */
    XCY_N_COST_PAIRS
};
extern const enum xcy_remedy xcy_cost_pairs[XCY_N_COST_PAIRS][2];

/* Of the figures of a pair the last, which is there only where a request of what is compared is
 * undecided. */
enum { XCY_COST_UNDECIDED = 6, XCY_N_COST_FIGURES };

struct xcy_cost {
    struct xcy_summary *runs;
    size_t n_runs;
    struct xcy_cost_setting *settings; /* by delay, the barrier last */
    size_t n_settings;
    const struct xcy_cost_setting *remedies[XCY_N_REMEDIES]; /* DELAY: NULL, none is enough */

    /* The share that a delay may leave, and whether it is what can be claimed of a barrier that left
     * nothing. */
    double target;
    bool is_claimed;

    struct xcy_distribution margins; /* of all runs without either */
    struct xcy_distribution polled;
    bool has_curve;
    struct xcy_delay_needed needed;
    bool has_pair[XCY_N_COST_PAIRS];
    size_t n_figures; /* of each pair */
    struct xcy_contrast figures[XCY_N_COST_PAIRS][XCY_N_COST_FIGURES];
    struct xcy_tests tests;
};

/* XCY_EUSAGE: no run without delay and barrier, or none behind a barrier; a delay and a barrier at
 * once; runs that differ in more than consistency and delay. Else as xcy_summary_make. The
 * metrics of settings must hold ours. */
enum xcy_status xcy_cost_make(const struct xcy_run_set *set,
                              const struct xcy_evidence_settings *settings, struct xcy_cost *cost,
                              struct xcy_error *err) XCY_MUST_USE;
void xcy_cost_clear(struct xcy_cost *cost);

/* A remedy's own figure: the contrast that holds it and its side there; NULL: no such runs. */
const struct xcy_contrast *xcy_cost_figure(const struct xcy_cost *cost, enum xcy_remedy remedy,
                                           size_t figure, size_t *side);

void xcy_cost_print(const struct xcy_cost *cost, struct xcy_buf *out);
struct xcy_json *xcy_cost_to_json(const struct xcy_cost *cost); /* owned by the caller */

/* "the least delay that leaves no more than the barrier is …", or what to run; and what more requests
 * are undecided behind a remedy than without one. */
void xcy_cost_words(const struct xcy_cost *cost, struct xcy_buf *out);

#endif
