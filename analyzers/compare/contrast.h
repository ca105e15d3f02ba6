#ifndef XCY_ANALYZERS_COMPARE_CONTRAST_H
#define XCY_ANALYZERS_COMPARE_CONTRAST_H

/*
 * contrast.h - one figure of two sides: a share (of inconsistent reads, of requests that were not
 * decided), the throughput, or a metric; how far B lies from A, how sure that is, and what may be said of it.
 *
 * A side is one run or several. One run on each side: the unit is the request. Otherwise, and always of
 * throughput, the round is: each run gives one value, its share, its quantile (the median unless said
 * otherwise), or its mean of bytes; below 3 rounds on a side only the spread is told.
 *
 * Methods:  requests: shares by Newcombe and Fisher, durations by Hodges-Lehmann and Mann-Whitney;
 *           bytes, most of which are equal, by their means as rounds are. Rounds: Welch; of shares
 *           never less than the error of the counted reads (shares.h). Equivalence: the 90 % interval
 *           of the log ratio within -+log(1 + margin); of shares that of the difference within
 *           -+margin, in points, as a ratio to a share near 0 says little.
 * Units:    of values microseconds, bytes or 1/s; of shares 0..1; ratios as logarithms.
 * Threads:  plain data; safe.
 */

#include "analyzers/compare/shift.h"
#include "analyzers/summary.h"
#include "common/stats/tost.h"

#define XCY_COMPARE_ALPHA   0.05
#define XCY_NEAR_CONFIDENCE (1 - 2 * XCY_COMPARE_ALPHA) /* of equivalence: two one-sided tests */

enum { XCY_LEAST_ROUNDS = 3 };

struct xcy_compared_side {
    const struct xcy_summary *runs; /* borrowed */
    size_t n;
};

enum xcy_found {
    XCY_FOUND_NO_VALUES, /* a side has none */
    XCY_FOUND_TOO_FEW,   /* rounds: the spread only */
    XCY_FOUND_UNBOUNDED, /* no test can be made of what is censored */
    XCY_FOUND_LARGER,    /* B is */
    XCY_FOUND_SMALLER,
    XCY_FOUND_WITHIN_CLOCKS, /* a difference that the clocks may have made, alone or with chance */
    XCY_FOUND_NO_DIFFERENCE,
    XCY_N_FOUND
};
extern const char *const xcy_found_names[];

enum xcy_contrast_kind {
    XCY_KIND_INCONSISTENT, /* share of the reads that were answered */
    XCY_KIND_UNDECIDED,    /* share of the requests; undecided.h */
    XCY_KIND_THROUGHPUT,
    XCY_KIND_DURATION,
    XCY_KIND_BYTES,
    XCY_N_KINDS
};

struct xcy_contrast_traits {
    const char *name;   /* NULL: the metric's */
    const char *title;  /* likewise */
    const char *unit;   /* in --json */
    double scale;       /* from a value to that unit */
    const char *larger; /* what B is, if its values are larger */
    const char *smaller;
    bool has_ratio;      /* else a share: differences are told, and a margin is of them */
    bool is_more_better; /* else larger is worse */
};
extern const struct xcy_contrast_traits xcy_contrast_traits[XCY_N_KINDS];

struct xcy_contrast_settings {
    double quantile; /* of each round; 0..1 */
    double margin;   /* 0.02 is 2 %; 0: no equivalence is asked for */
};

/* The same, were every value as far to the less favourable side as its clocks may have moved it; of
 * one clock it is as measured. */
struct xcy_contrast_moved {
    struct xcy_interval shift;     /* 95 % */
    struct xcy_interval log_ratio; /* 95 %; -inf..inf where there is none */
    double p;                      /* 1 also where the clocks allow both directions */
    double p_adjusted;             /* as that of the contrast */
};

struct xcy_contrast {
    enum xcy_contrast_kind kind;
    const struct xcy_metric *metric; /* NULL: share and throughput have none */
    bool crosses_clocks;             /* of several processes' clocks */
    bool of_rounds;                  /* else of requests */
    int64_t n[2];                    /* values of A and of B: requests, or rounds */
    struct xcy_estimate
        sides[2]; /* median, or mean of rounds or of bytes, each with its own interval */
    struct xcy_interval
        spread[2];     /* of 2 rounds, which have no interval: least to most; else NaN */
    int64_t events[2]; /* of shares */
    int64_t cases[2];
    double direction;           /* of the test; > 0: B tends to be larger, also where shift is 0 */
    struct xcy_shift shift;     /* B - A, 95 % */
    struct xcy_interval clock;  /* how far the clocks may have moved the estimate; both sides' */
    bool has_ratio;             /* false: shares, and values that are negative */
    struct xcy_shift log_ratio; /* log of B / A, 95 % */
    bool may_be_negative;       /* a moved value may: no ratio can be told */
    bool is_zero[2];            /* all values of the side are, wherever clocks move them */
    struct xcy_contrast_moved moved;
    struct xcy_interval near; /* 90 % of the log ratio (of shares: of the difference) */
    const char *test;         /* "mann_whitney", "fisher", "welch"; NULL: none */
    double p;                 /* NaN: no test */
    double p_adjusted;        /* by Holm, over all of the comparison */
    /* a side, for equivalence within the margin; 0: not of rounds, or never */
    int64_t needs_rounds;
    enum xcy_found found;
    enum xcy_tost_verdict equivalence; /* of a margin > 0 */
};

/* Statistics alone: both p_adjusted are p, found and equivalence are of it. metric: an index into the
 * sides' metrics. */
struct xcy_contrast xcy_contrast_of_share(enum xcy_contrast_kind kind, struct xcy_compared_side a,
                                          struct xcy_compared_side b,
                                          const struct xcy_contrast_settings *settings);
struct xcy_contrast xcy_contrast_of_throughput(struct xcy_compared_side a,
                                               struct xcy_compared_side b,
                                               const struct xcy_contrast_settings *settings);
struct xcy_contrast xcy_contrast_of_metric(struct xcy_compared_side a, struct xcy_compared_side b,
                                           size_t metric,
                                           const struct xcy_contrast_settings *settings);

/* As many values as a test needs. */
bool xcy_contrast_has_enough(const struct xcy_contrast *contrast);

/* Fills found and equivalence, by both p_adjusted. */
void xcy_contrast_judge(struct xcy_contrast *contrast, double margin);

/* Of a judged one: B was found to differ, and by more than the margin beyond doubt. Where no ratio has
 * an interval, by the absolute shift; where values may be negative, so that a margin means nothing,
 * any difference that was found is beyond it. */
bool xcy_contrast_is_beyond(const struct xcy_contrast *contrast, double margin);

#endif
