#ifndef XCY_PLOTCONF_FIGURE_H
#define XCY_PLOTCONF_FIGURE_H

/*
 * figure.h - what every plot has in common: what it is asked, what it gives, how it is called.
 *
 * A plot is one function of this form and one row in the table of figures.c. It reads and computes;
 * names, files and gnuplot are figures.c's.
 *
 * Memory:   xcy_figure_output_clear.
 */

#include "common/base/buf.h"
#include "common/data/json.h"
#include "plotconf/arguments.h"
#include "plotconf/notes.h"

struct xcy_figure_settings {
    const char *root;   /* what gather_paths are relative to */
    const char *output; /* the folder of the pictures, made when there is none */
    double drift_ppm;   /* allowed of the clocks, as of analyze */
    bool no_pictures;   /* write data and scripts, and do not run gnuplot */
};

struct xcy_figure_input {
    const struct xcy_arguments *arguments;
    const struct xcy_figure_settings *settings;
    struct xcy_notes *notes;
};

struct xcy_figure_output {
    struct xcy_json *rows; /* as published, and ours beside */
    struct xcy_json
        *unpublished;         /* a list: drawn, but of nothing that the reference has a number for;
                                     NULL: none */
    struct xcy_json *derived; /* a list: what single runs say of all the rest; NULL: none */
    struct xcy_buf table;     /* for people */
    struct xcy_buf data;      /* the data file */
    struct xcy_buf script;    /* the commands that draw the data block $data */
};

void xcy_figure_output_init(struct xcy_figure_output *output);
void xcy_figure_output_clear(struct xcy_figure_output *output);

typedef enum xcy_status xcy_figure_fn(const struct xcy_figure_input *input,
                                      struct xcy_figure_output *output, struct xcy_error *err);

xcy_figure_fn xcy_consistency_window_make;  /* medians_figure.c */
xcy_figure_fn xcy_write_post_overhead_make; /* likewise */
xcy_figure_fn xcy_sweep_make;               /* sweep_figure.c */
xcy_figure_fn xcy_storage_make;             /* storage_figure.c */
xcy_figure_fn xcy_prevented_make;           /* prevented.c */
xcy_figure_fn xcy_cost_figure_make;         /* cost_figure.c; ours: JSON is that of analyze cost */

#endif
