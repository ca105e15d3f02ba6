#ifndef XCY_PLOTCONF_NOTES_H
#define XCY_PLOTCONF_NOTES_H

/*
 * notes.h - what a reader of a plot must know besides its numbers: what is missing, what was left out,
 * what is mixed. Each is told at once as a warning, and kept for --json.
 *
 * Memory:   xcy_notes_take.
 */

#include "common/data/json.h"

enum xcy_note {
    XCY_NOTE_NOT_CONFIGURED,      /* --plots names a plot that the config has not */
    XCY_NOTE_NOTHING_TO_DRAW,     /* a plot without a run, or whose runs do not make one */
    XCY_NOTE_MISSING_DIRECTORY,   /* a path of the config that is not there */
    XCY_NOTE_MISSING_FILE,        /* a directory without tags.yml or traces.csv, or a column */
    XCY_NOTE_UNREADABLE,          /* a file of a run that is broken: where, and how */
    XCY_NOTE_MISSING_TAG,         /* tags.yml lacks what the plot is of */
    XCY_NOTE_MISSING_SIDE,        /* a storage with only Original, or without it */
    XCY_NOTE_NO_MATCH,            /* wildcards, or a combination, without a run */
    XCY_NOTE_LEFT_OUT,            /* a run that takes no part in this plot */
    XCY_NOTE_REPEATED,            /* named twice: counts twice */
    XCY_NOTE_NOT_VALID,           /* summary.json says so */
    XCY_NOTE_OTHER_NUMBER,        /* its name holds another number than num_requests */
    XCY_NOTE_DIFFERENT_NUMBERS,   /* runs of different numbers of requests side by side */
    XCY_NOTE_MIXED_ROLES,         /* one storage in both roles */
    XCY_NOTE_MIXED_CONSISTENCIES, /* Antipode and Rendezvous, or Antipode among Originals */
    XCY_NOTE_MIXED_SETTINGS,      /* delays, regions or sizes of posts that differ, pooled */
    XCY_NOTE_CLAMPED,             /* a negative overhead, published as 0 */
    XCY_NOTE_NO_CURVE,            /* a run of ours from which no delay curve follows, and why */
    XCY_NOTE_UNDECIDED,           /* requests that were never read: a share that is of the others */
    XCY_NOTE_DISAGREES,           /* a sweep that is not what the curve of its first run says */
};

struct xcy_notes {
    struct xcy_json *list; /* of {"plot", "kind", "path", "text"} */
    const char *plot;      /* that the next notes are of; borrowed */
    size_t n_not_valid;    /* of this plot */
};

void xcy_notes_init(struct xcy_notes *notes);
struct xcy_json *xcy_notes_take(struct xcy_notes *notes); /* the list, owned by the caller */
void xcy_notes_begin(struct xcy_notes *notes, const char *plot);

/* path: the run or directory that it is about, or NULL. */
void xcy_notes_add(struct xcy_notes *notes, enum xcy_note note, const char *path, const char *fmt,
                   ...) XCY_PRINTF(4, 5);

#endif
