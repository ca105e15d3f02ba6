#ifndef XCY_ANALYZERS_COMPARE_SHARES_H
#define XCY_ANALYZERS_COMPARE_SHARES_H

/*
 * shares.h - what the counted reads of two sides say of their shares.
 *
 * Of rounds the reads of all rounds together set the least error that may be told: rounds of nothing
 * each do not vary, and yet 0 of 30 may be 11 %.
 *
 * All take a contrast whose events and cases are known.
 *
 * Sources:  newcombe.h, fisher.h; Wilson's interval of proportion.h.
 * Threads:  safe.
 */

#include "analyzers/compare/contrast.h"

/* Of single runs: fills sides, shift, near, test and p. */
void xcy_shares_compare(struct xcy_contrast *contrast);

/* Of rounds that were compared: the interval of a side is no narrower than that of its counts, and of
 * one round it is that. */
void xcy_shares_widen_sides(struct xcy_contrast *contrast);
/* Of enough rounds: widens shift and near to the error of counts, and takes the larger p. */
void xcy_shares_widen(struct xcy_contrast *contrast);

/* Rounds a side at which the counts alone would show equivalence, if their shares stay what they are;
 * 0: never. margin > 0 */
int64_t xcy_shares_need_rounds(const struct xcy_contrast *contrast, double margin);

#endif
