#ifndef XCY_STATS_FISHER_H
#define XCY_STATS_FISHER_H

/*
 * fisher.h - could two shares be one? The exact two-sided p value of a 2 x 2 table.
 *
 * Given both sizes and the sum of events, the events of one share are hypergeometric. p is the
 * probability of all tables that are no likelier than the one seen.
 *
 * Accuracy: relative 1e-9 against R; a p below 1e-300 may come out as 0.
 * Cost:     of the order of the standard deviation of the events, not of n.
 * Sources:  Fisher (1935) JRSS 98:39; which tables count as no likelier (a relative 1e-7 is a tie):
 *           as R's fisher.test.
 * Threads:  safe. Arguments out of range are bugs.
 */

#include "common/stats/share.h"

/* 1 where one of them has no case. Sizes up to 10^9. */
double xcy_fisher(struct xcy_share one, struct xcy_share two);

#endif
