#ifndef XCY_STATS_TOST_H
#define XCY_STATS_TOST_H

/*
 * tost.h - is a ratio near enough to 1? Two one-sided tests.
 *
 * "No significant difference" is no proof of equality; this is: both "more than margin larger" and
 * "more than margin smaller" are rejected at level alpha, which is when the 1 - 2 alpha interval of
 * the log ratio (90 % at alpha = 5 %) lies within -log(1 + margin) .. log(1 + margin).
 *
 * Units:    margin 0.02 is 2 %; ratios as natural logarithms.
 * Source:   Schuirmann (1987) Journal of Pharmacokinetics and Biopharmaceutics 15:657; the margin
 *           on a log scale is symmetric: 1/(1 + margin) .. 1 + margin.
 * Threads:  safe. Arguments out of range are bugs.
 */

#include "common/stats/interval.h"
#include "common/stats/values.h"

enum xcy_tost_verdict {
    XCY_TOST_UNDECIDED,  /* the interval crosses a limit: more rounds, or a wider margin */
    XCY_TOST_EQUIVALENT, /* it lies within both */
    XCY_TOST_DIFFERENT,  /* it lies wholly beyond one: the difference is larger than the margin */
};
extern const char *const xcy_tost_verdict_names[]; /* "undecided", "equivalent", "different" */

/* log_ratio: of confidence 1 - 2 alpha. margin > 0. */
enum xcy_tost_verdict xcy_tost_verdict_of(struct xcy_interval log_ratio, double margin);

struct xcy_tost {
    struct xcy_interval
        log_ratio; /* of confidence 1 - 2 alpha, by Welch; -inf..inf below two rounds */
    double
        p; /* the larger of the two one-sided; at most alpha where equivalent; 1 below two rounds */
    enum xcy_tost_verdict verdict;
};

/* Values are logarithms, one a round; 0 < alpha < 0.5. */
struct xcy_tost xcy_tost_welch(struct xcy_values log_from, struct xcy_values log_to, double margin,
                               double alpha);

#endif
