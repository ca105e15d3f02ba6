#ifndef XCY_LOADGEN_JUDGE_COMPARISON_H
#define XCY_LOADGEN_JUDGE_COMPARISON_H

/*
 * comparison.h - the four comparisons of an objective.
 *
 * Use inside this folder; objective.h is for the others.
 *
 * Threads:  safe.
 */

#include "common/base/bytes.h"

enum xcy_comparison {
    XCY_AT_MOST, /* before XCY_BELOW, whose sign its own begins with */
    XCY_AT_LEAST,
    XCY_BELOW,
    XCY_ABOVE,
    XCY_N_COMPARISONS
};

/* "<=", ">=", "<", ">" */
extern const char *const xcy_comparison_signs[XCY_N_COMPARISONS + 1];

/* The one whose sign the text begins with; XCY_N_COMPARISONS: none. */
enum xcy_comparison xcy_comparison_find(const char *text);

bool xcy_comparison_holds(enum xcy_comparison comparison, double found, double bound);

#endif
