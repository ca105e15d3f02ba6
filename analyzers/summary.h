#ifndef XCY_ANALYZERS_SUMMARY_H
#define XCY_ANALYZERS_SUMMARY_H

/*
 * summary.h - what one run showed: classes and their sum, the share of inconsistent reads with its
 * interval, and each metric's quantiles with sampling, polling and clock error kept apart.
 *
 * Units:    microseconds in the struct; milliseconds, named so, in summary.json.
 * Sources:  shares: Wilson (display), Clopper-Pearson (bound); quantiles: order statistics
 *           (common/stats).
 * Memory:   xcy_summary_clear.
 * Threads:  plain data.
 */

#include "analyzers/clock.h"
#include "analyzers/metric.h"
#include "analyzers/size.h"
#include "common/record/order.h"
#include "common/run/manifest.h"
#include "common/stats/proportion.h"

#define XCY_CONFIDENCE 0.95

enum { XCY_N_QUANTILES = 3 };
extern const double xcy_quantiles[XCY_N_QUANTILES]; /* 0.5 0.9 0.99 */

enum { XCY_MAX_DISORDERS = 100 };

/* A request whose points stand in an impossible order: the first pair of them. */
struct xcy_disordered {
    int64_t i;
    struct xcy_disorder pair;
};

/* A quantile of interval-valued data: of all lower ends, and of all upper ends. */
struct xcy_estimate {
    double low_us;     /* may be -INFINITY: left-censored; say "<= high" */
    double high_us;    /* may be INFINITY: right-censored; say "> low" */
    bool has_interval; /* false: n is too small for this quantile */
    double ci_low_us;
    double ci_high_us;
    /* The true quantile of low is at least low_us + clock_low_us, that of high at most high_us +
     * clock_high_us; infinite: no bound. */
    double clock_low_us;
    double clock_high_us;
};

struct xcy_metric_summary {
    const struct xcy_metric *metric;
    size_t n;       /* values; 0: nothing to say */
    size_t n_left;  /* known only as "at most" */
    size_t n_right; /* known only as "more than" */
    struct xcy_estimate quantiles[XCY_N_QUANTILES];
};

/* theta = the instance's clock - the generator's lies within, at that instant of its own clock. */
struct xcy_clock_summary {
    char instance[XCY_ID_BYTES];
    int64_t constraints;
    bool stepped;
    int64_t at_us;
    double low_us; /* infinite: no bound */
    double high_us;
};

struct xcy_summary {
    char *path;
    struct xcy_manifest manifest;
    size_t n_records;                       /* planned, warm-up included */
    int64_t warmup;                         /* of these; in no figure below */
    int64_t classes[XCY_N_CLASSES];         /* sum = planned - warmup */
    int64_t decided;                        /* consistent + inconsistent */
    struct xcy_interval inconsistent_share; /* Wilson; of decided */
    double inconsistent_upper;       /* of the exact (Clopper-Pearson) interval; for 0 of n */
    struct xcy_interval share_range; /* whatever lost, failed and conflicting ones were */
    int64_t late;
    int64_t retried;                     /* sent more than once: left out of lag */
    int64_t many_execs;                  /* or that may be */
    int64_t conflicts;                   /* readers of one execution disagree; the first decided */
    int64_t conflicts_of[XCY_N_CLASSES]; /* the same, by the class decided */
    int64_t refused;    /* requests with an evaluation of another combination than the run's */
    int64_t disordered; /* records with points in an impossible order, within one clock or across
                           two beyond their bounds; this and `refused` with those of the warm-up */
    struct xcy_disordered disorders[XCY_MAX_DISORDERS]; /* the first of them */
    int64_t waited;                                     /* barriers whose first probe missed */
    int64_t barriers_late; /* barriers that passed their deadline: failed, never hidden */
    struct xcy_size_summary sizes[XCY_N_SIZES];
    double drift_ppm; /* allowed of the clocks */
    struct xcy_clocks_found clocks;
    struct xcy_clock_summary *intervals; /* clocks.instances of them; owned */
    int64_t
        clock_unnamed; /* records with stamps of a process that does not name itself: no bounds */
    char problem[256]; /* "" or why the run is not valid */
    struct xcy_metric_summary metrics[XCY_N_METRICS];
};

/* Reads a gathered run and computes. XCY_ENOTFOUND if it was not gathered. A broken sum is a bug of
 * ours and aborts; a run that is not valid is told in `problem`. */
enum xcy_status xcy_summary_make(const char *run_path, double drift_ppm, struct xcy_summary *s,
                                 struct xcy_error *err) XCY_MUST_USE;
void xcy_summary_clear(struct xcy_summary *s);

struct xcy_json *xcy_summary_to_json(const struct xcy_summary *s); /* owned by the caller */

/* One run in full, or several in one table a row each; for people. */
void xcy_summary_print_one(const struct xcy_summary *s, struct xcy_buf *out);
void xcy_summary_print_table(const struct xcy_summary *runs, size_t n, struct xcy_buf *out);

#endif
