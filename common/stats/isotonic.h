#ifndef XCY_STATS_ISOTONIC_H
#define XCY_STATS_ISOTONIC_H

/*
 * isotonic.h - the ascending values nearest to given ones: least weighted sum of squares.
 *
 * Use inside this folder.
 *
 * Source:   Ayer, Brunk, Ewing, Reid & Silverman (1955) Annals of Mathematical Statistics 26:641:
 *           neighbours that descend become their mean.
 * Threads:  safe.
 */

#include <stddef.h>

/* weights > 0. fitted may be y itself. */
void xcy_isotonic(const double *y, const double *weights, size_t n, double *fitted);

#endif
