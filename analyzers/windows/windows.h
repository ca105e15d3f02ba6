#ifndef XCY_ANALYZERS_WINDOWS_WINDOWS_H
#define XCY_ANALYZERS_WINDOWS_WINDOWS_H

/*
 * windows.h - for how long posts were invisible: the windows of runs by combination and load, the
 * runs of each as its rounds.
 *
 * The rounds' windows are put together, and kept apart as well: requests of one round share its hour,
 * so that intervals over requests are too narrow where rounds differ by more than chance. That is
 * asked (Kruskal & Wallis over the upper ends, and over those of inconsistent reads; Holm); each
 * percentile has its least and most over the rounds beside it.
 *
 * Units:    microseconds.
 * Source:   Kruskal & Wallis (kruskal_wallis.h), Holm (holm.h).
 * Memory:   xcy_windows_clear. Runs are borrowed.
 * Threads:  plain data.
 */

#include "analyzers/summary.h"
#include "analyzers/windows/within.h"
#include "common/stats/turnbull.h"

enum { XCY_N_PERCENTILES = 5 };
extern const double xcy_percentiles[XCY_N_PERCENTILES]; /* 0.5 0.9 0.99 0.999 0.9999 */

/* The kinds of what is known of a window; they sum to n. */
struct xcy_window_kinds {
    int64_t left;     /* at most: the first read found the post */
    int64_t interval; /* more than one time, at most another */
    int64_t right;    /* more than: polls were given up, or none were made */
};

struct xcy_windows_group {
    const struct xcy_combination *combination;
    const struct xcy_summary **rounds; /* those of a run that has a window */
    size_t n_rounds;
    int64_t unknown;                 /* lost and failed requests of all: never read */
    struct xcy_distribution windows; /* of all rounds */
    struct xcy_turnbull *likeliest;  /* of them; NULL: not asked for, or too many (likeliest.h) */
    /* Whether the rounds differ by more than chance, and by enough to matter: their windows, and those
     * of inconsistent reads alone (timeline.h says why). Not tested: a single round. */
    struct xcy_phase between;
    struct xcy_phase between_missed;
};

struct xcy_windows {
    struct xcy_windows_group *groups; /* in the order in which their first runs came */
    size_t n;
};

/* XCY_EUSAGE if no run has a window. */
enum xcy_status xcy_windows_make(const struct xcy_summary *runs, size_t n_runs,
                                 struct xcy_windows *windows, struct xcy_error *err) XCY_MUST_USE;
void xcy_windows_clear(struct xcy_windows *windows);

/* The windows of one run. */
const struct xcy_distribution *xcy_windows_of(const struct xcy_summary *run);
struct xcy_window_kinds xcy_window_kinds_of(const struct xcy_distribution *windows);

bool xcy_windows_differ(const struct xcy_windows_group *group);

/* The q-quantile's upper end, the least and the most over the rounds. */
struct xcy_interval xcy_windows_spread(const struct xcy_windows_group *group, double q);

void xcy_windows_print(const struct xcy_windows *windows, struct xcy_buf *out);
struct xcy_json *xcy_windows_to_json(const struct xcy_windows *windows);

#endif
