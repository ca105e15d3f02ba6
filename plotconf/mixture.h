#ifndef XCY_PLOTCONF_MIXTURE_H
#define XCY_PLOTCONF_MIXTURE_H

/*
 * mixture.h - in which settings the runs differ that a plot takes together: their delay, their regions,
 * the size of their posts. Rounds of one experiment differ in none. The reference pools by post storage
 * whatever a config names; the published numbers are of all of them, and this says so.
 *
 * Memory:   zeroes are an empty mixture; xcy_mixture_clear.
 * Threads:  plain data.
 */

#include "plotconf/gathered.h"
#include "plotconf/notes.h"

enum xcy_setting {
    XCY_SETTING_DELAY,
    XCY_SETTING_WRITER_REGION,
    XCY_SETTING_READER_REGION,
    XCY_SETTING_POST_BYTES,
    XCY_N_SETTINGS
};

/* Different ones, as texts, in order of first appearance. */
struct xcy_setting_values {
    char (*items)[XCY_REGION_BYTES];
    size_t n;
};

struct xcy_mixture {
    /* By enum xcy_post_storage. */
    struct xcy_setting_values values[XCY_N_POST_STORAGES][XCY_N_SETTINGS];
};

/* Adds a run that takes part: its settings by its run.yml or, where c is NULL, as far as its tags tell. */
void xcy_mixture_add(struct xcy_mixture *mixture, const struct xcy_gathered *g,
                     const struct xcy_combination *c);
/* Notes each setting of a post storage that has several values. */
void xcy_mixture_note(const struct xcy_mixture *mixture, struct xcy_notes *notes);
void xcy_mixture_clear(struct xcy_mixture *mixture);

#endif
