#ifndef XCY_LOADGEN_RECORD_RUNDIR_H
#define XCY_LOADGEN_RECORD_RUNDIR_H

/*
 * rundir.h - the run directory as the generator holds it: sent.bin (locked while it runs),
 * requests.csv and series.csv. Made whole or not at all. While it runs, a file .room keeps a few blocks of the disk
 * for the last word.
 *
 * Memory:   owned by the caller; end with xcy_rundir_close or xcy_rundir_abandon.
 * Threads:  one owner; journals and sent are safe for the workers.
 */

#include "common/run/folder.h"
#include "common/run/sent.h"
#include "loadgen/record/journal.h"

struct xcy_rundir {
    char *path;
    struct xcy_sent *sent;
    struct xcy_journal *journal; /* requests.csv */
    struct xcy_journal *series;  /* series.csv */
    char *root;
    char *previous_latest; /* what root/latest pointed to; NULL: there was none */
    bool is_root_ours;     /* root did not exist before */
};

/* Makes the folder under root and its files; leaves nothing behind when it fails. n_slots 0: not known
 * before, sent.bin grows with xcy_sent_reserve. */
enum xcy_status xcy_rundir_create(const char *root, const char *folder, const char *tag,
                                  struct xcy_wall when, int64_t n_slots, struct xcy_rundir *rundir,
                                  struct xcy_error *err) XCY_MUST_USE;

/* Gives back the little room that was kept, so that the final run.yml can be written to a full disk. */
void xcy_rundir_free_room(const struct xcy_rundir *rundir);

/* Removes it, and points root/latest back to where it pointed: for a run that never began. */
void xcy_rundir_abandon(struct xcy_rundir *rundir);
void xcy_rundir_close(struct xcy_rundir *rundir); /* a zeroed one is allowed */

#endif
