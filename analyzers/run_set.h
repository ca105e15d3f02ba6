#ifndef XCY_ANALYZERS_RUN_SET_H
#define XCY_ANALYZERS_RUN_SET_H

/*
 * run_set.h - the runs that words of a command line mean: a run, a folder of runs (a combination's, a
 * campaign's), a pattern, each also under the root.
 *
 * Memory:   zeroes are an empty set; xcy_run_set_clear.
 * Threads:  one at a time: glob(3) reads the locale.
 */

#include "common/base/error.h"

#include <stddef.h>
#include <sys/types.h>

struct xcy_set_run {
    char *path; /* as it was found */
    dev_t device;
    ino_t inode; /* of the folder: runs/latest is the run that it stands for */
};

struct xcy_run_set {
    struct xcy_set_run *runs;
    size_t n;
};

/* Adds those that are not in the set yet, in the order of their names. Of a folder, the runs nearest
 * to it, at most three levels below; links in it, as runs/latest, are not followed. XCY_ENOTFOUND if
 * there is none. */
enum xcy_status xcy_run_set_add(struct xcy_run_set *set, const char *root, const char *argument,
                                struct xcy_error *err) XCY_MUST_USE;
void xcy_run_set_clear(struct xcy_run_set *set);

/* A run that is in both, or NULL. */
const char *xcy_run_set_shared(const struct xcy_run_set *a, const struct xcy_run_set *b);

#endif
