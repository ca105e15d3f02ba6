#ifndef XCY_ANALYZERS_DELAY_CURVE_H
#define XCY_ANALYZERS_DELAY_CURVE_H

/*
 * delay_curve.h - what share of reads would be inconsistent behind an artificial delay, from one run
 * without a barrier.
 *
 * A delay d hides an inconsistency when the post became visible no later than d after the reader asked:
 * when its race margin (visible - asked) is at most d. So the share of margins above d is the curve. A
 * margin is known as an interval (low, high]: the share of low ends at or above d is its lower end, that
 * of high ends above d its upper end; at d = 0 both are the share of inconsistent reads among those that
 * have a margin. The points of a sweep are of such reads alone, too (struct xcy_delay_reads).
 *
 * What it rests on: a delay moves the read and nothing else. docs/delay.md says when that fails.
 *
 * Where every miss was polled (visibility inline), curve and errors are of all reads. Where misses were
 * polled with a probability (sample:p), the curve is the share of inconsistent reads times the share of
 * polled margins above d, and its band the product of both intervals, each of half the error. Where none
 * was (off), nothing is known but the share at d = 0.
 *
 * All on the reader's own clock: no skew enters.
 *
 * Units:    microseconds of delay beyond the run's own; shares are fractions.
 * Sources:  band: Dvoretzky, Kiefer & Wolfowitz with Massart's constant (dkw.h); delays for a share:
 *           order statistics (quantile.h), of a sampled run the band's crossings.
 * Memory:   borrows the evidence.
 * Threads:  read-only.
 */

#include "analyzers/evidence.h"
#include "common/data/json.h"
#include "common/stats/interval.h"
#include "common/stats/share.h"

enum xcy_delay_basis {
    XCY_DELAY_AT_ZERO, /* no miss was polled */
    XCY_DELAY_SAMPLED, /* some were, drawn at random */
    XCY_DELAY_WHOLE,   /* all were */
};
extern const char *const xcy_delay_basis_names[];

/* The reads of a run that curve and sweep are of, and those that both leave out. */
struct xcy_delay_reads {
    struct xcy_share share; /* inconsistent ones among those that have a margin */
    int64_t many_execs;     /* left out: their writer ran more than once, or may have */
    int64_t untold;         /* left out as well: they do not tell when they asked */
};

struct xcy_delay_curve {
    enum xcy_delay_basis basis;
    struct xcy_delay_reads reads;
    int64_t polled;  /* of the inconsistent ones */
    int64_t unknown; /* requests lost or failed: never read */
    /* beyond it the upper end says nothing: polls were given up; or INFINITY */
    double defined_to_us;
    double confidence;
    struct xcy_interval sampled_share; /* of inconsistent reads, with half of what may fail */
    const struct xcy_sample *low;      /* of all margins, or of the polled ones */
    const struct xcy_sample *high;
};

struct xcy_delay_point {
    struct xcy_interval share; /* what polling leaves open */
    struct xcy_interval band;  /* around both, everywhere at once */
    struct xcy_interval
        range; /* the share if all lost and failed ones were consistent, inconsistent */
};

/* The delay behind which at most the target share is inconsistent. */
struct xcy_delay_needed {
    double target;
    struct xcy_interval delay_us; /* what polling leaves open; an infinite end: beyond the polls */
    bool has_interval;            /* false: too few reads for this target */
    struct xcy_interval interval_us; /* sampling and polling together */
    /* reads for which there would be an interval: where not all misses were polled, if the run's shares stay; 0: no number would do */
    int64_t needs_n;
};

struct xcy_delay_reads xcy_delay_reads_of(const struct xcy_evidence *evidence);
void xcy_delay_reads_add(struct xcy_delay_reads *to, const struct xcy_delay_reads *from);

/* XCY_EUSAGE of a run behind a barrier, or one whose readers do not tell when they asked. */
enum xcy_status xcy_delay_curve_make(const struct xcy_evidence *evidence, double confidence,
                                     struct xcy_delay_curve *curve,
                                     struct xcy_error *err) XCY_MUST_USE;

/* The same curve with another confidence. */
struct xcy_delay_curve xcy_delay_curve_with(const struct xcy_delay_curve *curve, double confidence);

/* delay_us >= 0 and whole. */
struct xcy_delay_point xcy_delay_curve_at(const struct xcy_delay_curve *curve, int64_t delay_us);

/* The last delay at which the curve still tells something: from there on both ends stay. */
double xcy_delay_curve_last_us(const struct xcy_delay_curve *curve);

/* 0 < target < 1 */
struct xcy_delay_needed xcy_delay_curve_needed(const struct xcy_delay_curve *curve, double target);

/* What it is of: basis and counts, as docs/delay.md names them. */
void xcy_delay_curve_put(const struct xcy_delay_curve *curve, struct xcy_json *to);
/* How many reads are left out, as docs/delay.md names them. */
void xcy_delay_reads_put(const struct xcy_delay_reads *reads, struct xcy_json *to);

#endif
