#ifndef XCY_PLOTCONF_RUN_LIST_H
#define XCY_PLOTCONF_RUN_LIST_H

/*
 * run_list.h - the runs of one plot, read from their directories.
 *
 * Memory:   xcy_run_list_clear.
 */

#include "plotconf/gathered.h"
#include "plotconf/notes.h"
#include "plotconf/paths.h"

struct xcy_run_list {
    struct xcy_gathered *items;
    size_t n;
};

/* Each by read, in the order of the paths. A directory without tags.yml, or with a broken one, is noted
 * and left out. */
void xcy_run_list_read(const struct xcy_paths *paths, xcy_gathered_fn *read,
                       struct xcy_notes *notes, struct xcy_run_list *runs);

/* The runs that gather_paths name under root; XCY_ENOTFOUND: none is left. */
enum xcy_status xcy_run_list_find(const struct xcy_yaml *gather_paths, const char *root,
                                  struct xcy_notes *notes, struct xcy_run_list *runs,
                                  struct xcy_error *err) XCY_MUST_USE;
void xcy_run_list_clear(struct xcy_run_list *runs);

/* XCY_ENOTFOUND: a plot of what lies under root is left without a run. */
enum xcy_status xcy_run_fail_none(const char *root, struct xcy_error *err);

/* Notes that a file of the run is missing or broken, as why says, and what follows: NULL: the run takes
 * no part. */
void xcy_run_note_unread(const char *run_path, const struct xcy_error *why, const char *follows,
                         struct xcy_notes *notes);

/* Notes that a run which takes part is not valid, if its summary.json says so. One that analyze has not
 * seen, or that is not ours, says nothing. */
void xcy_run_note_validity(const struct xcy_gathered *g, struct xcy_notes *notes);

#endif
