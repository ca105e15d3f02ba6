#ifndef XCY_STATS_DKW_H
#define XCY_STATS_DKW_H

/*
 * dkw.h - a band around a sample's distribution function that holds everywhere at once.
 *
 * For a curve that is read at any of its points, or at many. At one point chosen beforehand the
 * Clopper-Pearson interval (proportion.h) is narrower.
 *
 * With a confidence of 95 % it is 4.3 % each way at n = 1000. It is never too narrow, whatever the
 * distribution.
 *
 * Units:    shares are fractions 0..1.
 * Sources:  Dvoretzky, Kiefer & Wolfowitz (1956) Annals of Mathematical Statistics 27:642; the
 *           constant 2: Massart (1990) Annals of Probability 18:1269.
 * Threads:  safe. Arguments out of range are bugs.
 */

#include "common/stats/interval.h"

#include <stddef.h>

/* Half the band's width, sqrt(ln(2 / alpha) / 2n), at most 1; 1 where n = 0. 0 < confidence < 1. */
double xcy_dkw_epsilon(size_t n, double confidence);

/* The band where `count` of n values are at or below (or above) a point; within 0..1. */
struct xcy_interval xcy_dkw_band(size_t count, size_t n, double confidence);

#endif
