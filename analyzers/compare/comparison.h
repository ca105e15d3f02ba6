#ifndef XCY_ANALYZERS_COMPARE_COMPARISON_H
#define XCY_ANALYZERS_COMPARE_COMPARISON_H

/*
 * comparison.h - two sides compared, cell by cell and figure by figure, and what became of the
 * expectation.
 *
 * p values are adjusted by Holm over all tests of the comparison: over one pair's figures as over a
 * whole matrix (family.h).
 *
 * Memory:   the caller owns the struct; xcy_comparison_clear. The lists may go before it.
 *           The records of one pair of cells are in memory at a time.
 * Threads:  plain data.
 */

#include "analyzers/compare/family.h"
#include "analyzers/compare/pairing.h"
#include "common/data/json.h"

enum xcy_expectation {
    XCY_EXPECT_NOTHING,
    XCY_EXPECT_EQUIVALENT, /* every figure that it is asked of is shown to be within the margin */
    XCY_EXPECT_NOT_WORSE,  /* no figure of B is found worse; with a margin: worse by more than it */
    XCY_N_EXPECTATIONS
};
extern const char *const xcy_expectation_names[]; /* "nothing", "equivalent", "not-worse" */

struct xcy_comparison_settings {
    struct xcy_evidence_settings evidence;
    struct xcy_contrast_settings contrast;
    enum xcy_expectation expect;
    /* Names of metrics, "inconsistent", "undecided" and "throughput". None: all but lag, throughput of
     * rounds only, and undecided only where some are; then equivalence is not asked of what clocks,
     * polls or a barrier leave open. */
    const char *const *figures;
    size_t n_figures;
};

struct xcy_compared_run {
    char *path;
    char problem[256]; /* "" or why it is not valid */
    struct xcy_counts counts;
};

struct xcy_compared_cell {
    const struct xcy_cell_pair *pair;
    struct xcy_compared_run *runs[2]; /* as many as the pair has */
    struct xcy_unlike unlike[XCY_N_FACTS];
    size_t n_unlike;
    struct xcy_contrast *contrasts; /* those with a value on a side */
    size_t n;
};

struct xcy_comparison {
    const struct xcy_comparison_settings *settings; /* borrowed */
    struct xcy_pairing pairing;
    struct xcy_compared_cell *cells; /* pairs with runs on both sides */
    size_t n_cells;
    const struct xcy_cell_pair **alone; /* cells of one side only */
    size_t n_alone;
    struct xcy_tests tests;
    size_t n_not_valid;
    size_t n_figures;
    size_t n_missed; /* figures that do not meet the expectation */
};

enum { XCY_COMPARISON_WORDS_BYTES = 1 << 20 }; /* at most, of any matrix */

/* Fails as xcy_summary_make does; XCY_EUSAGE if no cell of A has its like in B, if a run is on both
 * sides, if a figure has no metric, or if a quantile of rounds is asked of single runs, or of
 * rounds with too few values for it. */
enum xcy_status xcy_comparison_make(const struct xcy_run_set *a, const struct xcy_run_set *b,
                                    const struct xcy_comparison_settings *settings,
                                    struct xcy_comparison *comparison,
                                    struct xcy_error *err) XCY_MUST_USE;
void xcy_comparison_clear(struct xcy_comparison *comparison);

/* Of all runs of side 0 (A) or 1 (B). */
struct xcy_counts xcy_compared_cell_counts(const struct xcy_compared_cell *cell, size_t side);

bool xcy_contrast_is_missed(const struct xcy_contrast *contrast,
                            const struct xcy_comparison_settings *settings);

/* All figures in a sentence: "B differs in 2 of 14 figures: …"; and how many requests are undecided,
 * whichever figures were asked for. */
void xcy_comparison_words(const struct xcy_comparison *comparison, struct xcy_buf *out);

void xcy_comparison_print(const struct xcy_comparison *comparison, struct xcy_buf *out);
void xcy_comparison_print_markdown(const struct xcy_comparison *comparison, struct xcy_buf *out);
/* A test case a figure; those that miss the expectation fail, those not valid are errors. */
void xcy_comparison_print_junit(const struct xcy_comparison *comparison, struct xcy_buf *out);
struct xcy_json *xcy_comparison_to_json(const struct xcy_comparison *comparison); /* the caller's */

#endif
