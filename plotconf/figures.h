#ifndef XCY_PLOTCONF_FIGURES_H
#define XCY_PLOTCONF_FIGURES_H

/*
 * figures.h - the table of plots: which there are, which of them a config asks for.
 *
 * Memory:   xcy_drawn_clear.
 */

#include "plotconf/figure.h"

/* What the plots of one config gave, for stdout: one or the other is printed. */
struct xcy_drawn {
    /* An object: plot name -> every number drawn; "unpublished": plot name -> those that the
     * reference has no number for; "notes". */
    struct xcy_json *numbers;
    struct xcy_buf text; /* tables, and the paths of the files */
};

void xcy_drawn_init(struct xcy_drawn *drawn);
void xcy_drawn_clear(struct xcy_drawn *drawn);

/* Draws the config's plots, in the order of the table: those in wanted, or all when n_wanted is 0.
 * The arguments of all are looked at before the first is drawn. What wanted has and
 * the config has not is noted, and so is a plot that has nothing to draw, unless no other is left: then
 * its error is told. XCY_EUSAGE: the config or wanted names what is no plot, the config has nothing that
 * is wanted, or an argument is wrong. */
enum xcy_status xcy_figures_draw(const char *config_path, const char *const *wanted,
                                 size_t n_wanted, const struct xcy_figure_settings *settings,
                                 struct xcy_drawn *drawn, struct xcy_error *err) XCY_MUST_USE;

#endif
