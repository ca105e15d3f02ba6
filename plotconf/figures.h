#ifndef XCY_PLOTCONF_FIGURES_H
#define XCY_PLOTCONF_FIGURES_H

/*
 * figures.h - the table of plots: which there are, which of them a config asks for.
 */

#include "plotconf/figure.h"

/* Draws the config's plots, in the order of the table: those in wanted, or all when n_wanted is 0.
 * A plot of the reference that this version does not draw is told as a warning. XCY_EUSAGE: the
 * config or wanted names what is no plot, wanted what the config has not, or nothing is left. */
enum xcy_status xcy_figures_draw(const char *config_path, const char *const *wanted,
                                 size_t n_wanted, const struct xcy_figure_settings *settings,
                                 struct xcy_drawn *drawn, struct xcy_error *err) XCY_MUST_USE;

#endif
