#ifndef XCY_STATS_NEWCOMBE_H
#define XCY_STATS_NEWCOMBE_H

/*
 * newcombe.h - the interval of a difference of two independent shares, for display.
 *
 * For paired cases (the same requests seen twice) it is the wrong one.
 *
 * Units:    shares are fractions; the difference is to - from, in -1..1.
 * Accuracy: approximate: a claimed 95 % is near 95 %, not at least (docs/statistics/coverage.md).
 * Source:   Newcombe (1998) Statistics in Medicine 17:873, method 10 (hybrid score); the formula
 *           stands in newcombe.c.
 * Threads:  safe. Arguments out of range are bugs.
 */

#include "common/stats/interval.h"
#include "common/stats/share.h"

/* A share of no case may be anything: then -1..1. 0 < confidence < 1. */
struct xcy_interval xcy_newcombe(struct xcy_share from, struct xcy_share to, double confidence);

#endif
