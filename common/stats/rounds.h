#ifndef XCY_STATS_ROUNDS_H
#define XCY_STATS_ROUNDS_H

/*
 * rounds.h - what repeated rounds of one measurement say together: each round is one value.
 *
 * Requests of one round share a machine's hour, a warm cache, a network's mood: they are no
 * independent sample of what another day would show. The rounds are, and so they are the unit.
 *
 * Below 3 rounds there is the spread only, least to most; from 3 on Student's t interval of the
 * mean; from 10 on the percentile bootstrap over rounds, which needs no normal values. It resamples
 * with a fixed seed: the same values give the same interval.
 *
 * Sources:  Student (1908) Biometrika 6:1; Efron & Tibshirani (1993) An Introduction to the
 *           Bootstrap, 13.3.
 * Threads:  safe. Arguments out of range are bugs.
 */

#include "common/stats/interval.h"
#include "common/stats/moments.h"

#include <stddef.h>

enum xcy_rounds_kind { XCY_ROUNDS_NONE, XCY_ROUNDS_SPREAD, XCY_ROUNDS_T, XCY_ROUNDS_BOOTSTRAP };
extern const char *const xcy_rounds_kind_names[]; /* "none", "spread", "t", "bootstrap" */

struct xcy_rounds {
    size_t n;
    enum xcy_rounds_kind kind;
    double mean; /* NaN without a round */
    double low;  /* of the interval, or of the spread */
    double high;
};

/* values: finite, one a round; 0 < confidence < 1. */
struct xcy_rounds xcy_rounds_of(const double *values, size_t n, double confidence);

/* Student's t interval of the mean; n >= 2. */
struct xcy_interval xcy_student_interval(struct xcy_moments moments, size_t n, double confidence);

#endif
