#ifndef XCY_ANALYZERS_CAUSALITY_H
#define XCY_ANALYZERS_CAUSALITY_H

/*
 * causality.h - points in an impossible order: within one clock, or of two clocks beyond all that
 * their bounds allow. Either makes a run invalid; nothing is clamped or left out for it.
 *
 * Threads:  safe.
 */

#include "analyzers/clock.h"
#include "common/record/order.h"

/* Of the record looked at. False: *broken has a pair that cannot be. */
bool xcy_causality_holds(struct xcy_clocks_view *view, struct xcy_disorder *broken);

#endif
