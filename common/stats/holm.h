#ifndef XCY_STATS_HOLM_H
#define XCY_STATS_HOLM_H

/*
 * holm.h - p values of many comparisons, adjusted so that the chance of even one false finding
 * among all stays below the level, whatever depends on what.
 *
 * Source:   Holm (1979) Scandinavian Journal of Statistics 6:65; adjusted values: Wright (1992)
 *           Biometrics 48:1005.
 * Threads:  safe. A p outside 0..1 is a bug.
 */

#include <stddef.h>

/* NaN: no test was made; it stays NaN and is not counted. adjusted may be p itself. */
void xcy_holm(const double *p, size_t n, double *adjusted);

#endif
