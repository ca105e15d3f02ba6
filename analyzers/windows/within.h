#ifndef XCY_ANALYZERS_WINDOWS_WITHIN_H
#define XCY_ANALYZERS_WINDOWS_WITHIN_H

/*
 * within.h - of all posts that were read, what share was visible within a time of the write: the
 * distribution function of values that are known as intervals, as an envelope.
 *
 * A window in (low, high] surely ended within t where high <= t, and may have where low < t. So the
 * lower curve has all values at their upper ends, the upper curve all at their lower ends, and the
 * truth of these posts lies between, whatever lies inside the intervals. The clocks move both ends of
 * each value outwards; the band is around both, and holds at all t at once.
 *
 * Units:    microseconds; shares are fractions.
 * Source:   the band: Dvoretzky, Kiefer & Wolfowitz with Massart's constant (dkw.h); each curve is an
 *           empirical distribution function, and the true one lies below the upper's and above the
 *           lower's.
 * Threads:  safe.
 */

#include "analyzers/distribution.h"
#include "common/stats/interval.h"

struct xcy_within {
    struct xcy_interval polling; /* what polling leaves open */
    struct xcy_interval clocks;  /* and the clocks */
    struct xcy_interval band;    /* and chance */
};

/* Of a settled distribution of a visibility that has a value. 0 < confidence < 1 */
struct xcy_within xcy_within_at(const struct xcy_distribution *d, int64_t at_us, double confidence);

/* The last time at which a curve rises, also where the clocks move it, that is no infinity; 0 if there
 * is none. */
double xcy_within_last_us(const struct xcy_distribution *d);

#endif
