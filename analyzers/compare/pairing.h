#ifndef XCY_ANALYZERS_COMPARE_PAIRING_H
#define XCY_ANALYZERS_COMPARE_PAIRING_H

/*
 * pairing.h - which runs of one side are compared with which of the other.
 *
 * Runs that measure the same (xcy_facts: stores, consistency, delay, size, regions, rate …) are the
 * rounds of one cell. What is one thing throughout A and one thing throughout B is not asked for when
 * cells are paired: it is what both share, or what they differ by ("consistency: none -> antipode"). So
 * two runs are always a pair, two campaigns pair cell by cell, and runs without a barrier pair with
 * those behind one.
 *
 * Memory:   the caller owns the struct; xcy_pairing_clear. Paths are borrowed.
 * Threads:  plain data.
 */

#include "analyzers/facts.h"
#include "analyzers/run_set.h"

struct xcy_paired_run {
    const char *path;
    struct xcy_run_facts facts;
};

struct xcy_cell_pair {
    char *label; /* "dynamo sns", what was asked for; "" where nothing was */
    const struct xcy_paired_run **runs[2];
    size_t n[2]; /* 0: of one side only */
};

struct xcy_pairing {
    struct xcy_paired_run *runs[2];
    size_t n[2];
    struct xcy_cell_pair
        *pairs; /* in the order of A's runs, then of B's; also those of one side only */
    size_t n_pairs;
};

/* Reads the run.yml of all; paths stay the lists'. Fails as xcy_manifest_read does. */
enum xcy_status xcy_pairing_make(const struct xcy_run_set *a, const struct xcy_run_set *b,
                                 struct xcy_pairing *pairing, struct xcy_error *err) XCY_MUST_USE;
/* The same of runs that are known already; takes both arrays. */
struct xcy_pairing xcy_pairing_of(struct xcy_paired_run *a, size_t n_a, struct xcy_paired_run *b,
                                  size_t n_b);
void xcy_pairing_clear(struct xcy_pairing *pairing);

/* A fact that is not the same in all runs of a pair. */
struct xcy_unlike {
    enum xcy_fact fact;
    char *text[2];   /* owned: "100"; where rounds of a side differ, "100 (not all rounds)" */
    bool is_subject; /* what is compared; else what should be alike, and is not */
};

/* Fills at most XCY_N_FACTS; how many. Each to be cleared. */
size_t xcy_cell_pair_unlike(const struct xcy_cell_pair *pair, struct xcy_unlike *unlike);
void xcy_unlike_clear(struct xcy_unlike *unlike);

#endif
