#ifndef XCY_ANALYZERS_TIMELINE_H
#define XCY_ANALYZERS_TIMELINE_H

/*
 * timeline.h - a run cut into blocks of equal time, by when requests were sent; and whether the blocks
 * differ by more than chance: a phase in the store's lag, or in what delivers notifications.
 *
 * One number for a run with a phase is a mixture of two systems, and the next run has another mixture.
 *
 * Each block keeps its counts and the upper ends of its windows by visibility (where the first read
 * found the post: at most so long), those of inconsistent reads once more by themselves: where most
 * reads find their post, the median window says when they were made, and nothing of the store's lag.
 * All three are asked for whether all blocks come from one distribution; a phase is told when chance
 * explains it in less than one of a thousand cases, all questions together, and the difference is large
 * enough to matter. Requests that depend on each other (a burst, one slow connection) look like a
 * phase, and are one.
 *
 * Units:    microseconds; shares are fractions.
 * Sources:  Kruskal & Wallis (kruskal_wallis.h; of counted events it is the chi-square test of
 *           homogeneity), Holm (holm.h).
 * Memory:   the caller owns the struct; xcy_timeline_clear. Follows the number of different values.
 * Threads:  one owner; each thread fills its own of the same span, and they are merged.
 */

#include "analyzers/clock.h"
#include "analyzers/metric.h"
#include "common/stats/sample.h"

enum { XCY_TIMELINE_BLOCKS = 20, XCY_BLOCK_LEAST = 50 };

struct xcy_block {
    int64_t decided;
    int64_t inconsistent;
    struct xcy_sample window; /* upper ends of the windows by visibility */
    struct xcy_sample missed; /* those of inconsistent reads */
};

struct xcy_timeline {
    int64_t begin_us; /* of the first block, by the generator's clock */
    int64_t width_us; /* of each */
    const struct xcy_metric *window;
    size_t n;
    struct xcy_block *blocks;
};

enum xcy_phase_of { XCY_PHASE_SHARE, XCY_PHASE_WINDOW, XCY_PHASE_MISSED, XCY_N_PHASES };
extern const char *const xcy_phase_names[XCY_N_PHASES]; /* "inconsistent", "window", … */

struct xcy_phase {
    bool is_tested; /* false: too few reads */
    bool is_found;
    double p;     /* adjusted; of no difference */
    double least; /* of the blocks: share, or median in microseconds */
    double most;
};

/* end_us: when the last request was sent. As many blocks as `requests` are enough for; at least one. */
void xcy_timeline_init(struct xcy_timeline *timeline, int64_t begin_us, int64_t end_us,
                       int64_t requests);
void xcy_timeline_clear(struct xcy_timeline *timeline);
void xcy_timeline_take(struct xcy_timeline *timeline, const struct xcy_record *record);
void xcy_timeline_merge(struct xcy_timeline *to, struct xcy_timeline *from);
void xcy_timeline_settle(struct xcy_timeline *timeline);

/* Below this p, adjusted, chance is no explanation. */
#define XCY_PHASE_LEVEL 0.001

/* Whether medians of a run's parts, or of rounds, differ by enough to matter: by a fifth of the least,
 * if that is a time (above 0 by the clocks, and known). */
bool xcy_medians_apart(double least, double most);

/* The upper ends that a phase of windows is about. of: not SHARE */
const struct xcy_sample *xcy_block_windows(const struct xcy_block *block, enum xcy_phase_of of);

/* Of a settled one. */
void xcy_timeline_phases(const struct xcy_timeline *timeline,
                         struct xcy_phase phases[XCY_N_PHASES]);

#endif
