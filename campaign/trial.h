#ifndef XCY_CAMPAIGN_TRIAL_H
#define XCY_CAMPAIGN_TRIAL_H

/*
 * trial.h - one run of a campaign: deploy, clean, loadgen with gather beside it, analyze, each as a
 * child.
 *
 * deploy comes before clean, because clean is done by the functions: by those of a run before that
 * could not even start, this run would fail, and every one after it.
 *
 * Memory:   xcy_trial_clear.
 * Threads:  one.
 */

#include "campaign/cell.h"

struct xcy_trial_order {
    const char *programs;   /* folder of the other programs */
    const char *deployment; /* NULL: as each finds it */
    const char *root;       /* of the run folders */
    const char *log_path;
    const struct xcy_cell *cell;
    int64_t seed;
    int lock_fd;
    /* What is done now, again and again while it is waited for. */
    void (*tick)(void *ctx, const char *doing);
    /* The run folder is there, before anything is measured in it. */
    enum xcy_status (*loading)(void *ctx, const char *folder, struct xcy_error *err);
    void *ctx;
};

struct xcy_trial {
    bool ok;
    bool is_valid;
    char *reason;             /* why not ok, or why not valid; owned, may be NULL */
    char *folder;             /* "<root>/<post>-<notification>/…"; owned, may be NULL */
    double throughput_per_s;  /* NaN: not known */
    struct xcy_json *summary; /* analyze's; owned */
};

/* What goes wrong with the run is in the trial; fails only when the campaign itself cannot go on
 * (XCY_EIO, XCY_EFULL) or was interrupted (XCY_ESTOPPED; all children have ended). */
enum xcy_status xcy_trial_run(const struct xcy_trial_order *order, struct xcy_trial *trial,
                              struct xcy_error *err) XCY_MUST_USE;
void xcy_trial_clear(struct xcy_trial *trial);

#endif
