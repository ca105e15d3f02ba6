#ifndef XCY_PLOTCONF_FIGURE_H
#define XCY_PLOTCONF_FIGURE_H

/*
 * figure.h - what every plot has in common: what it is asked, what it gives, how it is called.
 *
 * A plot is one function of this form and one row in the table of figures.c.
 *
 * Memory:   xcy_drawn_clear.
 */

#include "common/base/buf.h"
#include "common/data/json.h"
#include "plotconf/config.h"

struct xcy_figure_settings {
    const char *root;   /* what gather_paths are relative to */
    const char *output; /* the folder of the pictures, made when there is none */
    double drift_ppm;   /* allowed of the clocks, as of analyze */
};

/* What the plots of one config gave, for stdout: one or the other is printed. */
struct xcy_drawn {
    struct xcy_json *numbers; /* an object: plot name -> every number drawn */
    struct xcy_buf text;      /* tables, and the paths of the files */
};

void xcy_drawn_init(struct xcy_drawn *drawn);
void xcy_drawn_clear(struct xcy_drawn *drawn);

/* Draws one plot of the config and adds to drawn. */
typedef enum xcy_status xcy_figure_fn(const struct xcy_plot_config *config,
                                      const struct xcy_figure_settings *settings,
                                      struct xcy_drawn *drawn, struct xcy_error *err);

/* consistency_window_figure.c */
xcy_figure_fn xcy_consistency_window_draw;

#endif
