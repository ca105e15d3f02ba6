#ifndef XCY_LOADGEN_DRIVE_WATCHER_H
#define XCY_LOADGEN_DRIVE_WATCHER_H

/*
 * watcher.h - takes what the workers counted: rows to requests.csv, seconds to series.csv, sums to the
 * total, and a look at all of it to the caller.
 *
 * Threads:  one owner, while the workers run and after.
 */

#include "loadgen/drive/load.h"
#include "loadgen/drive/seconds.h"

struct xcy_watcher {
    const struct xcy_load_setting *setting;
    struct xcy_worker *const *workers;
    struct xcy_mono start;
    struct xcy_tally *total;
    struct xcy_seconds *seconds;
    int64_t *in_flight; /* of each worker, as it was last told */
    double *cpu_share;  /* likewise */
    struct xcy_view view;
    bool has_warned; /* of a full disk */
};

/* All is borrowed until xcy_watcher_clear. */
void xcy_watcher_init(struct xcy_watcher *watcher, const struct xcy_load_setting *setting,
                      struct xcy_worker *const *workers, struct xcy_mono start,
                      struct xcy_tally *total);
void xcy_watcher_clear(struct xcy_watcher *watcher);

/* What was given since the last time. */
void xcy_watcher_gather(struct xcy_watcher *watcher);

/* Shows each second that is complete since the last time or, when there is none, how it stands;
 * is_stopping: a stop was asked already. */
enum xcy_look xcy_watcher_look(struct xcy_watcher *watcher, bool is_stopping);
/* All workers have ended: what is left, and how it ended. */
void xcy_watcher_look_last(struct xcy_watcher *watcher, bool is_stopping);

/* Shortly after the next end of an interval, when its tallies have been given. */
struct xcy_mono xcy_watcher_next(const struct xcy_watcher *watcher);

#endif
